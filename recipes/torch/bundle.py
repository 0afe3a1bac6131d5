#!/usr/bin/env python3
"""Writes the tensors of a weights bundle as floats, so that training can continue from shipped weights.

    bundle.py weights/tiny --vision vision.safetensors --trained trained.safetensors [--shift B]

`vision` gets the visual encoder, `trained` everything besides the frozen encoders. `--shift` is the value that
`export.py --shift` added to the mask's logits; it is subtracted again.
"""

import argparse
import json
import struct
from pathlib import Path

import cbor2
import numpy as np
import torch

import weights

ALIGNMENT = 256
FLOATS = {"F32": np.float32, "F16": np.float16}


def tensors(folder):
    """Returns every tensor of a bundle by its name, in f32."""
    found = {}
    for shard in json.loads((Path(folder) / "manifest.json").read_text())["shards"]:
        data = (Path(folder) / shard["name"]).read_bytes()
        (size,) = struct.unpack_from("<I", data, 6)
        start = -(-(10 + size) // ALIGNMENT) * ALIGNMENT
        for name, about in cbor2.loads(data[10 : 10 + size])["tensors"].items():
            first, end = about["data_offsets"]
            found[name] = torch.from_numpy(decoded(data[start + first : start + end], about["dtype"], about["shape"]))
    return found


def decoded(data, dtype, shape):
    if isinstance(dtype, str):
        return np.frombuffer(data, FLOATS[dtype]).astype(np.float32).reshape(shape)
    # The layout of src/quant/block.rs: whole words of values, then one f16 scale per block.
    scheme = dtype["QFloat"]
    count = int(np.prod(shape))
    block = block_of(scheme)
    packed = count if scheme["value"] == "Q8S" else count // 2
    values = np.frombuffer(data, np.int8, packed)
    if scheme["value"] == "Q4S":
        low, high = (values << 4).astype(np.int8) >> 4, values >> 4
        values = np.stack([low, high], 1).reshape(-1)
    scales = np.frombuffer(data, np.float16, count // block, packed).astype(np.float32)
    return (values.reshape(-1, block).astype(np.float32) * scales[:, None]).reshape(shape)


def block_of(scheme):
    """Returns the number of values that share a scale, from Burn's description of the scheme."""
    size = scheme["block"]["size"]
    return int(np.prod(size["storage"][: size["len"]]))


def main():
    parser = argparse.ArgumentParser(description="Writes the tensors of a weights bundle as floats.")
    parser.add_argument("bundle")
    parser.add_argument("--vision", required=True)
    parser.add_argument("--trained", required=True)
    parser.add_argument("--shift", type=float, default=0.0)
    arguments = parser.parse_args()
    found = tensors(arguments.bundle)
    vision = {name: value for name, value in found.items() if name.startswith("vision.")}
    apart = ("vision.", "text.", weights.WORDS)
    trained = {name: value for name, value in found.items() if not name.startswith(apart)}
    trained["head.bias.bias"] = trained["head.bias.bias"] - arguments.shift
    weights.save(arguments.vision, vision)
    weights.save(arguments.trained, trained)
    print(f"{len(vision)} tensors of the visual encoder, {len(trained)} that are trained beside it")


if __name__ == "__main__":
    main()
