"""Stage one: the visual encoder learns the dense labels of all sources, from its ImageNet weights.

A pixel's label says yes to its class and to what covers it, no to all others; a pixel without a label says no to the
classes that are labelled wherever they are in that scene, and nothing of the rest.
"""

import torch
import torch.nn.functional as F
from torch import nn

NONE, UNKNOWN = 254, 255

# A class's id to the ids of the labels that belong to it, where those are more than itself: src/things/class.rs.
MEMBERS = {23: [1, 2], 24: [11, 12, 13], 5: [8], 10: [25]}


class DenseHead(nn.Module):
    """A feature pyramid (Lin et al. 2017, arXiv 1612.03144) on strides 4 to 32, classes at stride 4."""

    def __init__(self, widths, classes, width=96):
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(inputs, width, 1) for inputs in widths)
        self.smooth = nn.Conv2d(width, width, 3, padding=1)
        self.classes = nn.Conv2d(width, classes, 1)

    def forward(self, levels):
        """`levels`: the finest first. Logits `[batch, classes, rows, columns]` of the finest level's grid."""
        x = None
        for lateral, level in reversed(list(zip(self.lateral, levels))):
            y = lateral(level)
            x = y if x is None else y + F.interpolate(x, size=y.shape[2:], mode="bilinear", align_corners=False)
        return self.classes(F.relu(self.smooth(x)))


class Truth:
    """Answers by label: tables `[256, classes]` of yes and of no."""

    def __init__(self, classes, members, device):
        """`members`: a class's id to the ids of the labels that belong to it, where those are more than itself."""
        covers = torch.eye(classes, dtype=torch.bool)
        for umbrella, inside in members.items():
            for label in inside:
                covers[umbrella, label] = True
        self.yes = torch.zeros(256, classes, dtype=torch.bool, device=device)
        self.no = torch.zeros(256, classes, dtype=torch.bool, device=device)
        for label in range(classes):
            self.yes[label] = covers[:, label]
            # An umbrella's label says nothing of what it covers.
            self.no[label] = ~(covers[:, label] | covers[label, :])
        self.bits = 2 ** torch.arange(classes, device=device)

    def of(self, labels, complete):
        """`labels`: `[batch, rows, columns]`; `complete`: a bit for every class, `[batch]`. Yes and known, both
        `[batch, classes, rows, columns]`."""
        yes, no = (table[labels.long()].permute(0, 3, 1, 2) for table in (self.yes, self.no))
        whole = (complete[:, None] & self.bits).bool()[:, :, None, None]
        no = no | (whole & (labels == NONE)[:, None])
        return yes, yes | no


def loss_of(logits, yes, known):
    """Cross-entropy and Dice for each class with a known pixel, their mean over classes."""
    yes, known = yes.float(), known.float()
    entropy = F.binary_cross_entropy_with_logits(logits.float(), yes, reduction="none") * known
    p = logits.float().sigmoid() * known
    count = known.sum(dim=(0, 2, 3))
    entropy = entropy.sum(dim=(0, 2, 3)) / (count + 1.0)
    dice = 1.0 - (2.0 * (p * yes).sum(dim=(0, 2, 3)) + 1.0) / ((p + yes).sum(dim=(0, 2, 3)) + 1.0)
    there = (count > 0).float()
    positive = ((yes.sum(dim=(0, 2, 3)) > 0).float()) * there
    return (entropy * there).sum() / there.sum() + 0.5 * (dice * positive).sum() / (positive.sum() + 1e-6)
