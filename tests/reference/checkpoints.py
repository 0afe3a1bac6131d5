#!/usr/bin/env python3
"""Writes checkpoints with the libraries' own code, for the importers, with the values that encoders.py uses.

    checkpoints.py OUT            full size, 2.1 GB: DINOv2 B/14 with registers and CLIP B/16
    checkpoints.py --small [OUT]  the files that are committed in tests/fixtures/encoders/files

The values are the same each time. The bytes of a .pth in the legacy format are not, because PyTorch writes addresses
there. A full-size file gives the outputs of the cases dinov2-b14-reg4 and clip-b16, a small one those of small-original
or small-hf. The values, names and models of both programs are defined here too.
"""

import argparse
import json
import math
import os
import re
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors import safe_open


def seeded(name, shape, offset, scale):
    """Returns values that depend only on the name: splitmix64, seeded with the FNV-1a hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        count = np.arange(1, math.prod(shape) + 1, dtype=np.uint64)
        z = np.uint64(seed) + count * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    unit = (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1
    return (offset + scale * unit).astype(np.float32).reshape(shape)


EMBEDDED = re.compile(r"(cls_token|mask_token|register_tokens|pos_embed|position_embeddings?"
                      r"|(token|class|token_type)_embeddings?|word_embeddings)(\.weight)?$")
ATTENDED = re.compile(r"(query|key|value|[qkv]_proj|qkv)\.weight$")


def described(name, shape):
    """Describes a published tensor and the range of its values, which is chosen so that every term matters."""
    if EMBEDDED.search(name):
        offset, scale = 0.0, 0.5
    elif name.endswith(("lambda1", "gamma")):
        offset, scale = 0.5, 0.3
    elif name.endswith("bias"):
        offset, scale = 0.0, 0.1
    elif len(shape) < 2:
        offset, scale = 1.0, 0.2
    else:
        # Unit variance through a layer. More before the softmax, where a thousand tokens would otherwise average out.
        gain = 1.5 if ATTENDED.search(name) else 1.0
        offset, scale = 0.0, round(gain * math.sqrt(3 / math.prod(shape[1:])), 6)
    return {"name": name, "shape": list(shape), "offset": offset, "scale": scale}


def published(model):
    """Returns names and shapes as the library writes them to a file, sorted by name."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, max_shard_size="100GB")
        with safe_open(f"{folder}/model.safetensors", "np") as file:
            return [described(name, file.get_slice(name).get_shape()) for name in sorted(file.keys())]


def values_of(tensors):
    return {tensor["name"]: seeded(**tensor) for tensor in tensors}


# From the names in Hugging Face files to those of facebookresearch/dinov2.
ORIGINAL = [
    (r"\.attention\.attention\.(query|key|value)\.", ".attn.qkv."),
    (r"\.attention\.output\.dense\.", ".attn.proj."),
    (r"\.layer_scale([12])\.lambda1$", r".ls\1.gamma"),
    (r"\.mlp\.weights_in\.", ".mlp.w12."),
    (r"\.mlp\.weights_out\.", ".mlp.w3."),
    (r"^encoder\.layer\.", "blocks."),
    (r"^layernorm\.", "norm."),
    (r"^embeddings\.patch_embeddings\.projection\.", "patch_embed.proj."),
    (r"^embeddings\.position_embeddings$", "pos_embed"),
    (r"^embeddings\.", ""),
]


def original_names(names):
    """Maps each original name to the published names it stands for: query, key and value, in this order, are one."""
    result = {}
    for published_name in sorted(names, key=lambda name: (".key." in name) + 2 * (".value." in name)):
        name = published_name
        for pattern, replacement in ORIGINAL:
            name = re.sub(pattern, replacement, name)
        result.setdefault(name, []).append(published_name)
    return dict(sorted(result.items()))


def original_from_published(values):
    return {name: np.concatenate([values[part] for part in parts]) if len(parts) > 1 else values[parts[0]]
            for name, parts in original_names(values).items()}


def original_described(shapes):
    """Describes the tensors of an original state dict, from the published names and shapes."""
    return [described(name, [shapes[parts[0]][0] * len(parts), *shapes[parts[0]][1:]])
            for name, parts in original_names(shapes).items()]


def published_from_original(values, names):
    result = {}
    for name, parts in original_names(names).items():
        thirds = np.split(values[name], len(parts)) if len(parts) > 1 else [values[name]]
        result.update(zip(parts, map(np.ascontiguousarray, thirds)))
    return result


def vision_config(sizes, levels, positions, feed_forward="gelu", registers=0, patch=14, epsilon=1e-6):
    width, depth, heads, mlp = sizes
    return {"width": width, "depth": depth, "heads": heads, "mlp": mlp, "patch": patch, "registers": registers,
            "layer_scale": True, "levels": levels, "positions": positions, "feed_forward": feed_forward,
            "norm_epsilon": epsilon}


def bicubic(side, offset=0.0, antialias=False):
    return {"bicubic": {"side": side, "offset": offset, "antialias": antialias}}


def dinov2_model(config):
    """Returns the library's DINOv2 model of these sizes."""
    ratio = config["mlp"] / config["width"] * (1.5 if config["feed_forward"] == "swi-glu" else 1)
    assert ratio == int(ratio)
    sizes = {"hidden_size": config["width"], "num_hidden_layers": config["depth"], "mlp_ratio": int(ratio),
             "num_attention_heads": config["heads"], "patch_size": config["patch"],
             "image_size": config["positions"]["bicubic"]["side"] * config["patch"],
             "layer_norm_eps": config["norm_epsilon"], "use_swiglu_ffn": config["feed_forward"] == "swi-glu"}
    if config["registers"]:
        options = transformers.Dinov2WithRegistersConfig(num_register_tokens=config["registers"], **sizes)
        return transformers.Dinov2WithRegistersModel(options)
    return transformers.Dinov2Model(transformers.Dinov2Config(**sizes))


def dinov3_model(config):
    gated = config["feed_forward"] == "swi-glu"
    return transformers.DINOv3ViTModel(transformers.DINOv3ViTConfig(
        hidden_size=config["width"], num_hidden_layers=config["depth"], num_attention_heads=config["heads"],
        intermediate_size=config["mlp"], patch_size=config["patch"], num_register_tokens=config["registers"],
        layer_norm_eps=config["norm_epsilon"], rope_theta=config["positions"]["rotary"]["base"],
        use_gated_mlp=gated, hidden_act="silu" if gated else "gelu"))


def text_config(sizes, vocabulary, tokens, architecture):
    width, depth, heads, mlp = sizes
    return {"vocabulary": vocabulary, "width": width, "depth": depth, "heads": heads, "mlp": mlp, "tokens": tokens,
            "architecture": architecture}


def text_model(config, rows, pooler=False):
    """Returns the library's model with a position table of `rows` rows. CLIP's last two words are start and end."""
    vocabulary = config["vocabulary"]
    sizes = {"vocab_size": vocabulary, "hidden_size": config["width"], "num_hidden_layers": config["depth"],
             "num_attention_heads": config["heads"], "intermediate_size": config["mlp"],
             "max_position_embeddings": rows}
    if config["architecture"] == "bert":
        return transformers.BertModel(transformers.BertConfig(**sizes), add_pooling_layer=pooler)
    return transformers.CLIPTextModelWithProjection(transformers.CLIPTextConfig(
        projection_dim=config["width"], bos_token_id=vocabulary - 2, eos_token_id=vocabulary - 1, **sizes))


# Width, depth, heads and the hidden width of the MLP.
REDUCED = (48, 3, 3, 96)
# Small enough to commit the checkpoints themselves.
SMALL = (16, 3, 2, 32)
BASE = (768, 12, 12, 3072)

SMALL_ORIGINAL = vision_config(SMALL, [0, 1, 2], bicubic(4, offset=0.1))
SMALL_HUGGING = vision_config(SMALL, [0, 1, 2], bicubic(4))
VISION_BASE = vision_config(BASE, [4, 8, 11], bicubic(37, antialias=True), registers=4)
TEXT_BASE = text_config((512, 12, 8, 2048), 49408, 77, "clip")


class Harmful:
    """Runs a command when it is unpickled without care; a new empty file shows that it did."""

    def __reduce__(self):
        return os.system, ("touch executed-by-unpickling",)


def torch_values(values):
    return {name: torch.from_numpy(np.array(value)) for name, value in values.items()}


def filled(model):
    """Returns `model` with its seeded values, which are set through a file of published names."""
    values = torch_values(values_of(published(model)))
    with tempfile.TemporaryDirectory() as folder:
        model.config.save_pretrained(folder)
        torch.save(values, f"{folder}/pytorch_model.bin")
        return type(model).from_pretrained(folder)


def small_original():
    """Returns the original state dict of small-original."""
    shapes = {tensor["name"]: tensor["shape"] for tensor in published(dinov2_model(SMALL_ORIGINAL))}
    return torch_values(values_of(original_described(shapes)))


def save_torch_shards(values, folder):
    """Writes pytorch_model.bin in two parts with an index, as transformers did up to version 4."""
    folder.mkdir()
    weight_map = {}
    for part in range(2):
        file = f"pytorch_model-0000{part + 1}-of-00002.bin"
        shard = dict(list(values.items())[part::2])
        torch.save(shard, folder / file)
        weight_map.update(dict.fromkeys(shard, file))
    index = {"metadata": {"total_size": sum(value.nbytes for value in values.values())}, "weight_map": weight_map}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2) + "\n")


def small(out):
    """Writes a small checkpoint in every format."""
    original = small_original()
    torch.save(original, out / "zip.pth")
    torch.save(original, out / "legacy.pth", _use_new_zipfile_serialization=False)
    arguments = argparse.Namespace(arch="vit_small", lr=1e-3, tags=["a", "b"], output_dir=None)
    torch.save({"model": original, "epoch": 7, "args": arguments}, out / "nested-model.pth")
    # As a training run leaves it: the encoder beside the head of its loss.
    teacher = {f"backbone.{name}": value for name, value in original.items()}
    teacher["dino_head.last_layer.weight"] = torch.ones(4, 4)
    torch.save({"teacher": teacher, "iteration": 12, "optimizer": {"state": {}, "lr": 0.1}}, out / "nested-teacher.pth")
    parallel = {f"module.{name}": value for name, value in original.items()}
    torch.save({"state_dict": parallel, "epoch": 3}, out / "nested-state-dict.pth")
    for dtype in ("float16", "bfloat16"):
        torch.save({name: value.to(getattr(torch, dtype)) for name, value in original.items()}, out / f"{dtype}.pth")
    # All tensors in one storage, each at its offset, with matrices stored by columns.
    flat = torch.cat([(value.T if value.ndim == 2 else value).reshape(-1) for value in original.values()])
    parts = flat.split([value.numel() for value in original.values()])
    views = {name: part.view(value.T.shape).T if value.ndim == 2 else part.view(value.shape)
             for part, (name, value) in zip(parts, original.items())}
    assert all(torch.equal(views[name], value) for name, value in original.items())
    torch.save(views, out / "views.pth")

    harmful = {"model": original, "extra": Harmful()}
    torch.save(harmful, out / "harmful.pth")
    torch.save(harmful, out / "harmful-legacy.pth", _use_new_zipfile_serialization=False)
    # The format of OpenAI's own CLIP files: a zip that contains a program.
    module = torch.nn.Module()
    module.positional_embedding = torch.nn.Parameter(torch.ones(4, 4))
    scripted = torch.jit.script(module)
    scripted.define("def forward(self, x):\n    return x + self.positional_embedding\n")
    torch.jit.save(scripted, out / "torchscript.pt")

    hugging = filled(dinov2_model(SMALL_HUGGING))
    hugging.save_pretrained(out / "hf")
    hugging.save_pretrained(out / "hf-sharded", max_shard_size="24KB")
    # Transformers 5's own names, which it writes only on request.
    hugging.save_pretrained(out / "hf-new-names", save_original_format=False)
    values = torch_values(values_of(published(hugging)))
    (out / "hf-bin").mkdir()
    torch.save(values, out / "hf-bin" / "pytorch_model.bin")
    save_torch_shards(values, out / "hf-bin-sharded")
    for file in out.glob("*/*.safetensors"):
        file.chmod(0o644)  # the library makes it readable only to its owner


def full(out):
    """Writes checkpoints in the size and format of published ones, with seeded values."""
    model = filled(dinov2_model(VISION_BASE))
    model.save_pretrained(out / "dinov2-with-registers-base")
    original = original_from_published(values_of(published(model)))
    torch.save(torch_values(original), out / "dinov2_vitb14_reg4_pretrain.pth")
    sizes = {"hidden_size": 768, "intermediate_size": 3072, "patch_size": 16}
    options = transformers.CLIPConfig(text_config={"eos_token_id": 49407}, vision_config=sizes, projection_dim=512)
    model = filled(transformers.CLIPModel(options))
    model.save_pretrained(out / "clip-vit-base-patch16")
    model.save_pretrained(out / "clip-vit-base-patch16-sharded", max_shard_size="200MB")
    filled(text_model(TEXT_BASE, 77)).save_pretrained(out / "clip-text-with-projection")
    filled(text_model(text_config(REDUCED, 600, 24, "bert"), 40, pooler=True)).save_pretrained(out / "bert")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("out", nargs="?", type=Path)
    options = parser.parse_args()
    committed = Path(__file__).resolve().parent.parent / "fixtures" / "encoders" / "files"
    out = options.out or (committed if options.small else parser.error("say where the full-size files go"))
    transformers.logging.disable_progress_bar()
    if out.exists():
        parser.error(f"{out} exists: name a new folder or remove it first")
    out.mkdir(parents=True)
    (small if options.small else full)(out)


if __name__ == "__main__":
    main()
