"""Airports drawn on farm land, beside towns and at coasts, as satellites see whole airports.

An airport is one region: long straight runways, taxiways beside them, aprons with terminals, piers, hangars and small
airplanes, and the grass between. Sizes are in metres around the middle of the main runway, the first axis along it.
"""

import math

import numpy as np
from PIL import Image, ImageFilter

from crops import asking, bare, showing
from lands import SIDE, coast, exposed, lacking, noise
from paint import Overlay, pictured, swept
from runways import DARK, PALE, ROOFS, Parts, Way, within

SHARE = 0.035  # share of crops that are replaced by land with an airport
ASKING = 0.03  # share of other crops, certainly without one, whose prompts ask for airports
NOUN, PLURAL = "airport", "airports"
STRIP, STRIPS = "runway", "runways"
# The beginnings of the names of crops that certainly show no airport.
WITHOUT = (
    "parkinglot", "denseresidential", "harbor", "agricultural", "chaparral", "forest", "intersection", "overpass",
    "storagetanks", "mobilehomepark", "golfcourse", "freeway", "beach", "tenniscourt", "baseballdiamond", "river",
    "mediumresidential", "sparseresidential",
)
# Kinds that a drawn airport does not show.
ELSEWHERE = (
    "ships, harbors, bridges, stadiums, wind turbines, dams, trains, chimneys, toll stations, mobile homes, beaches, "
    "golf courses, ground track fields, athletics tracks, running tracks, basketball courts, docks, breakwaters"
).split(", ")
ALIKE = ("harbors", "stadiums", "ground track fields", "golf courses")
GRASS = (
    (100, 110, 72), (120, 120, 84), (136, 126, 94), (84, 98, 62), (150, 138, 108), (110, 104, 76), (92, 104, 76),
    (128, 132, 92), (160, 146, 116),
)


class Airports:
    """Draws airports on `lands` with a `random.Random`."""

    def __init__(self, lands, random):
        self.lands, self.random = lands, random

    def on(self, crop, picture):
        """Returns the crop and its picture, or others with an airport instead."""
        if self.random.random() < SHARE:
            return self.drawn(crop["image"])
        return lacking(self.random, crop, WITHOUT, (PLURAL,), ASKING), picture

    def drawn(self, name):
        random = self.random
        kind = random.choice(("farm", "farm", "farm", "suburb", "suburb", "dry", "town", "forest"))
        land = self.lands.picture(kind, random.choice((4, 8, 8)))
        if random.random() < 0.2:
            land = coast(random, land, random.choice(((40, 66, 82), (28, 46, 56), (66, 92, 96), (84, 90, 78))))
        airport = Airport(random)
        picture = airport.draw(pictured(land))
        names = {(NOUN, PLURAL): airport.hulls, (STRIP, STRIPS): airport.strips}
        names = {key: [airport.overlay.placed(shape) for shape in shapes] for key, shapes in names.items()}
        crop = showing(bare(name, [*ELSEWHERE, PLURAL, STRIPS]), names, [])
        return asking(crop, random.sample(ALIKE, 1)), picture


class Airport:
    """An airport in a picture of `SIDE` pixels."""

    def __init__(self, random):
        self.random = random
        long = random.uniform(0.5, 1.35) * SIDE  # length of the main runway
        metres = random.uniform(1400, 3600)
        self.px = px = max(0.085, long / metres)  # pixels per metre
        self.angle = random.uniform(0, 2 * math.pi)
        self.side = random.choice((-1, 1))  # the side of the terminals
        deep = 420 * px * random.uniform(0.5, 1.3)
        middle = SIDE / 2 + random.gauss(0, 0.07) * SIDE
        away = deep * 0.5 * self.side
        self.centre = (middle + away * math.sin(self.angle), SIDE / 2 + random.gauss(0, 0.07) * SIDE
                       - away * math.cos(self.angle))
        half = max(1.5, random.uniform(20, 34) * px)
        self.runways = [Way(0, 0, 0, long, half)]
        self.plan = random.choice(("one", "one", "one", "parallel", "parallel", "crossing", "crossing", "open"))
        if self.plan == "parallel":
            gap = random.choice((random.uniform(190, 400), random.uniform(600, 1300))) * px
            where = -self.side if gap < 420 * px or random.random() < 0.4 else self.side
            other = long * random.uniform(0.6, 1.1)
            self.runways.append(Way(random.gauss(0, 0.12) * long, where * gap, 0, other, half))
            self.between = gap if where == self.side else 0.0
        else:
            self.between = 0.0
        self.taxi = random.uniform(95, 190) * px * self.side + self.side * half
        self.thin = max(0.9, random.uniform(9, 14) * px)
        room = max(self.between - 2 * abs(self.taxi), 0.0) if self.between else 1e9
        self.deep = min(random.uniform(80, 210) * px + 4, max(room, 5.0))
        reach = random.uniform(0.09, 0.28)
        mid = random.uniform(-0.5 + reach, 0.5 - reach) * 0.9
        self.apron = (mid - reach) * long, (mid + reach) * long
        self.back = self.taxi + self.side * self.deep  # where the apron ends
        self.beyond = self.side * min(random.uniform(60, 220) * px + 4, max(room - self.deep, 3.0))
        if self.plan in ("crossing", "open"):
            self.second(long, half)
        self.strips = [way.whole() for way in self.runways]
        self.hulls = self.outlined()

    def second(self, long, half):
        """Adds a runway in another direction, clear of the apron."""
        random, low, high = self.random, *self.apron
        for _ in range(30):
            turn = random.choice((-1, 1)) * random.uniform(0.35, 1.57)
            length = long * random.uniform(0.45, 1.0)
            u = random.uniform(-0.48, 0.48) * long
            shift = random.uniform(-0.42, 0.42) if self.plan == "crossing" else random.choice((-1, 1)) * 0.56
            x, y = u + shift * length * math.cos(turn), shift * length * math.sin(turn)
            way = Way(x, y, turn, length, half * random.uniform(0.7, 1.0))
            wide = 8 * half
            points = [way.at(t * length, 0) for t in np.linspace(-0.5, 0.5, 25)]
            if not any(low - wide < x < high + wide and y * self.side > 0.6 * abs(self.taxi) for x, y in points):
                self.runways.append(way)
                return
        self.plan = "one"

    def outlined(self):
        """Returns tight convex outlines that together are the airport."""
        random, px = self.random, self.px
        main, *others = self.runways
        wide, over = random.uniform(30, 110) * px, random.uniform(20, 160) * px
        strip = main.whole(wide, over)
        low, high = self.apron
        base = [(low - 6 * px, self.back + self.beyond), (high + 6 * px, self.back + self.beyond)]
        line = [(s * (main.length / 2 + 0.3 * over), self.taxi + self.side * 40 * px) for s in (-1, 1)]
        hulls = [swept([*strip, *line, *base], 0, 0)]
        for way in others:
            own = way.whole(wide, over)
            if self.plan == "parallel":
                hulls.append(swept([*own, *strip], 0, 0))
            elif self.plan == "crossing" and random.random() < 0.5:
                hulls.append(swept([*own, *base], 0, 0))
            else:
                near = [way.at(s * 0.25 * way.length, 0) for s in (-1, 1)]
                hulls += [own, swept([*near, *main.box(-0.2 * main.length, 0, 0.2 * main.length, 1)], 0, 0)]
        return hulls

    def draw(self, land):
        random, px = self.random, self.px
        self.overlay = overlay = Overlay(land, self.centre, self.angle, 1.0, 2)
        overlay.sun = random.uniform(0, 2 * math.pi)
        self.parts = Parts(random, overlay, px)
        self.roads()
        light = random.uniform(0.8, 1.2)
        grass = tuple(v * light for v in random.choice(GRASS))
        mean = land.resize((1, 1), Image.BOX).getpixel((0, 0))
        grass = tuple(0.75 * v + 0.25 * m for v, m in zip(grass, mean))
        if random.random() < 0.5:
            rim = random.choice(((150, 140, 120), (70, 76, 60), (176, 170, 156), (90, 90, 88)))
            for hull in self.hulls:
                overlay.line([*hull, hull[0], hull[1]], rim, random.choice((1.0, 1.5, 2.5)))
        for hull in self.hulls:
            overlay.shape(hull, grass)
        self.mottled(grass)
        pale = random.random() < 0.45
        self.tar = random.choice(PALE if pale else DARK)
        other = random.choice(PALE if random.random() < (0.85 if pale else 0.4) else DARK)
        self.shoulder = tuple(0.5 * v + 0.5 * g for v, g in zip(random.choice(DARK + PALE), grass))
        self.concrete = random.choice(PALE) if random.random() < 0.75 else other
        self.taxiways(other)
        self.aprons()
        for way in self.runways[::-1]:
            self.parts.runway(way, self.tar, self.shoulder)
        self.buildings()
        picture = overlay.image.reduce(2)
        picture = picture.filter(ImageFilter.BoxBlur(random.uniform(0.0, 0.5)))
        shown = np.asarray(picture, np.float32)
        shown = shown * (1 + 0.03 * noise(random, 9) + 0.03 * noise(random, 40))[..., None]
        return exposed(random, shown, 0.025)

    def roads(self):
        """Draws roads of the country around."""
        random = self.random
        tone = random.choice(((150, 148, 142), (120, 120, 120), (176, 172, 162)))
        for _ in range(random.choice((0, 1, 1, 2))):
            turn, off = random.choice((0.0, random.uniform(0, 3.1))), random.uniform(-1, 1) * SIDE
            us = np.linspace(-400, 400, 25)
            vs = off + 14 * np.sin(us / random.uniform(60, 200) + random.uniform(0, 6))
            points = np.stack([us * math.cos(turn) - vs * math.sin(turn), us * math.sin(turn) + vs * math.cos(turn)], 1)
            self.overlay.line(points, tone, random.choice((1, 1.5, 2.5)))

    def mottled(self, grass):
        """Draws patches of other grass, tracks and drains."""
        random, px = self.random, self.px
        for hull in self.hulls[:2]:
            hull = np.array(hull)
            for _ in range(random.randint(2, 9)):
                weights = np.array([random.random() ** 3 for _ in hull])
                x, y = weights @ hull / weights.sum()
                a, b = random.uniform(15, 90), random.uniform(2, 16)
                light = random.choice((0.86, 0.92, 1.08, 1.14))
                patch = Way(x, y, random.choice((0, 0, 1.57)), 2 * a * min(1, 4 * px), b * min(1, 4 * px))
                inside = np.array(patch.whole())
                if all(within(hull, p) for p in inside):
                    self.overlay.shape(inside, (*(v * light for v in grass), random.randint(60, 200)))

    def taxiways(self, tone):
        random, px, overlay, main = self.random, self.px, self.overlay, self.runways[0]
        self.tone = tone
        thin, far = self.thin, main.length / 2
        full = random.random() < 0.75
        low, high = (-far, far) if full else (self.apron[0], self.apron[1])
        wide = [(2 * thin + max(1.0, 8 * px), self.shoulder), (2 * thin, tone)]
        lines = [[(low, self.taxi), (high, self.taxi)]]
        ends = [low + thin, high - thin] if full else []
        spots = [*ends, *(random.uniform(low, high) for _ in range(random.randint(2, 6)))]
        for at in spots:
            lean = 0.0 if at in ends else random.choice((0, 0, 1, -1)) * abs(self.taxi) * random.uniform(0.6, 1.2)
            lines.append([(at, 0), (at + lean, self.taxi)])
        if self.plan == "parallel":
            other = self.runways[1]
            for _ in range(random.randint(2, 4)):
                at = random.uniform(max(-far, other.x - other.length / 2), min(far, other.x + other.length / 2))
                start = self.taxi if other.y * self.side > 0 else 0
                lines.append([(at, start), (at + random.choice((0, 0, 20)), other.y)])
            if self.between:
                v = other.y - (self.taxi - 0)
                span = 0.5 * other.length * 0.95
                lines.append([(other.x - span, v), (other.x + span, v)])
                lines += [[(other.x + s * span, v), (other.x + s * span, other.y)] for s in (-1, 1)]
        elif self.plan != "one":
            other = self.runways[1]
            end = max((other.at(s * other.length / 2 * 0.96, 0) for s in (-1, 1)), key=lambda p: p[1] * self.side)
            goal = (sum(self.apron) / 2, self.taxi)
            lines.append([end, (0.5 * (end[0] + goal[0]) + 10 * px, end[1] + 20 * px * self.side), goal])
        if random.random() < 0.35:
            v = self.taxi + self.side * 80 * px
            lines.append([(self.apron[0], v), (self.apron[1], v)])
        for width, colour in wide:
            for line in lines:
                overlay.line(line, colour, width)
        if px > 0.12 and random.random() < 0.6:
            for line in lines:
                overlay.line(line, (200, 176, 80, 120), 0.5)

    def aprons(self):
        random, px, overlay = self.random, self.px, self.overlay
        low, high = self.apron
        out = Way(0, 0, 0, 0, 0)
        overlay.shape(out.box(low, self.taxi, high, self.back), self.concrete)
        self.extra = None
        for u in np.arange(low, high, random.uniform(30, 90) * px + 4):
            light = random.gauss(1, 0.03)
            u1 = min(high, u + 60 * px + 3)
            overlay.shape(out.box(u, self.taxi, u1, self.back), tuple(v * light for v in self.concrete))
        for _ in range(random.randint(2, 8)):
            u, v = random.uniform(low, high), random.uniform(self.taxi, self.back)
            overlay.disc(u, v, random.uniform(4, 16) * px + 0.5, (30, 30, 30, random.randint(15, 50)))
        if random.random() < 0.6:  # an apron of its own for hangars or cargo
            far = self.runways[0].length / 2
            gap, wide = random.uniform(40, 160) * px, random.uniform(0.08, 0.2) * 2 * far
            start = high + gap if far - high > low + far else low - gap - wide
            if -far < start and start + wide < far and wide > 5:
                deep = self.taxi + self.side * self.deep * random.uniform(0.4, 0.9)
                self.extra = start, start + wide, deep
                overlay.shape(out.box(start, self.taxi, start + wide, deep), random.choice(DARK + PALE))

    def buildings(self):
        """Draws terminals with piers, hangars, car parks and airplanes."""
        random, px, overlay, s = self.random, self.px, self.overlay, self.side
        low, high = self.apron
        out, wide = Way(0, 0, 0, 0, 0), high - low
        roof = random.choice(ROOFS)
        large = wide > 250 * px and random.random() < 0.85
        rest = abs(self.beyond)
        deep = min(max(2.0, random.uniform(25, 60) * px), 0.5 * rest)
        park = self.back + s * (deep + max(1.0, 12 * px))
        end = self.back + self.beyond * 0.96
        paved = random.choice(((118, 116, 110), (140, 134, 122), self.shoulder))
        overlay.shape(out.box(low, self.back, high, end), paved)
        for u in np.arange(low + 1, high - 4, max(6.0, random.uniform(50, 140) * px)):
            if random.random() < 0.6:
                self.cars(out, u, park, min(u + max(5.0, random.uniform(35, 110) * px), high), end)
        overlay.line([(low, park - s * 3 * px), (high, park - s * 3 * px)], (92, 92, 94), max(0.8, 9 * px))
        at = random.uniform(low + 0.3 * wide, high - 0.3 * wide)
        overlay.line([(at, park), (at, end), (at + random.gauss(0, 40), end + s * 400)], (104, 104, 106), 1.2)
        if large:
            span = random.uniform(0.3, 0.48) * wide
            mid = (low + high) / 2 + random.gauss(0, 0.05) * wide
            blocks = [out.box(mid - span, self.back - s * 0.2 * deep, mid + span, self.back + s * deep)]
            length = min(0.7 * self.deep, random.uniform(60, 200) * px)
            thin = max(0.9, random.uniform(9, 15) * px)
            piers = random.choice((0, 1, 2, 3, 4)) if length > 6 else 0
            for k in range(piers):
                u = mid + span * (2 * (k + 0.5) / piers - 1)
                pier = Way(u, self.back, random.choice((0, 0, 0.3, -0.3)), 0, 0)
                blocks.append(pier.box(-thin, 0, thin, -s * length))
                if random.random() < 0.4:
                    blocks.append(pier.box(-2.4 * thin, -s * (length - 2 * thin), 2.4 * thin, -s * length))
                for v in np.arange(2.5 * thin, length, max(4.0, 50 * px)):
                    for w in (-1, 1):
                        if random.random() < 0.75:
                            place = pier.at(w * (thin + max(2.0, 26 * px)), -s * v)
                            self.parts.plane(*place, pier.angle + (w > 0) * math.pi)
            if not piers:
                for u in np.arange(mid - span, mid + span, max(4.5, 58 * px)):
                    if random.random() < 0.75:
                        self.parts.plane(u, self.back - s * (0.2 * deep + max(2.2, 28 * px)), s * math.pi / 2)
            for block in blocks:
                overlay.shadow(block, max(0.7, 16 * px), 130)
            for block in blocks:
                self.parts.roofed(block, roof)
        u, tall = low, max(2.0, random.uniform(30, 60) * px)
        while not large and u < high - tall:
            long = max(2.0, random.uniform(25, 100) * px)
            if random.random() < 0.65:
                block = out.box(u, self.back, min(u + long, high), self.back + s * min(tall, rest))
                self.parts.house(block, max(0.6, 12 * px), 120)
            u += long + random.uniform(3, 40) * px + 0.8
        rows = [(low, high, self.back)] + ([self.extra] if self.extra else [])
        for first, last, back in rows:
            v = self.taxi + (back - self.taxi) * random.uniform(0.3, 0.55)
            for u in np.arange(first + 2, last - 2, max(4.2, random.uniform(35, 70) * px)):
                if random.random() < (0.2 if large else 0.5):
                    self.parts.plane(u, v, random.choice((math.pi / 2, -math.pi / 2, random.uniform(0, 6.3))))
        if self.extra:
            first, last, back = self.extra
            for u in np.arange(first, last - 2.5, max(3.0, random.uniform(45, 80) * px)):
                block = out.box(u, back, min(u + max(2.4, 40 * px), last), back + s * max(2.0, 38 * px))
                self.parts.house(block, max(0.6, 14 * px), 120)
        for _ in range(random.choice((0, 0, 0, 1, 2))):
            way = random.choice(self.runways)
            self.parts.plane(*way.at(random.uniform(-0.5, 0.5) * way.length, 0), way.angle)

    def cars(self, out, u0, v0, u1, v1):
        """Draws a car park, or a building of the surroundings."""
        random, overlay, s = self.random, self.overlay, self.side
        if abs(v1 - v0) < 2 or (v1 - v0) * s < 0 or u1 - u0 < 2:
            return
        if random.random() < 0.35:
            block = out.box(u0, v0, u1, v0 + (v1 - v0) * random.uniform(0.3, 0.8))
            return self.parts.house(block, 1.0, 110)
        overlay.shape(out.box(u0, v0, u1, v1), random.choice(DARK + ((140, 138, 132),)))
        for v in np.arange(min(v0, v1) + 0.8, max(v0, v1) - 0.6, 1.7):
            for u in np.arange(u0 + 0.5, u1 - 1.5, 3.0):
                if random.random() < 0.7:
                    light = random.randint(120, 230)
                    overlay.shape(out.box(u, v, u + random.uniform(1, 2.6), v + 0.8), (light, light, light, 170))
