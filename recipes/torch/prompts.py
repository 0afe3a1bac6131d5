"""Prompts of whole classes, with masks made of dense labels, as the program asks the network after reading a phrase.

`Request::prompt` of src/reading names a class by "the" and its usual plural, so training uses the same words. A class
is asked for if it is known on enough of the scene; classes that are known to be absent are asked for too.
"""

import numpy as np
import torch

import dense
from phrases import Phrases

# The usual plurals, by class id: `Class::names` of src/things/class.rs.
NAMES = (
    "bare land", "grass", "trees", "fields", "water", "roads", "paved areas", "sidewalks", "road markings",
    "parking lots", "buildings", "cars", "trucks", "buses", "airplanes", "ships", "storage tanks", "tennis courts",
    "basketball courts", "soccer fields", "baseball fields", "ground track fields", "swimming pools", "vegetation",
    "vehicles", "solar panels",
)
# People disagree about what is paved, so it is not asked for.
UNCLEAR = (6,)


class ClassPrompts:
    def __init__(self, arguments, device):
        phrases = Phrases(arguments.tokenizer)
        tokens = np.stack([phrases.tokens(f"the {name}") for name in NAMES])
        self.tokens = torch.from_numpy(tokens).to(device)
        self.truth = dense.Truth(len(NAMES), dense.MEMBERS, device)
        self.clear = torch.ones(len(NAMES), device=device)
        self.clear[list(UNCLEAR)] = 0.0
        self.absent_weight = arguments.absent_weight

    def draw(self, labels, complete, count):
        """Draws `count` classes per scene. `labels`: `[scenes, rows, columns]`, `complete`: `[scenes]`. Returns tokens
        `[scenes, count, 40]`, and masks and where they are known, both `[scenes, count, rows / 4, columns / 4]`."""
        yes, known = self.truth.of(labels[:, 2::4, 2::4], complete)
        pixels = yes.sum(dim=(2, 3))
        share = known.float().mean(dim=(2, 3))
        weight = torch.where(pixels >= 4, 1.0, self.absent_weight * (share > 0.8))
        # If a class is known only where it is present, the labels do not show where it ends.
        weight = weight * ((share > 0.3) & (known.sum(dim=(2, 3)) > pixels * 1.02)) * self.clear
        at = torch.multinomial(weight + 1e-9, count)
        rows = torch.arange(len(labels), device=labels.device)[:, None]
        usable = (weight[rows, at] > 0).float()[:, :, None, None]
        return self.tokens[at], yes[rows, at].float(), known[rows, at].float() * usable
