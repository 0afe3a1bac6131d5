"""Moves tensors, under the program's own names, into and out of the network of tests/reference."""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "reference"))

from network import named_parameters, ours_from  # noqa: E402

WORDS = "words"


def take(model, tensors, prefix):
    """Sets every parameter under `prefix`, and nothing else; `tensors` must contain all of them."""
    with torch.no_grad():
        for name, parameter in named_parameters(model):
            if name.startswith(prefix):
                ours_from(name, parameter).copy_(tensors[name])


def give(model, prefixes=("",)):
    """Returns the parameters under `prefixes`, by our names and in our layout."""
    return {
        name: ours_from(name, parameter.detach()).float().cpu().contiguous()
        for name, parameter in named_parameters(model)
        if name.startswith(tuple(prefixes))
    }


def minilm(folder):
    """Reads all-MiniLM-L6-v2 as the text encoder: returns tensors by our names, and the word table `[30522, 384]`. The
    token type's row is the same for every word, so it is added to the positions."""
    theirs = load_file(Path(folder) / "model.safetensors")
    ours = {}
    position = theirs["embeddings.position_embeddings.weight"][:40]
    ours["text.position"] = position + theirs["embeddings.token_type_embeddings.weight"][0]

    def norm(name, place):
        ours[f"{name}.gamma"], ours[f"{name}.beta"] = theirs[f"{place}.weight"], theirs[f"{place}.bias"]

    def linear(name, *places):
        ours[f"{name}.weight"] = torch.cat([theirs[f"{place}.weight"] for place in places]).T
        ours[f"{name}.bias"] = torch.cat([theirs[f"{place}.bias"] for place in places])

    norm("text.norm", "embeddings.LayerNorm")
    for block in range(6):
        name, place = f"text.blocks.{block}", f"encoder.layer.{block}"
        linear(f"{name}.attention.qkv", *(f"{place}.attention.self.{part}" for part in ("query", "key", "value")))
        linear(f"{name}.attention.out", f"{place}.attention.output.dense")
        norm(f"{name}.norm1", f"{place}.attention.output.LayerNorm")
        linear(f"{name}.fc1", f"{place}.intermediate.dense")
        linear(f"{name}.fc2", f"{place}.output.dense")
        norm(f"{name}.norm2", f"{place}.output.LayerNorm")
    return ours, theirs["embeddings.word_embeddings.weight"]


class Average:
    """A moving average of parameters (Polyak and Juditsky 1992), with a shorter memory at the start."""

    def __init__(self, parameters, decay):
        self.parameters, self.decay, self.steps = list(parameters), decay, 0
        self.kept = [parameter.detach().clone() for parameter in self.parameters]

    @torch.no_grad()
    def update(self):
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.kept, [parameter.detach() for parameter in self.parameters], 1 - decay)

    @torch.no_grad()
    def swap(self):
        """Exchanges the average and the parameters; a second call restores them."""
        for kept, parameter in zip(self.kept, self.parameters):
            held = parameter.detach().clone()
            parameter.copy_(kept)
            kept.copy_(held)


def save(path, tensors, metadata=None):
    save_file(tensors, path, metadata)
