"""Valleys for dams: their shape, and the hills around them as a picture."""

import math

import numpy as np
from PIL import Image, ImageFilter

from paint import pictured, placed

SHORTEST, LONGEST = 25, 230  # length of a dam, in pixels of a crop of 256 pixels
# Two colours of the land: they alternate.
LANDS = (
    ((46, 62, 40), (74, 86, 54)), ((36, 50, 38), (54, 68, 48)), ((92, 78, 60), (120, 104, 80)),
    ((70, 66, 48), (104, 94, 68)), ((116, 100, 78), (150, 132, 104)), ((58, 70, 46), (110, 98, 72)),
    ((84, 88, 62), (62, 74, 50)), ((100, 92, 84), (132, 122, 110)),
)


class Valley:
    """The shape of a valley with a dam: around `centre`, the first axis along the stream, the second along the dam."""

    def __init__(self, random, size):
        side = max(size)
        self.centre = [random.uniform(0.2, 0.8) * n for n in size]
        self.angle = random.uniform(0, 2 * math.pi)
        self.length = SHORTEST * (LONGEST / SHORTEST) ** random.random() ** 0.8 * side / 256
        self.kind = random.choice(("wall", "wall", "arch", "barrage", "earth", "earth"))
        # By how much the middle of the dam is nearer to the reservoir.
        sag = {"wall": (0.0, 0.04), "arch": (0.12, 0.3), "barrage": (0.0, 0.02), "earth": (0.0, 0.1)}[self.kind]
        self.sag = self.length * random.uniform(*sag)
        if self.kind in ("wall", "earth") and random.random() < 0.5:
            self.sag = 0.0
        half = self.length / 2
        self.us = np.linspace(-2.5 * side, 2.5 * side, 401)
        near = np.clip(np.abs(self.us) / self.length, 0, 6)  # the valley is as wide as the dam at the dam
        rest = near / (near + 0.7)
        wave = lambda low, most: sum(  # noqa: E731
            most / k * np.sin(k * self.us / (low * self.length) + random.uniform(0, 6.3)) for k in (1, 2, 3.3, 5, 8)
        )
        grow = random.uniform(0.0, 1.2) if self.kind != "barrage" else random.uniform(0.0, 0.15)
        rough = random.uniform(0.1, 0.5) if self.kind != "barrage" else random.uniform(0.0, 0.12)
        self.middle = half * rest * wave(random.uniform(0.6, 2.0), random.uniform(0.1, 0.6))
        edges = [half * (1 + rest * (grow + wave(random.uniform(0.3, 0.9), rough))) for _ in (0, 1)]
        self.left, self.right = (np.maximum(edge, 0.45 * half) for edge in edges)
        narrow = random.uniform(0.75, 1.0) if self.kind == "barrage" else random.uniform(0.12, 0.6)
        fine = wave(0.35, 0.08 if self.kind == "barrage" else 0.12)
        first = narrow + (random.uniform(0.2, 0.9) * (1 - narrow)) * np.exp(-near * random.uniform(2, 5))
        self.stream = np.maximum(half * (first + rest * narrow * fine), 1.5)
        self.offset = 0.0 if self.kind == "barrage" else half * random.uniform(-0.3, 0.3) * (1 - narrow)
        share = np.clip(0.5 - self.us / self.length, 0, 1)
        self.wide = half * 0.7 + share * ((self.left + self.right) / 2 - half * 0.7)

    def grid(self, size, step):
        """Returns the place of each pixel, or of every `step`th, in the valley."""
        xs = np.arange(0.5 * step, size[0] // step * step, step, np.float32) - self.centre[0]
        ys = np.arange(0.5 * step, size[1] // step * step, step, np.float32)[:, None] - self.centre[1]
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return xs * cosine + ys * sine, ys * cosine - xs * sine

    def placed(self, points):
        """Returns points of the valley in pixels of the picture."""
        return placed(points, self.centre, self.angle)

    def crest(self, v):
        """Returns where the upstream edge of the dam's crest is."""
        return -self.sag * (1 - (2 * v / self.length) ** 2)

    def above(self):
        """Returns the reservoir's outline, up to the dam."""
        there = self.us <= 0
        us, middle = self.us[there], self.middle[there]
        sides = [*zip(us, middle - self.left[there])], [*zip(us, middle + self.right[there])]
        across = np.linspace(-self.length / 2, self.length / 2, 21)
        return [*sides[0], *zip(self.crest(across) + 1.5, across), *sides[1][::-1]]

    def below(self, wider=0.0):
        """Returns the outline of the stream from the dam, or of its bed if that is `wider`."""
        there = self.us >= -1e-6
        us, middle = self.us[there], self.middle[there] + self.offset
        wide = self.stream[there]
        if wider:
            wide = np.minimum(wide * (1 + wider) + 2, self.length * 0.55)
        low, high = [*zip(us, middle - wide)], [*zip(us, middle + wide)]
        across = np.linspace(high[0][1], low[0][1], 15)
        return [*low, *high[::-1], *zip(self.crest(np.clip(across, -self.length / 2, self.length / 2)) + 2.5, across)]

    def sides(self, u):
        """Returns the shores at a distance from the dam."""
        middle = float(np.interp(u, self.us, self.middle))
        if u < 0:
            return middle - float(np.interp(u, self.us, self.left)), middle + float(np.interp(u, self.us, self.right))
        wide = float(np.interp(u, self.us, self.stream))
        return middle + self.offset - wide, middle + self.offset + wide


def hills(random, size, valley):
    """Returns a picture of hills around a valley."""
    state = np.random.default_rng(random.randrange(1 << 32))
    longest, half = max(size), tuple(side // 2 for side in size)
    rough = random.uniform(1.0, 1.55)

    def noise(cells, size, way=Image.BICUBIC):
        grid = Image.fromarray(state.standard_normal((cells + 4, cells + 4), np.float32))
        return np.asarray(grid.resize(size, way, box=(2, 2, cells + 2, cells + 2)))

    def full(grid):
        return np.asarray(Image.fromarray(grid.astype(np.float32)).resize(size, Image.BILINEAR))

    scales = (3, 6, 12, 24, 48)
    coarse = [noise(cells, half) for cells in scales]
    height = sum(-np.abs(grid) / cells**rough for grid, cells in zip(coarse, scales))
    height *= longest * random.uniform(0.5, 1.6)
    u, v = valley.grid(size, 2)
    away = np.abs(v - np.interp(u, valley.us, valley.middle)) - np.interp(u, valley.us, valley.wide)
    height += np.clip(away, 0, 0.3 * longest) * random.uniform(0.1, 0.7)
    south, east = (step / 2 for step in np.gradient(height))
    sun = random.uniform(0, 2 * math.pi)
    slope = (east * math.cos(sun) + south * math.sin(sun)) / np.sqrt(1 + east**2 + south**2)
    low, high = random.choice(LANDS)
    share = np.clip(0.5 + 0.6 * coarse[1] + 0.3 * coarse[3], 0, 1)
    light = 1 + random.uniform(0.25, 0.6) * slope
    dense = np.clip(1.0 - coarse[2] * random.uniform(0, 0.8), 0.2, 2.0)
    share, light, dense = (full(grid)[..., None] for grid in (share, light, dense))
    ground = np.array(low, np.float32) + np.array(np.subtract(high, low), np.float32) * share
    grain = sum(noise(longest // part, size, Image.BILINEAR) * random.uniform(1, 9) for part in (2, 4))[..., None]
    shown = ground * light + grain * dense
    shown *= state.normal(0.0, 0.03, 3).astype(np.float32) + 1.0 + random.gauss(0.0, 0.08)
    return pictured(shown).filter(ImageFilter.BoxBlur(random.uniform(0.1, 0.7)))
