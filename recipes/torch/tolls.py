"""Expressway toll stations drawn across roads.

From above a toll station is a long flat roof across a road that becomes several times as wide there. Islands with
booths lie between the lanes and stick out from under the roof on both sides, and vehicles queue before them. A bridge
or an overpass looks alike, but the road below it goes on as wide as before.
"""

import math

import numpy as np

from crops import BUILT, WATERS, asking, filled, missing, named, polygons, showing, tells
from paint import Overlay, brightness, ribbon
from rivers import shared, stretches, strip

SHARE = 0.3  # share of crops with a suitable outlined road that get a toll station
OPEN = 0.08  # share of other crops, with room, that get a road with a toll station
ASKING = 0.05  # share of crops with bridges or overpasses, and without toll stations, where toll stations are asked for
SHORTEST, LONGEST = 25, 230  # length of the roof, in pixels
TRIES = 12  # places tried
NOUN, NAME = "toll station", "toll stations"
ALIKE = {"bridges", "overpasses"}  # asked for too, where they are
# What a drawn toll station may show, or be called.
HIDDEN = {*BUILT, "highways", "toll booths", "gas stations", NAME}
# What a toll station may cover.
LOW = {
    "road", "car", "truck", "vehicle", "van", "bus", "trailer", "parking lot", "driveway", "sidewalk", "crosswalk",
    "grass", "lawn", "bare land", "field", "tree", "path", "vegetation", "bush", "wood", "forest", "shadow", "highway",
    "roundabout", "farmland", "agriculture", "pavement", "hedge",
}
ROOFS = (
    (70, 112, 186), (84, 132, 206), (58, 92, 150), (186, 66, 62), (160, 56, 56), (206, 92, 84), (228, 228, 224),
    (206, 206, 202), (168, 170, 170), (132, 136, 140), (84, 88, 94), (58, 62, 68), (120, 150, 170), (94, 128, 108),
    (190, 178, 150), (216, 214, 206),
)
CONCRETE = ((198, 194, 182), (182, 178, 166), (208, 206, 198), (170, 168, 162), (204, 196, 168))
ASPHALT = ((104, 105, 107), (122, 122, 122), (88, 90, 93), (140, 138, 132), (114, 117, 121))
PAINT = (
    (238, 238, 236), (236, 236, 234), (196, 198, 200), (150, 152, 156), (40, 42, 46), (62, 64, 70), (150, 44, 42),
    (50, 76, 130), (116, 116, 112), (90, 80, 66),
)
LOADS = ((60, 96, 150), (180, 72, 58), (212, 212, 208), (120, 122, 118), (84, 110, 92), (150, 130, 100), (48, 52, 60))
VERGES = ((96, 104, 70), (124, 114, 90), (72, 86, 58), (146, 136, 112))


class Tolls:
    """Draws toll stations with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a toll station, or without: then as one that contains none."""
        if any("toll" in thing["noun"] for thing in crop["things"]):
            return crop, picture
        crop, there, place = missing(crop, [NAME]), named(crop), None
        if "roads" in there and tells(crop, ["roads"]):
            place = self.on_road(crop, picture) if self.random.random() < SHARE else None
        elif self.random.random() < OPEN:
            place = self.off_road(crop, picture)
        if place:
            return self.drawn(crop, picture, place)
        if there & ALIKE and self.random.random() < ASKING:
            crop = asking(crop, {NAME, *(there & ALIKE)})
        return crop, picture

    def on_road(self, crop, picture):
        """Returns a place on an outlined road: centre, direction and half of the road's width, measures of the toll
        station, and no road to draw. None if there is no room."""
        road = filled(picture.size, polygons(crop, ["roads"]))
        if not 0.01 < road.mean() < 0.6:
            return None
        solid, side = solids(crop, picture.size), max(picture.size)
        for centre, along, half in stretches(self.random, road, TRIES, 0.1):
            sizes = self.sizes(half)
            reach = min(0.2 * side, sizes[0] / 2)
            if shared(road, picture.size, strip(centre, along, (-reach, reach), half, 0.0)) < 0.75:
                continue
            if self.fits(solid, picture.size, centre, along, sizes):
                return centre, along, half, sizes, None
        return None

    def off_road(self, crop, picture):
        """Returns a place for a toll station with a road of its own, which goes through the crop."""
        solid, far = solids(crop, picture.size), 2 * max(picture.size)
        for _ in range(TRIES):
            centre = [self.random.uniform(0.12, 0.88) * side for side in picture.size]
            along, half = self.random.uniform(0, 2 * math.pi), 2.5 * 9.0 ** self.random.random()
            sizes = self.sizes(half)
            road = strip(centre, along, (-far, far), half, 0.0)
            if shared(solid, picture.size, road) < 0.01 and self.fits(solid, picture.size, centre, along, sizes):
                return centre, along, half, sizes, road
        return None

    def sizes(self, half):
        """Returns the plaza's width, and the roof's depth and the distance between two lanes."""
        width = min(LONGEST, max(SHORTEST, 2 * half * self.random.uniform(2, 4)))
        lane = max(3.5, min(width / 2.5, 16, half * self.random.uniform(0.6, 1.1)))
        return width, max(7.0, width * self.random.uniform(0.14, 0.5) * (0.7 if width > 120 else 1)), lane

    @staticmethod
    def fits(solid, size, centre, along, sizes):
        width = sizes[0]
        return shared(solid, size, strip(centre, along, (-width, width), width / 2, 0.0)) < 0.02

    def drawn(self, crop, picture, place):
        random = self.random
        centre, along, half, (width, depth, lane), road = place
        overlay = Overlay(picture, centre, along, brightness(picture))
        overlay.sun = along + random.uniform(0.2, 2.9)  # on the same side as the shadows of vehicles
        edge = self.plaza(overlay, half, width, depth, road)
        flat = self.floor(overlay, width, depth, lane)
        lanes = max(2, round(width / lane))
        gaps = [-width / 2 + width * number / lanes for number in range(lanes + 1)]
        booths = self.islands(overlay, gaps, depth, width / lanes)
        self.queues(overlay, gaps, depth, flat)
        covered = [overlay.placed(edge)]
        if random.random() < 0.35:
            covered.append(overlay.placed(self.office(overlay, width)))
        outlines = self.roof(overlay, width, depth, booths)
        shown = overlay.laid(random, 0.6)
        crop = showing(crop, {(NOUN, NAME): outlines}, [*covered, *outlines, *([road] if road else [])], HIDDEN)
        return asking(crop, ["overpasses"] if random.random() < 0.3 else []), shown

    def plaza(self, overlay, half, width, depth, road):
        """Draws the road where it is wide, and returns its outline."""
        random = self.random
        level, taper = depth / 2 + width * random.uniform(0.2, 0.9), (width - half) * random.uniform(1.2, 3.2)
        steps = np.linspace(-level - taper, level + taper, 60)
        rise = np.clip((level + taper - np.abs(steps)) / taper, 0, 1)
        wide = half + (width * 0.52 - half) * rise * rise * (3 - 2 * rise)
        edge = lambda more: ribbon(steps, -wide - more, wide + more)  # noqa: E731
        far = 2 * max(overlay.size)
        tone = random.choice(ASPHALT)
        if not road:
            tone = overlay.sample([(x, y) for x in (-1.2 * half, 0, 1.2 * half) for y in (-half / 2, 0, half / 2)])
        margin = random.uniform(1.0, 4) if random.random() < 0.4 else 0.0
        if margin:
            verge = random.choice(VERGES)
            if road:
                overlay.box(-far, -half - margin, far, half + margin, verge)
            overlay.shape(edge(margin), verge)
        if road:
            overlay.box(-far, -half, far, half, tone)
        overlay.shape(edge(0.0), tone)
        white = (random.randint(170, 225),) * 3
        for sign in (-1, 1):
            overlay.line(list(zip(steps, sign * (wide - 1.2))), white, 0.5)
            if road:
                overlay.line([(-far, sign * (half - 1)), (far, sign * (half - 1))], white, 0.5)
        if road and half > 4:
            middle = random.choice((white, random.choice(VERGES)))
            overlay.box(-far, -0.06 * half, far, 0.06 * half, middle)
        if random.random() < 0.35:
            self.rows(overlay, steps, wide + margin)
        return edge(margin)

    def rows(self, overlay, steps, wide):
        """Draws trees along the plaza."""
        random = self.random
        size, tone = random.uniform(1.5, 4), random.randint(30, 62)
        for sign in (-1, 1):
            x = steps[0]
            while x < steps[-1]:
                y = sign * (np.interp(x, steps, wide) + size * random.uniform(0.6, 1.2))
                r = size * random.uniform(0.6, 1.1)
                if random.random() < 0.85:
                    overlay.disc(x, y, r, (tone, tone + 14 + random.randint(-6, 8), tone - 4))
                x += size * random.uniform(1.9, 2.6)

    def floor(self, overlay, width, depth, lane):
        """Draws concrete before the booths, and lines and traces along the lanes. Returns how far it reaches."""
        random = self.random
        back, front = (depth / 2 + width * random.uniform(0.15, 0.8) for _ in range(2))
        pale = random.choice(CONCRETE)
        if random.random() < 0.75:
            overlay.box(-back, -width * 0.5, front, width * 0.5, pale)
            if random.random() < 0.5:
                x = -back
                while x < front:
                    overlay.line([(x, -width / 2), (x, width / 2)], (60, 58, 54, 26), 0.5)
                    x += lane * 1.2
        lanes = max(2, round(width / lane))
        step = width / lanes
        dashes = random.random() < 0.5
        for number in range(lanes):
            y = -width / 2 + step * (number + 0.5)
            dirt = random.randint(10, 60)
            overlay.box(-back * 1.05, y - step * 0.26, front * 1.05, y + step * 0.26, (36, 36, 38, dirt))
            overlay.box(-back, y - step * 0.08, front, y + step * 0.08, (36, 36, 38, dirt // 2))
            if random.random() < 0.7 and number:
                for start, end in ((-back * 1.25, -depth / 2), (depth / 2, front * 1.25)):
                    x = start
                    while x < end:
                        stop = min(end, x + (lane if dashes else end - x))
                        overlay.line([(x, y - step / 2), (stop, y - step / 2)], (225, 225, 220, 150), 0.4)
                        x += 2 * lane if dashes else end - x
        return back, front

    def islands(self, overlay, gaps, depth, step):
        """Draws islands with booths between the lanes. Returns the booths that stick out: side, middle, half of the
        width and reach."""
        random = self.random
        reach, thick = step * random.uniform(0.9, 3.2), step * random.uniform(0.1, 0.17)
        tone = (random.randint(196, 240),) * 3
        tips = random.choice(((206, 186, 104), (176, 96, 88), tone, tone, tone))
        cabin = random.choice((*ROOFS[5:9], ROOFS[0]))
        booths, outside = [], random.random() < 0.7
        dark = (14, 16, 20, random.randint(60, 130))
        for y in gaps[1:-1] if random.random() < 0.6 else gaps:
            back, front = (depth / 2 + reach * random.uniform(0.85, 1.1) for _ in range(2))
            overlay.box(-back, y - thick * 0.4, front, y + thick * 2.2, dark)
            overlay.box(-back, y - thick, front, y + thick, tone)
            for end, sign in ((-back, 1), (front, -1)):
                overlay.box(end, y - thick, end + sign * thick * 3, y + thick, tips)
            for sign in (-1, 1):
                if not outside or random.random() < 0.25:
                    continue
                out, wide = step * random.uniform(0.15, 0.55), step * random.uniform(0.17, 0.24)
                first, last = sorted((sign * (depth / 2 - step * 0.3), sign * (depth / 2 + out)))
                overlay.box(first, y - wide, last, y + wide * 2.0, dark)
                overlay.box(first, y - wide, last, y + wide, cabin)
                booths.append((sign, y, wide, out))
        return booths

    def queues(self, overlay, gaps, depth, flat):
        """Draws vehicles before and behind the booths."""
        random = self.random
        busy, trucks = random.choice((0.1, 0.25, 0.5, 0.8)), random.uniform(0.05, 0.5)
        step = gaps[1] - gaps[0]
        for number, (low, high) in enumerate(zip(gaps, gaps[1:])):
            side = -1 if number < len(gaps) // 2 else 1
            y = (low + high) / 2 + random.uniform(-0.06, 0.06) * step
            for sign, chance in ((side, busy), (-side, busy * 0.4)):
                x = depth / 2 + step * random.uniform(0.1, 0.8)
                while random.random() < chance and x < flat[sign > 0] * 1.1:
                    large = random.random() < trucks
                    long = step * (random.uniform(2.0, 3.4) if large else random.uniform(0.95, 1.2))
                    half = step * (0.33 if large else 0.26)
                    self.vehicle(overlay, sign * (x + long / 2), y, long, half, large, -side)
                    x += long + step * random.uniform(0.2, 2.0 if sign == side else 5.0)

    def vehicle(self, overlay, x, y, long, half, large, ahead):
        random = self.random
        a, paint = long / 2, random.choice(PAINT)
        overlay.box(x - a - half * 0.1, y - half * 0.5, x + a + half * 0.1, y + half * 1.6, (10, 12, 16, 110))
        overlay.box(x - a, y - half, x + a, y + half, paint)
        if large:
            cab = ahead * a * 0.62
            load = random.choice(LOADS)
            overlay.box(min(-ahead * a, cab) + x, y - half, max(-ahead * a, cab) + x, y + half, load)
            overlay.box(x + cab - half * 0.12, y - half, x + cab + half * 0.12, y + half, (30, 32, 36, 170))
        else:
            for at, wide in ((0.28, 0.14 * a), (-0.6, 0.12 * a)):
                pane = x + ahead * a * at
                overlay.box(pane - wide, y - half * 0.8, pane + wide, y + half * 0.8, (26, 30, 36, 190))

    def office(self, overlay, width):
        """Draws a building beside the plaza and returns its outline."""
        random = self.random
        long, deep, sign = width * random.uniform(0.15, 0.4), width * random.uniform(0.1, 0.22), random.choice((-1, 1))
        x, y = random.uniform(-0.9, 0.9) * width, sign * (width * 0.58 + deep)
        yard = [(x - long, y - deep * 1.5), (x + long, y - deep * 1.5), (x + long, y + deep), (x - long, y + deep)]
        if random.random() < 0.6:
            overlay.shape(yard, random.choice(CONCRETE))
        house = [(x - long * 0.7, y - deep * 0.6), (x + long * 0.7, y - deep * 0.6), (x + long * 0.7, y + deep * 0.6),
                 (x - long * 0.7, y + deep * 0.6)]
        overlay.shadow(house, deep * 0.35, random.randint(80, 150))
        overlay.shape(house, random.choice(ROOFS))
        overlay.shape([house[0], house[1], (x + long * 0.7, y), (x - long * 0.7, y)], (255, 255, 255, 30))
        return yard

    def roof(self, overlay, width, depth, booths):
        """Draws the roof, or one for each direction of the road, and returns its outlines with the booths."""
        random = self.random
        length, colour = width * random.uniform(0.82, 1.06), random.choice(ROOFS)
        parts = [(0.0, -length / 2, length / 2)]
        if width > 60 and random.random() < 0.13:
            shift, gap = depth * random.uniform(0.1, 0.5), width * random.uniform(0.0, 0.05)
            parts = [(shift, -length / 2, -gap), (-shift, gap, length / 2)]
        # By how much the middle is deeper.
        bulge = random.choice((0, 0, 0, 0, 0.12, 0.2, -0.12)) * depth * (len(parts) == 1)
        middle = random.random() < 0.3 and len(parts) == 1 and bulge == 0
        inner, more = length * random.uniform(0.1, 0.25), depth * random.uniform(0.08, 0.3)
        shapes = []
        for shift, low, high in parts:
            ys = np.linspace(low, high, 25)
            reach = depth / 2 + bulge * (1 - ((2 * ys - low - high) / (high - low)) ** 2)
            if middle:
                reach = np.where(np.abs(ys) < inner, depth / 2 + more, reach)
            shapes.append((shift, ys, reach))
        outlines, drop, strength = [], min(depth, 40) * random.uniform(0.12, 0.4), random.randint(110, 190)
        for shift, ys, reach in shapes:
            overlay.shadow([*zip(shift + reach, ys), *zip((shift - reach)[::-1], ys[::-1])], drop, strength)
        style = random.choice(("plain", "ribs", "ridge", "ridge", "panels", "frame"))
        for shift, ys, reach in shapes:
            self.cover(overlay, shift, ys, reach, colour, style)
            outlines.append(overlay.placed(bumps(shift, ys, reach, depth, booths)))
        if middle:
            tone = random.choice((colour, random.choice(ROOFS)))
            self.cover(overlay, 0.0, np.linspace(-inner, inner, 9), np.full(9, depth / 2 + more), tone, "ridge")
        return outlines

    def cover(self, overlay, shift, ys, reach, colour, style):
        """Draws one roof."""
        random = self.random
        side = lambda share: list(zip(shift + reach * share, ys))  # noqa: E731
        band = lambda first, last: [*side(first), *side(last)[::-1]]  # noqa: E731
        overlay.shape(band(-1, 1), colour)
        step = (ys[-1] - ys[0]) / random.randint(8, 26)
        light, dark = (255, 255, 255, random.randint(16, 60)), (0, 0, 0, random.randint(16, 60))
        if style == "ridge":
            overlay.shape(band(-1, 0), random.choice((light, dark)))
            overlay.line(side(0), light, 0.5)
        if style == "panels":
            for first, last in ((-1, -0.45), (0.45, 1)):
                overlay.shape(band(first, last), random.choice((light, dark)))
        if style == "frame":
            overlay.shape(band(-0.78, 0.78), random.choice((light, dark)))
        if style in ("ribs", "ridge", "panels") and random.random() < 0.8:
            y = ys[0]
            while y < ys[-1]:
                r = np.interp(y, ys, reach)
                overlay.line([(shift - r, y), (shift + r, y)], dark, min(1.0, step / 4))
                y += step
        for share in (-1, 1):
            if random.random() < 0.6:
                overlay.line(side(share * 0.97), random.choice(((255, 255, 255, 120), (0, 0, 0, 90))), 0.8)
        if random.random() < 0.25:  # a sign along an edge
            overlay.shape(band(0.84, 1), random.choice(((190, 40, 40), (236, 236, 236), (40, 80, 150))))


def bumps(shift, ys, reach, depth, booths):
    """Returns a roof's outline with the booths that stick out from under it."""
    edges = []
    for sign in (-1, 1):
        points = [(y, r) for y, r in zip(ys, reach)]
        for side, y, wide, out in booths:
            if side == sign and ys[0] < y - wide and y + wide < ys[-1]:
                under = float(np.interp(y, ys, reach))
                to = depth / 2 + out - shift * sign
                if to > under:
                    points = [p for p in points if not y - wide <= p[0] <= y + wide]
                    points += [(y - wide, under), (y - wide + 1e-3, to), (y + wide - 1e-3, to), (y + wide, under)]
        edges.append([(shift + sign * r, y) for y, r in sorted(points)])
    return [*edges[0], *edges[1][::-1]]


def solids(crop, size):
    """Returns where a crop shows water, or things that a road does not run over."""
    things = [t for t in crop["things"] if t["noun"] in WATERS or t["noun"] not in LOW]
    return filled(size, [p for t in things for p in t["polygons"]])
