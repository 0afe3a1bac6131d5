"""Stage one: the visual encoder learns the dense labels of all sources, from its ImageNet weights.

A pixel's label is a yes for its class and for the classes that cover it, unknown for the classes that its class covers,
and a no for all others. A pixel without a class is a no for the classes that are completely labelled in that scene, and
unknown for the rest.
"""

import torch
import torch.nn.functional as F
from torch import nn

NONE, UNKNOWN = 254, 255

# Ids of the classes that cover others, with the ids of the labels that belong to them: src/things/class.rs.
MEMBERS = {23: [1, 2], 24: [11, 12, 13], 5: [8], 10: [25]}


class DenseHead(nn.Module):
    """A feature pyramid (Lin et al. 2017, arXiv 1612.03144) over strides 4 to 32 with class logits at stride 4."""

    def __init__(self, widths, classes, width=96):
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(inputs, width, 1) for inputs in widths)
        self.smooth = nn.Conv2d(width, width, 3, padding=1)
        self.classes = nn.Conv2d(width, classes, 1)

    def forward(self, levels):
        """`levels`: the finest first. Returns logits `[batch, classes, rows, columns]` on the finest level's grid."""
        x = None
        for lateral, level in reversed(list(zip(self.lateral, levels))):
            y = lateral(level)
            x = y if x is None else y + F.interpolate(x, size=y.shape[2:], mode="bilinear", align_corners=False)
        return self.classes(F.relu(self.smooth(x)))


class Truth:
    """The truth per class by label: tables `[256, classes]` of yes and of no."""

    def __init__(self, classes, members, device):
        """`members`: ids of the classes that cover others, with the ids of the labels that belong to them."""
        covers = torch.eye(classes, dtype=torch.bool)
        for umbrella, inside in members.items():
            for label in inside:
                covers[umbrella, label] = True
        self.yes = torch.zeros(256, classes, dtype=torch.bool, device=device)
        self.no = torch.zeros(256, classes, dtype=torch.bool, device=device)
        for label in range(classes):
            self.yes[label] = covers[:, label]
            # The label of a covering class says nothing about the classes that it covers.
            self.no[label] = ~(covers[:, label] | covers[label, :])
        self.bits = 2 ** torch.arange(classes, device=device)

    def of(self, labels, complete):
        """`labels`: `[batch, rows, columns]`; `complete`: one bit per class, `[batch]`. Returns yes and known, both
        `[batch, classes, rows, columns]`."""
        yes, no = (table[labels.long()].permute(0, 3, 1, 2) for table in (self.yes, self.no))
        whole = (complete[:, None] & self.bits).bool()[:, :, None, None]
        no = no | (whole & (labels == NONE)[:, None])
        return yes, yes | no


def loss_of(logits, yes, known):
    """Returns cross-entropy, averaged over the classes with a known pixel, and half the Dice loss, averaged over those
    with a positive one."""
    yes, known = yes.float(), known.float()
    entropy = F.binary_cross_entropy_with_logits(logits.float(), yes, reduction="none") * known
    p = logits.float().sigmoid() * known
    count = known.sum(dim=(0, 2, 3))
    entropy = entropy.sum(dim=(0, 2, 3)) / (count + 1.0)
    dice = 1.0 - (2.0 * (p * yes).sum(dim=(0, 2, 3)) + 1.0) / ((p + yes).sum(dim=(0, 2, 3)) + 1.0)
    there = (count > 0).float()
    positive = ((yes.sum(dim=(0, 2, 3)) > 0).float()) * there
    return (entropy * there).sum() / there.sum() + 0.5 * (dice * positive).sum() / (positive.sum() + 1e-6)
