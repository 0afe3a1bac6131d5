#!/usr/bin/env python3
"""Writes reference values of the frozen encoders, from Hugging Face's transformers on the CPU.

    encoders.py [OUT] [--compare COMMITTED]

Writes NAME.json (sizes, the published tensors, inputs) and NAME.safetensors (outputs) for every configuration into OUT,
by default tests/fixtures/encoders. No weights are stored: a tensor's values depend only on its name (`seeded`).

Everything runs in float64 and is rounded to float32 at the end. So other processors give the same files, and the
distance to them is only the error of the implementation under test. What the library itself computes in float32 stays
so: the interpolated positions of DINOv2, the rotary angles of DINOv3 and the softmax of CLIP.

Tensors have the names of the published files. Since transformers 5 these are not always those of `state_dict()`
(`attention.attention.query` became `attention.q_proj`), but `save_pretrained` still writes them.
"""

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.numpy import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

from checkpoints import (
    REDUCED, SMALL_HUGGING, SMALL_ORIGINAL, TEXT_BASE, VISION_BASE, bicubic, dinov2_model, dinov3_model,
    original_described, published, published_from_original, seeded, text_config, text_model, values_of, vision_config,
)


def loaded(model, values, ignored=(), **options):
    """Loads `values` into `model` from a file with the library's own loader; in float64 and with plain attention."""
    with tempfile.TemporaryDirectory() as folder:
        save_file(values, f"{folder}/model.safetensors", metadata={"format": "pt"})
        model.config.save_pretrained(folder)
        result, report = type(model).from_pretrained(folder, attn_implementation="eager", output_loading_info=True,
                                                     **options)
    unexpected = [name for name in report["unexpected_keys"] if not name.startswith(tuple(ignored))]
    assert not (report["missing_keys"] or report["mismatched_keys"] or unexpected), report
    return result.double().eval()


def original_positions(embeddings, offset, antialias):
    """Replaces the library's position rule with that of facebookresearch/dinov2.

    Follows `interpolate_pos_encoding` in dinov2/models/vision_transformer.py: the arguments of `interpolate` (a scale
    factor of (grid + offset) / stored if there is an offset, otherwise the size), in float32, and the stored table
    unchanged for the stored grid. dinov2/hub/backbones.py sets 0.1 and no antialias; with registers, 0 and antialias.
    """
    table = embeddings.position_embeddings
    stored = math.isqrt(table.shape[1] - 1)
    patch = embeddings.config.patch_size

    def positions(_, height, width):
        grid = (height // patch, width // patch)
        if grid == (stored, stored):
            return table
        if offset:
            target = {"scale_factor": tuple(float(side + offset) / stored for side in grid)}
        else:
            target = {"size": grid}
        rows = table[:, 1:].float().reshape(1, stored, stored, -1).permute(0, 3, 1, 2)
        rows = torch.nn.functional.interpolate(rows, mode="bicubic", antialias=antialias, **target)
        assert rows.shape[-2:] == grid
        rows = rows.permute(0, 2, 3, 1).reshape(1, grid[0] * grid[1], -1)
        return torch.cat((table[:, :1], rows.to(table.dtype)), dim=1)

    embeddings.interpolate_pos_encoding = positions


def see(model, layers, config, height, width):
    """Returns the levels' patches [patches, width], the last one after the final norm, its class token [width], and
    FLOPs."""
    outputs = {}

    def keep(index):
        return lambda module, arguments, output: outputs.update({index: output})

    hooks = [layers[index].register_forward_hook(keep(index)) for index in config["levels"]]
    image = seeded(f"image:{height}x{width}", (3, height, width), 0.0, 1.7)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        final = model(torch.from_numpy(image)[None].double()).last_hidden_state
    for hook in hooks:
        hook.remove()
    outputs[config["levels"][-1]] = final
    skipped = 1 + config["registers"]
    result = {f"level{level}": outputs[index][0, skipped:] for level, index in enumerate(config["levels"])}
    result["class"] = final[0, 0]
    return result, counter.get_total_flops()


def read(model, architecture, ids, real):
    """Returns the real tokens' outputs [real, width], the sentence's [width], and FLOPs."""
    tokens = torch.tensor([ids])
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        if architecture == "clip":
            # Causal: tokens after the end token do not affect those before it, and OpenAI's code has no padding mask.
            output = model(input_ids=tokens)
        else:
            mask = (torch.arange(len(ids)) < real).long()[None]
            output = model(input_ids=tokens, attention_mask=mask)
    words = output.last_hidden_state[0, :real]
    sentence = output.text_embeds[0] if architecture == "clip" else words.mean(dim=0)
    return {"words": words, "sentence": sentence}, counter.get_total_flops()


def write(folder, name, description, outputs, stride):
    """Writes both files of one configuration, with every stride-th element of each output, flattened row by row."""
    def sampled(value):
        value = value.detach().to(torch.float32).numpy()
        return np.ascontiguousarray(value if stride == 1 else value.reshape(-1)[::stride])

    file = folder / f"{name}.safetensors"
    save_file({key: sampled(value) for key, value in outputs.items()}, file)
    file.chmod(0o644)  # the library makes it readable only to its owner
    versions = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    description = {"family": description.pop("family"), "made_with": versions, "stride": stride, **description}

    def line(value):
        if not isinstance(value, list):
            return json.dumps(value)
        return "[\n    " + ",\n    ".join(json.dumps(entry) for entry in value) + "\n  ]"

    text = ",\n".join(f'  "{key}": {line(value)}' for key, value in description.items())
    (folder / f"{name}.json").write_text("{\n" + text + "\n}\n")


def compare(made, committed):
    """Prints the differences between two folders and returns whether there are any."""
    differences = []
    names = {path.name for folder in (made, committed) for path in folder.glob("*.*") if path.is_file()}
    for name in sorted(names):
        here, there = made / name, committed / name
        if not (here.is_file() and there.is_file()):
            differences.append(f"{name}: only in {(here if here.is_file() else there).parent}")
        elif name.endswith(".json"):
            ours, theirs = (json.loads(path.read_text()) for path in (here, there))
            keys = (ours.keys() | theirs.keys()) - {"made_with"}
            differences += [f"{name}: {key}" for key in sorted(keys) if ours.get(key) != theirs.get(key)]
        elif name.endswith(".safetensors"):
            ours, theirs = load_file(here), load_file(there)
            for key in sorted(ours.keys() | theirs.keys()):
                if key not in ours or key not in theirs or ours[key].shape != theirs[key].shape:
                    differences.append(f"{name}: {key} is missing or of another shape")
                    continue
                error = np.linalg.norm(ours[key] - theirs[key]) / np.linalg.norm(theirs[key])
                if not error <= 1e-6:
                    differences.append(f"{name}: {key} differs by {error:.1e} of its norm, allowed 1e-6")
    print("\n".join(differences) or f"{len(names)} files agree")
    return bool(differences)


def vision(folder, name, family, config, sizes, stride):
    model = dinov3_model(config) if family == "dinov3-hf" else dinov2_model(config)
    tensors = published(model)
    names = [tensor["name"] for tensor in tensors]
    if family == "dinov2-original":
        shapes = {tensor["name"]: tensor["shape"] for tensor in tensors}
        tensors = original_described(shapes)
        model = loaded(model, published_from_original(values_of(tensors), names))
        original_positions(model.embeddings, config["positions"]["bicubic"]["offset"],
                           config["positions"]["bicubic"]["antialias"])
    else:
        model = loaded(model, values_of(tensors))
    layers = model.model.layer if family == "dinov3-hf" else model.encoder.layer
    cases, outputs = [], {}
    for height, width in sizes:
        case = f"{height}x{width}"
        result, flops = see(model, layers, config, height, width)
        outputs.update({f"{case}.{key}": value for key, value in result.items()})
        cases.append({"name": case, "height": height, "width": width, "flops": flops})
    description = {"family": family, "vision": config, "tensors": tensors, "cases": cases}
    write(folder, name, description, outputs, stride)


def text(folder, name, family, config, rows, sequences, stride):
    tensors = published(text_model(config, rows, pooler=True))
    # The file contains the pooler, which is not used here.
    options = {"add_pooling_layer": False} if config["architecture"] == "bert" else {}
    model = loaded(text_model(config, rows), values_of(tensors), ignored=["pooler."], **options)
    cases, outputs = [], {}
    for case, ids, padding in sequences:
        result, flops = read(model, config["architecture"], ids + padding, len(ids))
        outputs.update({f"{case}.{key}": value for key, value in result.items()})
        cases.append({"name": case, "ids": ids + padding, "real": len(ids), "flops": flops})
    description = {"family": family, "text": config, "tensors": tensors, "cases": cases}
    write(folder, name, description, outputs, stride)


def words(count, below, start):
    """Returns `count` word ids under `below - 2`, where CLIP has its start and its end."""
    return [1 + (start + index * 7919) % (below - 3) for index in range(count)]


def everything(folder):
    """Writes every configuration. The strides are coprime to the widths, so that every channel is sampled."""
    levels = [0, 1, 2]
    # The stored grid, two larger, one larger and not square, one smaller and not square.
    sizes = [(126, 126), (224, 224), (448, 448), (140, 252), (84, 98)]

    def reduced(name, family, stride=7, **options):
        positions = options.pop("positions")
        vision(folder, name, family, vision_config(REDUCED, levels, positions, **options), sizes, stride)

    reduced("dinov2", "dinov2-hf", positions=bicubic(9))
    reduced("dinov2-reg", "dinov2-hf", positions=bicubic(9, antialias=True), registers=4)
    reduced("dinov2-swiglu", "dinov2-hf", positions=bicubic(9), feed_forward="swi-glu")
    reduced("dinov2-original", "dinov2-original", positions=bicubic(9, offset=0.1))
    reduced("dinov2-original-reg", "dinov2-original", positions=bicubic(9, antialias=True), registers=4)
    sizes = [(126, 126), (140, 252)]
    reduced("dinov2-original-swiglu", "dinov2-original", positions=bicubic(9, offset=0.1), feed_forward="swi-glu")
    sizes = [(128, 128), (224, 224), (448, 448), (144, 256)]
    rotary = {"positions": {"rotary": {"base": 100.0}}, "registers": 4, "patch": 16, "epsilon": 1e-5}
    reduced("dinov3", "dinov3-hf", **rotary)
    reduced("dinov3-gated", "dinov3-hf", feed_forward="swi-glu", **rotary)
    sizes = [(56, 56), (70, 84)]
    vision(folder, "small-original", "dinov2-original", SMALL_ORIGINAL, sizes, 1)
    vision(folder, "small-hf", "dinov2-hf", SMALL_HUGGING, sizes, 1)

    start, end = 598, 599
    text(folder, "clip", "clip-hf", text_config(REDUCED, 600, 32, "clip"), 77, [
        ("short", [start, *words(5, 600, 3), end], []),
        ("padded", [start, *words(9, 600, 11), end], [0] * 12),
        ("padded-with-end", [start, *words(4, 600, 50), end], [end] * 6),
        ("full", [start, *words(30, 600, 7), end], []),
    ], 1)
    text(folder, "bert", "bert-hf", text_config(REDUCED, 600, 24, "bert"), 40, [
        ("short", [101, *words(5, 600, 3), 102], []),
        ("padded", [101, *words(9, 600, 11), 102], [0] * 13),
        ("full", [101, *words(22, 600, 7), 102], []),
    ], 1)

    vision(folder, "dinov2-b14-reg4", "dinov2-hf", VISION_BASE, [(224, 224), (448, 448), (280, 448)], 79)
    start, end = 49406, 49407
    text(folder, "clip-b16", "clip-hf", TEXT_BASE, 77, [
        ("cat", [start, 320, 1125, 539, 320, 2368, end], []),  # "a photo of a cat"
        ("padded", [start, *words(18, 49408, 5), end], [0] * 57),
        ("full", [start, *words(75, 49408, 900), end], []),
    ], 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parent.parent / "fixtures" / "encoders"
    parser.add_argument("out", nargs="?", type=Path, default=default)
    parser.add_argument("--compare", type=Path, metavar="COMMITTED")
    options = parser.parse_args()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    options.out.mkdir(parents=True, exist_ok=True)
    everything(options.out)
    return compare(options.out, options.compare) if options.compare else 0


if __name__ == "__main__":
    sys.exit(main())
