"""Golf courses drawn on farm land, between houses and in woods, as satellites see whole courses.

A course is a region of its own shape: long, soft, light fairways that run beside each other in darker rough, each from
a tee to a small green with bunkers around it, and trees, ponds and paths between them.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from crops import asking, bare, showing
from lands import SIDE, exposed, lacking, noise
from paint import Overlay, opacity, pictured

SHARE = 0.03  # share of crops that are replaced by land with a golf course
ASKING = 0.03  # share of other crops, certainly without one, whose prompts ask for golf courses
NOUN, PLURAL = "golf course", "golf courses"
FIELD = "golf field", "golf fields"
# The beginnings of the names of crops that certainly show no golf course.
WITHOUT = (
    "parkinglot", "denseresidential", "harbor", "agricultural", "chaparral", "forest", "buildings", "intersection",
    "storagetanks", "mobilehomepark", "runway", "airplane", "freeway", "beach",
)
# Kinds that a drawn course does not show.
ELSEWHERE = (
    "airplanes, planes, ships, harbors, storage tanks, runways, airports, stadiums, wind turbines, dams, trains, "
    "chimneys, toll stations, mobile homes, beaches, sea, overpasses, ground track fields, athletics tracks, "
    "running tracks, basketball courts, railways, hangars, breakwaters"
).split(", ")
ALIKE = ("ground track fields", "stadiums", "runways", "airports")
PAD = 64  # width around the picture where holes go on, in pixels
# Rough, its other colour, and fairway.
GREENS = (
    ((66, 84, 46), (82, 96, 54), (106, 132, 70)), ((56, 70, 42), (70, 80, 48), (92, 108, 62)),
    ((78, 92, 56), (108, 106, 70), (112, 138, 76)), ((126, 114, 80), (104, 100, 66), (96, 124, 66)),
    ((144, 128, 96), (124, 112, 80), (88, 118, 62)), ((62, 84, 54), (74, 98, 58), (118, 148, 84)),
    ((92, 94, 62), (112, 108, 74), (126, 136, 84)), ((50, 66, 44), (64, 76, 50), (84, 112, 64)),
)
SANDS = ((226, 220, 200), (212, 200, 170), (234, 232, 222), (198, 182, 148))
PONDS = ((34, 50, 52), (48, 68, 72), (24, 34, 36), (66, 80, 66), (58, 84, 98))
PATHS = ((176, 170, 156), (158, 152, 140), (196, 190, 176), (168, 150, 122))
CROWNS = ((46, 64, 38), (54, 72, 42), (42, 58, 40), (64, 80, 46), (74, 80, 52))

TURNS = np.linspace(0, 2 * math.pi, 17)[:-1]
ROUND, WAVES = (np.cos(TURNS), np.sin(TURNS)), np.outer((1, 2, 3), TURNS)


class Courses:
    """Draws golf courses on `lands` with a `random.Random`."""

    def __init__(self, lands, random):
        self.lands, self.random = lands, random

    def on(self, crop, picture):
        """Returns the crop and its picture, or others with a golf course instead."""
        if self.random.random() < SHARE:
            return self.drawn(crop["image"])
        return lacking(self.random, crop, WITHOUT, (PLURAL, FIELD[1]), ASKING), picture

    def drawn(self, name):
        random = self.random
        kind = random.choice(("farm", "farm", "suburb", "suburb", "forest", "forest", "dry", "town"))
        course = Course(random, kind)
        course.woods = self.lands.picture("forest", 4)
        picture = course.draw(self.lands.picture(kind, random.choice((4, 8))))
        names = {(NOUN, PLURAL): [course.placed(course.edge)]}
        if random.random() < 0.5:
            names[FIELD] = names[NOUN, PLURAL]
        crop = showing(bare(name, [*ELSEWHERE, *(p for _, p in names)]), names, [])
        return asking(crop, random.sample(ALIKE, 1)), picture


class Course:
    """A golf course in a picture of `SIDE` pixels: points are around its centre, turned by its angle."""

    def __init__(self, random, kind):
        self.random, self.kind = random, kind
        long = SIDE * random.uniform(0.42, 1.1)
        wide = long * random.uniform(0.5, 1.0)
        margin = 0.46 if long > 0.8 * SIDE else 0.36
        self.centre = [random.uniform(margin, 1 - margin) * SIDE for _ in range(2)]
        self.angle = random.uniform(0, 2 * math.pi)
        self.edge = self.region(long / 2, wide / 2)
        # Width of a fairway: the larger the course, the more holes it may have.
        self.wide = max(3.2, min(13.0, long * random.uniform(0.032, 0.062)))
        self.holes = self.laid_out()

    def placed(self, points):
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        turn = np.array([[cosine, sine], [-sine, cosine]])
        return [tuple(p) for p in (np.asarray(points, float) @ turn + self.centre).tolist()]

    def region(self, a, b):
        """Returns the outline: straight borders of parcels, or round ones."""
        random = self.random
        turns = np.linspace(0, 2 * math.pi, 97)[:-1]
        # Between an ellipse and a box.
        power = random.uniform(0.4, 1.0)
        x = np.sign(np.cos(turns)) * np.abs(np.cos(turns)) ** power
        y = np.sign(np.sin(turns)) * np.abs(np.sin(turns)) ** power
        radius = np.ones(96)
        for k in range(1, 8):
            radius += random.gauss(0, 0.13) / k**0.7 * np.sin(k * turns + random.uniform(0, 6.3))
        for _ in range(random.choice((0, 0, 1, 1, 2))):  # a bay: houses or woods that reach into the course
            at, deep, half = random.uniform(0, 6.3), random.uniform(0.2, 0.5), random.uniform(0.15, 0.45)
            away = np.abs((turns - at + math.pi) % (2 * math.pi) - math.pi)
            radius -= deep * np.clip(1.5 - away / half, 0, 1)
        radius = np.clip(radius, 0.35, 1.5)
        points = np.stack([a * x * radius, b * y * radius], axis=1)
        points /= max(1.0, np.abs(points[:, 0]).max() / a, np.abs(points[:, 1]).max() / b / 1.15)
        if random.random() < 0.5:
            points = points[:: random.choice((3, 4, 6))]
        return points

    def laid_out(self):
        """Returns the holes as lines from tee to green, which follow a smooth field of directions."""
        random, wide = self.random, self.wide
        size = SIDE + 2 * PAD
        plan = Image.new("L", (size, size), 255)
        pen = ImageDraw.Draw(plan)
        shift = lambda points: [(x + PAD, y + PAD) for x, y in self.placed(points)]  # noqa: E731
        edge = shift(self.edge)
        pen.polygon(edge, fill=0)
        pen.line([*edge, edge[0]], fill=255, width=round(wide * random.uniform(1.2, 1.6)))
        gap = wide * random.uniform(0.15, 0.8)
        free = plan.load()
        waves = [(random.gauss(0, 0.5), *(random.gauss(0, 0.12 / wide) for _ in (0, 1)), random.uniform(0, 6.3))
                 for _ in range(3)]
        step, longest = 0.6 * wide, random.uniform(9, 18) * wide
        rows, columns = np.nonzero(np.asarray(plan) == 0)
        if not len(rows):
            return []
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        holes, seeds = [], list(range(len(rows)))
        for tried, seed in enumerate(random.sample(seeds, min(260, len(seeds)))):
            start = int(columns[seed]), int(rows[seed])
            if free[start]:
                continue
            line, most = [start], longest * random.choice((0.35, 0.7, 0.85, 1.0, 1.0))
            for way in (1, -1):
                x, y = start
                turn, bend = 0.0, random.gauss(0, 0.025)
                while len(line) * step < most:
                    u, v = (x - PAD) * cosine + (y - PAD) * sine, (y - PAD) * cosine - (x - PAD) * sine
                    theta = self.angle + turn + sum(a * math.sin(k * u + m * v + p) for a, k, m, p in waves)
                    x, y = x + way * step * math.cos(theta), y + way * step * math.sin(theta)
                    turn += bend
                    if not (0 <= x < size and 0 <= y < size) or free[x, y]:
                        break
                    line.append((x, y)) if way > 0 else line.insert(0, (x, y))
            if len(line) * step < (5.0 if tried < 60 else 2.6) * wide:
                continue
            pen.line([(round(x), round(y)) for x, y in line], fill=255, width=round(2 * (wide + gap) * 0.92))
            for x, y in (line[0], line[-1]):
                r = (wide + gap) * 0.9
                pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
            points = np.array(line, float) - PAD
            holes.append(points if random.random() < 0.5 else points[::-1])
        return holes

    def draw(self, land):
        """Returns the picture of the course on land `[SIDE, SIDE, 3]`."""
        random, wide = self.random, self.wide
        tones = random.choice(GREENS)
        low, high, fair = (np.array([v + random.gauss(0, 5) for v in tone], np.float32) for tone in tones)
        fair = fair * random.uniform(0.92, 1.08)
        region, run = opacity((SIDE, SIDE), self.placed(self.edge)), Image.new("L", (SIDE, SIDE))
        inside = np.asarray(region) > 0
        pen = ImageDraw.Draw(run)
        for hole in self.holes:
            pen.line([tuple(p) for p in hole.tolist()], fill=255, width=max(2, round(1.35 * wide)))
        lumps = noise(random, random.randint(5, 12)) + 0.5 * noise(random, 25)
        wooded = self.kind == "forest" or self.kind != "town" and random.random() < 0.15
        if wooded:
            near = Image.new("L", (SIDE, SIDE))
            pen = ImageDraw.Draw(near)
            for hole in self.holes:
                pen.line([tuple(p) for p in hole.tolist()], fill=255, width=round(2.1 * wide))
            alpha = np.asarray(near.filter(ImageFilter.BoxBlur(1.5)), np.float32)
            alpha = Image.fromarray(np.uint8(np.clip(2 * alpha + 90 * lumps - 128, 0, 255) * inside))
        else:
            alpha = region.filter(ImageFilter.BoxBlur(random.uniform(0.5, 2)))
        mix = np.clip(0.5 + 0.45 * lumps + 0.2 * noise(random, 60), 0, 1)
        grain = 4.0 * noise(random, 120)
        bands = [Image.fromarray(np.uint8(np.clip(a + (b - a) * mix + grain, 0, 255))) for a, b in zip(low, high)]
        picture = pictured(land)
        picture.paste(Image.merge("RGB", bands), (0, 0), alpha)
        picture = picture if wooded else self.planted(picture, inside & (np.asarray(run) == 0), lumps)
        overlay = Overlay(picture, (0.0, 0.0), 0.0, 1.0, 2)
        overlay.sun = random.uniform(0, 2 * math.pi)
        self.ponds(overlay, inside, np.asarray(run) > 0)
        self.paths(overlay)
        mown = Image.new("L", (SIDE, SIDE))
        pen = ImageDraw.Draw(mown)
        shapes = [self.fairway(hole) for hole in self.holes]
        collar = tuple(0.55 * fair + 0.45 * low)
        for shape, wider in shapes:
            overlay.shape(wider, collar)
        for shape, _ in shapes:
            tint = random.gauss(1, 0.03)
            overlay.shape(shape, tuple(fair * tint))
            pen.polygon([tuple(p) for p in shape.tolist()], fill=255)
        self.sand = random.choice(SANDS)
        self.many = random.choice((0.4, 1.0, 1.6))
        for hole in self.holes:
            self.ends(overlay, hole, fair)
        self.house(overlay)
        self.trees(overlay.pen, inside & (np.asarray(run) == 0), lumps)
        return self.finished(overlay.image.reduce(2), mown, lumps)

    def planted(self, picture, free, lumps):
        """Returns the picture with woods between the holes, and their shadow."""
        random = self.random
        dense = lumps + 0.5 * noise(random, 50) > random.uniform(0.1, 1.6)
        woods = Image.fromarray(np.uint8(255 * (free & dense)))
        shade = woods.filter(ImageFilter.BoxBlur(1.2)).point(lambda v: v // 2)
        picture.paste((22, 28, 22), (random.choice((-1, 1)), random.choice((-1, 1))), shade)
        light = random.uniform(0.75, 1.05)
        tint = np.array((light, light * 1.06, light * 0.88), np.float32)
        trees = pictured(self.woods * tint)
        picture.paste(trees, (0, 0), woods.filter(ImageFilter.BoxBlur(0.5)))
        return picture

    def fairway(self, hole):
        """Returns the outlines of a fairway and of the collar around it."""
        random = self.random
        along = np.linspace(0, 1, 24)
        first = random.uniform(0.08, 0.3) if len(hole) > 6 else 0.45
        at = (first + (1 - first) * along) * (len(hole) - 1)
        points = np.stack([np.interp(at, np.arange(len(hole)), hole[:, i]) for i in (0, 1)], axis=1)
        normal = normals(points)
        ends = np.sqrt(np.clip(1 - np.abs(2 * along - 1) ** 5, 0.02, 1))
        sides = []
        for side in (1, -1):
            swell = 1 + sum(random.gauss(0, 0.1) * np.sin(k * along * 3 + random.uniform(0, 6.3)) for k in (1, 2, 4))
            sides.append(side * normal * (0.5 * self.wide * ends * np.clip(swell, 0.55, 1.35))[:, None])
        shape = np.concatenate([points + sides[0], (points + sides[1])[::-1]])
        wider = np.concatenate([points + 1.3 * sides[0], (points + 1.3 * sides[1])[::-1]])
        return shape, wider

    def blob(self, x, y, radius, rough=0.25):
        random = self.random
        waves = np.sin(WAVES + [[random.uniform(0, 6.3)] for _ in range(3)])
        reach = radius * (1 + np.dot([random.gauss(0, rough / k) for k in (1, 2, 3)], waves))
        tilt, flat = random.uniform(0, math.pi), random.uniform(0.5, 0.95)
        u, v = reach * ROUND[0], flat * reach * ROUND[1]
        points = (x + u * math.cos(tilt) - v * math.sin(tilt), y + u * math.sin(tilt) + v * math.cos(tilt))
        return np.stack(points, axis=1)

    def ends(self, overlay, hole, fair):
        """Draws tees, the green and bunkers."""
        random, wide = self.random, self.wide
        ahead = hole[1] - hole[0]
        ahead = ahead / (np.hypot(*ahead) + 1e-6)
        across = np.array([-ahead[1], ahead[0]])
        for back in (0.0, 0.45)[: random.choice((1, 2))]:
            x, half = hole[0] - ahead * wide * (back - 0.1), wide * np.array([random.uniform(0.12, 0.2), 0.1])
            corners = [x + a * half[0] * ahead + b * half[1] * across for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
            overlay.shape(corners, tuple(fair * 1.08))
        x, y = hole[-1]
        for _ in range(min(5, round(random.uniform(0, 3.2) * self.many))):
            turn, far = random.uniform(0, 6.3), wide * random.uniform(0.42, 0.62)
            spot = self.blob(x + far * math.cos(turn), y + far * math.sin(turn), wide * random.uniform(0.13, 0.24), 0.4)
            overlay.shape(spot, self.sand)
        radius = wide * random.uniform(0.26, 0.38)
        overlay.shape(self.blob(x, y, radius * 1.25, 0.15), tuple(fair * 0.94))
        overlay.shape(self.blob(x, y, radius, 0.15), tuple(fair * random.uniform(1.06, 1.24) + 4))
        for _ in range(round(random.uniform(0, 1.6) * self.many)):
            at = hole[random.randrange(len(hole))]
            turn = random.uniform(0, 6.3)
            at = at + wide * random.uniform(0.3, 0.6) * np.array([math.cos(turn), math.sin(turn)])
            overlay.shape(self.blob(*at, wide * random.uniform(0.12, 0.22), 0.4), self.sand)

    def ponds(self, overlay, inside, run):
        random = self.random
        rows, columns = np.nonzero(inside & ~run)
        tone = random.choice(PONDS)
        for _ in range(random.choice((0, 1, 2, 3, 5)) if len(rows) else 0):
            at = random.randrange(len(rows))
            shape = self.blob(columns[at], rows[at], self.wide * random.uniform(0.3, 1.0), 0.4)
            there = [inside[int(y), int(x)] for x, y in shape if 0 <= x < SIDE and 0 <= y < SIDE]
            if all(there):
                overlay.shape(shape + (0.6, 0.6), (118, 112, 84))
                overlay.shape(shape, tone)

    def paths(self, overlay):
        """Draws cart paths beside the holes, and from greens to the next tees."""
        random = self.random
        if random.random() < 0.25:
            return
        tone = (*random.choice(PATHS), random.randint(110, 230))
        fine = 0.5 if self.wide < 7 else 0.8
        for hole in self.holes:
            side = random.choice((-1, 1)) * self.wide * random.uniform(0.6, 0.8)
            sway = 1 + 0.2 * np.sin(np.arange(len(hole)) * random.uniform(0.4, 1.2) + random.uniform(0, 6))
            overlay.line(hole + normals(hole) * side * sway[:, None], tone, fine)
        for hole in self.holes:
            nearest = min(self.holes, key=lambda h: np.hypot(*(h[0] - hole[-1])) + 1e6 * (h is hole))
            if nearest is not hole and np.hypot(*(nearest[0] - hole[-1])) < 4 * self.wide:
                overlay.line([hole[-1] + 0.5 * self.wide, nearest[0] - 0.3 * self.wide], tone, fine)

    def house(self, overlay):
        """Draws the club house at the edge, with a car park."""
        random, wide = self.random, self.wide
        edge = np.array(self.placed(self.edge))
        x, y = 0.86 * (edge[random.randrange(len(edge))] - self.centre) + self.centre
        tilt = random.uniform(0, math.pi)
        axes = np.array([[math.cos(tilt), math.sin(tilt)], [-math.sin(tilt), math.cos(tilt)]])
        box = lambda u, v, a, b: (np.array([(a, b), (a, -b), (-a, -b), (-a, b)]) + (u, v)) @ axes + (x, y)  # noqa: E731
        half, deep = wide * random.uniform(0.5, 0.9), wide * random.uniform(0.3, 0.5)
        tone = random.choice(((104, 104, 104), (132, 128, 122), (150, 146, 138)))
        overlay.shape(box(0, 0, half, deep), tone)
        for u in np.arange(-half + 0.6, half - 0.5, 1.1):
            for v in (-0.5 * deep, 0.5 * deep):
                if random.random() < 0.6:
                    overlay.shape(box(u, v, 0.35, 0.8), (random.choice((50, 90, 160, 220, 235)),) * 3)
        roof = random.choice(((150, 120, 100), (200, 198, 192), (120, 116, 112), (168, 100, 80), (96, 92, 90)))
        for u, v, a, b in ((0, 1.6 * deep, 0.5 * half, 0.35 * deep), (0.3 * half, 2.0 * deep, 0.2 * half, 0.5 * deep)):
            overlay.shadow(box(u, v, a, b), 1.2, 120)
            overlay.shape(box(u, v, a, b), roof)

    def rows(self):
        """Returns the places of trees in lines beside the holes."""
        random, many = self.random, self.random.choice((0, 0.5, 1.0))
        places = []
        for hole in self.holes:
            if random.random() > many:
                continue
            line = hole + random.choice((-1, 1)) * 0.82 * self.wide * normals(hole)
            at = np.array([random.uniform(0, len(hole) - 1) for _ in range(int(len(hole) * random.uniform(0.7, 2.2)))])
            line = np.stack([np.interp(at, np.arange(len(hole)), line[:, i]) for i in (0, 1)], axis=1)
            places += (line + [[random.gauss(0, 0.08 * self.wide) for _ in (0, 1)] for _ in at]).tolist()
        return places

    def trees(self, pen, free, lumps):
        """Draws single trees, with their shadows."""
        random = self.random
        keep = lumps + 0.6 * noise(random, 40) > random.uniform(0.0, 0.9)
        rows, columns = np.nonzero(free & keep)
        count = min(len(rows), random.randint(60, 240))
        size = max(0.9, min(2.6, 0.17 * self.wide)) * 2
        away = (math.cos(self.angle * 7), math.sin(self.angle * 7))
        places = [(columns[at] + random.random(), rows[at] + random.random())
                  for at in random.sample(range(len(rows)), count)]
        trees = [(2 * x, 2 * y, size * random.uniform(0.4, 1.15)) for x, y in [*places, *self.rows()]]
        for u, v, r in trees:
            u, v = u + 0.8 * r * away[0], v + 0.8 * r * away[1]
            pen.ellipse((u - r, v - r, u + r, v + r), fill=(14, 22, 16, 80))
        crown = random.choice(CROWNS)
        for u, v, r in trees:
            light = random.gauss(1.0, 0.14)
            pen.ellipse((u - r, v - r, u + r, v + r), fill=tuple(int(light * c) for c in crown))
            if r > 2:
                u, v, r = u - 0.3 * r * away[0], v - 0.3 * r * away[1], 0.5 * r
                pen.ellipse((u - r, v - r, u + r, v + r), fill=tuple(int(1.25 * light * c) for c in crown))

    def finished(self, picture, mown, lumps):
        """Returns the picture with mowing stripes and noise."""
        random = self.random
        if random.random() < 0.8:
            picture = picture.filter(ImageFilter.BoxBlur(random.uniform(0.1, 0.6)))
        shown = np.asarray(picture, np.float32)
        x = np.arange(SIDE, dtype=np.float32)
        tilt, period = random.uniform(0, math.pi), max(2.6, self.wide * random.uniform(0.25, 0.5))
        phase = (x * math.cos(tilt) + x[:, None] * math.sin(tilt)) * (2 * math.pi / period)
        stripes = np.sin(phase) * random.choice((0.0, 0.02, 0.05, 0.09)) + 0.035 * lumps
        shown = shown * (1 + stripes * np.asarray(mown, np.float32) / 255)[..., None]
        return exposed(random, shown, 0.03)


def normals(points):
    """Returns directions across a line at its points."""
    normal = np.gradient(points, axis=0)[:, ::-1] * (-1, 1)
    return normal / (np.hypot(*normal.T)[:, None] + 1e-6)
