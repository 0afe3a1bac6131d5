"""Writes the outputs of transformers for ten phrases, with all-MiniLM-L6-v2's real weights.

    minilm.py FOLDER [OUT]    FOLDER: the folder that scripts/minilm.sh fetched

OUT/minilm-phrases.json holds phrases and token ids, OUT/minilm-phrases.safetensors the word features
`[tokens, 384]` and their mean `[384]`, computed in float64 and rounded to float32.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModel, AutoTokenizer

PHRASES = [
    "the red car on the left",
    "a large grey building beside the road",
    "the second ship from the top",
    "all planes parked near the terminal",
    "the swimming pool behind the house with the blue roof",
    "a baseball field in the lower right corner of the image",
    "storage tanks",
    "the smallest of the three white vehicles in the parking lot south of the stadium",
    "water",
    "the bridge that crosses the river, not the one of the railway",
]


def main() -> None:
    folder = Path(sys.argv[1])
    out = Path(sys.argv[2] if len(sys.argv) > 2 else "tests/fixtures/encoders")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    phrases, tensors = [], {}
    for index, phrase in enumerate(PHRASES):
        ids = tokenizer(phrase, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            words = model(input_ids=ids).last_hidden_state[0]
        phrases.append({"phrase": phrase, "ids": ids[0].tolist()})
        tensors[f"{index}.words"] = words.float().contiguous()
        tensors[f"{index}.sentence"] = words.mean(0).float().contiguous()
    (out / "minilm-phrases.json").write_text(json.dumps({"phrases": phrases}, indent=1) + "\n")
    save_file(tensors, out / "minilm-phrases.safetensors")


main()
