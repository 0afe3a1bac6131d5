"""Rivers drawn under roads: the road becomes a bridge.

A bridge is a road or a railway with water or a gap on both sides, and only the part over it. Crops show hundreds of
roads and few bridges, so a band of water is laid across a road whose outline is known. The road stays on top.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from crops import asking, filled, missing, polygons, showing, tells
from paint import opacity, placed, worn

SHARE = 0.9  # share of crops with whole outlines of roads that get a river, where possible
NARROWEST, WIDEST = 0.08, 0.45  # width of a river, in sides of the crop
ON = 6.0  # length of road that must go on behind each end of a bridge, in pixels
EDGE = 0.08  # least distance of a bridge from the border, in sides of the crop
# What the water, or the bridge, may be called.
HIDDEN = {"rivers", "water", "overpasses", "canals", "channels", "lakes", "ponds", "sea"}
TRIES = 8  # points tried on a road
DAMS = 0.3  # share of crops with a bridge where dams are asked for: there are none
WATER = ((40, 58, 50), (62, 78, 62), (30, 44, 40), (92, 92, 72), (52, 72, 84), (24, 36, 40), (74, 66, 50), (60, 84, 90))
BANKS = ((52, 72, 44), (84, 90, 58), (120, 110, 84), (96, 96, 92), (40, 58, 38))


class Rivers:
    """Draws rivers with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a river under one of its roads, or both unchanged."""
        if self.random.random() > SHARE or not tells(crop, ["bridges", "roads"]):
            return crop, picture
        road = filled(picture.size, polygons(crop, ["roads"]))
        if not 0.01 < road.mean() < 0.5 or polygons(crop, ["bridges"]):
            return crop, picture
        side = max(picture.size)
        for centre, along, half in stretches(self.random, road, TRIES, EDGE):
            turn = along + math.pi / 2 + self.random.uniform(-0.5, 0.5)
            width = side * NARROWEST * (WIDEST / NARROWEST) ** self.random.random()
            # Its ends are as oblique as the river.
            lean = half / math.tan(turn - along)
            span = width / 2 / math.sin(turn - along) + self.random.uniform(0.5, 3.0)
            bridge = strip(centre, along, (-span, span), half, lean)
            beyond = [strip(centre, along, ends, half, lean) for ends in ((-span - ON, -span), (span, span + ON))]
            place = filled(picture.size, [bridge])
            if place.sum() < 30 or any(shared(road, picture.size, part) < 0.7 for part in (bridge, *beyond)):
                continue
            return self.laid(crop, picture, centre, turn, width, bridge)
        return crop, picture

    def laid(self, crop, picture, centre, turn, width, bridge):
        random, far = self.random, 2 * max(picture.size)
        points = np.linspace(-far, far, 81)
        waves = [random.uniform(0, 0.12) * width, random.uniform(0.5, 3.0) / width, random.uniform(0, 6.3)]
        # The edges are straight near the bridge, which ends at them.
        bend = np.array([waves[0] * math.sin(waves[1] * t + waves[2]) * min(1.0, abs(t) / (2 * width)) for t in points])
        sides = [[(t, side + b) for t, b in zip(points, bend)] for side in (-width / 2, width / 2)]
        river = placed([*sides[0], *sides[1][::-1]], centre, turn)
        shown, alpha = flooded(picture, river, random, random.choice(WATER), 0.6)
        # Its shadow lies on the water, on one side.
        away, angle = random.uniform(0, 5), random.uniform(0, 2 * math.pi)
        moved = [(x + away * math.cos(angle), y + away * math.sin(angle)) for x, y in bridge]
        shadow = opacity(picture.size, moved, 120)
        shown.paste((10, 14, 18), (0, 0), Image.fromarray(np.minimum(np.asarray(shadow), np.asarray(alpha) // 2)))
        shown.paste(picture, (0, 0), opacity(picture.size, bridge).filter(ImageFilter.GaussianBlur(0.5)))
        if random.random() < 0.5:
            tone = random.choice(((200, 198, 190), (150, 148, 142), (60, 62, 64)))
            pen = ImageDraw.Draw(shown)
            for first, last in ((0, 1), (2, 3)):
                pen.line([tuple(bridge[first]), tuple(bridge[last])], fill=tone, width=1)
        if not any(t["plural"] == "dams" for t in crop["things"]):
            crop = missing(crop, ["dams"])
            crop = asking(crop, ["dams"]) if random.random() < DAMS else crop
        return showing(crop, {("bridge", "bridges"): [bridge]}, [river], HIDDEN), shown


def flooded(picture, shore, random, tone, banks=0.0, waves=1.0):
    """Returns the picture with water inside an outline, with banks of earth around some, and where the water
    is. With less than all `waves` it has no fine grain."""
    size = picture.size if waves == 1.0 else tuple(side // 2 for side in picture.size)
    water = worn(Image.new("RGB", size, tone), random, waves * random.uniform(0.2, 0.7), waves)
    water = water.resize(picture.size, Image.BILINEAR) if waves != 1.0 else water
    alpha, shown = opacity(picture.size, shore), picture.copy()
    if random.random() < banks:
        bank = Image.new("L", picture.size)
        ImageDraw.Draw(bank).line([*shore, shore[0]], fill=255, width=round(random.uniform(3, 14)))
        earth = worn(Image.new("RGB", picture.size, random.choice(BANKS)), random)
        shown.paste(earth, (0, 0), bank.filter(ImageFilter.GaussianBlur(random.uniform(1, 4))))
    soft = random.uniform(0.5, 1.5)
    shown.paste(water, (0, 0), alpha.filter((ImageFilter.GaussianBlur if waves == 1.0 else ImageFilter.BoxBlur)(soft)))
    return shown, alpha


def stretches(random, road, tries, edge):
    """Yields centre, direction and half of the width of a road at random points, none of them nearer to the border than
    `edge` sides of the crop."""
    ys, xs = np.nonzero(road)
    size = road.shape[::-1]
    for _ in range(tries):
        at = random.randrange(len(xs))
        found = across(road, xs[at], ys[at], 0.12 * max(size))
        if found and all(edge < c / n < 1.0 - edge for c, n in zip(found[0], size)):
            yield found


def across(road, x, y, radius):
    """Measures a road at a point: centre, direction and half of its width, in pixels and radians. None where it is not
    a strip, as at a junction."""
    r = round(radius)
    left, top = max(0, x - r), max(0, y - r)
    part = road[top : y + r + 1, left : x + r + 1]
    ys, xs = np.nonzero(part)
    if len(xs) < 20:
        return None
    ys, xs = ys + top - y, xs + left - x
    near = xs**2 + ys**2 <= r * r
    if near.sum() < 20:
        return None
    points = np.stack([xs[near], ys[near]]).astype(np.float64)
    middle = points.mean(axis=1)
    spread, directions = np.linalg.eigh(np.cov(points))
    half = math.sqrt(max(0.0, 3.0 * spread[0]))  # of a uniform strip
    if spread[1] < 6.0 * spread[0] or half < 1.0 or half > 0.8 * radius:
        return None
    direction = directions[:, 1]
    return (x + middle[0], y + middle[1]), math.atan2(direction[1], direction[0]), half + 0.5


def strip(centre, along, ends, half, lean):
    """Returns the four corners of a strip of road between two distances from its centre; the first two and the last two
    lie on its long sides. `lean` moves the ends of the sides, by which they become oblique."""
    first, last = ends
    corners = (first - lean, -half), (last - lean, -half), (last + lean, half), (first + lean, half)
    return placed(corners, centre, along)


def shared(road, size, polygon):
    """Returns the share of a polygon that is road; 0 if it is outside."""
    place = filled(size, [polygon])
    return road[place].mean() if place.any() else 0.0
