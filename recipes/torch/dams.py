"""Dams drawn across valleys: with a reservoir above and a stream below.

From above a dam is a straight or arched band across water that is wide on one side of it, up to the band, and narrow,
rocky or full of foam on the other. It is of concrete, with gates between piers, or of earth and rock, with a slope on
each side of a road. A bridge has the same water on both sides.
"""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from crops import NATURAL, asking, bare, missing, showing
from paint import Overlay, brightness, opacity, worn
from rivers import WATER, flooded
from valleys import Valley, hills

WILD = 0.034  # share of crops that are replaced by hills with a dam
SHARE = 0.2  # share of crops of open land that get a dam: few crops are
BRIDGE = 0.25  # share of dams with a bridge below or above them
HIDDEN = {
    "water", "rivers", "lakes", "ponds", "canals", "channels", "sea", "roads", "buildings", "houses", "roofs",
    "beaches", "bare land", "cars", "vehicles", "trucks", "fields", "grass", "trees", "lawns", "docks", "parking lots",
    "islands", "harbors", "vegetation", "sandbars", "breakwaters", "piers",
}
# Kinds that hills with a dam do not show.
ELSEWHERE = (
    "airplanes, ships, boats, docks, harbors, storage tanks, tennis courts, basketball courts, baseball fields, "
    "ground track fields, athletics tracks, running tracks, parking lots, runways, wind turbines, swimming pools, "
    "stadiums, overpasses, beaches, sea, mobile homes, trains, chimneys"
).split(", ")
WATERS = (*WATER, (36, 66, 62), (12, 16, 18), (96, 122, 108), (44, 84, 92), (28, 52, 66), (70, 96, 82), (122, 118, 92))
CONCRETE = ((186, 184, 176), (170, 168, 160), (204, 202, 194), (156, 154, 146), (192, 186, 170))
EARTH = ((128, 110, 86), (146, 130, 104), (104, 96, 80), (86, 94, 62), (100, 108, 70), (158, 146, 124), (112, 104, 96))
ROCK = ((132, 128, 120), (150, 144, 132), (112, 108, 102), (96, 94, 90))
BED = ((138, 128, 108), (156, 148, 130), (112, 104, 90), (124, 122, 116), (90, 92, 76))
ROOFS = ((74, 116, 190), (96, 136, 196), (60, 130, 110), (214, 214, 210), (150, 152, 154), (170, 84, 74), (90, 94, 100))


class Dams:
    """Draws dams with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture, both with a dam or unchanged."""
        choice = self.random.random()
        wild = choice < WILD
        if not wild and choice > WILD + SHARE:
            return crop, picture
        if not wild and any(t["noun"] not in NATURAL for t in crop["things"] if t["polygons"]):
            return crop, picture
        size = (256, 256) if wild else picture.size
        valley = Valley(self.random, size)
        shores = [valley.placed(shape) for shape in (valley.above(), valley.below())]
        if wild:
            picture = hills(self.random, size, valley)
            crop = bare(crop["image"], ELSEWHERE)
        return self.drawn(missing(crop, ("dams", "bridges")), picture, valley, shores)

    def drawn(self, crop, picture, valley, shores):
        random = self.random
        tone = random.choice(WATERS)
        below = tone if random.random() < 0.75 else random.choice(WATERS)
        bank = random.choice((0.0, 0.35))
        picture, _ = flooded(picture, shores[0], random, tone, bank, 0.5)
        bed = []
        if valley.kind != "barrage" and random.random() < 0.75:
            bed = valley.placed(valley.below(random.uniform(0.3, 1.5)))
            land = np.asarray(picture)[::8, ::8].mean(axis=(0, 1))
            stone = tuple(round(0.5 * v + 0.6 * own) for v, own in zip(random.choice(BED), land))
            rock = Image.new("RGB", tuple(side // 2 for side in picture.size), stone)
            rock = worn(rock, random, random.uniform(1.0, 2.5), 0.3).resize(picture.size, Image.BICUBIC)
            alpha = opacity(picture.size, bed).filter(ImageFilter.BoxBlur(random.uniform(0.5, 1.6)))
            picture.paste(rock, (0, 0), alpha)
        picture, stream = flooded(picture, shores[1], random, below, bank if not bed else 0.0, 0.5)
        scale = 2 if valley.length > 45 else 3
        overlay = Overlay(picture, valley.centre, valley.angle, brightness(picture), scale)
        overlay.sun = random.uniform(0, 2 * math.pi)
        body = Body(random, overlay, valley)
        if body.falls:
            overlay.image = self.foam(overlay, valley, body, stream)
            overlay.pen = ImageDraw.Draw(overlay.image, "RGBA")
        body.draw()
        outline = overlay.placed(body.outline())
        names, bridge = {("dam", "dams"): [outline]}, None
        if random.random() < BRIDGE:
            bridge = self.bridge(overlay, valley)
        if bridge:
            names["bridge", "bridges"] = [bridge]
        picture = overlay.laid(random, random.uniform(0.5, 1.0))
        covered = [*shores, outline, *([bed] if bed else []), *([bridge] if bridge else [])]
        crop = showing(crop, names, covered, HIDDEN)
        return asking(crop, ["bridges"] if bridge else []), picture

    def foam(self, overlay, valley, body, stream):
        """Returns the drawing with foam below the open gates."""
        random, size = self.random, overlay.size
        state = np.random.default_rng(random.randrange(1 << 32))
        u, v = valley.grid(size, 2)
        low, high = body.falls
        start, long = body.thick * 0.9 + valley.crest((low + high) / 2), valley.length * random.uniform(0.15, 0.9)
        side = np.clip(1.2 - np.abs(v - (low + high) / 2) / max(3.0, (high - low) / 2), 0, 1)
        fade = np.exp(-np.clip(u - start, 0, None) / long) * (u > start - 3) * np.sqrt(side)
        cells = state.normal(0, 1, (40, 40)).astype(np.float32)
        # Streaks along the stream.
        rows = (v / max(0.8, valley.length * 0.02) % 39).astype(int)
        columns = (u / max(3.0, valley.length * 0.12) % 39).astype(int)
        fine = 0.25 * state.standard_normal(u.shape, np.float32)
        alpha = np.clip(fade * (0.9 + 0.35 * cells[rows, columns] + fine), 0, 1) * random.uniform(0.6, 1.0)
        alpha = Image.fromarray((alpha * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(0.7))
        alpha = alpha.resize(size, Image.BILINEAR)
        alpha = ImageChops.darker(alpha, stream).resize(overlay.image.size, Image.BILINEAR)
        image = overlay.image.copy()
        image.paste(overlay.toned((236, 240, 238)), (0, 0), alpha)
        return image

    def bridge(self, overlay, valley):
        """Draws a bridge over the stream or the reservoir, and returns its part over the water, or None."""
        random = self.random
        at = random.choice((1, 1, -1)) * random.uniform(0.7, 1.6) * valley.length
        half = random.uniform(1.2, max(1.8, 0.04 * valley.length))
        left, right = valley.sides(at)
        far, lean = 2 * max(overlay.size), random.uniform(-0.15, 0.15)
        inside = overlay.placed([(at, (left + right) / 2)])[0]
        if right - left < 6 or any(not 0.1 * n < c < 0.9 * n for c, n in zip(inside, overlay.size)):
            return None
        line = lambda v, d: (at + d + lean * v, v)  # noqa: E731
        tone = random.choice(((170, 168, 162), (140, 138, 132), (196, 194, 186), (110, 112, 114)))
        part = [line(left, -half), line(right, -half), line(right, half), line(left, half)]
        overlay.shadow(part, half * random.uniform(0.5, 2), 110)
        road = [line(-far, -half), line(far, -half), line(far, half), line(-far, half)]
        overlay.shape(road, tone)
        for d in (-half, half):
            overlay.line([line(left, d), line(right, d)], (220, 218, 210), 0.6)
        return overlay.placed(part)


class Body:
    """A dam in a valley."""

    def __init__(self, random, overlay, valley):
        self.random, self.overlay, self.valley = random, overlay, valley
        self.kind, length = valley.kind, valley.length
        thick = {"wall": (0.07, 0.24), "arch": (0.05, 0.16), "barrage": (0.08, 0.25), "earth": (0.13, 0.36)}[self.kind]
        self.thick = max(5.0, length * random.uniform(*thick))
        self.crown = max(1.8, min(9.0, self.thick * random.uniform(0.15, 0.4)))
        self.half = length / 2 * random.uniform(1.01, 1.08)
        self.vs = np.linspace(-self.half, self.half, 81)
        self.start, self.stop = np.zeros(81), np.full(81, self.thick)
        self.taper = None
        if self.kind == "earth":
            tilt, bank = random.uniform(-0.3, 0.3), random.uniform(0.15, 0.6)
            rise = np.minimum((1 - self.vs / self.half) / (1 + tilt), (1 + self.vs / self.half) / (1 - tilt)) / bank
            shape = np.clip(rise, 0, 1)
            shape = 0.8 * shape + 0.2 * shape * shape * (3 - 2 * shape)
            shape += 0.02 * np.sin(self.vs * random.uniform(8, 30) / self.half)
            wet = self.thick * random.uniform(0.08, 0.35) * (0.5 + 0.5 * shape)
            self.start, self.stop = -wet, self.crown + self.thick * (0.12 + 0.88 * shape)
        elif random.random() < 0.6:
            shape = np.clip(1 - np.abs(self.vs / self.half) ** random.uniform(2, 6), 0, 1)
            self.stop = self.crown + (self.thick - self.crown) * (0.25 + 0.75 * shape)
        self.falls = self.gates = self.house = None
        if self.kind == "earth":
            if random.random() < 0.4:
                side, wide = random.choice((-1, 1)), length * random.uniform(0.03, 0.09)
                middle = side * self.half * random.uniform(0.55, 0.9)
                self.gates = middle - wide, middle + wide
        elif self.kind == "barrage":
            self.gates = -self.half * random.uniform(0.7, 0.95), self.half * random.uniform(0.7, 0.95)
        elif random.random() < 0.8:
            middle, wide = self.half * random.uniform(-0.25, 0.25), self.half * random.uniform(0.15, 0.5)
            self.gates = middle - wide, middle + wide
        if self.gates:
            low, high = self.gates
            valley.offset = (low + high) / 2 if self.kind == "earth" else valley.offset
            open_ = random.random() < 0.7
            self.falls = (low, high) if open_ else None
            inside = (self.vs >= low) & (self.vs <= high)
            self.out = self.thick * random.uniform(1.02, 1.25)
            self.stop[inside] = np.maximum(self.stop[inside], self.out)
            if self.kind != "earth":
                self.start[inside] = -self.thick * random.uniform(0.0, 0.2)
        if self.kind in ("wall", "barrage") and random.random() < 0.45:
            high = self.gates[1] if self.gates else 0.0
            last = min(self.half * 0.95, high + self.half * random.uniform(0.25, 0.6))
            if last - high > 5:
                first, end = (self.thick * random.uniform(*span) for span in ((0.45, 0.8), (1.1, 1.5)))
                self.house = high + 0.5, last, first, end
                inside = (self.vs >= self.house[0]) & (self.vs <= last)
                self.stop[inside] = np.maximum(self.stop[inside], self.house[3])

    def outline(self):
        crest = self.valley.crest(self.vs)
        return [*zip(crest + self.start, self.vs), *zip((crest + self.stop)[::-1], self.vs[::-1])]

    def band(self, first, last, fill, low=None, high=None):
        """Draws a strip along the dam between two distances from its crest, which may vary along it."""
        vs = self.vs if low is None else np.linspace(low, high, max(2, round((high - low) / self.half * 30)))
        first, last = (d if np.isscalar(d) else np.interp(vs, self.vs, d) for d in (first, last))
        crest = self.valley.crest(vs)
        sides = np.concatenate([crest + first, (crest + last)[::-1]]), np.concatenate([vs, vs[::-1]])
        self.overlay.shape(np.stack(sides, axis=1), fill)

    def draw(self):
        random, overlay = self.random, self.overlay
        self.shadow()
        (self.earth if self.kind == "earth" else self.concrete)()
        road = random.choice(((176, 174, 168), (140, 138, 134), (208, 206, 198), (112, 112, 112), (170, 158, 136)))
        self.band(0.0, self.crown, road)
        for d in (0.0, self.crown):
            crest = self.valley.crest(self.vs) + d
            overlay.line(list(zip(crest, self.vs)), (226, 224, 216, 210), 0.7)
        if self.gates:
            self.spillway()
        if self.house:
            self.powerhouse()

    def shadow(self):
        """Draws the shadow of the dam, on one side of it."""
        random = self.random
        turn, far = self.overlay.sun - self.overlay.angle, self.thick * random.uniform(0.05, 0.3)
        far *= 0.4 if self.kind == "earth" else 1.0
        moved = [(u + far * math.cos(turn), v + far * math.sin(turn)) for u, v in self.outline()]
        self.overlay.shape(moved, (8, 11, 16, random.randint(80, 160)))

    def concrete(self):
        random = self.random
        pale, face = random.choice(CONCRETE), random.uniform(0.72, 1.08)
        steps = 6
        for step in range(steps):
            share = step / steps
            tone = tuple(v * face * (1 - 0.14 * share) for v in pale)
            self.band(self.start if not step else self.crown + (self.stop - self.crown) * share, self.stop, tone)
        joint = max(2.0, self.half * random.uniform(0.04, 0.12))
        v = -self.half
        while v < self.half:  # blocks, and traces of water that ran down
            dark = random.randint(0, 46)
            stop = float(np.interp(v, self.vs, self.stop))
            run = self.crown + (stop - self.crown) * random.uniform(0.5, 1)
            self.band(self.crown, run, (30, 30, 28, dark), v, v + joint / 2)
            v += joint * random.uniform(0.6, 1.2)
        if random.random() < 0.4:
            self.band(self.stop * 0.93, self.stop, (40, 44, 38, 90))

    def earth(self):
        random = self.random
        slope, rock = random.choice(EARTH), random.choice(ROCK)
        wet, dry = random.uniform(0.75, 1.2), random.uniform(0.75, 1.2)
        self.band(self.start, 0.0, tuple(v * wet for v in rock))
        self.band(self.start, self.start * 0.8, (20, 26, 26, 90))
        self.band(self.crown, self.stop, tuple(v * dry for v in slope))
        for number in range(60):  # stones and shrubs
            at = random.randrange(4, 77)
            d = self.crown + random.random() * (self.stop[at] - self.crown)
            dark = random.choice(((30, 36, 24, 60), (210, 200, 180, 50)))
            r = random.uniform(0.4, 1.2)
            self.overlay.disc(float(self.valley.crest(self.vs[at]) + d), float(self.vs[at]), r, dark)
        berms = random.choice((0, 1, 2, 3))
        for number in range(berms):
            d = self.crown + self.thick * (number + 1) / (berms + 1)
            wide = max(0.8, self.thick * 0.03)
            pale = tuple(v * random.uniform(1.1, 1.35) for v in slope)
            self.band(np.minimum(d, self.stop), np.minimum(d + wide, self.stop), pale)
            self.band(np.minimum(d + wide, self.stop), np.minimum(d + 2 * wide, self.stop), (20, 20, 16, 60))
        if random.random() < 0.4:  # stones along the foot
            self.band(self.stop * 0.9, self.stop, random.choice(ROCK))

    def spillway(self):
        """Draws gates between piers, and water or concrete below them."""
        random = self.random
        low, high = self.gates
        count = max(1, round((high - low) / max(3.0, self.valley.length * random.uniform(0.03, 0.1))))
        count = min(count, 3) if self.kind == "earth" else count
        bay = (high - low) / count
        pale = random.choice(CONCRETE)
        self.band(self.crown * 0.8, self.out, tuple(v * 0.94 for v in pale), low, high)
        gate = random.choice(((70, 78, 84), (56, 84, 110), (96, 92, 84), (44, 48, 50), (130, 76, 64)))
        for number in range(count):
            v = low + bay * number
            if self.kind != "earth":
                self.band(min(0.0, self.start.min() * 0.6), self.crown * 0.15, (24, 32, 36), v, v + bay)
            self.band(self.crown, self.crown + (self.out - self.crown) * 0.25, gate, v, v + bay)
            if self.falls and random.random() < 0.75:
                top = self.crown + (self.out - self.crown) * 0.2
                self.band(top, self.out, (228, 234, 234), v + bay * 0.1, v + bay * 0.9)
                for _ in range(3):
                    x = v + bay * random.uniform(0.1, 0.8)
                    self.band(self.crown * 1.2, self.out, (120, 140, 144, 90), x, x + bay * 0.1)
        thick = bay * random.uniform(0.08, 0.16)
        first = self.start.min() if self.kind != "earth" else 0.0
        for number in range(count + 1):
            v = low + bay * number
            self.band(first, self.out, (14, 16, 18, 120), v, v + thick * 2.4)
            self.band(first, self.out, tuple(min(255, v_ * 1.08) for v_ in pale), v - thick, v + thick)
        if self.kind != "earth" or random.random() < 0.5:  # the road goes on over the gates
            wide = self.crown * random.uniform(0.5, 0.9)
            self.band(self.crown * 0.05, self.crown * 0.05 + wide, (190, 188, 182), low, high)
            self.band(self.crown * 0.05 + wide, self.crown * 0.3 + wide, (20, 22, 24, 110), low, high)
        style = random.random()
        if self.kind != "earth" and style < 0.3:  # a hall over all gates
            d = self.crown * random.uniform(0.6, 1.2)
            self.band(d, d + max(2.5, self.thick * random.uniform(0.2, 0.4)), random.choice(ROOFS), low, high)
        elif self.kind != "earth" and style < 0.65:  # a hut on each pier
            size, tone = max(1.2, bay * 0.22), random.choice(ROOFS)
            for number in range(count + 1):
                v = low + bay * number
                self.band(self.crown * 0.7, self.crown * 0.7 + 2 * size, tone, v - size, v + size)

    def powerhouse(self):
        low, high, first, last = self.house
        tone = self.random.choice(ROOFS)
        self.band(first, last, tone, low, high)
        self.band(first, (first + last) / 2, (255, 255, 255, self.random.randint(0, 50)), low, high)
        self.band(last * 0.96, last, (30, 30, 30, 110), low, high)
        step = (high - low) / self.random.randint(2, 7)
        for number in range(1, int((high - low) / step)):
            v = low + step * number
            self.band(first, last, (0, 0, 0, 40), v, v + min(1.0, step * 0.15))
