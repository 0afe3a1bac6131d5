#!/usr/bin/env python3
"""Runs a training step in PyTorch, compares it with ours, and times it.

    step.py FILE [--threads K] [--steps N] [--warm-up N]

`s4eca step --export FILE` writes FILE: the network's config and tensors, a batch, and the logits, loss and gradients of
our step. First each of these is compared, as the norm of the difference over the expected norm. The program ends with
an error if logits or loss are off by more than 1e-4 or a gradient by more than 1e-3. Then complete steps are timed:
forward, loss, backward, clipping of the gradients' norm at 1, AdamW. The report goes to the standard error, and one
line of JSON to the standard output: the median step in seconds, images per second, and the settings of the measurement.
"""

import argparse
import json
import math
import statistics
import sys
import time

import torch
from safetensors import SafetensorError, safe_open

from network import S4eca, load, loss_of, named_parameters, ours_from

OUTPUT_TOLERANCE = 1e-4
# Wider, because a ReLU whose input is zero except for rounding may pass a gradient on one side and none on the other.
# Of the neck's 800,000 for four images of 256 px, one was enough for 2e-4 in the layers before it, where everything
# else agreed to 3e-6.
GRADIENT_TOLERANCE = 1e-3
LEARNING_RATE = 1e-4
WEIGHT_DECAY = 0.01
EPSILON = 1e-8
CLIP_NORM = 1.0


def read(path):
    """Returns the config, and the tensors by group: model, input, output, gradient."""
    groups = {"model": {}, "input": {}, "output": {}, "gradient": {}}
    with safe_open(path, framework="pt") as file:
        config = json.loads(file.metadata()["config"])
        for name in file.keys():
            group, _, rest = name.partition(".")
            groups[group][rest] = file.get_tensor(name)
    return config, groups


def distance(value, expected):
    """Returns the norm of the difference over the expected norm; if that is zero, the norm of the difference."""
    if value.shape != expected.shape:
        raise ValueError(f"shapes differ: {tuple(value.shape)}, expected {tuple(expected.shape)}")
    return torch.linalg.vector_norm(value - expected).item() / (torch.linalg.vector_norm(expected).item() or 1.0)


def forward(model, batch):
    logits = model(batch["image"], batch["words"], batch["padding"])
    return logits, loss_of(logits, batch["target"])


def check(model, batch, output, gradients):
    """Returns the largest distance of ours from PyTorch's: of the outputs, and of the gradients."""
    logits, loss = forward(model, batch)
    loss.backward()
    outputs = {"logits": (logits.detach(), output["logits"]), "loss": (loss.detach().reshape(1), output["loss"])}
    parameters = dict(named_parameters(model))
    # The softmax ignores what is added equally to all scores: the gradient of a key's bias is only rounding.
    compared = [name for name in sorted(gradients) if not name.endswith(".key.bias")]
    pairs = {name: (ours_from(name, parameters[name].grad), gradients[name]) for name in compared}
    model.zero_grad(set_to_none=True)
    return worst(outputs, "output"), worst(pairs, "gradient")


def worst(pairs, kind):
    """Reports the distances, and returns the largest of them."""
    largest, empty = 0.0, 0
    for name, (value, expected) in pairs.items():
        found, size = distance(value, expected), expected.abs().max().item()
        empty += size == 0.0
        print(f"{found:9.2e}  largest {size:9.2e}  {kind} {name}", file=sys.stderr)
        # NaN is worse than any number.
        largest = max(largest, math.inf if math.isnan(found) else found)
    if empty:
        print(f"{empty} of {len(pairs)} are zero, which shows little", file=sys.stderr)
    return largest


def timed(model, batch, steps, warm_up):
    """Returns the median time of a step in seconds."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=LEARNING_RATE, eps=EPSILON, weight_decay=WEIGHT_DECAY, fused=True)
    seconds = []
    for _ in range(warm_up + steps):
        began = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        _, loss = forward(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, CLIP_NORM)
        optimizer.step()
        # Real training prints its loss, and so waits for it.
        loss.item()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[warm_up:])


def main():
    parser = argparse.ArgumentParser(description="A training step in PyTorch, checked against ours and timed.")
    parser.add_argument("file", help="written by `s4eca step --export`")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch (default: 1)")
    parser.add_argument("--steps", type=int, default=20, help="steps to time; 0 only compares (default: 20)")
    parser.add_argument("--warm-up", type=int, default=2, help="steps before those (default: 2)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    try:
        config, groups = read(arguments.file)
        model = S4eca(config)
        load(model, groups["model"])
    except (OSError, SafetensorError, KeyError, RuntimeError, ValueError) as error:
        sys.exit(f"{arguments.file}: {error}; it must be what `s4eca step --export` of this version wrote")
    model.freeze_encoders()
    batch = groups["input"] | {"padding": groups["input"]["padding"].bool()}
    output, gradient = check(model, batch, groups["output"], groups["gradient"])
    if not (output <= OUTPUT_TOLERANCE and gradient <= GRADIENT_TOLERANCE):
        sys.exit(f"the outputs differ by {output:.1e}, the gradients by {gradient:.1e}: that is another network")
    result = {"images": len(batch["image"]), "threads": arguments.threads, "torch": torch.__version__,
              "output_error": output, "gradient_error": gradient}
    if arguments.steps > 0:
        seconds = timed(model, batch, arguments.steps, arguments.warm_up)
        result |= {"images_per_second": len(batch["image"]) / seconds, "seconds": seconds}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
