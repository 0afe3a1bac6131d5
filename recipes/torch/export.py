#!/usr/bin/env python3
"""Assembles the parts of a network for `s4eca quantize --tensors`.

    export.py --config tiny.json --words MODEL_FOLDER --vision vision.safetensors --trained trained.safetensors \\
      --out network.safetensors [--scale A --shift B]

`--scale` and `--shift` calibrate: the mask's logits become A * logit + B, folded into the head's last layer, so that
the threshold that validation chose becomes the program's own, 0.5.
"""

import argparse
import json
from pathlib import Path

import torch

import weights

from network import S4eca, named_parameters


def main():
    parser = argparse.ArgumentParser(description="Puts the parts of a network together.")
    for name in ("config", "words", "vision", "trained", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--shift", type=float, default=0.0)
    arguments = parser.parse_args()
    text, words = weights.minilm(arguments.words)
    parts = weights.load_file(arguments.vision) | weights.load_file(arguments.trained)
    tensors = {name: value.float().contiguous() for name, value in (text | parts).items()}
    wanted = {name for name, _ in named_parameters(S4eca(json.loads(Path(arguments.config).read_text())))}
    if wanted != tensors.keys():
        raise SystemExit(f"the parts and the network differ in {sorted(wanted ^ tensors.keys())[:6]}")
    for name in ("head.kernel.weight", "head.kernel.bias", "head.bias.weight", "head.bias.bias"):
        tensors[name] = tensors[name] * arguments.scale
    tensors["head.bias.bias"] = tensors["head.bias.bias"] + arguments.shift
    tensors[weights.WORDS] = words.contiguous()
    weights.save(arguments.out, tensors)
    print(f"{arguments.out}: {len(tensors)} tensors, {sum(t.numel() for t in tensors.values())} values")


if __name__ == "__main__":
    with torch.no_grad():
        main()
