"""Baseball fields drawn into crops.

The bases, the mound and the arc of dirt behind them have fixed sizes (Official Baseball Rules; Little League and
softball rules for the smaller ones). The mask is the infield: the dirt and the grass that it encloses, which is what
data sets of the field outline. The outfield around it is drawn too, but is no part of it.
"""

import math

from PIL import ImageDraw, ImageFilter

from crops import GROUNDS, free, showing, tells
from paint import FINER, canvas, lay, opacity, placed, worn

SMALLEST, LARGEST = 0.05, 0.45  # width of an infield, in sides of the crop
NOUN, PLURAL = "baseball field", "baseball fields"
DIRTS = ((206, 176, 136), (222, 198, 160), (178, 132, 96), (160, 100, 70), (192, 150, 112), (150, 112, 84))
GRASSES = ((72, 98, 62), (96, 118, 76), (58, 86, 60), (50, 74, 48), (124, 122, 84), (150, 140, 100), (86, 104, 84))
# What a drawn field may show, or be called.
HIDDEN = {"grass", "lawns", "vegetation", "bare land", "fields", "sports fields"}


class Diamonds:
    """Draws baseball fields with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with one to four baseball fields, or both unchanged."""
        if not tells(crop, [PLURAL]):
            return crop, picture
        side = max(picture.size)
        width = side * SMALLEST * (LARGEST / SMALLEST) ** self.random.random()
        count = self.random.choice((1, 1, 1, 2, 4)) if width < 0.25 * side else 1
        centre, angle = [self.random.uniform(0.1, 0.9) * n for n in picture.size], self.random.uniform(0, 2 * math.pi)
        self.grass, self.dirt = self.random.choice(GRASSES), self.random.choice(DIRTS)
        self.far = self.random.uniform(1.5, 3.2)  # depth of the outfield, in depths of the infield
        self.edge = self.random.choice(("none", "grass", "grass", "fence", "track"))
        shown, infields, covered = picture.copy(), [], []
        apart = self.random.uniform(0.3, 1.2) * width
        for number in range(count):
            turn = angle + number * 2 * math.pi / count
            home = placed([(apart if count > 1 else -width / 2, 0)], centre, turn)[0]
            field = self.field(shown, width * self.random.uniform(0.85, 1.15), home, turn)
            infields.append(field[0])
            covered.append(field[1])
        if not all(free(crop, GROUNDS, shape, picture.size) for shape in covered):
            return crop, picture
        return showing(crop, {(NOUN, PLURAL): infields}, covered, HIDDEN, GROUNDS), shown

    def field(self, picture, width, home, turn):
        """Draws one field, whose axis from home plate points along `turn`. Returns the outlines of its infield and of
        everything drawn."""
        random = self.random
        scale = width / 58.0  # pixels per metre: an infield of the major leagues is 58 m wide
        small = random.random() < 0.4  # softball: all dirt
        mound, base = (18.4, 27.4) if not small else (15.0, 24.0)
        reach = random.uniform(26.0, 30.0)
        foul = random.uniform(1.0, 4.0)
        infield = self.infield(mound, reach, foul)
        depth = self.far * (mound + reach)
        half = math.radians(random.uniform(45, 52))
        fence = [(depth * math.cos(t), depth * math.sin(t)) for t in steps(-half, half)]
        outfield = [(-6.0, -6.0), *fence, (-6.0, 6.0)]
        shape = outfield if self.edge != "none" else infield
        long = 2 * (depth + 8) * scale
        drawn, pen = canvas(long, long, self.grass)

        def at(points):
            return [((x * scale + long / 2) * FINER, (y * scale + long / 2) * FINER) for x, y in points]

        def disc(x, radius):
            return at([(x - radius, -radius)])[0] + at([(x + radius, radius)])[0]

        if self.edge == "track":
            pen.polygon(at(outfield), fill=self.dirt)
            pen.polygon(at([(x * 0.93, y * 0.93) for x, y in outfield]), fill=self.grass)
        if self.edge == "fence":
            pen.line(at([*outfield, outfield[0]]), fill=(190, 190, 186), width=2)
        pen.polygon(at(infield), fill=self.dirt)
        corner = base * math.sqrt(0.5)
        if not small and random.random() < 0.85:
            inset = random.uniform(1.0, 3.0)
            tone = tuple(round(value * random.uniform(0.92, 1.08)) for value in self.grass)
            ends = 2 * inset, 2 * (corner - inset)
            pen.polygon(at([(ends[0], 0), (corner, corner - inset), (ends[1], 0), (corner, inset - corner)]), fill=tone)
            pen.ellipse(disc(mound, 2.7), fill=self.dirt)
            pen.ellipse(disc(0, 4.0), fill=self.dirt)
        if random.random() < 0.6:
            for sign in (-1, 1):
                end = depth * 0.7 if self.edge != "none" else reach
                line = at([(0, 0), (end * math.sqrt(0.5), sign * end * math.sqrt(0.5))])
                pen.line(line, fill=(236, 234, 228), width=1)
        alpha = opacity(drawn.size, at(shape))
        if self.edge == "grass":
            alpha = alpha.filter(ImageFilter.GaussianBlur(3 * scale * FINER))
        ImageDraw.Draw(alpha).polygon(at(infield), fill=255)
        lay(picture, worn(drawn, random), alpha, home, turn, random.uniform(0.2, 0.7))
        # A soft edge reaches further.
        wide = [(-11.0, -11.0), *((x * (1 + 5 / depth), y * (1 + 5 / depth)) for x, y in fence), (-11.0, 11.0)]
        covered = wide if self.edge == "grass" else shape
        return tuple(placed([(x * scale, y * scale) for x, y in points], home, turn) for points in (infield, covered))

    @staticmethod
    def infield(mound, reach, foul):
        """Returns the outline of the dirt, in metres from home plate along the axis: the circle around home, two foul
        lines, and the arc behind the bases."""
        # Where a line that runs `foul` metres outside of the foul line meets the arc.
        # Points (t, t + shift) with (t - mound)^2 + (t + shift)^2 = reach^2.
        shift = foul * math.sqrt(2.0)
        b, c = 2.0 * (shift - mound), mound**2 + shift**2 - reach**2
        t = (-b + math.sqrt(b * b - 8.0 * c)) / 4.0
        end = math.atan2(t + shift, t - mound)
        arc = [(mound + reach * math.cos(v), reach * math.sin(v)) for v in steps(-end, end)]
        circle = max(3.5, foul * 1.1)
        back = [(circle * math.cos(v), circle * math.sin(v)) for v in steps(math.radians(100), math.radians(260), 6)]
        return [*arc, *back]


def steps(first, last, count=16):
    """Returns `count` + 1 numbers from `first` to `last`."""
    return [first + (last - first) * step / count for step in range(count + 1)]
