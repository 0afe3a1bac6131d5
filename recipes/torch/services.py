"""Expressway service areas drawn beside expressways.

From above a service area is a paved plaza along an expressway, as long as a few hundred metres, with a ramp at each
end. On it are parked cars and slanted rows of trucks, a building, a filling station under a flat roof, and lawn. Most
have another one on the other side of the expressway. A parking lot elsewhere is no service area.
"""

import math
from random import Random

import numpy as np

from crops import BUILT, asking, filled, missing, named, showing
from paint import ribbon
from plans import NOWHERE, Plan, extent, land, moves, natural, scaled, sketch, suits, turned

SHARE = 0.03  # share of crops that get service areas; most become a picture of open land around them
ASKING = 0.03  # share of crops with parking lots or roads, and without service areas, where they are asked for
NOUN, NAME = "service area", "service areas"
# What a service area and its expressway may show, or be called.
HIDDEN = {*BUILT, "highways", "gas stations", "vegetation", "bushes", "fields", "hedges", NAME}
CONCRETE = ((200, 198, 190), (186, 184, 176), (210, 208, 200), (172, 172, 168), (196, 190, 172), (178, 180, 182))
ASPHALT = ((110, 112, 114), (126, 127, 128), (96, 98, 101), (138, 138, 136), (118, 118, 122))
ROOFS = (
    (186, 70, 62), (160, 66, 58), (206, 92, 78), (74, 116, 186), (96, 136, 196), (60, 92, 146), (150, 154, 160),
    (120, 126, 134), (198, 198, 196), (224, 222, 216), (92, 96, 104), (176, 164, 146), (88, 118, 150),
)
CANOPIES = ((236, 236, 232), (230, 230, 228), (214, 216, 218), (196, 64, 58), (216, 84, 70), (70, 122, 200),
            (92, 146, 212), (160, 164, 168))
LAWNS = ((84, 96, 58), (70, 84, 50), (104, 104, 72), (116, 108, 84), (62, 76, 48))
LOADS = ((60, 96, 150), (180, 72, 58), (216, 216, 212), (120, 122, 118), (84, 110, 92), (150, 130, 100), (52, 56, 62),
         (232, 232, 230))


class Services:
    """Draws service areas with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with service areas, or without: then as one that contains none."""
        if any(NOUN in thing["noun"] for thing in crop["things"]):
            return crop, picture
        crop = missing(crop, [NAME])
        if self.random.random() < SHARE:
            return self.drawn(*self.ground(crop, picture))
        there = named(crop)
        if there & {"parking lots", "roads"} and self.random.random() < ASKING:
            crop = asking(crop, {NAME, *(there & {"parking lots"})})
        return crop, picture

    def ground(self, crop, picture):
        """Returns a crop of land and its picture: this one if it is open, at half of its scale, or drawn land."""
        if suits(crop, NOWHERE) and (natural(crop) or self.random.random() < 0.35):
            return scaled(self.random, crop, picture)
        return land(self.random, crop)

    def drawn(self, crop, picture):
        random, size = self.random, picture.size
        long = extent(random, crop, size, 0.7)
        metres = random.uniform(190, 420) if long > 90 else random.uniform(190, 300)
        scale, area = long / metres, Area(random, metres)
        sides = random.choice(((1,), (-1,), (1, -1), (1, -1), (1, -1)))
        half = random.uniform(11, 16)
        bend = random.choice((0.0, 0.0, random.uniform(-0.4, 0.4))) / max(metres, 0.6 * max(size) / scale)
        flips, areas = {side: (1, side) for side in sides}, {side: area for side in sides}
        if len(sides) > 1 and random.random() < 0.4:
            flips[-1] = (-1, -1)
        if len(sides) > 1 and random.random() < 0.3:
            areas[-1] = Area(random, metres)
        overlay = sketch(random, picture, scale, 1.0)
        plans = {side: Plan(overlay, random, scale, bend, flips[side]) for side in sides}
        for _ in moves(random, overlay):
            outlines = {side: plans[side].placed(areas[side].outline(half)) for side in sides}
            shown = [filled(size, [shape]).sum() for shape in outlines.values()]
            if max(shown) > 0.7 * area.size() * scale * scale and min(shown) > 30:
                break
        road = Plan(overlay, random, scale, bend)
        reach = np.linspace(-1, 1, 61) * 1.6 * max(size) / scale
        tone = random.choice(ASPHALT)
        self.verge(road, reach, half)
        for side in sides:
            areas[side].approach(plans[side], half, tone)
        self.expressway(road, reach, half, tone)
        seed = random.randrange(1 << 30)
        for side in sides:
            areas[side].draw(plans[side], half, Random(seed) if random.random() < 0.7 else random)
        covered = [road.placed(ribbon(reach, -half - 14, half + 14))]
        covered += [plans[side].placed(areas[side].outline(half, 10.0)) for side in sides]
        outlines = list(outlines.values())
        picture = overlay.laid(random, random.uniform(0.4, 0.8))
        none = "toll stations", "train stations"
        crop = showing(missing(crop, {NAME, *none}), {(NOUN, NAME): outlines}, covered, HIDDEN)
        return {**crop, "asked": sorted({NAME, *random.sample(none, random.random() < 0.4)})}, picture

    def verge(self, road, us, half):
        random = self.random
        if random.random() < 0.7:
            wide = half + random.uniform(2, 12)
            road.band(us, -wide, wide, (*random.choice(LAWNS), random.randint(120, 254)))
        if random.random() < 0.35:
            y = half + random.uniform(4, 12)
            step = random.uniform(6, 14) / min(1.0, 2 * road.scale)
            steps = np.arange(us[0], us[-1], step)
            points = [(u, sign * (y + random.uniform(-1, 1))) for u in steps for sign in (-1, 1)]
            road.trees([p for p in points if random.random() < 0.8], random.uniform(2, 4))

    def expressway(self, road, us, half, tone):
        """Draws two carriageways with a median, lines and vehicles."""
        random = self.random
        road.band(us, -half, half, tone)
        middle = random.uniform(0.8, 3.0)
        road.band(us, -middle, middle, random.choice((*LAWNS, (170, 168, 160), tuple(v * 0.8 for v in tone))))
        lanes = 3 if half - middle > 12.5 else 2
        shoulder = min(3.0, half - middle - 3.6 * lanes) if half - middle > 3.6 * lanes else 0.5
        inner = middle + 0.7
        wide = (half - shoulder - inner) / lanes
        white = (226, 226, 222)
        for sign in (-1, 1):
            for y in (inner, half - shoulder):
                road.line(list(zip(us, 0 * us + sign * y)), white, 0.35)
            for lane in range(lanes):
                y = sign * (inner + wide * (lane + 0.5))
                road.band(us, y - wide * 0.22, y + wide * 0.22, (30, 30, 32, random.randint(6, 40)))
            if road.scale > 0.45:
                for lane in range(1, lanes):
                    y = sign * (inner + wide * lane)
                    dashes = np.array([turned(u, y, 6.0, 0.5) for u in np.arange(us[0], us[-1], 15.0)])
                    road.stamps(road.at(dashes.reshape(-1, 2)).reshape(-1, 4, 2), [(*white, 150)])
            busy = random.uniform(25, 160)
            for kind in ((4.6, 1.9), (14.0, 2.7)):
                u, places = us[0], []
                while u < us[-1] and len(places) < 40:
                    u += random.expovariate(1.0 / busy) + 15
                    places.append((u, sign * (inner + wide * (random.randrange(lanes) + 0.5))))
                road.cars(places, 0.0, *kind, tones=LOADS if kind[0] > 6 else ((236, 236, 234), *LOADS))
            if random.random() < 0.6:  # rails
                road.line(list(zip(us, 0 * us + sign * (half - 0.2))), (190, 190, 186, 150), 0.5)


class Area:
    """The plan of one service area, in metres: along the expressway, and outwards from its plaza's edge."""

    def __init__(self, random, length):
        self.random, self.length = random, length
        self.deep = max(38.0, length / random.uniform(2.3, 5.0))
        self.gap = random.choice((2.0, 4.0, 8.0, random.uniform(4, 16)))
        us = np.linspace(-length / 2, length / 2, 49)
        share = us / (length / 2)
        kind = random.choice(("trapezoid", "trapezoid", "lens", "lens", "box"))
        if kind == "lens":
            top = np.clip(1 - np.abs(share) ** random.uniform(1.8, 4.0), 0, 1)
            top = top * (1 + random.uniform(-0.3, 0.3) * share)
        else:
            ends = [random.uniform(0.12, 0.45) if kind == "trapezoid" else random.uniform(0.03, 0.1) for _ in (0, 1)]
            top = np.minimum((share + 1) / 2 / ends[0], (1 - share) / 2 / ends[1])
            top = np.clip(top + random.uniform(0.05, 0.35), 0, 1)
            if random.random() < 0.3:  # deeper at the building
                low, high = sorted(random.uniform(-0.7, 0.7) for _ in (0, 1))
                top = np.where((share < low) | (share > high), top * random.uniform(0.7, 0.9), top)
        self.us, self.top = us, np.maximum(self.deep * top, 3.0)
        self.pavement = random.choice((*CONCRETE, *CONCRETE[:4], *ASPHALT))
        self.lawn = random.choice(LAWNS)

    def size(self):
        return float(np.trapezoid(self.top, self.us))

    def outline(self, half, more=0.0):
        """Returns the plaza's outline beside an expressway of a width."""
        low = half + self.gap
        ends = (self.us[0] - more, low - more), (self.us[-1] + more, low - more)
        return [ends[0], *zip(self.us, low + self.top + more), ends[1]]

    def approach(self, plan, half, tone):
        """Draws the ground around, the ramps, and strips between them and the expressway."""
        random, long = plan.random, self.length / 2
        if random.random() < 0.75:
            earth = random.choice(((150, 138, 114), (128, 116, 92), self.lawn, (112, 104, 80)))
            plan.shape(self.outline(half, random.uniform(4, 16)), (*earth, random.randint(150, 254)))
        ramp = max(30.0, random.uniform(0.2, 0.5) * self.length)
        wide, low = random.uniform(6, 9), half + self.gap
        t = np.linspace(0, 1, 13)
        rise = t * t * (3 - 2 * t)
        for sign in (-1, 1):
            us = sign * (long + ramp * (1 - t * 1.25))
            out = half - wide - 1 + (self.gap + wide + 2) * rise
            grass = [(sign * (long + ramp), half - 1), (sign * long * 0.8, half - 1), (sign * long * 0.8, low + 2),
                     (sign * long, low + 2)]
            plan.shape(grass, self.lawn)
            plan.band(us, out, out + wide, tone)
            plan.line(list(zip(us, out + wide)), (224, 224, 220), 0.3)
        plan.band(np.linspace(-long, long, 9), half - 1, low + 0.5, random.choice((self.lawn, self.lawn, tone)))

    def inside(self, points, margin=1.0):
        """Tells whether all points are on the plaza."""
        us, vs = np.array(points).T
        return bool(((vs >= margin) & (vs <= np.interp(us, self.us, self.top, 0, 0) - margin)).all())

    def draw(self, plan, half, random):
        """Draws the plaza and what is on it."""
        self.low, self.plan, scale = half + self.gap, plan, plan.scale
        tone = self.pavement
        plan.shape(self.outline(half), tone)
        self.wear(random, tone)
        edge = [*zip(self.us, self.low + self.top)]
        plan.line(edge, random.choice(((220, 218, 210), (90, 90, 84), self.lawn)), random.uniform(0.6, 2.0))
        self.taken = []
        spot = random.choice((-1, 1)) * random.uniform(0.2, 0.32) * self.length
        self.station(random, spot)
        self.building(random, -0.3 * spot + random.uniform(-0.06, 0.06) * self.length)
        for _ in range(random.randint(2, 7)):
            self.patch(random)
        self.parking(random)
        if random.random() < 0.5:
            step = random.uniform(7, 14) / min(1.0, 1.6 * scale)
            far = random.uniform(1, 5)
            us = np.arange(self.us[1], self.us[-2], step)
            points = [(u, self.low + np.interp(u, self.us, self.top) + far) for u in us if random.random() < 0.85]
            plan.trees(points, random.uniform(2, 4))

    def wear(self, random, tone):
        """Draws slabs, stains and lanes on the pavement."""
        plan, long = self.plan, self.length
        for _ in range(random.randint(4, 10)):
            u, v = random.uniform(-0.45, 0.45) * long, random.uniform(0.0, 0.9) * self.deep
            corners = turned(u, v, random.uniform(10, 0.3 * long), random.uniform(5, 0.3 * self.deep))
            if self.inside(corners, 0.5):
                shade = random.choice(((0, 0, 0, random.randint(8, 40)), (255, 255, 255, random.randint(8, 40))))
                plan.shape([(x, y + self.low) for x, y in corners], shade)
        if plan.scale > 0.6 and tone in CONCRETE and random.random() < 0.6:
            for u in np.arange(self.us[2], self.us[-2], random.uniform(9, 14)):
                top = np.interp(u, self.us, self.top)
                plan.line([(u, self.low + 1), (u, self.low + top - 1)], (70, 68, 64, 60), 0.3)

    def free(self, corners, margin=1.5):
        """Tells whether a place is on the plaza and not taken; if so, takes it."""
        points = np.array(corners)
        low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
        if not self.inside(corners) or self.hits((*low, *high)):
            return False
        self.taken.append((*low, *high))
        return True

    def hits(self, box):
        """Tells whether a box touches a place that is taken."""
        return any(a < box[2] and box[0] < c and b < box[3] and box[1] < d for a, b, c, d in self.taken)

    def station(self, random, spot):
        """Draws a filling station: a flat roof on the plaza, and a small house."""
        long, deep = random.uniform(20, 40), random.uniform(13, 22)
        turn = random.choice((0.0, math.pi / 2, random.uniform(-0.6, 0.6)))
        for _ in range(10):
            u, v = spot + random.uniform(-0.1, 0.1) * self.length, random.uniform(0.25, 0.75) * self.deep
            if self.free(turned(u, v, long, deep, turn), 6.0):
                break
        else:
            return
        plan, roof = self.plan, random.choice(CANOPIES)
        v += self.low
        side = random.choice((-1, 1)) * (deep / 2 + random.uniform(5, 9))
        yard = tuple(turned(u, v, long + 12, deep + 10, turn))
        plan.shape(yard, (*random.choice(CONCRETE), 150))
        house = u - side * math.sin(turn), v + side * math.cos(turn)
        if self.inside([(house[0], house[1] - self.low)], 8):
            plan.box(*house, long * random.uniform(0.5, 0.9), random.uniform(6, 9), random.choice(ROOFS), turn, 4.0)
        plan.box(u, v, long, deep, roof, turn, 7.0)
        light, dark = (255, 255, 255, random.randint(20, 90)), (0, 0, 0, random.randint(16, 50))
        if random.random() < 0.5:
            plan.shape(turned(u, v, long * 0.86, deep * 0.8, turn), random.choice((light, dark)))
        if random.random() < 0.5:
            ends = turned(u, v, long, 0.0, turn)
            plan.line([ends[0], ends[1]], random.choice((light, dark)), 0.6)
        rim = turned(u, v, long - 0.8, deep - 0.8, turn)
        plan.line([*rim, rim[0]], random.choice((light, dark, (200, 50, 46), (60, 100, 180))), 0.7)

    def building(self, random, spot):
        """Draws the main building, of a few parts, with lawn and trees before it."""
        plan, tone = self.plan, random.choice(ROOFS)
        long, deep = min(0.4 * self.length, random.uniform(36, 90)), random.uniform(12, 24)
        for _ in range(14):
            u, share = spot + random.uniform(-0.12, 0.12) * self.length, random.choice((0.5, 0.75, 0.85))
            v = min(share * self.deep, np.interp(u, self.us, self.top) - deep / 2 - random.uniform(3, 8))
            if self.free(turned(u, v, long, deep), 5.0):
                break
            long *= 0.92
        else:
            return
        v += self.low
        apron = turned(u, v, long + random.uniform(6, 20), deep + random.uniform(6, 14))
        if self.inside([(x, y - self.low) for x, y in apron], 0.0):
            plan.shape(apron, random.choice((self.lawn, self.lawn, *CONCRETE)))
        parts = random.randint(1, 4)
        wide = long / parts
        for part in range(parts):
            x = u - long / 2 + wide * (part + 0.5)
            own = deep * random.uniform(0.6, 1.0)
            y = v + random.uniform(-0.5, 0.5) * (deep - own)
            roof = tone if random.random() < 0.75 else random.choice(ROOFS)
            self.roof(random, x, y, wide * random.uniform(0.8, 1.02), own, roof, random.uniform(5, 11))
        for _ in range(random.randint(0, 3)):
            x, y = u + random.uniform(-0.8, 0.8) * long, v - self.low + random.uniform(-0.3, 0.3) * deep
            corners = turned(x, y, random.uniform(8, 18), random.uniform(6, 12))
            if self.free(corners):
                middle = np.mean(corners, axis=0)
                size = np.ptp(np.array(corners), axis=0)
                self.roof(random, middle[0], middle[1] + self.low, *size, random.choice(ROOFS), 4.0)

    def roof(self, random, x, y, long, deep, tone, height):
        plan = self.plan
        corners = plan.box(x, y, long, deep, tone, 0.0, height)
        style = random.choice(("flat", "ridge", "rim"))
        shade = random.choice(((255, 255, 255, random.randint(20, 60)), (0, 0, 0, random.randint(20, 60))))
        if style == "ridge":
            plan.shape([corners[0], corners[1], (x + long / 2, y), (x - long / 2, y)], shade)
        if style == "rim":
            plan.shape(turned(x, y, long - 2.4, deep - 2.4), shade)
        if style != "ridge":
            for _ in range(random.randint(1, 5)):
                u, v = x + random.uniform(-0.4, 0.4) * long, y + random.uniform(-0.35, 0.35) * deep
                plan.box(u, v, random.uniform(1, 5), random.uniform(1, 3), random.choice(ROOFS[6:11]))

    def patch(self, random):
        """Draws an island of lawn, with or without trees."""
        long, deep = random.uniform(8, 0.25 * self.length), random.uniform(3, 9)
        u, v = random.uniform(-0.45, 0.45) * self.length, random.uniform(0.05, 0.95) * self.deep
        corners = turned(u, v, long, deep)
        if not self.free(corners):
            return
        cut = min(deep, long) * 0.3
        x0, x1, y0, y1 = u - long / 2, u + long / 2, v - deep / 2 + self.low, v + deep / 2 + self.low
        shape = [(x0 + cut, y0), (x1 - cut, y0), (x1, (y0 + y1) / 2), (x1 - cut, y1), (x0 + cut, y1),
                 (x0, (y0 + y1) / 2)]
        self.plan.shape(shape, self.lawn)
        self.plan.line([*shape, shape[0]], (206, 204, 196), 0.4)
        if random.random() < 0.6:
            step = random.uniform(4, 8) / min(1.0, 1.6 * self.plan.scale)
            self.plan.trees([(x, (y0 + y1) / 2) for x in np.arange(x0 + 2, x1 - 1, step)], random.uniform(1.3, 2.6))

    def parking(self, random):
        """Draws rows of stalls with cars and trucks where the plaza is free."""
        plan, v = self.plan, random.uniform(3, 12)
        busy, lorries = random.choice((0.1, 0.3, 0.5, 0.75)), random.choice((0.1, 0.25, 0.45))
        lean = random.choice((-1, 1)) * random.uniform(0.7, 1.1)
        trucks, marked = random.random() < 0.7, random.random() < 0.8
        while v < self.deep - 4:
            deep, step = (13.0, 4.8) if trucks else (5.4, 2.7)
            turn = lean if trucks else math.pi / 2
            if trucks:
                step /= abs(math.sin(lean)) ** 0.5
            places, lines, middle = [], [], v + deep / 2
            run = random.uniform(0.3, 0.9) * self.length / 2
            shift = random.uniform(-0.1, 0.1) * self.length
            us, side = np.arange(shift - run, shift + run, step), step / 2 + 1
            tops = np.minimum(*(np.interp(us + d, self.us, self.top, 0, 0) for d in (-side, side)))
            for u in us[tops > v + deep + 1]:
                if self.hits((u - side, v - 1, u + side, v + deep + 1)):
                    continue
                lines.append(turned(u + step / 2, middle + self.low, deep / abs(math.sin(turn)) * 0.9, 0.3, turn))
                if random.random() < (lorries if trucks else busy):
                    places.append((u + random.uniform(-0.2, 0.2), middle + self.low + random.uniform(-0.4, 0.4)))
            if marked and lines and plan.scale > 0.4:
                lines = plan.at(np.array(lines).reshape(-1, 2)).reshape(-1, 4, 2)
                plan.stamps(lines, [(236, 236, 232, min(230, round(240 * plan.scale)))])
            if trucks:
                plan.cars(places, turn, random.uniform(10, 13.5), 2.6, LOADS)
            else:
                plan.cars(places, turn)
            v += deep + random.choice((0.6, 7.0, 7.0)) + (6 if trucks else 0)
            trucks = random.random() < (0.5 if trucks else 0.15)
            run *= 0.9
