"""The network of src/model in idiomatic PyTorch: the peer that step.py compares and times ours against.

Modules have the names of src/model, so our tensors are matched by name. Where PyTorch has a faster operation for
something that ours spells out, it is used here: fused attention, strided convolutions over patches, and convolutions in
channels-last order (tokens seen as a grid are already in that order). The decoder projects values separately from
queries and keys instead of projecting everything twice.

Supports only S4ECA with all parts of its adapters; both text encoders, all kinds of positions.
"""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn

from adapters import TextualAdapter, VisualAdapter
from hierarchical import EfficientNet
from towers import (
    CrossAttention,
    SelfAttention,
    TextEncoder,
    TokenConv,
    VisionEncoder,
    grid_from_tokens,
    tokens_from_grid,
)

MASK_STRIDE = 4
# Number of patches along a side, for the position code.
POSITIONS = 24.0


class Level(nn.Module):
    def __init__(self, vision_width, text_width, width):
        super().__init__()
        self.norm = nn.LayerNorm(vision_width)
        self.project = nn.Linear(vision_width, width)
        self.gate = nn.Linear(text_width, width)

    def forward(self, feature, sentence):
        seen = F.relu(self.project(self.norm(feature)))
        return seen.repeat_interleave(len(sentence) // len(seen), dim=0) * (self.gate(sentence)[:, None] + 1.0)


@functools.lru_cache(maxsize=8)
def coordinates(size, device):
    """Returns column and row of every patch's centre in -1..1, `[1, patches, 2]`."""
    rows, columns = ((torch.arange(n, device=device) + 0.5) * (2.0 / n) - 1.0 for n in size)
    y, x = torch.meshgrid(rows, columns, indexing="ij")
    return torch.stack([x, y], dim=2).flatten(0, 1)[None]


def brought_to(grid, size):
    """Resizes a level to the neck's size: finer levels by the mean of their cells, coarser ones bilinearly."""
    rows, columns = size
    if grid.shape[2] > rows:
        return F.avg_pool2d(grid, (grid.shape[2] // rows, grid.shape[3] // columns))
    if grid.shape[2] < rows:
        return F.interpolate(grid, size=size, mode="bilinear", align_corners=False)
    return grid


class Neck(nn.Module):
    def __init__(self, config, widths):
        """`widths`: channels of each level."""
        super().__init__()
        width = config["fusion"]["width"]
        self.levels = nn.ModuleList(Level(level, config["text"]["width"], width) for level in widths)
        self.merge = nn.Linear(len(widths) * width, width)
        self.coordinates = TokenConv(width + 2, width, 3)
        self.norm = nn.LayerNorm(width)

    def forward(self, features, sentence, size):
        """`features`: grids `[batch, width, rows, columns]`."""
        gated = []
        for level, feature in zip(self.levels, features):
            tokens = level(tokens_from_grid(feature), sentence)
            gated.append(tokens_from_grid(brought_to(grid_from_tokens(tokens, feature.shape[2:]), size)))
        merged = self.merge(torch.cat(gated, dim=2))
        placed = torch.cat([merged, coordinates(size, merged.device).to(merged).expand(len(merged), -1, -1)], dim=2)
        return self.norm(merged + F.relu(self.coordinates(placed, size)))


@functools.lru_cache(maxsize=8)
def position_code(size, width, device):
    """Returns sines and cosines of the column, then of the row, `[1, patches, width]`. Positions are fractions of the
    image, so that any input size gives the same code at the same place."""
    quarter = width // 4
    periods = 10_000.0 ** (torch.arange(quarter) / quarter)
    row, column = torch.meshgrid(*((torch.arange(n) + 0.5) * (POSITIONS / n) for n in size), indexing="ij")
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
    def __init__(self, config, middle_width, fine_width):
        """The widths are the channels of the encoder's levels at strides 8 and 4; 0 if it has none."""
        super().__init__()
        fusion, text_width = config["fusion"], config["text"]["width"]
        wide, width, detail = fusion["width"] // 2, fusion["head_width"], fusion["detail_width"]
        self.squeeze = nn.Linear(fusion["width"], wide)
        self.lateral = nn.Linear(middle_width, detail) if middle_width else None
        self.middle = TokenConv(wide + (detail if middle_width else 0), 2 * width, 3)
        if fine_width:
            self.detail = nn.Conv2d(fine_width, detail, 1)
        else:
            self.detail = nn.Conv2d(3, detail, MASK_STRIDE, stride=MASK_STRIDE) if detail else None
        self.fine = TokenConv(2 * width + detail, width, 3)
        self.kernel = nn.Linear(text_width, 9 * width)
        self.bias = nn.Linear(text_width, 1)

    def forward(self, x, size, middle, fine, sentence):
        """`middle`: the level at stride 8, or None; `fine`: the level at stride 4, or the image."""
        batch = len(x)
        cells = [side * 4 for side in size] if self.lateral is not None else None
        if cells is None:
            cells = [side // MASK_STRIDE for side in fine.shape[2:]]
        x = grid_from_tokens(F.gelu(self.squeeze(x)), size)
        x = F.interpolate(x, size=[side // 2 for side in cells], mode="bilinear", align_corners=False)
        if self.lateral is not None:
            lateral = F.gelu(self.lateral(tokens_from_grid(middle)))
            lateral = grid_from_tokens(lateral, middle.shape[2:]).repeat_interleave(batch // len(middle), dim=0)
            x = torch.cat([x, lateral], dim=1)
        x = F.gelu(self.middle.conv(x))
        x = F.interpolate(x, size=cells, mode="bilinear", align_corners=False)
        if self.detail is not None:
            detail = F.gelu(self.detail(fine))
            x = torch.cat([x, detail.repeat_interleave(batch // len(detail), dim=0)], dim=1)
        x = F.gelu(self.fine.conv(x))
        # A 3x3 kernel per sample: nine products over channels, shifted and added.
        width = x.shape[1]
        kernel = self.kernel(sentence).unflatten(1, (9, width)) / math.sqrt(9 * width)
        taps = (kernel @ x.flatten(2)).unflatten(2, tuple(cells))
        taps = F.pad(taps, (1, 1, 1, 1))
        x = sum(taps[:, tap, tap // 3 : tap // 3 + cells[0], tap % 3 : tap % 3 + cells[1]] for tap in range(9))
        return x[:, None] + self.bias(sentence)[:, :, None, None]


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
        self.textual_adapters = nn.ModuleList(TextualAdapter(text["width"], adapter) for _ in self.text_blocks)
        self.hierarchical = "stages" in vision
        if self.hierarchical:
            self.vision = EfficientNet(vision)
            widths = [self.vision.shapes[block][1] for block in self.vision_blocks]
            level = {stride: self.vision.shapes[block][1] for stride, block in self.vision.levels.items()}
            levels, middle, fine = [level[8], level[16], level[32]], level[8], level[4]
        else:
            self.vision = VisionEncoder(vision, config["input"] // vision["patch"])
            widths = [vision["width"]] * len(self.vision_blocks)
            levels, middle, fine = [vision["width"]] * len(vision["levels"]), 0, 0
        normed = not self.hierarchical
        self.visual_adapters = nn.ModuleList(VisualAdapter(width, adapter, normed) for width in widths)
        self.neck = Neck(config, levels)
        self.decoder = Decoder(config)
        self.head = MaskHead(config, middle, fine)

    def forward(self, image, words, padding):
        """`image`: normalised, `[batch, 3, height, width]`; `words`: rows of the word table, `[batch, tokens, width]`;
        `padding`: true at padding, `[batch, tokens]`. Returns logits `[batch, 1, height / 4, width / 4]`."""
        return self.mask(*self.before_adapters(image), self.read(words, padding))

    def read(self, words, padding):
        """Returns the words, which of them are visible, the proxies, and the sentence."""
        visible, proxies = ~padding[:, None, None, :], None

        def beside_text(index, normed, y):
            nonlocal proxies
            if index not in self.text_blocks:
                return y
            adapter = self.textual_adapters[self.text_blocks.index(index)]
            proxies, added = adapter(normed, visible, proxies)
            return y + added

        words, sentence = self.text(words, padding, beside_text)
        return words, visible, proxies, sentence

    def before_adapters(self, image):
        """Computes what does not depend on the phrase: the features that the first adapter reads, and the level at
        stride 4. For a ViT both are the image."""
        if not self.hierarchical:
            return image, image
        first, fine = self.vision_blocks[0], None
        x = self.vision.begin(image)
        for index in range(first + 1):
            x = self.vision.blocks[index](x)
            if index == self.vision.levels[MASK_STRIDE]:
                fine = x
        return x, fine

    def mask(self, x, fine, language):
        """Returns the mask's logits for features from :meth:`before_adapters`. `language` may hold a multiple of the
        images; the phrases of an image follow each other."""
        words, visible, proxies, sentence = language
        x = x.repeat_interleave(len(words) // len(x), dim=0)
        if self.hierarchical:
            found = self.vision.run(x, self.vision_blocks[0], functools.partial(self.beside_block, proxies))
        else:
            size = tuple(side // self.vision.config["patch"] for side in x.shape[2:])
            tokens = self.vision(x, functools.partial(self.beside_mlp, proxies, size))
            found = [grid_from_tokens(level, size) for level in tokens]
        return self.mask_of(found, fine, language)

    def plain(self, image):
        """Returns the levels of the frozen encoder alone, without adapters, and the one at stride 4."""
        found = self.vision(image, lambda _, x: x)
        return found, found[MASK_STRIDE]

    def mask_of(self, found, fine, language):
        """Returns the mask's logits for the encoder's levels; the levels of an image serve all of its phrases."""
        words, visible, _, sentence = language
        levels, middle = ([found[8], found[16], found[32]], found[8]) if self.hierarchical else (found, None)
        size = tuple(levels[1].shape[2:])
        merged = self.neck(levels, sentence, size)
        return self.head(self.decoder(merged, size, words, visible), size, middle, fine, sentence)

    def beside_block(self, proxies, index, x):
        if index not in self.vision_blocks:
            return x
        adapter = self.visual_adapters[self.vision_blocks.index(index)]
        size = tuple(x.shape[2:])
        return x + grid_from_tokens(adapter(tokens_from_grid(x), 0, size, proxies), size)

    def beside_mlp(self, proxies, size, index, normed, y):
        if index not in self.vision_blocks:
            return y
        adapter = self.visual_adapters[self.vision_blocks.index(index)]
        return y + adapter(normed, self.vision.prefix, size, proxies)

    def freeze_encoders(self):
        self.text.requires_grad_(False)
        self.vision.requires_grad_(False)


def loss_of(logits, target):
    """Returns cross-entropy plus Dice, smoothed by one mask pixel, as in src/train/loss.rs."""
    p, z = logits.sigmoid().flatten(1), target.flatten(1)
    dice = (2.0 * (p * z).sum(dim=1) + 1.0) / (p.sum(dim=1) + z.sum(dim=1) + 1.0)
    return F.binary_cross_entropy_with_logits(logits, target) + 1.0 - dice.mean()


def ours_from(name, value):
    """Returns a view of a PyTorch tensor in our layout. Weights of linear layers are `[input, output]`, also those of
    1x1 or patch convolutions that stand for linear layers; depthwise kernels are `[side, side, channels]`."""
    if not name.endswith(".weight"):
        return value
    if name.endswith(".depthwise.weight"):
        return value[:, 0].permute(1, 2, 0)
    linear = value.ndim == 2 or value.shape[2:] == (1, 1) or name in ("vision.patch.weight", "head.detail.weight")
    return value.flatten(1).T if linear else value


def named_parameters(model):
    """Yields parameters by our names: norms have a gamma and a beta."""
    for place, module in model.named_modules():
        words = {"weight": "gamma", "bias": "beta"} if isinstance(module, nn.LayerNorm) else {}
        for name, parameter in module.named_parameters(place, recurse=False):
            prefix, _, last = name.rpartition(".")
            yield f"{prefix}.{words.get(last, last)}", parameter


def load(model, tensors):
    """Sets every parameter from `tensors`, by our names and in our layout."""
    parameters = dict(named_parameters(model))
    if parameters.keys() != tensors.keys():
        raise ValueError(f"the network and the file differ in {sorted(parameters.keys() ^ tensors.keys())}")
    with torch.no_grad():
        for name, parameter in parameters.items():
            ours_from(name, parameter).copy_(tensors[name])
