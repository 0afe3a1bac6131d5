"""Parts of a training step: learning rate, mask loss, initial values, averaging of gradients."""

import math

import torch
import torch.nn.functional as F


def finite(tensors):
    return all(bool(torch.isfinite(value).all()) for value in tensors.values())


def set_rates(optimizer, rates, share, step, warm_up=80):
    """Sets a linear warm-up over steps, times a cosine over the share of the time spent, down to a hundredth."""
    factor = min(1.0, (step + 1) / warm_up) * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * min(share, 1.0))))
    for group, rate in zip(optimizer.param_groups, rates):
        group["lr"] = rate * factor


def gaps(target, width=5):
    """Returns where a morphological closing fills pixels outside the target, such as the ground between neighbouring
    roofs: `[batch, 1, rows, columns]`, from 0 to 1."""
    grown = F.max_pool2d(target, width, 1, width // 2)
    closed = -F.max_pool2d(-F.pad(grown, [width // 2] * 4), width, 1)
    return (closed - target).clamp(min=0.0)


def mask_loss(logits, target, known, gap_weight=0.0, least=0.0):
    """Returns cross-entropy plus Dice over the known mask pixels, smoothed by one pixel. Gaps weigh `1 + gap_weight` in
    the cross-entropy, as borders do in U-Net (Ronneberger et al. 2015, arXiv 1505.04597). A mask's pixels together
    weigh at least as much as a share `least` of the known pixels (class balance as in Xie and Tu 2015, arXiv
    1504.06375): else a kind of small things that is often missing is learnt as missing everywhere."""
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * known
    if least:
        area = (target * known).flatten(1).sum(1)
        heavier = (least * known.flatten(1).sum(1) / area.clamp(min=1.0)).clamp(min=1.0)
        entropy = entropy * (1.0 + (heavier - 1.0)[:, None, None, None] * target)
    if gap_weight:
        entropy = entropy * (1.0 + gap_weight * gaps(target))
    entropy = (entropy.flatten(1).sum(1) / (known.flatten(1).sum(1) + 1.0)).mean()
    p, z = (logits.sigmoid() * known).flatten(1), target.flatten(1)
    dice = (2.0 * (p * z).sum(dim=1) + 1.0) / (p.sum(dim=1) + z.sum(dim=1) + 1.0)
    return entropy + 1.0 - dice.mean()


def initialise(model):
    """Sets the same initial values as the program: random queries, zero up-projections."""
    for adapter in model.textual_adapters:
        torch.nn.init.normal_(adapter.queries, std=0.5)
    for adapter in [*model.textual_adapters, *model.visual_adapters]:
        torch.nn.init.zeros_(adapter.up.weight)
        torch.nn.init.zeros_(adapter.up.bias)


def average_gradients(trained, world):
    """Gives every process the mean of the gradients of all `world` processes."""
    if world == 1:
        return
    for parameter in trained:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    flat = torch.cat([parameter.grad.flatten() for parameter in trained])
    torch.distributed.all_reduce(flat)
    flat /= world
    place = 0
    for parameter in trained:
        parameter.grad.copy_(flat[place : place + parameter.numel()].view_as(parameter))
        place += parameter.numel()
