"""The picture on the tests' scenes: flat shapes at pseudo-random places, the same on every system and version."""

import numpy as np
from PIL import Image, ImageDraw

# Seen from above: ground, fields, water, asphalt, roofs.
GROUND = (96, 118, 74)
FIELDS = [(122, 142, 84), (150, 140, 96), (80, 104, 62), (168, 156, 110)]
WATER = (48, 78, 110)
ROAD = (128, 128, 132)
ROOFS = [(178, 74, 58), (196, 188, 180), (112, 96, 92), (204, 120, 84)]
# One block is a small place: fields, a pond, two roads, houses along them.
BLOCK = 512


def _numbers(seed):
    """Yields endless numbers below 1 from a linear congruential generator, so that no library can change them."""
    state = (seed * 2654435761 + 12345) % 2**32
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield (state >> 8) / 2**24


def block(seed, side=BLOCK):
    """Returns one place, `[side, side, 3]` bytes."""
    number = _numbers(seed)
    picture = Image.new("RGB", (side, side), GROUND)
    draw = ImageDraw.Draw(picture)
    share = lambda value: int(value * side)
    for _ in range(3):
        x, y = next(number), next(number)
        draw.rectangle([share(x) - share(0.2), share(y) - share(0.15), share(x) + share(0.2), share(y) + share(0.15)],
                       fill=FIELDS[int(next(number) * len(FIELDS))])
    x, y, size = next(number), next(number), 0.08 + 0.12 * next(number)
    draw.ellipse([share(x - size), share(y - size * 0.7), share(x + size), share(y + size * 0.7)], fill=WATER)
    road = 0.2 + 0.6 * next(number)
    width = max(2, share(0.045))
    draw.line([(0, share(road)), (side, share(road))], fill=ROAD, width=width)
    draw.line([(share(1 - road), 0), (share(1 - road), side)], fill=ROAD, width=width)
    for house in range(6):
        x, y = next(number), road + (0.07 if house % 2 else -0.17)
        draw.rectangle([share(x), share(y), share(x + 0.06 + 0.08 * next(number)), share(y + 0.1)],
                       fill=ROOFS[int(next(number) * len(ROOFS))])
    return np.asarray(picture)


def scene(width, height, seed=1, side=BLOCK):
    """Returns blocks side by side, cut to `[height, width, 3]`."""
    across, down = -(-width // side), -(-height // side)
    rows = [np.concatenate([block(seed + 31 * y + x, side) for x in range(across)], axis=1) for y in range(down)]
    return np.concatenate(rows, axis=0)[:height, :width]
