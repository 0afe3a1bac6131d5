"""What drawn service areas and train stations share: plans in metres, places for them, and land around as a picture."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from crops import NATURAL, bare, named
from paint import Overlay, brightness, pictured, placed, ribbon, swept
from valleys import Valley, hills

SIDE = 256  # side of drawn land, in pixels
SHORTEST, LONGEST = 60, 250  # length of what is drawn, in pixels of a crop of 256 pixels
TRIES = 12  # places tried
FIELDS = (
    (112, 104, 76), (134, 122, 92), (92, 98, 62), (74, 88, 54), (150, 138, 108), (104, 88, 66), (84, 96, 66),
    (122, 116, 84), (64, 78, 50), (142, 124, 94), (98, 106, 78),
)
GREENS = ((38, 52, 34), (48, 62, 40), (58, 70, 44), (32, 44, 32), (66, 74, 48))
CARS = ((238, 238, 236), (232, 232, 230), (190, 192, 196), (140, 142, 146), (42, 44, 48), (60, 62, 68), (150, 44, 42),
        (50, 76, 130), (112, 112, 108))
DISC = np.array([[math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4)] for turn in range(8)])
ROOFS = ((150, 84, 72), (168, 104, 88), (176, 174, 168), (206, 204, 198), (112, 108, 104), (90, 112, 150))
# Kinds that land from `land` does not show.
ELSEWHERE = (
    "airplanes, ships, boats, docks, harbors, storage tanks, tennis courts, basketball courts, baseball fields, "
    "ground track fields, athletics tracks, running tracks, runways, wind turbines, swimming pools, stadiums, "
    "beaches, sea, mobile homes, chimneys, dams, bridges, airports, golf courses, railway tracks"
).split(", ")
# Crops of these are no place for an expressway or a railway.
NOWHERE = {
    "airplanes", "runways", "taxiways", "jet bridges", "ships", "boats", "harbors", "docks", "stadiums", "sea",
    "beaches", "water", "lakes", "rivers", "storage tanks", "chimneys", "dams", "toll stations", "overpasses",
    "bridges", "highways",
}


class Plan:
    """Draws in metres around the middle of an overlay: the first axis along a line, which bends by `bend` times the
    square of the distance, and the second across it. `flip` mirrors both axes."""

    def __init__(self, overlay, random, scale, bend=0.0, flip=(1, 1)):
        self.overlay, self.random, self.scale, self.bend, self.flip = overlay, random, scale, bend, flip

    def at(self, points):
        """Returns points in pixels of the overlay."""
        points = np.array(points, np.float64) * self.flip
        points[:, 1] += self.bend * points[:, 0] ** 2
        return points * self.scale

    def placed(self, points):
        """Returns points in pixels of the picture."""
        points = np.array(self.overlay.finer(self.at(points))) / self.overlay.scale
        return points.reshape(-1, 2).round(1).tolist()

    def shape(self, points, fill):
        self.stamps(self.at(points)[None], [fill])

    def stamps(self, shapes, fills):
        """Draws shapes of as many corners each, in pixels of the overlay, without those outside the picture."""
        overlay = self.overlay
        grid = np.array(overlay.finer(shapes.reshape(-1, 2))).reshape(len(shapes), -1, 2)
        there = ((grid.max(axis=1) > 0) & (grid.min(axis=1) < overlay.image.size)).all(axis=1)
        tones = {}
        for index in np.flatnonzero(there):
            points, fill = grid[index].ravel().tolist(), fills[index % len(fills)]
            if fill not in tones:
                tones[fill] = overlay.toned(fill)
            overlay.pen.polygon(points, fill=tones[fill])
            if len(fill) == 3:
                overlay.mark.polygon(points, fill=255)

    def line(self, points, fill, width):
        """Draws a line; one that is finer than the drawing's pixels becomes fainter."""
        fine = width * self.scale * self.overlay.scale
        if fine < 1.0:
            fill = (*fill[:3], round((fill[3] if len(fill) > 3 else 255) * max(fine, 0.12)))
        self.overlay.line(self.at(points), fill, width * self.scale)

    def shadow(self, points, height, strength=120):
        reach, turn = height * self.scale * self.overlay.slant, self.overlay.sun - self.overlay.angle
        shape = swept(self.at(points), reach * math.cos(turn), reach * math.sin(turn))
        self.stamps(np.array([shape]), [(8, 11, 18, strength)])

    def box(self, x, y, long, deep, fill, turn=0.0, height=0.0):
        """Draws a box around a point, with its shadow, and returns its corners."""
        corners = turned(x, y, long, deep, turn)
        if height:
            self.shadow(corners, height)
        self.shape(corners, fill)
        return corners

    def band(self, us, low, high, fill):
        """Draws a band along the line between two distances from it."""
        self.shape(ribbon(us, low, high), fill)

    def trees(self, points, radius):
        """Draws trees with their shadows."""
        if not len(points):
            return
        tone, random = self.random.choice(GREENS), self.random
        away = self.overlay.sun - self.overlay.angle
        sizes = [radius * self.scale * random.uniform(0.6, 1.2) for _ in points]
        discs = DISC * np.array(sizes)[:, None, None] + self.at(points)[:, None]
        shift = 0.6 * radius * self.scale * np.array([math.cos(away), math.sin(away)])
        self.stamps(discs + shift, [(10, 14, 10, 110)])
        self.stamps(discs, [tuple(v * shade for v in tone) for shade in (0.8, 1.1, 0.95, 1.2, 1.0)])

    def cars(self, places, turn, long=4.6, wide=1.9, tones=CARS):
        """Draws vehicles at points, all in one direction, with their shadows."""
        if not len(places):
            return
        sun = self.overlay.sun - self.overlay.angle
        away = min(1.1 * self.overlay.slant, 1.6) * self.scale
        middles = np.asarray(places, np.float64)[:, None, :]
        quads = self.at((middles + turned(0.0, 0.0, long, wide, turn)).reshape(-1, 2)).reshape(-1, 4, 2)
        self.stamps(quads + away * np.array([math.cos(sun), math.sin(sun)]), [(10, 12, 16, 120)])
        self.stamps(quads, [self.random.choice(tones) for _ in places])
        if wide * self.scale > 1.2 and long < 6:
            glass = middles + turned(0.0, 0.0, long * 0.5, wide * 0.8, turn)
            self.stamps(self.at(glass.reshape(-1, 2)).reshape(-1, 4, 2), [(20, 24, 30, 90)])


def turned(x, y, long, deep, turn=0.0):
    """Returns the corners of a turned rectangle around a point."""
    corners = ((-long / 2, -deep / 2), (long / 2, -deep / 2), (long / 2, deep / 2), (-long / 2, deep / 2))
    return placed(corners, (x, y), turn)


def area(points):
    """Returns the area of a polygon."""
    x, y = np.array(points).T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def extent(random, crop, size, power):
    """Returns a length in pixels: a larger one where other things show the scale."""
    shortest = 2 * SHORTEST if any(thing["polygons"] for thing in crop["things"]) else SHORTEST
    return shortest * (LONGEST / shortest) ** (random.random() ** power) * max(size) / 256


def sketch(random, picture, scale, longest):
    """Returns an overlay for plans of `scale` pixels per metre. Shadows are at most `longest` times as long as things
    are high."""
    overlay = Overlay(picture, (0, 0), 0.0, brightness(picture), 3 if scale < 0.5 else 2)
    overlay.sun, overlay.slant = random.uniform(0, 2 * math.pi), random.uniform(0.25, longest)
    return overlay


def moves(random, overlay):
    """Moves an overlay to one random place and direction after another, TRIES times."""
    for _ in range(TRIES):
        overlay.centre = [random.uniform(0.15, 0.85) * n for n in overlay.size]
        overlay.angle = random.uniform(0, 2 * math.pi)
        yield


def suits(crop, nowhere):
    """Tells whether the crop shows things as they were, none of them of the `nowhere` kinds."""
    there = named(crop)
    return bool(there) and not crop.get("asked") and not there & nowhere


def natural(crop):
    """Tells whether the crop shows nothing but open land."""
    return all(thing["noun"] in NATURAL for thing in crop["things"] if thing["polygons"])


def scaled(random, crop, picture):
    """Returns the crop and its picture; half of the crops of open land at about half of their scale."""
    return mirrored(random, crop, picture) if natural(crop) and random.random() < 0.5 else (crop, picture)


def mirrored(random, crop, picture):
    """Returns a crop that shows this one at about half of its scale, mirrored at lines to fill the picture. It has no
    outlines; what the crop does not contain is not there either."""
    share = random.uniform(0.45, 0.62)
    part = picture.resize(tuple(max(8, round(SIDE * share)) for _ in (0, 1)), Image.BOX, reducing_gap=2.0)
    if random.random() < 0.5:
        part = part.transpose(random.choice((Image.ROTATE_90, Image.ROTATE_180, Image.FLIP_LEFT_RIGHT)))
    pixels = np.asarray(part)
    pixels = np.concatenate([pixels, pixels[:, ::-1], pixels], axis=1)
    pixels = np.concatenate([pixels, pixels[::-1], pixels], axis=0)
    y, x = (random.randrange(side - SIDE) for side in pixels.shape[:2])
    shown = Image.fromarray(np.ascontiguousarray(pixels[y : y + SIDE, x : x + SIDE]))
    return {**crop, "things": [], "phrases": [], "asked": [], "partial": True}, shown


def land(random, crop):
    """Returns a crop of drawn open land: fields, or hills."""
    picture = hills(random, (SIDE, SIDE), Valley(random, (SIDE, SIDE))) if random.random() < 0.35 else farmland(random)
    return bare(crop["image"], ELSEWHERE), picture


def farmland(random):
    """Returns a picture of fields, with tracks and trees between them."""
    state = np.random.default_rng(random.randrange(1 << 32))
    size = 2 * SIDE
    angle, middle = random.uniform(0, math.pi), (size / 2, size / 2)
    image = Image.new("RGB", (size, size), random.choice(FIELDS))
    pen = ImageDraw.Draw(image)
    palette = random.sample(FIELDS, random.randint(3, 6))
    alike = random.uniform(0.1, 0.85)
    palette = [tuple(alike * w + (1 - alike) * v for v, w in zip(tone, palette[0])) for tone in palette]
    least = random.uniform(24, 110)

    def at(points):
        return placed(points, middle, angle)

    pending, edges = [(-0.75 * size, -0.75 * size, 0.75 * size, 0.75 * size)], []
    while pending:
        a, b, c, d = pending.pop()
        wide, high = c - a, d - b
        if max(wide, high) > least * random.uniform(1.2, 4) and max(wide, high) > least:
            cut = random.uniform(0.3, 0.7)
            if wide > high * random.uniform(0.6, 1.6):
                m = a + wide * cut
                pending += [(a, b, m, d), (m, b, c, d)]
                edges.append(((m, b), (m, d)))
            else:
                m = b + high * cut
                pending += [(a, b, c, m), (a, m, c, d)]
                edges.append(((a, m), (c, m)))
            continue
        lean = [random.uniform(-0.06, 0.06) * least for _ in range(4)]
        shade = random.uniform(0.9, 1.1)
        tone = tuple(round(v * shade) for v in random.choice(palette))
        pen.polygon(at([(a + lean[0], b), (c, b + lean[1]), (c + lean[2], d), (a, d + lean[3])]), fill=tone)
        if random.random() < 0.4:
            step, dark = random.uniform(5, 12), tuple(round(v * random.uniform(0.88, 1.1)) for v in tone)
            for v in np.arange(b + 2, d - 2, step):
                pen.line(at([(a + 2, v), (c - 2, v)]), fill=dark, width=2)
    trees = random.random()
    for edge in edges:
        choice = random.random()
        if choice < 0.35:
            pale = random.choice(((150, 142, 120), (128, 122, 104), (84, 92, 64), (70, 76, 52)))
            pen.line(at(edge), fill=pale, width=random.choice((1, 2, 3, 5)))
        elif choice < 0.35 + 0.5 * trees:
            (u0, v0), (u1, v1) = edge
            count = min(90, int(math.hypot(u1 - u0, v1 - v0) / 7))
            green = random.choice(GREENS)
            for (x, y), r in zip(at([(u0 + (u1 - u0) * k / max(1, count), v0 + (v1 - v0) * k / max(1, count))
                                     for k in range(count)]), state.uniform(1.5, 5.5, max(1, count))):
                if random.random() < 0.75:
                    pen.ellipse([x - r, y - r, x + r, y + r], fill=green)
    for _ in range(random.choice((0, 0, 1, 2))):  # paths
        us = np.linspace(-0.75, 0.75, 25) * size
        waves = sum(random.uniform(0, 30) * np.sin(us / random.uniform(30, 120) + random.uniform(0, 6)) for _ in (0, 1))
        vs, turn = waves + random.uniform(-0.4, 0.4) * size, random.uniform(0, math.pi)
        pale = random.choice(((176, 168, 146), (146, 142, 132), (150, 136, 112)))
        pen.line(placed(zip(us, vs), middle, turn), fill=pale, width=random.choice((2, 3, 4, 6)))
    for _ in range(random.choice((0, 0, 1, 3))):  # hamlets
        x, y = random.uniform(0, size), random.uniform(0, size)
        spread = random.uniform(15, 60)
        for _ in range(random.randint(4, 45)):
            u, v = random.gauss(x, spread), random.gauss(y, spread)
            long, deep = random.uniform(4, 13), random.uniform(3, 7)
            turn = angle + random.choice((0, math.pi / 2))
            house = turned(u, v, long, deep, turn)
            r = random.uniform(2, 5)
            pen.ellipse([u - r + 7, v - r + 5, u + r + 7, v + r + 5], fill=random.choice(GREENS))
            pen.polygon([(p + 2, q + 2) for p, q in house], fill=(44, 44, 42))
            pen.polygon(house, fill=random.choice(ROOFS))
            pen.polygon([house[0], house[1], (u, v)], fill=random.choice(ROOFS))
    pixels = np.asarray(image.reduce(2).filter(ImageFilter.BoxBlur(random.uniform(0.1, 0.5))), np.float32)
    wear = np.zeros((SIDE, SIDE), np.float32)
    for cells, strength in ((5, 7.0), (16, 6.0), (50, 5.0), (128, 5.0), (256, 3.0)):
        strength *= random.uniform(0.6, 1.2)
        grid = Image.fromarray(strength * state.standard_normal((cells, cells), np.float32))
        wear += np.asarray(grid.resize((SIDE, SIDE), Image.BILINEAR))
    tint = 1.0 + state.normal(0.0, 0.03, 3).astype(np.float32) + random.gauss(0.0, 0.1)
    return pictured(pixels * tint + wear[..., None])
