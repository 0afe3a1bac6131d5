"""Land as satellites see it, for kinds that are drawn on ground of their own: pieces of crops, shrunk, and fields."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from crops import asking, missing
from paint import pictured

SIDE = 256
WIDE = 368  # side of the land before it is turned
KEPT, AGAIN = 16, 0.9  # pictures of a kind that are kept, and how often one of them is taken again
# The beginnings of the names of crops that show a kind of land.
KINDS = {
    "farm": ("agricultural",), "forest": ("forest",), "dry": ("chaparral",),
    "suburb": ("mediumresidential", "sparseresidential", "denseresidential"),
    "town": ("denseresidential", "buildings", "mediumresidential"),
}
FIELDS = (
    (106, 116, 72), (126, 128, 84), (142, 130, 96), (88, 102, 60), (74, 92, 54), (150, 140, 110), (120, 104, 78),
    (98, 88, 66), (134, 138, 92), (84, 96, 66), (160, 152, 122), (112, 122, 84),
)
WILDS = {
    "farm": ((70, 80, 48), (112, 104, 76)), "forest": ((34, 48, 32), (54, 66, 42)),
    "dry": ((118, 104, 78), (152, 136, 106)), "suburb": ((92, 98, 78), (128, 124, 112)),
    "town": ((110, 110, 102), (140, 136, 128)),
}


class Lands:
    """Makes pictures of land of `SIDE` pixels, from crops whose pictures `image` returns by name."""

    def __init__(self, crops, image, random):
        self.image, self.random, self.small, self.made = image, random, {}, {}
        names = sorted({crop["image"] for crop in crops})
        self.names = {kind: [name for name in names if name.startswith(starts)] for kind, starts in KINDS.items()}

    def picture(self, kind, factor):
        """Returns land of a kind `[SIDE, SIDE, 3]`, with crops shrunk by about `factor`."""
        random = self.random
        made = self.made.setdefault((kind, factor), [])
        if len(made) < KEPT or random.random() > AGAIN:
            made.append(self.new(kind, factor))
            del made[:-KEPT]
        land = np.rot90(random.choice(made), random.randrange(4))
        if random.random() < 0.5:
            land = land[:, ::-1]
        return land * np.float32(random.uniform(0.8, 1.05))

    def new(self, kind, factor):
        random = self.random
        if kind == "forest" or kind == "dry" and random.random() < 0.6:
            # Two crops in each other's gaps: the mirrors of one alone are seen.
            factor = random.choice((2, 3, 4))
            land, other = (self.piece(kind, (WIDE, WIDE), factor) for _ in (0, 1))
            gaps = Image.fromarray(np.uint8(255 * np.clip(0.5 + 1.5 * noise(random, 8), 0, 1))).resize((WIDE, WIDE))
            land.paste(other, (0, 0), gaps)
        else:
            land = self.patches(kind, factor)
        corner = (WIDE - SIDE) // 2
        turn = random.choice((random.uniform(0, 360), 90 * random.randrange(4) + random.gauss(0, 4)))
        land = land.rotate(turn, Image.BILINEAR).crop((corner, corner, corner + SIDE, corner + SIDE))
        light = 1.0 + 0.09 * noise(random, 4) + 0.06 * noise(random, 13)
        shown = np.asarray(land, np.float32) * light[..., None]
        # Crops of many places, seen by one camera: less colourful, and of one tint.
        air, keep = shown.mean(axis=(0, 1)), random.uniform(0.6, 0.9)
        return (shown * keep + air * (1 - keep)).clip(0, 255).astype(np.uint8)

    def patches(self, kind, factor):
        """Returns land divided as fields or blocks are."""
        random = self.random
        land = Image.new("RGB", (WIDE, WIDE))
        pen = ImageDraw.Draw(land, "RGBA")
        fine = 256 // factor
        most = {"farm": random.randint(36, 110), "dry": 80}.get(kind, min(fine, 72))
        palette = random.sample(FIELDS, 5)
        mixed = random.uniform(0, 0.35)
        cells = list(split(random, (0, 0, WIDE, WIDE), most))
        for x0, y0, x1, y1 in cells:
            size, own = (x1 - x0, y1 - y0), kind
            if random.random() < mixed:
                own = random.choice(("farm", "farm", "farm", "suburb", "forest", kind))
            if own == "farm" and random.random() < 0.75 or not self.names[own]:
                tone = tuple(v + random.randint(-7, 7) for v in random.choice(palette))
                pen.rectangle((x0, y0, x1, y1), fill=tone)
                if random.random() < 0.5:
                    step, lines = random.choice((2, 3, 3, 5)), (0, 0, 0, random.randint(8, 26))
                    for at in range(0, max(size), step):
                        if size[0] > size[1] and at < size[1]:
                            pen.line((x0, y0 + at, x1, y0 + at), fill=lines)
                        elif at < size[0]:
                            pen.line((x0 + at, y0, x0 + at, y1), fill=lines)
            else:
                land.paste(self.piece(own, size, factor if own in ("suburb", "town") else 4), (x0, y0))
        lane = random.choice(((150, 146, 134, 120), (60, 72, 48, 150), (126, 122, 116, 200), (0, 0, 0, 0)))
        for cell in cells:
            if random.random() < 0.7:
                pen.line((*cell[:2], cell[2], cell[1]), fill=lane, width=random.choice((1, 1, 2)))
                pen.line((*cell[:2], cell[0], cell[3]), fill=lane, width=random.choice((1, 1, 2)))
        return land

    def piece(self, kind, size, factor):
        """Returns a piece of a crop, mirrored where it is too small."""
        random = self.random
        if not self.names[kind]:
            low, high = WILDS[kind]
            return Image.new("RGB", size, tuple(random.randint(a, b) for a, b in zip(low, high)))
        name = random.choice(self.names[kind])
        if kind == "forest":  # not the ones in deep shadow
            names = random.sample(self.names[kind], min(4, len(self.names[kind])))
            name = next((name for name in names if 55 < self.light(name) < 105), name)
        if (name, factor) not in self.small:
            if len(self.small) > 600:
                self.small.clear()
            self.small[name, factor] = self.image(name).reduce(factor)
        tile = self.small[name, factor]
        if random.random() < 0.5:
            tile = ImageOps.mirror(tile)
        width, height = tile.size
        if size[0] <= width and size[1] <= height:
            x, y = random.randint(0, width - size[0]), random.randint(0, height - size[1])
            return tile.crop((x, y, x + size[0], y + size[1]))
        piece = Image.new("RGB", size)
        for row, y in enumerate(range(0, size[1], height)):
            for column, x in enumerate(range(0, size[0], width)):
                part = ImageOps.mirror(tile) if column % 2 else tile
                piece.paste(ImageOps.flip(part) if row % 2 else part, (x, y))
        return piece

    def light(self, name):
        if name not in self.small:
            self.small[name] = float(np.asarray(self.image(name).convert("L"))[::4, ::4].mean())
        return self.small[name]


def split(random, cell, most):
    """Yields rectangles that fill `cell`, with sides of at most about `most` pixels."""
    x0, y0, x1, y1 = cell
    wide, high = x1 - x0, y1 - y0
    if max(wide, high) <= most and (max(wide, high) < 0.6 * most or random.random() < 0.8) or max(wide, high) < 8:
        yield cell
    elif wide >= high:
        at = x0 + round(wide * random.uniform(0.25, 0.75))
        yield from split(random, (x0, y0, at, y1), most)
        yield from split(random, (at, y0, x1, y1), most)
    else:
        at = y0 + round(high * random.uniform(0.25, 0.75))
        yield from split(random, (x0, y0, x1, at), most)
        yield from split(random, (x0, at, x1, y1), most)


def noise(random, cells):
    """Returns normal noise for a picture of `SIDE` pixels, smooth over `SIDE / cells` of them."""
    state = np.random.default_rng(random.randrange(1 << 32))
    grid = Image.fromarray(state.standard_normal((cells + 3, cells + 3), np.float32))
    way = Image.BICUBIC if cells < 30 else Image.BILINEAR
    return np.asarray(grid.resize((SIDE, SIDE), way, box=(1, 1, cells + 2, cells + 2)))


def exposed(random, shown, tint):
    """Returns pixels as a picture of random light, which varies between colours by `tint`, with noise."""
    light = random.gauss(1, 0.06)
    shown = shown * np.array([light + random.gauss(0, tint) for _ in range(3)], np.float32)
    shown += (noise(random, 250) * random.uniform(1, 4.5) + random.gauss(0, 5))[..., None]
    return pictured(shown)


def coast(random, shown, tone):
    """Puts water on one side of a picture `[SIDE, SIDE, 3]`."""
    angle = random.uniform(0, 2 * math.pi)
    x = np.arange(SIDE, dtype=np.float32) - SIDE / 2
    away = x * math.cos(angle) + x[:, None] * math.sin(angle) + noise(random, 3) * 14 + noise(random, 12) * 3
    alpha = np.clip((away - random.uniform(40, 110)) / 2, 0, 1)[..., None]
    return shown * (1 - alpha) + np.array(tone, np.float32) * (1 + 0.03 * noise(random, 90)[..., None]) * alpha


def lacking(random, crop, kinds, plurals, share):
    """Returns the crop as one without the things of these `plurals`, if its name starts with one of `kinds`, which
    never show them, and it does not name the first. A `share` of such crops asks for the first."""
    named = {thing["plural"] for thing in crop["things"]}
    if not crop["image"].startswith(kinds) or plurals[0] in named:
        return crop
    crop = missing(crop, set(plurals) - named)
    return asking(crop, plurals[:1]) if random.random() < share else crop
