"""Seagoing ships drawn onto water, and onto open sea that is drawn too.

Public-domain crops show boats and few ships. From above a freighter is a long hull with a pointed bow, hatches or
containers along the deck and a white superstructure near its stern. Clouds, wakes and patches of another tone of water,
of which open sea is full, are drawn as well: they are no ships.
"""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from crops import WATERS, bare, filled, polygons, showing, tells
from paint import FINER, canvas, lay, opacity, pictured, placed, worn

SHARE = 0.15  # share of crops with water that get ships
SEA = 0.045  # share of crops that are replaced by open sea with ships
SHORTEST, LONGEST = 0.03, 0.3  # length of a ship, in sides of the crop
MOST = 6  # ships in a picture
TRIES = 8  # places tried for a ship
DECKS = (
    (112, 66, 56), (134, 82, 66), (86, 90, 92), (64, 68, 72), (78, 98, 84), (150, 148, 140), (66, 84, 104),
    (176, 174, 168), (50, 56, 60), (96, 78, 70),
)
CARGOES = ((170, 70, 56), (60, 96, 150), (190, 190, 186), (70, 120, 90), (200, 150, 60), (90, 92, 96), (140, 110, 90))
WATER = (
    (24, 40, 48), (40, 58, 62), (62, 84, 84), (30, 44, 40), (52, 72, 92), (84, 100, 100), (18, 26, 34), (70, 90, 78),
)
# Kinds that open sea does not show.
ELSEWHERE = (
    "airplanes, bridges, buildings, cars, docks, harbors, roads, storage tanks, trees, tennis courts, vehicles, "
    "houses, baseball fields, ground track fields, parking lots, runways, islands, wind turbines"
).split(", ")


class Ships:
    """Draws ships with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with ships, or both unchanged."""
        choice = self.random.random()
        if choice < SEA:
            crop, picture = self.sea(crop["image"], picture.size)
            water = np.ones((picture.height, picture.width), bool)
        elif choice > SEA + SHARE or not tells(crop, ["ships", "boats"]):
            return crop, picture
        else:
            water = filled(picture.size, polygons(crop, nouns=WATERS))
            for thing in crop["things"]:
                solid = thing["polygons"] if thing["noun"] not in WATERS else []
                water &= ~filled(picture.size, [*solid, *thing.get("unclear", ())])
            if water.mean() < 0.1:
                return crop, picture
        picture, hulls, open_water = picture.copy(), [], Image.fromarray(np.uint8(water) * 255)
        longest = max(picture.size) * SHORTEST * (LONGEST / SHORTEST) ** self.random.random()
        for _ in range(self.random.randint(1, MOST)):
            length = longest * self.random.uniform(0.6, 1.2)
            for _ in range(TRIES):
                centre = [self.random.uniform(0, side) for side in picture.size]
                angle = self.random.uniform(0, 2 * math.pi)
                hull = self.hull(length, length / self.random.uniform(4.5, 7.5))
                outline = placed(hull, centre, angle)
                place = filled(picture.size, [placed([(x * 1.2, y * 1.6) for x, y in hull], centre, angle)])
                if not place.any() or not water[place].all():
                    continue
                water &= ~place
                self.ship(picture, hull, centre, angle, open_water)
                hulls.append(outline)
                break
        return (showing(crop, {("ship", "ships"): hulls}, hulls), picture) if hulls else (crop, picture)

    def sea(self, name, size):
        """Returns a crop of open sea and its picture."""
        random = self.random
        picture = Image.new("RGB", size, random.choice(WATER))
        if random.random() < 0.4:  # two exposures meet
            x, tilt = random.uniform(0, size[0]), random.uniform(-1, 1) * size[0]
            part = [(x, 0), (x + tilt, size[1]), (size[0] * 3, size[1]), (size[0] * 3, 0)]
            ImageDraw.Draw(picture).polygon(part, fill=random.choice(WATER))
        state = np.random.default_rng(random.randrange(1 << 32))
        long, across = random.randint(20, max(size)), random.randint(20, max(size))
        waves = Image.fromarray(state.normal(0, random.uniform(1, 7), (long, across)).astype(np.float32))
        waves = np.asarray(waves.resize(size, Image.BICUBIC))
        pixels = np.asarray(worn(picture, random, 0.5), np.float32) + waves[..., None]
        picture = pictured(pixels)
        for _ in range(random.choice((0, 0, 0, 2, 4, 7))):
            self.cloud(picture)
        whole = [[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]]
        things = [{"noun": word, "plural": word, "all": True, "polygons": [whole]} for word in ("sea", "water")]
        return {**bare(name, ["ships", "boats", *ELSEWHERE]), "things": things}, picture

    def cloud(self, picture):
        """Draws a cloud: a few soft discs."""
        random = self.random
        alpha = Image.new("L", picture.size)
        pen = ImageDraw.Draw(alpha)
        x, y = (random.uniform(0, side) for side in picture.size)
        radius = random.uniform(0.01, 0.09) * picture.width
        for _ in range(random.randint(2, 8)):
            u, v, r = x + random.gauss(0, radius), y + random.gauss(0, radius), radius * random.uniform(0.3, 1.0)
            pen.ellipse([u - r, v - r, u + r, v + r], fill=random.randint(120, 250))
        alpha = alpha.filter(ImageFilter.GaussianBlur(radius * random.uniform(0.1, 0.5)))
        picture.paste((random.randint(190, 250),) * 3, (0, 0), alpha)

    def hull(self, length, width):
        """Returns a hull's outline around its middle, its bow along the first axis."""
        a, b = length / 2, width / 2
        bow = self.random.uniform(0.5, 0.8)  # where the bow begins to narrow
        stern = self.random.uniform(0.7, 1.0)
        side = [(-a, stern * b), (-0.85 * a, b), (bow * a, b), ((1 + bow) / 2 * a, 0.7 * b), (0.97 * a, 0.2 * b)]
        return [*side, (a, 0), *((x, -y) for x, y in side[::-1])]

    def ship(self, picture, hull, centre, angle, water):
        random = self.random
        a, b = max(x for x, _ in hull), max(y for _, y in hull)
        if random.random() < 0.4:
            self.wake(picture, a, b, centre, angle, water)
        drawn, pen = canvas(2 * a + 4, 2 * b + 4, random.choice(DECKS))
        box = lambda x0, y0, x1, y1: [  # noqa: E731
            v * FINER for v in (a + 2 + x0 * a, b + 2 + y0 * b, a + 2 + x1 * a, b + 2 + y1 * b)
        ]
        end = random.uniform(-0.72, -0.5)
        kind = random.choice(("hatches", "containers", "tanker", "plain"))
        count = random.randint(4, 9)
        for number in range(count):
            x = end + 0.05 + (0.78 - end) * number / count
            step = (0.78 - end) / count
            if kind == "hatches":
                pen.rectangle(box(x, -0.6, x + step * 0.75, 0.6), fill=tuple(v + 26 for v in random.choice(DECKS)))
            if kind == "containers" and random.random() < 0.85:
                for row in range(5):
                    y = -0.85 + row * 0.34
                    pen.rectangle(box(x, y, x + step * 0.9, y + 0.32), fill=random.choice(CARGOES))
        if kind == "tanker":
            pen.rectangle(box(end, -0.12, 0.75, 0.12), fill=(176, 176, 172))
        bright = random.randint(170, 246)
        pen.rectangle(box(-0.93, -0.8, end - random.uniform(0.02, 0.12), 0.8), fill=(bright,) * 3)
        pen.rectangle(box(-0.88, -0.3, -0.8, 0.3), fill=random.choice(CARGOES))
        alpha = opacity(drawn.size, [((x + a + 2) * FINER, (y + b + 2) * FINER) for x, y in hull])
        lay(picture, worn(drawn, random, 0.5), alpha, centre, angle, random.uniform(0.2, 0.7))

    def wake(self, picture, a, b, centre, angle, water):
        """Draws the water behind a ship that moves."""
        length = a * self.random.uniform(1.5, 6.0)
        wide = b * self.random.uniform(0.8, 2.5)
        trail = [(-a * 0.9, -b * 0.5), (-a * 0.9, b * 0.5), (-a - length, wide), (-a - length, -wide)]
        alpha = opacity(picture.size, placed(trail, centre, angle), self.random.randint(20, 90))
        alpha = alpha.filter(ImageFilter.GaussianBlur(max(0.6, b * 0.4)))
        picture.paste((205, 214, 214), (0, 0), ImageChops.darker(alpha, water))
