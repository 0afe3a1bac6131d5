"""The network of src/model in PyTorch, as one would write it there: the peer that step.py times ours against.

Modules carry the names of src/model, so a tensor of ours finds its place by its name. What ours writes out and PyTorch
has a faster word for is that word here: fused attention, strided convolutions over patches, convolutions in
channels-last order (tokens seen as a grid are in that order already), and the decoder projects values apart from
queries and keys instead of everything twice.

Only S4ECA with all of its adapters' parts; both text encoders, all kinds of positions.
"""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn

from adapters import TextualAdapter, VisualAdapter
from towers import CrossAttention, SelfAttention, TextEncoder, TokenConv, VisionEncoder, grid_from_tokens

MASK_STRIDE = 4


class Level(nn.Module):
    def __init__(self, vision_width, text_width, width):
        super().__init__()
        self.norm = nn.LayerNorm(vision_width)
        self.project = nn.Linear(vision_width, width)
        self.gate = nn.Linear(text_width, width)

    def forward(self, feature, sentence):
        return F.relu(self.project(self.norm(feature))) * (self.gate(sentence)[:, None] + 1.0)


@functools.lru_cache(maxsize=8)
def coordinates(size, device):
    """Column and row of every patch's centre in -1..1, `[1, patches, 2]`."""
    rows, columns = ((torch.arange(n, device=device) + 0.5) * (2.0 / n) - 1.0 for n in size)
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    return torch.stack([x, y], dim=2).flatten(0, 1)[None]


class Neck(nn.Module):
    def __init__(self, config):
        super().__init__()
        vision, width = config["vision"], config["fusion"]["width"]
        count = len(vision["levels"])
        self.levels = nn.ModuleList(Level(vision["width"], config["text"]["width"], width) for _ in range(count))
        self.merge = nn.Linear(count * width, width)
        self.coordinates = TokenConv(width + 2, width, 3)
        self.norm = nn.LayerNorm(width)

    def forward(self, features, sentence, size):
        gated = [level(feature, sentence) for level, feature in zip(self.levels, features)]
        merged = self.merge(torch.cat(gated, dim=2))
        placed = torch.cat([merged, coordinates(size, merged.device).expand(len(merged), -1, -1)], dim=2)
        return self.norm(merged + F.relu(self.coordinates(placed, size)))


@functools.lru_cache(maxsize=8)
def position_code(size, width, device):
    """Sines and cosines of the column, then of the row, `[1, patches, width]`."""
    quarter = width // 4
    periods = 10_000.0 ** (torch.arange(quarter) / quarter)
    row, column = torch.meshgrid(*(torch.arange(n) for n in size), indexing="ij")
    angles = [place.flatten()[:, None] / periods for place in (column, row)]
    code = torch.cat([wave for angle in angles for wave in (angle.sin(), angle.cos())], dim=1)
    return code[None].to(device)


class DecoderLayer(nn.Module):
    def __init__(self, fusion, text_width):
        super().__init__()
        width, heads = fusion["width"], fusion["heads"]
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attention = SelfAttention(width, heads)
        self.cross = CrossAttention(width, text_width, heads)
        self.fc1 = nn.Linear(width, fusion["mlp"])
        self.fc2 = nn.Linear(fusion["mlp"], width)

    def forward(self, x, position, words, visible):
        x = x + self.attention.placed(self.norm1(x), position)
        x = x + self.cross(self.norm2(x) + position, words, visible)
        return x + self.fc2(F.gelu(self.fc1(self.norm3(x))))


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        fusion = config["fusion"]
        self.layers = nn.ModuleList(DecoderLayer(fusion, config["text"]["width"]) for _ in range(fusion["layers"]))
        self.norm = nn.LayerNorm(fusion["width"])

    def forward(self, x, size, words, visible):
        position = position_code(size, x.shape[2], x.device)
        for layer in self.layers:
            x = layer(x, position, words, visible)
        return self.norm(x)


class MaskHead(nn.Module):
    def __init__(self, config):
        super().__init__()
        fusion, text_width = config["fusion"], config["text"]["width"]
        wide, width, detail = fusion["width"] // 2, fusion["head_width"], fusion["detail_width"]
        self.squeeze = nn.Linear(fusion["width"], wide)
        self.middle = TokenConv(wide, 2 * width, 3)
        self.detail = nn.Conv2d(3, detail, MASK_STRIDE, stride=MASK_STRIDE) if detail else None
        self.fine = TokenConv(2 * width + detail, width, 3)
        self.kernel = nn.Linear(text_width, 9 * width)
        self.bias = nn.Linear(text_width, 1)

    def forward(self, x, size, image, sentence):
        batch, _, *pixels = image.shape
        fine = [side // MASK_STRIDE for side in pixels]
        x = grid_from_tokens(F.gelu(self.squeeze(x)), size)
        x = F.interpolate(x, size=[side // 2 for side in fine], mode="bilinear", align_corners=False)
        x = F.gelu(self.middle.conv(x))
        x = F.interpolate(x, size=fine, mode="bilinear", align_corners=False)
        if self.detail is not None:
            x = torch.cat([x, F.gelu(self.detail(image))], dim=1)
        x = F.gelu(self.fine.conv(x))
        # One group a sample, each with its own 3x3 kernel.
        width = x.shape[1]
        kernel = self.kernel(sentence).unflatten(1, (9, width)).transpose(1, 2) / math.sqrt(9 * width)
        x = F.conv2d(x.reshape(1, batch * width, *fine), kernel.reshape(batch, width, 3, 3), padding=1, groups=batch)
        return x.reshape(batch, 1, *fine) + self.bias(sentence)[:, :, None, None]


class S4eca(nn.Module):
    def __init__(self, config):
        """`config`: the JSON of a ModelConfig, parsed."""
        super().__init__()
        vision, text, adapter = config["vision"], config["text"], config["adapter"]
        off = [name for name, part in adapter["parts"].items() if part not in (True, "proxies")]
        if config["tuning"] != "s4eca" or off:
            raise ValueError(f"only S4ECA's adapters with all their parts are here: {config['tuning']}, without {off}")
        self.vision_blocks, self.text_blocks = adapter["vision_blocks"], adapter["text_blocks"]
        self.text = TextEncoder(text)
        self.vision = VisionEncoder(vision, config["input"] // vision["patch"])
        self.textual_adapters = nn.ModuleList(TextualAdapter(text["width"], adapter) for _ in self.text_blocks)
        self.visual_adapters = nn.ModuleList(VisualAdapter(vision["width"], adapter) for _ in self.vision_blocks)
        self.neck = Neck(config)
        self.decoder = Decoder(config)
        self.head = MaskHead(config)

    def forward(self, image, words, padding):
        """Normalised images `[batch, 3, height, width]`, rows of the word table `[batch, tokens, width]`, true at
        padding `[batch, tokens]`; logits `[batch, 1, height / 4, width / 4]`."""
        visible, proxies = ~padding[:, None, None, :], None

        def beside_text(index, normed, y):
            nonlocal proxies
            if index not in self.text_blocks:
                return y
            adapter = self.textual_adapters[self.text_blocks.index(index)]
            proxies, added = adapter(normed, visible, proxies)
            return y + added

        words, sentence = self.text(words, padding, beside_text)
        size = tuple(side // self.vision.config["patch"] for side in image.shape[2:])

        def beside_vision(index, normed, y):
            if index not in self.vision_blocks:
                return y
            adapter = self.visual_adapters[self.vision_blocks.index(index)]
            return y + adapter(normed, self.vision.prefix, size, proxies)

        merged = self.neck(self.vision(image, beside_vision), sentence, size)
        return self.head(self.decoder(merged, size, words, visible), size, image, sentence)

    def freeze_encoders(self):
        self.text.requires_grad_(False)
        self.vision.requires_grad_(False)


def loss_of(logits, target):
    """Cross-entropy plus Dice, smoothed by one mask pixel, as src/train/loss.rs has them."""
    p, z = logits.sigmoid().flatten(1), target.flatten(1)
    dice = (2.0 * (p * z).sum(dim=1) + 1.0) / (p.sum(dim=1) + z.sum(dim=1) + 1.0)
    return F.binary_cross_entropy_with_logits(logits, target) + 1.0 - dice.mean()


def ours_from(name, value):
    """A tensor of PyTorch's in our layout: weights of linear layers are `[input, output]`, and where a convolution
    over patches stands for a linear layer it is flattened first."""
    linear = value.ndim == 2 or name in ("vision.patch.weight", "head.detail.weight")
    return value.flatten(1).T if name.endswith(".weight") and linear else value


def named_parameters(model):
    """Parameters by our names: norms have a gamma and a beta."""
    for place, module in model.named_modules():
        words = {"weight": "gamma", "bias": "beta"} if isinstance(module, nn.LayerNorm) else {}
        for name, parameter in module.named_parameters(place, recurse=False):
            prefix, _, last = name.rpartition(".")
            yield f"{prefix}.{words.get(last, last)}", parameter


def load(model, tensors):
    """Takes every parameter from `tensors`, by our names and in our layout."""
    parameters = dict(named_parameters(model))
    if parameters.keys() != tensors.keys():
        raise ValueError(f"the network and the file differ in {sorted(parameters.keys() ^ tensors.keys())}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            ours_from(name, parameter).copy_(tensors[name])
