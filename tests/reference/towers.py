"""The two frozen encoders of src/model in PyTorch, and the attention shared by all parts; see network.py."""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn

TEXT_EPSILON = {"bert": 1e-12, "clip": 1e-5}


def grid_from_tokens(tokens, size):
    """Views `[batch, rows * columns, channels]` as `[batch, channels, rows, columns]`, in channels-last order."""
    return tokens.transpose(1, 2).unflatten(2, size)


def tokens_from_grid(grid):
    return grid.flatten(2).transpose(1, 2)


def attend(q, k, v, heads, visible=None, causal=False, rotation=None):
    """`visible`: `[batch, 1, 1, keys]`, true for keys that may be attended to."""
    q, k, v = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (q, k, v))
    if rotation is not None:
        q, k = turned(q, *rotation), turned(k, *rotation)
    if torch.is_grad_enabled() and q.device.type == "cpu" and not causal:
        # Here the fused backward pass is slower than these products.
        scores = (q / math.sqrt(q.shape[3])) @ k.transpose(2, 3)
        if visible is not None:
            scores = scores.masked_fill(~visible, -math.inf)
        x = scores.softmax(dim=3).to(v.dtype) @ v
    else:
        x = F.scaled_dot_product_attention(q, k, v, attn_mask=visible, is_causal=causal)
    return x.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.heads = heads

    def forward(self, x, **options):
        return self.out(attend(*self.qkv(x).chunk(3, dim=2), self.heads, **options))

    def placed(self, x, position):
        """Attends with `position` added to queries and keys only."""
        width = x.shape[2]
        weight, bias = self.qkv.weight, self.qkv.bias
        q, k = F.linear(x + position, weight[: 2 * width], bias[: 2 * width]).chunk(2, dim=2)
        v = F.linear(x, weight[2 * width :], bias[2 * width :])
        return self.out(attend(q, k, v, self.heads))


class CrossAttention(nn.Module):
    def __init__(self, width, source_width, heads):
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(source_width, width)
        self.value = nn.Linear(source_width, width)
        self.out = nn.Linear(width, width)
        self.heads = heads

    def forward(self, x, source, visible=None):
        return self.out(attend(self.query(x), self.key(source), self.value(source), self.heads, visible))


class TokenConv(nn.Module):
    """A square convolution over tokens that keeps the grid's size."""

    def __init__(self, inputs, outputs, side):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, side, padding=side // 2)

    def forward(self, tokens, size):
        return tokens_from_grid(self.conv(grid_from_tokens(tokens, size)))


# The text side


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


class TextBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, self.clip = config["width"], config["architecture"] == "clip"
        epsilon = TEXT_EPSILON[config["architecture"]]
        self.attention = SelfAttention(width, config["heads"])
        self.norm1 = nn.LayerNorm(width, epsilon)
        self.fc1 = nn.Linear(width, config["mlp"])
        self.fc2 = nn.Linear(config["mlp"], width)
        self.norm2 = nn.LayerNorm(width, epsilon)

    def forward(self, x, visible, beside):
        if self.clip:
            x = x + self.attention(self.norm1(x), causal=True)
            normed = self.norm2(x)
            return x + beside(normed, self.fc2(quick_gelu(self.fc1(normed))))
        x = self.norm1(x + self.attention(x, visible=visible))
        return self.norm2(x + beside(x, self.fc2(F.gelu(self.fc1(x)))))


class TextEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, self.clip = config["width"], config["architecture"] == "clip"
        self.position = nn.Parameter(torch.zeros(config["tokens"], width))
        self.norm = nn.LayerNorm(width, TEXT_EPSILON[config["architecture"]])
        self.blocks = nn.ModuleList(TextBlock(config) for _ in range(config["depth"]))
        if self.clip:
            self.projection = nn.Linear(width, width, bias=False)

    def forward(self, words, padding, beside):
        """Returns the words `[batch, tokens, width]` and the sentence `[batch, width]`."""
        x = words + self.position[: words.shape[1]]
        x = x if self.clip else self.norm(x)
        visible = ~padding[:, None, None, :]
        for index, block in enumerate(self.blocks):
            x = block(x, visible, functools.partial(beside, index))
        real = ~padding
        if self.clip:
            x = self.norm(x)
            last = real.sum(dim=1) - 1
            return x, self.projection(x[torch.arange(len(x), device=x.device), last])
        real = real.to(x.dtype)[:, :, None]
        return x, (x * real).sum(dim=1) / real.sum(dim=1)


# The visual side


def resized_positions(places, size, positions):
    """Resizes a table `[1, side * side, width]` to a grid of `size`, by the rule that the config names."""
    side = math.isqrt(places.shape[1])
    if tuple(size) == (side, side):
        return places
    grid = grid_from_tokens(places, (side, side))
    if positions == "fitted":
        return tokens_from_grid(F.interpolate(grid, size=size, mode="bilinear", align_corners=False))
    rule = positions["bicubic"]
    if rule["offset"]:
        to = {"scale_factor": tuple((count + rule["offset"]) / side for count in size)}
    else:
        to = {"size": tuple(size)}
    return tokens_from_grid(F.interpolate(grid.contiguous(), mode="bicubic", antialias=rule["antialias"], **to))


@functools.lru_cache(maxsize=8)
def rotation_of(size, width, base, device):
    """Returns cosines and sines `[rows * columns, width]` for heads of `width` channels: row, then column angles."""
    rows, columns = (2.0 * (torch.arange(n, dtype=torch.float64) + 0.5) / n - 1.0 for n in size)
    places = torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1).flatten(0, 1)
    periods = base ** (torch.arange(width // 4, dtype=torch.float64) / (width // 4))
    angles = (2.0 * math.pi * places[:, :, None] / periods).flatten(1).repeat(1, 2)
    return angles.cos().float().to(device), angles.sin().float().to(device)


def turned(x, cos, sin):
    """Rotates the last tokens of `[batch, heads, tokens, width]` and leaves those before them unchanged."""
    special, x = x.split([x.shape[2] - len(cos), len(cos)], dim=2)
    first, second = x.chunk(2, dim=3)
    return torch.cat([special, x * cos + torch.cat([-second, first], dim=3) * sin], dim=2)


class VisionBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, self.gated = config["width"], config["feed_forward"] == "swi-glu"
        self.norm1 = nn.LayerNorm(width, config["norm_epsilon"])
        self.attention = SelfAttention(width, config["heads"])
        self.norm2 = nn.LayerNorm(width, config["norm_epsilon"])
        self.fc1 = nn.Linear(width, config["mlp"] * (2 if self.gated else 1))
        self.fc2 = nn.Linear(config["mlp"], width)
        self.scaled = config["layer_scale"]
        if self.scaled:
            self.scale1 = nn.Parameter(torch.ones(width))
            self.scale2 = nn.Parameter(torch.ones(width))

    def forward(self, x, rotation, beside):
        y = self.attention(self.norm1(x), rotation=rotation)
        x = x + (y * self.scale1 if self.scaled else y)
        normed = self.norm2(x)
        hidden = self.fc1(normed)
        if self.gated:
            gate, value = hidden.chunk(2, dim=2)
            hidden = F.silu(gate) * value
        else:
            hidden = F.gelu(hidden)
        y = beside(normed, self.fc2(hidden))
        return x + (y * self.scale2 if self.scaled else y)


class VisionEncoder(nn.Module):
    def __init__(self, config, side):
        """`side`: number of patches along one side of the config's input."""
        super().__init__()
        self.config, width, positions = config, config["width"], config["positions"]
        self.prefix = 1 + config["registers"]
        self.patch = nn.Conv2d(3, width, config["patch"], stride=config["patch"])
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.registers = nn.Parameter(torch.zeros(1, config["registers"], width)) if config["registers"] else None
        self.rotary = positions["rotary"]["base"] if "rotary" in positions else None
        stored = side if positions == "fitted" or self.rotary else positions["bicubic"]["side"]
        self.position = None if self.rotary else nn.Parameter(torch.zeros(1, 1 + stored * stored, width))
        self.blocks = nn.ModuleList(VisionBlock(config) for _ in range(config["depth"]))
        self.norm = nn.LayerNorm(width, config["norm_epsilon"])

    def forward(self, image, beside):
        """Returns the feature levels, patches only, `[batch, patches, width]` each."""
        grid = self.patch(image)
        batch, width, *size = grid.shape
        patches, first, rotation = tokens_from_grid(grid), self.class_token, None
        if self.rotary:
            rotation = rotation_of(tuple(size), width // self.config["heads"], self.rotary, image.device)
        else:
            first = first + self.position[:, :1]
            patches = patches + resized_positions(self.position[:, 1:], size, self.config["positions"])
        special = [first] if self.registers is None else [first, self.registers]
        x = torch.cat([*(token.expand(batch, -1, -1) for token in special), patches], dim=1)
        levels = []
        for index, block in enumerate(self.blocks):
            x = block(x, rotation, functools.partial(beside, index))
            if index in self.config["levels"]:
                level = self.norm(x) if index + 1 == len(self.blocks) else x
                levels.append(level[:, self.prefix :])
        return levels
