"""Train stations drawn across railways.

From above a train station is a group of parallel tracks that part before it and come together behind it, with long
platforms between them under roofs, or a hall over all of them, and a building along one side or across the end. Tracks
without platforms are no station, and a toll station has a road under its roof.
"""

import math

import numpy as np

from crops import BUILT, asking, filled, missing, named, showing
from paint import ribbon
from plans import CARS, NOWHERE, Plan, area, extent, land, moves, scaled, sketch, suits, turned

SHARE = 0.05  # share of crops that get a train station
ASKING = 0.02  # share of crops with parking lots or roads, and without a train station, where they are asked for
NOUN, NAME = "train station", "train stations"
RAILS = {"railway tracks", "railways", "trains"}
# What a station may show, or be called.
HIDDEN = {
    *BUILT, "vegetation", "bushes", "railways", "trains", "platforms", "shipping containers", "skylights",
    "power lines", "plazas", NAME,
}
BALLAST = ((104, 96, 88), (118, 108, 98), (92, 86, 82), (128, 120, 110), (110, 98, 84), (86, 78, 72), (136, 130, 122))
PLATFORMS = ((196, 194, 188), (180, 178, 172), (210, 206, 198), (166, 164, 160), (188, 180, 166))
ROOFS = (
    (226, 228, 228), (214, 216, 216), (196, 198, 200), (176, 178, 180), (152, 156, 160), (126, 130, 136),
    (96, 132, 186), (78, 114, 174), (120, 152, 190), (96, 100, 106), (140, 124, 110), (168, 176, 170),
)
HOUSES = (*ROOFS, (168, 84, 72), (188, 100, 84), (150, 134, 116), (206, 200, 188))
TRAINS = (
    (232, 234, 234), (216, 218, 220), (60, 96, 160), (70, 110, 84), (186, 188, 190), (150, 60, 54), (206, 210, 206),
)
GROUNDS = ((132, 124, 110), (112, 106, 96), (98, 102, 76), (86, 94, 66), (148, 140, 126), (120, 118, 112))
PAVING = ((168, 166, 162), (186, 182, 174), (124, 124, 124), (140, 138, 136), (198, 190, 178))


class Stations:
    """Draws train stations with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a train station, or without: then as one that contains none."""
        if any(word in thing["noun"] for thing in crop["things"] for word in (NOUN, "platform")):
            return crop, picture
        crop = missing(crop, [NAME])
        if self.random.random() < SHARE:
            return self.drawn(*self.ground(crop, picture))
        there = named(crop)
        if there & {"parking lots", "roads"} and self.random.random() < ASKING:
            crop = asking(crop, {NAME, *(there & {"bridges", "overpasses"})})
        return crop, picture

    def ground(self, crop, picture):
        """Returns a crop with room for a station and its picture: this one, or drawn land."""
        if suits(crop, NOWHERE | RAILS) and self.random.random() < 0.75:
            return scaled(self.random, crop, picture)
        return land(self.random, crop)

    def drawn(self, crop, picture):
        random, size = self.random, picture.size
        long = extent(random, crop, size, 0.8)
        metres = random.uniform(130, 420) if long > 100 else random.uniform(110, 260)
        scale, yard = long / metres, Yard(random, metres)
        bend = random.choice((0.0, 0.0, 0.0, random.uniform(-0.3, 0.3))) / max(metres, 0.6 * max(size) / scale)
        overlay = sketch(random, picture, scale, 0.9)
        plan = Plan(overlay, random, scale, bend)
        for _ in moves(random, overlay):
            outline = plan.placed(yard.outline())
            if filled(size, [outline]).sum() > 0.65 * area(yard.outline()) * scale * scale:
                break
        covered = yard.draw(plan, 1.6 * max(size) / scale)
        outline, tracks = plan.placed(yard.outline()), [plan.placed(shape) for shape in yard.beds]
        names = {(NOUN, NAME): [outline]}
        covered = [outline, *(plan.placed(shape) for shape in covered)]
        picture = overlay.laid(random, random.uniform(0.4, 0.8))
        none = "toll stations", "service areas"
        crop = missing(crop, {NAME, *none})
        clear = "railway tracks" in crop["absent"]
        crop = showing(crop, names, covered, {*HIDDEN, "railway tracks"})
        if clear:
            # Under roofs and beside platforms it is unclear what belongs to the tracks.
            tracks = {"noun": "railway track", "plural": "railway tracks", "all": True, "polygons": tracks}
            crop["things"] = [*crop["things"], {**tracks, "unclear": [outline]}]
        asked = [NAME, *random.sample(none, random.random() < 0.4)]
        asked += ["railway tracks"] if clear else []
        return {**crop, "asked": sorted(asked)}, picture


class Yard:
    """The plan of a station, in metres: along the tracks, and across them."""

    def __init__(self, random, length):
        self.random, self.length = random, length
        most = min(14, max(3, round(length / 16)))
        self.count = random.randint(3, most)
        self.terminus = random.random() < 0.15
        self.tracks, self.platforms = [], []
        v, rest = 0.0, self.count
        wide = random.uniform(6.5, 11.5)
        if random.random() < 0.6:
            self.platforms.append((v, v + wide * 0.8))
            v += wide * 0.8
        while rest > 0:
            pair = min(rest, 2 if random.random() < 0.8 else random.choice((1, 3, 4)))
            for _ in range(pair):
                self.tracks.append(v + 2.4)
                v += random.uniform(4.7, 5.2)
            rest -= pair
            if rest or random.random() < 0.6 or not self.platforms:
                self.platforms.append((v, v + wide))
                v += wide
        shift = v / 2
        self.tracks = [t - shift for t in self.tracks]
        self.platforms = [(a - shift, b - shift) for a, b in self.platforms]
        self.low, self.high = -shift, v - shift
        self.half = length / 2
        self.ends = [self.merge() for _ in (0, 1)]
        self.side = random.choice((-1, 1))
        # Along the platforms, low and high, and outwards: the main building and the roofs over the tracks.
        self.hall = self.house = None
        style = random.random()
        if style < 0.45:
            long = random.choice((random.uniform(0.35, 0.7), random.uniform(0.75, 1.0))) * length
            middle = random.uniform(-0.5, 0.5) * (length - long) * (0.0 if self.terminus else 1.0)
            if self.terminus:
                middle = self.half - long / 2
            more = random.uniform(0.5, 7.0)
            self.hall = middle - long / 2, middle + long / 2, self.low - more, self.high + more
        if random.random() < 0.88 or not self.hall:
            long = min(0.9 * length, random.uniform(0.25, 0.75) * length + 12)
            deep = random.uniform(0.1, 0.22) * long + 9
            middle = random.uniform(-0.5, 0.5) * (length - long) * 0.5
            if self.hall:
                middle = 0.5 * middle + 0.5 * (self.hall[0] + self.hall[1]) / 2
            start = (self.high if self.side > 0 else -self.low)
            start = max(start, self.side * self.hall[3 if self.side > 0 else 2]) if self.hall else start
            self.house = middle - long / 2, middle + long / 2, start, start + deep
        self.head = random.uniform(14, 32) if self.terminus else 0.0

    def merge(self):
        """Returns where each track goes beyond the platforms at one end, over which distance, and by how much the
        tracks turn."""
        random = self.random
        main = random.choice((1, 2, 2, 2, 3, 4))
        middle = random.uniform(0.3, 0.7) * (self.high - self.low) + self.low
        goals = [middle + 5.0 * (number - (main - 1) / 2) for number in range(main)]
        step = [min(main - 1, number * main // self.count) for number in range(self.count)]
        return [goals[number] for number in step], random.uniform(0.9, 2.4) * 14 * max(3, self.count)

    def track(self, number, us):
        """Returns how far across a track is at places along it."""
        v = np.full(us.shape, self.tracks[number])
        for sign, (goals, far) in zip((-1, 1), self.ends):
            # The outermost tracks come in last.
            delay = 0.35 * far * (1 - abs(number / max(1, self.count - 1) - 0.5) * 2)
            t = np.clip((sign * us - self.half - 6 - delay) / (far - delay), 0, 1)
            v += (goals[number] - self.tracks[number]) * t * t * (3 - 2 * t)
        return v

    def outline(self):
        """Returns the outline of platforms, halls and the building."""
        us = np.linspace(-self.half - 8, self.half + 40, 145)
        low, high = np.full(us.shape, np.inf), np.full(us.shape, -np.inf)
        parts = [(-self.half, self.half, self.platforms[0][0], self.platforms[-1][1])]
        parts += [self.hall] if self.hall else []
        if self.house:
            first, last, near, far = self.house
            near, far = sorted((self.side * (near - 1), self.side * far))
            if near > self.platforms[-1][1]:
                near = self.platforms[-1][1]
            if far < self.platforms[0][0]:
                far = self.platforms[0][0]
            parts.append((first, last, near, far))
        if self.terminus:
            parts.append((self.half - 1, self.half + self.head, self.low, self.high))
        for a, b, c, d in parts:
            there = (us >= a) & (us <= b)
            low[there], high[there] = np.minimum(low[there], c), np.maximum(high[there], d)
        there = high > low
        return ribbon(us[there], low[there], high[there])

    def draw(self, plan, far):
        """Draws the station and the tracks, and returns outlines of all that is drawn."""
        random, self.plan = self.random, plan
        stop = self.half if self.terminus else far
        near = 2.5 * self.half
        us = np.unique([*np.linspace(-far, stop, 21), *np.linspace(-near, min(stop, near), 42)])
        ways = [self.track(number, us) for number in range(self.count)]
        low, high = np.min(ways, axis=0), np.max(ways, axis=0)
        for a, b in self.platforms:
            there = np.abs(us) <= self.half
            low[there], high[there] = np.minimum(low[there], a), np.maximum(high[there], b)
        margin = random.uniform(4, 16)
        covered = [ribbon(us, low - margin, high + margin)]
        plan.shape(covered[0], random.choice(GROUNDS))
        covered += self.forecourt()
        bed = random.choice(BALLAST)
        self.beds = [ribbon(us, v - 2.2, v + 2.2) for v in ways]
        plan.band(us, low - 3.0, high + 3.0, tuple(v * random.uniform(0.9, 1.15) for v in bed))
        for _ in range(10):  # stains along the tracks
            u, v = random.uniform(-1.5, 1.5) * self.half, random.uniform(self.low, self.high)
            wide = random.uniform(20, 120)
            if abs(u) + wide / 2 < self.half:
                plan.box(u, v, wide, random.uniform(3, 12), random.choice(((0, 0, 0, 24), (255, 240, 220, 24))))
        for v in ways:
            shade = random.uniform(0.72, 1.05)
            plan.band(us, v - 1.5, v + 1.5, tuple(c * shade for c in bed))
            rail = random.choice(((60, 54, 50), (70, 62, 56), (176, 170, 164), (200, 196, 190)))
            for d in (-0.75, 0.75):
                plan.line(list(zip(us, v + d)), rail, 0.22)
        self.strips(random)
        self.trains(random, us, ways)
        self.covers(random)
        self.wires(random, us, low, high)
        if self.house:
            first, last, near, far = self.house
            covered.append(self.building(random, (first, last), (self.side * near, self.side * far)))
        if self.terminus:
            covered.append(self.building(random, (self.half - 1, self.half + self.head), (self.low, self.high)))
        if self.hall:
            self.cover(random, *self.hall, 12.0, random.choice(ROOFS))
        return covered

    def forecourt(self):
        """Draws a forecourt and a street behind the building, and returns their outlines."""
        plan, random = self.plan, self.random
        if not self.house:
            return []
        first, last, near, far = self.house
        deep, wide = random.uniform(10, 60), random.uniform(1.0, 1.5) * (last - first)
        u, sign = (first + last) / 2, self.side
        corners = turned(u, sign * (near + (far + deep - near) / 2), wide, far + deep - near)
        plan.shape(corners, random.choice(PAVING))
        for _ in range(6):
            x, y = u + random.uniform(-0.4, 0.4) * wide, far + random.uniform(0.2, 0.8) * deep
            plan.box(x, sign * y, random.uniform(4, 0.3 * wide), random.uniform(2, 0.3 * deep),
                     random.choice((*PAVING, (84, 96, 60), (70, 84, 54))))
        v = far + 6.0
        while v < far + deep - 5 and random.random() < 0.85:
            places = [(x, sign * v) for x in np.arange(u - 0.42 * wide, u + 0.42 * wide, 2.9)]
            fill = random.choice((0.0, 0.3, 0.6))
            plan.cars([p for p in places if random.random() < fill][:60], math.pi / 2, tones=CARS)
            v += random.choice((5.6, 11.0, 11.0, 18.0))
        if random.random() < 0.6:
            places = [(x, sign * (far + deep - 2)) for x in np.arange(u - wide / 2, u + wide / 2, 7)]
            plan.trees([p for p in places if random.random() < 0.8], random.uniform(2, 3.6))
        shapes = [corners]
        if random.random() < 0.5:
            y = sign * (far + deep + 4)
            us = np.linspace(-3.0, 3.0, 31) * self.length
            plan.band(us, y - 4.5, y + 4.5, (116, 116, 116))
            plan.line(list(zip(us, 0 * us + y)), (220, 218, 200), 0.3)
            shapes.append(ribbon(us, y - 4.5, y + 4.5))
        return shapes

    def strips(self, random):
        """Draws platforms with their edges."""
        plan, tone = self.plan, random.choice(PLATFORMS)
        self.spans = []
        for a, b in self.platforms:
            first, last = -self.half * random.uniform(0.86, 1.0), self.half * random.uniform(0.86, 1.0)
            last = self.half if self.terminus else last
            taper = random.uniform(4, 20)
            shape = [(first, a + 1.2), (first + taper, a + 0.5), (last - taper, a + 0.5), (last, a + 1.2),
                     (last, b - 1.2), (last - taper, b - 0.5), (first + taper, b - 0.5), (first, b - 1.2)]
            plan.shadow(shape, 1.2)
            shade = random.uniform(0.92, 1.06)
            plan.shape(shape, tuple(min(250, v * shade) for v in tone))
            for v in (a + 1.3, b - 1.3):
                plan.line([(first, v), (last, v)], random.choice(((236, 226, 160), (240, 240, 236))), 0.3)
            self.spans.append((first, last))

    def trains(self, random, us, ways):
        """Draws trains on some of the tracks."""
        plan, busy = self.plan, random.choice((0.0, 0.15, 0.3, 0.5))
        for number, way in enumerate(ways):
            if random.random() > busy:
                continue
            tone, stripe = random.choice(TRAINS), random.random() < 0.3
            long, count = random.uniform(20, 26), random.randint(3, 14)
            u = random.uniform(-1.0, 1.0) * self.half - long * count / 2
            for _ in range(count):
                ends = np.array([u + 0.5, u + long - 0.5])
                if ends[1] > us[-1] - 3:
                    break
                v = np.interp(ends, us, way)
                corners = ribbon(ends, v - 1.55, v + 1.55)
                plan.shadow(corners, 3.5)
                plan.shape(corners, tone)
                plan.line([(ends[0], v[0]), (ends[1], v[1])], (60, 64, 70, 110) if not stripe else (40, 80, 150), 0.8)
                u += long

    def covers(self, random):
        """Draws roofs over platforms."""
        tone, chance = random.choice(ROOFS), random.choice((0.0, 0.7, 1.0, 1.0)) if self.hall else 0.95
        share = random.uniform(0.35, 1.0)
        shift = random.uniform(-0.5, 0.5) * (1 - share)
        for (a, b), (first, last) in zip(self.platforms, self.spans):
            if random.random() < chance:
                middle, long = (first + last) / 2 + shift * (last - first), share * (last - first)
                more = random.uniform(-0.8, 0.6)
                self.cover(random, middle - long / 2, middle + long / 2, a - more, b + more, 5.0, tone)

    def cover(self, random, first, last, low, high, height, tone):
        """Draws a roof over platforms, or a hall over tracks."""
        plan = self.plan
        corners = [(first, low), (last, low), (last, high), (first, high)]
        wide = high - low
        plan.shadow(corners, height, 140)
        plan.shape(corners, tone)
        hall = wide > 20
        bays = max(1, round(wide / random.uniform(14, 40))) if hall and random.random() < 0.7 else 1
        style = random.choice(("arch", "arch", "flat", "lights", "ridge")) if hall else random.choice(("ridge", "flat"))
        for bay in range(bays):
            a, b = low + wide * bay / bays, low + wide * (bay + 1) / bays
            if style == "arch":
                steps = 6
                for step in range(steps):
                    light = math.cos(math.pi * (step + 0.5) / steps) * random.uniform(0.8, 1.0)
                    shade = (255, 255, 255, round(50 * light)) if light > 0 else (0, 0, 0, round(-70 * light))
                    span = a + (b - a) * step / steps, a + (b - a) * (step + 1) / steps
                    plan.shape([(first, span[0]), (last, span[0]), (last, span[1]), (first, span[1])], shade)
            if style == "ridge":
                m = (a + b) / 2
                plan.shape([(first, m), (last, m), (last, b), (first, b)], (0, 0, 0, random.randint(16, 60)))
                plan.line([(first, m), (last, m)], (255, 255, 255, 120), 0.5)
            if style == "lights":
                m, half = (a + b) / 2, 0.12 * (b - a)
                glass = random.choice(((70, 90, 110), (236, 240, 242), (120, 140, 156)))
                plan.shape(turned((first + last) / 2, m, last - first - 6, 2 * half), glass)
            if bays > 1:
                plan.line([(first, b), (last, b)], (30, 32, 36, 130), 0.8)
        step = max(random.uniform(5, 18), (last - first) / 40)
        if random.random() < 0.8:
            dark = random.choice(((20, 22, 26), (255, 255, 255)))
            for u in np.arange(first + step, last - step / 2, step):
                plan.line([(u, low), (u, high)], (*dark, random.randint(50, 90)), random.uniform(0.5, 1.2))
        if hall and random.random() < 0.4:  # bands of another colour across
            other = random.choice(ROOFS)
            for _ in range(random.randint(1, 3)):
                u, wide = random.uniform(first, last), random.uniform(3, 16)
                ends = max(first, u), min(last, u + wide)
                plan.shape([(ends[0], low), (ends[1], low), (ends[1], high), (ends[0], high)], (*other, 200))
        plan.line([*corners, corners[0]], random.choice(((255, 255, 255, 120), (0, 0, 0, 90))), 0.7)

    def wires(self, random, us, low, high):
        """Draws the masts and beams of overhead lines across the tracks."""
        if random.random() < 0.4:
            return
        plan, step = self.plan, random.uniform(40, 65)
        for u in np.arange(us[0], us[-1], step)[:40]:
            a, b = np.interp(u, us, low) - 2, np.interp(u, us, high) + 2
            plan.line([(u + 2.5, a), (u + 2.5, b)], (10, 10, 12, 110), 0.5)
            plan.line([(u, a), (u, b)], (176, 176, 172, 150), 0.35)

    def building(self, random, along, across):
        """Draws a building between two distances along the tracks and two across them, and returns its outline."""
        plan, tone = self.plan, random.choice(HOUSES)
        (first, last), (low, high) = along, sorted(across)
        corners = [(first, low), (last, low), (last, high), (first, high)]
        parts = random.choice((1, 3, 3, 5))
        cuts = sorted([first, last, *(first + (last - first) * (n / parts) for n in range(1, parts))])
        for number, (a, b) in enumerate(zip(cuts, cuts[1:])):
            centre = number == parts // 2
            deep = (high - low) * (1.0 if centre else random.uniform(0.6, 0.95))
            # Next to the tracks.
            y0, y1 = (low, low + deep) if abs(low) < abs(high) or parts == 1 else (high - deep, high)
            shape = [(a, y0), (b, y0), (b, y1), (a, y1)]
            plan.shadow(shape, 12.0 if centre else 8.0, 140)
            own = tone if random.random() < 0.7 else random.choice(HOUSES)
            plan.shape(shape, own)
            shade = random.choice(((255, 255, 255, random.randint(20, 60)), (0, 0, 0, random.randint(20, 60))))
            m = (y0 + y1) / 2
            if random.random() < 0.5:
                plan.shape([(a, m), (b, m), (b, y1), (a, y1)], shade)
            else:
                plan.shape(turned((a + b) / 2, m, (b - a) * 0.9, (y1 - y0) * 0.8), shade)
            for _ in range(random.randint(0, 4)):
                x, y = random.uniform(a, b), random.uniform(y0 + 1, y1 - 1)
                plan.box(x, y, random.uniform(1, 5), random.uniform(1, 3), random.choice(HOUSES))
        return corners
