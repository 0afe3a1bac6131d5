#!/usr/bin/env python3
"""Exports a weights bundle as an ONNX file for the engines that `./build.sh bench` compares this program with.

    onnx_export.py weights/tiny --out tiny.onnx [--side 384] [--tokens 8]

Inputs: `image` `[1, 3, side, side]`, normalised; `words` `[1, tokens, width]`, rows of the word table; `padding`
`[1, tokens]`, true at padding. Output: `logits` `[1, 1, side / 4, side / 4]`. On random inputs,
onnxruntime's output is compared with PyTorch's before the file counts as written.
"""

import argparse
import json
from pathlib import Path

import numpy
import onnxruntime
import torch

import bundle
import weights

from network import S4eca, load  # noqa: E402  (weights.py has added its folder)

TOLERANCE = 1e-4


def network(folder):
    """Returns the network of a bundle and the width of its words."""
    config = json.loads((Path(folder) / "manifest.json").read_text())["model"]
    tensors = bundle.tensors(folder)
    tensors.pop(weights.WORDS, None)
    model = S4eca(config)
    load(model, tensors)
    return model.eval(), config["text"]["width"]


def main():
    parser = argparse.ArgumentParser(description="Writes a weights bundle as an ONNX file.")
    parser.add_argument("bundle")
    parser.add_argument("--out", required=True)
    parser.add_argument("--side", type=int, default=384, help="pixels of the image's side (default: 384)")
    parser.add_argument("--tokens", type=int, default=8, help="tokens of the phrase (default: 8)")
    arguments = parser.parse_args()
    model, width = network(arguments.bundle)
    inputs = {
        "image": torch.randn(1, 3, arguments.side, arguments.side),
        "words": torch.randn(1, arguments.tokens, width),
        "padding": torch.zeros(1, arguments.tokens, dtype=torch.bool),
    }
    expected = model(*inputs.values()).numpy()
    torch.onnx.export(model, tuple(inputs.values()), arguments.out, input_names=list(inputs), output_names=["logits"],
                      opset_version=18, dynamo=True, external_data=False, verbose=False)
    session = onnxruntime.InferenceSession(arguments.out, providers=["CPUExecutionProvider"])
    found = session.run(None, {name: value.numpy() for name, value in inputs.items()})[0]
    apart = numpy.linalg.norm(found - expected) / numpy.linalg.norm(expected)
    if not apart <= TOLERANCE:
        Path(arguments.out).unlink()
        raise SystemExit(f"onnxruntime's answer is off by {apart:.1e}: the export is wrong")
    print(f"{arguments.out}: off by {apart:.1e}")


if __name__ == "__main__":
    with torch.no_grad():
        main()
