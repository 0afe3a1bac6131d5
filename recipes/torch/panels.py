"""Solar panels drawn on outlined roofs.

From above they are dark blue or black rectangles of modules, about 1 x 1.7 m each, with thin pale lines between them.
On pitched roofs they cover a part of one slope, along the ridge; on flat roofs they stand in rows with gaps. A dark
roof, a skylight or a pool is no panel.
"""

import math

import numpy as np

from crops import asking, filled, marked, polygons
from paint import Overlay, brightness

SHARE = 0.07  # share of crops with outlined roofs, and without a panel, that get some
ASKING = 0.02  # share of other crops with roofs, without a panel, that are asked for panels
NOUN, NAME = "solar panel", "solar panels"
MOST = 6  # roofs of a crop that get panels
SMALLEST = 60  # least area of a roof, in pixels
HOUSE = 9.0  # width of a usual house, in metres
TONES = ((24, 30, 52), (18, 22, 36), (30, 44, 84), (40, 58, 104), (34, 36, 44), (52, 66, 96), (26, 28, 32))
HIDDEN = {"solar farms", "skylights", "roofs", NAME}


class Panels:
    """Draws solar panels with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with solar panels, or without: then prompts for some ask for panels."""
        if any("solar" in thing["noun"] for thing in crop["things"]):
            return crop, picture
        roofs = [shape for shape in polygons(crop, ("buildings", "houses")) if len(shape) >= 4]
        if not roofs or self.random.random() > SHARE:
            known = NAME in crop.get("absent", ()) and roofs and self.random.random() < ASKING
            return asking(crop, [NAME]) if known else crop, picture
        roofs = [roof for roof in roofs if filled(picture.size, [roof]).sum() >= SMALLEST]
        drawn, outlines = picture, []
        tones = self.random.sample(TONES, self.random.choice((1, 1, 2)))
        for roof in self.random.sample(roofs, min(len(roofs), self.random.randint(1, MOST))):
            drawn, shapes = self.covered(drawn, roof, self.random.choice(tones))
            outlines += shapes
        if not outlines:
            return crop, picture
        return marked(crop, NOUN, NAME, outlines, HIDDEN), drawn

    def covered(self, picture, roof, tone):
        """Returns the picture with panels on a roof, and their outlines: none if no array fits."""
        random = self.random
        centre, angle, long, wide = rectangle(roof)
        inside = filled(picture.size, [roof])
        if wide < 4 or inside.sum() < 0.7 * long * wide:
            return picture, []
        overlay = Overlay(picture, centre, angle, brightness(picture))
        metre = min(wide, 40.0) / (HOUSE * random.uniform(0.8, 1.4))
        flat = random.random() < (0.7 if wide > 2.2 * HOUSE * metre else 0.15)
        outlines = []
        for array in self.rows(long, wide, metre) if flat else self.slope(long, wide, metre):
            shape = [(array[a], array[b]) for a, b in ((0, 1), (2, 1), (2, 3), (0, 3))]
            place = filled(picture.size, [overlay.placed(shape)])
            if place.sum() >= 6 and inside[place].mean() > 0.97:
                self.array(overlay, array, metre, tone)
                outlines.append(overlay.placed(shape))
        return (overlay.laid(random, 0.35), outlines) if outlines else (picture, [])

    def slope(self, long, wide, metre):
        """Returns one or two arrays on one slope of a pitched roof: left, upper, right and lower ends."""
        random = self.random
        deep = max(2.0, min(wide * random.uniform(0.25, 0.42), 5.2 * metre))
        across = random.choice((-1, 1)) * (0.25 * wide + random.uniform(-0.04, 0.04) * wide)
        left = -0.5 * long * random.uniform(0.2, 0.9)
        right = min(0.46 * long, left + random.uniform(0.25, 0.85) * long)
        low, high = across - deep / 2, across + deep / 2
        if random.random() < 0.25:
            cut = left + (right - left) * random.uniform(0.3, 0.7)
            middle = low + deep * random.uniform(0.4, 0.6)
            return (left, low, cut, high), (cut, low, right, middle)
        return ((left, low, right, high),)

    def rows(self, long, wide, metre):
        """Returns the rows of an array on a flat roof."""
        random = self.random
        deep = max(1.4, metre * random.uniform(1.4, 3.6))
        gap = max(0.7, deep * random.uniform(0.15, 0.9))
        left, right = sorted(random.uniform(-0.45, 0.45) * long for _ in range(2))
        low, high = sorted(random.uniform(-0.45, 0.45) * wide for _ in range(2))
        starts = np.arange(low, high - deep, deep + gap)[:24]
        if random.random() < 0.4 and right - left > 12 * metre:
            aisle = (left + right) / 2
            halves = (left, aisle - metre), (aisle + metre, right)
        else:
            halves = ((left, right),)
        return [(a, y, b, y + deep) for y in starts for a, b in halves]

    def array(self, overlay, array, metre, tone):
        """Draws an array with its frame and the lines between its modules."""
        random = self.random
        x0, y0, x1, y1 = array
        overlay.box(x0 + 0.3, y0 + 0.3, x1 + 0.12 * metre + 0.3, y1 + 0.12 * metre + 0.3, (6, 8, 12, 90))
        overlay.box(x0, y0, x1, y1, tone)
        if random.random() < 0.3:
            # One end reflects the sky.
            overlay.box(x0, y0, x0 + (x1 - x0) * random.uniform(0.2, 0.8), y1, (170, 190, 220, random.randint(20, 60)))
        pale = (190, 198, 210, random.choice((0, 50, 90, 130)))
        module = metre * random.choice((1.0, 1.0, 1.7))
        if module < 1.2 or not pale[3]:
            return
        for x in np.arange(x0 + module, x1, module):
            overlay.line([(x, y0), (x, y1)], pale, 0.08 * metre)
        for y in np.arange(y0 + 1.7 * metre, y1, 1.7 * metre):
            overlay.line([(x0, y), (x1, y)], pale, 0.1 * metre)


def rectangle(outline):
    """Returns the smallest rectangle around an outline of those along its edges: centre, the angle of its long side in
    radians, length and width."""
    points = np.array(outline, np.float64)
    best = None
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0)):
        angle = math.atan2(y1 - y0, x1 - x0)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        turned = points @ turn
        low, high = turned.min(axis=0), turned.max(axis=0)
        sides = high - low
        if best is None or sides.prod() < best[0]:
            best = sides.prod(), turn @ ((low + high) / 2), angle, *sides
    _, centre, angle, long, wide = best
    return (tuple(centre), angle, long, wide) if long >= wide else (tuple(centre), angle + math.pi / 2, wide, long)
