"""Phrases as the network reads them: token ids, cut and padded to a fixed length."""

import numpy as np
from tokenizers import Tokenizer

from stream import PADDING, TOKENS


class Phrases:
    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_padding()

    def tokens(self, phrase):
        """Returns the ids of a phrase, `[40]`, int32."""
        ids = self.tokenizer.encode(phrase).ids[:TOKENS]
        return np.array(ids + [PADDING] * (TOKENS - len(ids)), np.int32)
