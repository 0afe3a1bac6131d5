"""Tennis and basketball courts drawn into crops.

Their lines are the same everywhere (ITF, "Rules of Tennis"; FIBA and NFHS, rules of basketball); colours, paving and
neighbours differ. The mask of a court ends at its outer lines: the paving around it is no part of it, and neighbouring
courts stay apart. Both kinds are drawn side by side, because from above only their lines tell them apart.
"""

import math

from PIL import Image

from crops import GROUNDS, free, showing, tells
from paint import FINER, canvas, lay, placed, worn

SHORTEST, LONGEST = 0.07, 0.5  # length of a court, in sides of the crop
KINDS = {"tennis court": (23.77, 10.97), "basketball court": (28.0, 15.0)}  # length and width, m
PLURALS = tuple(f"{kind}s" for kind in KINDS)
PAVINGS = (
    (92, 118, 92), (72, 98, 88), (128, 78, 66), (150, 96, 78), (118, 118, 120), (150, 148, 142), (86, 88, 92),
    (70, 96, 132), (168, 150, 124), (190, 186, 178),
)


class Courts:
    """Draws courts with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a group of courts, or both unchanged."""
        if not tells(crop, PLURALS):
            return crop, picture
        kind, other = self.random.sample(list(KINDS), 2)
        columns, rows = self.random.choice(((1, 1), (1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3), (3, 4)))
        mixed = self.random.random() < 0.3
        kinds = [other if mixed and self.random.random() < 0.5 else kind for _ in range(columns * rows)]
        long, wide = (max(KINDS[k][i] for k in kinds) for i in (0, 1))
        scale = max(picture.size) * SHORTEST * (LONGEST / SHORTEST) ** self.random.random() / long
        scale = min(scale, 0.9 * max(picture.size) / (columns * (long + 6)))
        between, beyond = (self.random.uniform(0.8, 7.0) for _ in range(2))
        width = columns * long + (columns + 1) * beyond
        height = rows * wide + (rows + 1) * between
        size = width * scale, height * scale
        centre, angle = [self.random.uniform(0.1, 0.9) * side for side in picture.size], self.random.uniform(0, math.pi)
        corners = [(u * size[0] / 2, v * size[1] / 2) for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        slab = placed(corners, centre, angle)
        if not free(crop, GROUNDS, slab, picture.size):
            return crop, picture
        paving = self.random.choice(PAVINGS)
        surface = {k: paving if self.random.random() < 0.4 else self.random.choice(PAVINGS) for k in KINDS}
        drawn, pen = canvas(*size, paving)
        white = (self.random.randint(170, 250),) * 3
        outlines = {}
        for place, name in enumerate(kinds):
            length, breadth = KINDS[name]
            x = beyond + place % columns * (long + beyond) + (long - length) / 2
            y = between + place // columns * (wide + between) + (wide - breadth) / 2
            draw = Court(pen, x, y, scale * FINER, white)
            (draw.tennis if name == "tennis court" else draw.basketball)(surface[name], self.random)
            box = [(x, y), (x + length, y), (x + length, y + breadth), (x, y + breadth)]
            box = [(u * scale - size[0] / 2, v * scale - size[1] / 2) for u, v in box]
            outlines.setdefault((name, f"{name}s"), []).append(placed(box, centre, angle))
        picture = picture.copy()
        alpha = Image.new("L", drawn.size, 255)
        lay(picture, worn(drawn, self.random, 0.6), alpha, centre, angle, self.random.uniform(0.2, 0.7))
        return showing(crop, outlines, [slab], {"playgrounds", "sports courts"}, GROUNDS), picture


class Court:
    """Draws the lines of one court, in metres from its corner, at a scale in pixels per metre."""

    def __init__(self, pen, x, y, scale, colour):
        self.pen, self.x, self.y, self.scale, self.colour = pen, x, y, scale, colour

    def box(self, x0, y0, x1, y1):
        return [v * self.scale for v in (self.x + x0, self.y + y0, self.x + x1, self.y + y1)]

    def lines(self, *boxes):
        for box in boxes:
            self.pen.rectangle(self.box(*box), outline=self.colour, width=max(1, round(0.1 * self.scale)))

    def tennis(self, surface, random):
        self.pen.rectangle(self.box(0, 0, 23.77, 10.97), fill=surface)
        self.lines((0, 0, 23.77, 10.97), (0, 1.37, 23.77, 9.6), (5.49, 1.37, 18.28, 9.6))
        self.lines((5.49, 5.485, 18.28, 5.485))
        net = random.choice(((60, 62, 60), (190, 190, 190)))
        self.pen.line(self.box(11.885, -0.9, 11.885, 11.87), fill=net, width=max(1, round(0.15 * self.scale)))

    def basketball(self, surface, random):
        self.pen.rectangle(self.box(0, 0, 28, 15), fill=surface)
        key = random.choice((surface, surface, random.choice(PAVINGS)))
        radius = random.choice((6.0, 6.75, 6.75))
        width = max(1, round(0.1 * self.scale))
        for left in (True, False):
            flip = (lambda v: v) if left else (lambda v: 28.0 - v)
            box = lambda x0, y0, x1, y1: (min(flip(x0), flip(x1)), y0, max(flip(x0), flip(x1)), y1)  # noqa: E731
            self.pen.rectangle(self.box(*box(0, 5.05, 5.8, 9.95)), fill=key)
            self.lines(box(0, 5.05, 5.8, 9.95))
            self.pen.arc(self.box(*box(4.0, 5.7, 7.6, 9.3)), 0, 360, fill=self.colour, width=width)
            turn = (-90, 90) if left else (90, 270)
            circle = box(1.575 - radius, 7.5 - radius, 1.575 + radius, 7.5 + radius)
            self.pen.arc(self.box(*circle), *turn, fill=self.colour, width=width)
        self.lines((0, 0, 28, 15), (14, 0, 14, 15))
        self.pen.ellipse(self.box(12.2, 5.7, 15.8, 9.3), fill=key, outline=self.colour, width=width)
