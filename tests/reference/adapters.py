"""The adapters at the encoders' blocks, in PyTorch; see network.py."""

import torch
import torch.nn.functional as F
from torch import nn

from towers import CrossAttention, TokenConv

HEADS = 4
SCALE_HIDDEN = 16
SPATIAL_SIDE = 7
NORM_EPSILON = 1e-6


class TextualAdapter(nn.Module):
    def __init__(self, width, config):
        super().__init__()
        inner = config["text_width"]
        self.down = nn.Linear(width, inner)
        self.queries = nn.Parameter(torch.zeros(1, config["queries"], inner))
        self.distil = CrossAttention(inner, inner, HEADS)
        self.feedback = CrossAttention(inner, inner, HEADS)
        self.up = nn.Linear(inner, width)

    def forward(self, words, visible, previous):
        """Returns the new proxies, and what is added to the words."""
        words = F.relu(self.down(words))
        queries = self.queries.expand(len(words), -1, -1)
        if previous is not None:
            queries = queries + previous
        proxies = queries + self.distil(queries, words, visible)
        return proxies, self.up(words + self.feedback(words, proxies))


class WideBranch(nn.Module):
    def __init__(self, seen, reduced, width, side):
        super().__init__()
        self.reduce = nn.Linear(seen, reduced)
        self.conv = TokenConv(reduced, width, side)

    def forward(self, seen, size):
        return F.relu(self.conv(F.relu(self.reduce(torch.cat(seen, dim=2))), size))


class DenseExtractor(nn.Module):
    def __init__(self, width, reduced):
        super().__init__()
        self.point = nn.Linear(width, width)
        sides = enumerate((3, 5), start=2)
        self.wide = nn.ModuleList(WideBranch(count * width, reduced, width, side) for count, side in sides)

    def forward(self, patches, size):
        seen = [patches, F.relu(self.point(patches))]
        for branch in self.wide:
            seen.append(branch(seen, size))
        return seen[1:]


class ScaleSelection(nn.Module):
    def __init__(self, width, guide_width, branches):
        super().__init__()
        self.hidden = nn.Linear(width + guide_width, SCALE_HIDDEN)
        self.weights = nn.Linear(SCALE_HIDDEN, branches * width)

    def forward(self, branches, guide):
        context = torch.cat([sum(branches).mean(dim=1), guide.mean(dim=1)], dim=1)
        scores = self.weights(F.relu(self.hidden(context))).unflatten(1, (len(branches), 1, -1))
        return sum(branch * weight for branch, weight in zip(branches, scores.softmax(dim=1).unbind(dim=1)))


def unit(x):
    return x * (x.square().sum(dim=2, keepdim=True) + NORM_EPSILON).rsqrt()


class SpatialSelection(nn.Module):
    def __init__(self, width, guide_width):
        super().__init__()
        self.proxy = nn.Linear(guide_width, width)
        self.map = TokenConv(3, 1, SPATIAL_SIDE)

    def forward(self, x, guide, size):
        similarity = unit(x) @ unit(self.proxy(guide)).transpose(1, 2)
        seen = [x.mean(dim=2), x.amax(dim=2), similarity.amax(dim=2)]
        return x * torch.sigmoid(self.map(torch.stack(seen, dim=2), size))


class VisualAdapter(nn.Module):
    def __init__(self, width, config, normed):
        """`normed`: whether the input tokens are already normalised, as beside the MLP of a ViT."""
        super().__init__()
        inner, guide = config["vision_width"], config["text_width"]
        self.norm = None if normed else nn.LayerNorm(width)
        self.down = nn.Linear(width, inner)
        self.extractor = DenseExtractor(inner, config["reduced"])
        self.scale = ScaleSelection(inner, guide, 3)
        self.spatial = SpatialSelection(inner, guide)
        self.proxies = CrossAttention(inner, guide, HEADS)
        self.up = nn.Linear(inner, width)

    def forward(self, tokens, prefix, size, guide):
        low = F.relu(self.down(tokens if self.norm is None else self.norm(tokens)))
        special, grid = low[:, :prefix], low[:, prefix:]
        x = self.scale(self.extractor(grid, size), guide)
        x = self.spatial(x, guide, size) + grid
        x = x + self.proxies(x, guide)
        return self.up(torch.cat([special, x], dim=1) + low)
