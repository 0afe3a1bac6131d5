#!/usr/bin/env python3
"""Writes reference values of EfficientNet-Lite, from the PyPI package efficientnet-lite-pytorch on the CPU.

    efficientnet.py CACHE [OUT]    CACHE: the folder that scripts/efficientnet.sh fetched into

Like encoders.py it writes into OUT, by default tests/fixtures/encoders. For a reduced network with seeded weights it
writes efficientnet.json (sizes, the published tensors, inputs) and efficientnet.safetensors (the output of every
stage's last block, `[rows, columns, channels]`). For the published weights it writes efficientnet-lite0 and -lite2,
without the tensors and with every 211th number of the same outputs.

The package computes its paddings for one size, so there is one network per size. Everything runs in float64 and is
rounded to float32 at the end.
"""

import json
import math
import sys
from itertools import accumulate
from pathlib import Path

import numpy as np
import torch
from efficientnet_lite_pytorch.model import EfficientNet
from efficientnet_lite_pytorch.utils import BlockArgs, GlobalParams
from safetensors.numpy import save_file

from checkpoints import seeded

STEM = 32
EPSILON = 1e-3
# Kernel, first stride, expansion, width, blocks.
REDUCED = [(3, 1, 1, 8, 1), (3, 2, 3, 8, 2), (5, 2, 3, 16, 2), (3, 2, 3, 24, 1), (5, 1, 3, 24, 2), (5, 2, 3, 32, 2),
           (3, 1, 3, 40, 1)]
KERNELS, STRIDES, EXPANSIONS = (3, 3, 5, 3, 5, 5, 3), (1, 2, 2, 2, 1, 2, 1), (1, 6, 6, 6, 6, 6, 6)
PUBLISHED = {
    "efficientnet-lite0": ((16, 24, 40, 80, 112, 192, 320), (1, 2, 2, 3, 3, 4, 1)),
    "efficientnet-lite2": ((16, 24, 48, 88, 120, 208, 352), (1, 3, 3, 4, 4, 5, 1)),
}
STRIDE = 211  # of the stored numbers; prime, so that every channel is sampled


def network(stages, height, width):
    """Returns the library's network of these stages for one size, without its head."""
    arguments, before = [], STEM
    for kernel, stride, expand, after, repeats in stages:
        arguments.append(BlockArgs(num_repeat=repeats, kernel_size=kernel, stride=stride, expand_ratio=expand,
                                   input_filters=before, output_filters=after, id_skip=True))
        before = after
    settings = GlobalParams(batch_norm_momentum=0.99, batch_norm_epsilon=EPSILON, image_size=[height, width],
                            num_classes=1000, dropout_rate=0.2, depth_divisor=8, relu_fn="relu6", fix_head_stem=True)
    return EfficientNet(arguments, settings)


def described(name, shape):
    """Describes a published tensor and the range of its values, chosen so that ReLU6 cuts on both sides and rounding
    errors do not grow from block to block (PyTorch's own float32 stays within 5e-7 of float64)."""
    if name.endswith("running_var"):
        offset, scale = 1.0, 0.6
    elif name.endswith(("running_mean", "bias")):
        offset, scale = 0.0, 0.7
    elif len(shape) == 1:
        offset, scale = 1.2, 0.6
    else:
        offset, scale = 0.0, round(math.sqrt(3 / math.prod(shape[1:])), 6)
    return {"name": name, "shape": list(shape), "offset": offset, "scale": scale}


def outputs(stages, state, height, width):
    """Returns the output of every stage's last block, `[rows, columns, channels]`."""
    net = network(stages, height, width)
    missing, unexpected = net.load_state_dict(state, strict=False)
    assert not unexpected and all(name.startswith(("_conv_head", "_bn1", "_fc")) or "num_batches" in name
                                  for name in missing), (missing, unexpected)
    net = net.double().eval()
    kept = {}
    for stage, index in enumerate(accumulate(stage[4] for stage in stages)):
        net._blocks[index - 1].register_forward_hook(
            lambda module, arguments, output, stage=stage: kept.update({stage: output[0].permute(1, 2, 0)}))
    image = seeded(f"image:{height}x{width}", (3, height, width), 0.0, 1.0)
    with torch.no_grad():
        net.extract_features(torch.from_numpy(image)[None].double())
    return [kept[stage] for stage in range(len(stages))]


def write(out, name, stages, state, sizes, stride, tensors):
    config = {"stem": STEM, "normalisation": "centred",
              "stages": [dict(zip(("kernel", "stride", "expand", "width", "repeats"), stage)) for stage in stages]}
    cases = [{"name": f"{height}x{width}", "height": height, "width": width} for height, width in sizes]
    lines = ",\n".join(f"  {json.dumps(tensor)}" for tensor in tensors)
    tensors = f"[\n{lines}\n ]" if lines else "[]"
    text = (f'{{\n "vision": {json.dumps(config)},\n "stride": {stride},\n "cases": {json.dumps(cases)},\n'
            f' "tensors": {tensors}\n}}\n')
    json.loads(text)
    (out / f"{name}.json").write_text(text)
    values = {}
    for height, width in sizes:
        for stage, output in enumerate(outputs(stages, state, height, width)):
            flat = output.reshape(-1)[::stride].float().numpy()
            assert np.isfinite(flat).all()
            values[f"{height}x{width}.stage{stage}"] = np.ascontiguousarray(flat)
    file = out / f"{name}.safetensors"
    save_file(values, file)
    file.chmod(0o644)


def main():
    torch.set_num_threads(1)  # so that sums are computed in the same order everywhere
    cache = Path(sys.argv[1])
    out = Path(sys.argv[2] if len(sys.argv) > 2 else "tests/fixtures/encoders")
    shapes = {name: tensor.shape for name, tensor in network(REDUCED, 64, 64).state_dict().items()
              if not name.startswith(("_conv_head", "_bn1", "_fc")) and "num_batches" not in name}
    tensors = [described(name, shape) for name, shape in shapes.items()]
    state = {tensor["name"]: torch.from_numpy(seeded(**tensor)) for tensor in tensors}
    write(out, "efficientnet", REDUCED, state, [(64, 96), (63, 90)], 1, tensors)
    for name, (widths, repeats) in PUBLISHED.items():
        stages = list(zip(KERNELS, STRIDES, EXPANSIONS, widths, repeats))
        state = torch.load(cache / name / f"{name}.pth", weights_only=True)
        write(out, name, stages, state, [(side, side) for side in (224, 260, 384)], STRIDE, [])


main()
