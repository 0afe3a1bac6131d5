"""Stadiums drawn into crops.

A stadium is the whole building: stands around a field, and the field in them. From above the stands are rings of seats
with rows and aisles, or roofs with trusses, on all sides or on some, around a pitch of football (IFAB, "Laws of the
Game"), a running track or a baseball field. The field has a mask of its own: it lies in the stadium. A running track
or a pitch without stands is no stadium.
"""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from arenas import Arena
from crops import filled, named, polygons, showing, tells, without
from paint import annulus, pictured, placed

SHARE = 0.16  # share of crops that get a stadium, where there is room and neither water nor an airport
SHORTEST, LONGEST = 0.12, 0.9  # length of a stadium, in sides of the crop
TRIES = 14  # places tried; each is for a slightly smaller stadium
NOUN, PLURAL = "stadium", "stadiums"
OVAL, RING, PITCH, DIAMOND = "ground track field", "running track", "soccer field", "baseball field"
# What people and the network take for a stadium.
ALIKE = (f"{OVAL}s", f"{PITCH}s", f"{DIAMOND}s", f"{RING}s", "tennis courts", "storage tanks", "basketball courts")
# Crops of these are no place for a stadium.
NOWHERE = {
    "airplanes", "planes", "runways", "taxiways", "jet bridges", "ships", "harbors", "bridges", "dams", "chimneys",
}
WET = {"water", "sea", "lakes", "rivers", "ponds", "beaches", "breakwaters", "boats", "docks"}
MOSTLY = 0.06  # share of the crop that water may have all the same
STAY = ("roads", "railway tracks", "overpasses")  # not to be built over
# What a drawn stadium and its surroundings may show, or be called.
HIDDEN = {
    "buildings", "grass", "lawns", "vegetation", "bare land", "fields", "sports fields", "football fields", "cars",
    "vehicles", "trucks", "parking lots", "roads", "sidewalks", "driveways", "trees", "bushes", "bleachers", "arenas",
    "roundabouts", "buses", "runways", "solar panels", "crosswalks", "hangars", "warehouses",
}
ASPHALT = ((96, 96, 98), (122, 120, 116), (148, 144, 138), (172, 166, 156), (110, 104, 96), (84, 86, 90))


class Stadiums:
    """Draws stadiums with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a stadium, or both unchanged."""
        if self.random.random() > SHARE or "bridges" in crop.get("asked", ()):
            return crop, picture
        empty = without(crop, [PLURAL])
        if PLURAL not in empty["absent"]:
            return crop, picture
        there, water = named(crop), polygons(crop, WET)
        if not there or there & NOWHERE or filled(picture.size, water).mean() > MOSTLY:
            return crop, picture
        arena = Arena(self.random)
        where = self.place(crop, picture.size, arena, water)
        if not where:
            return crop, picture
        picture, covered = self.build(picture, arena, *where)
        return self.told(empty, arena, covered, *where), picture

    def place(self, crop, size, arena, water):
        """Returns centre, pixels per metre and direction of a stadium; None where nothing has room."""
        random = self.random
        stay = filled(size, [*polygons(crop, STAY), *water])
        drawn = filled(size, polygons(crop, crop.get("asked", ())))
        rest = filled(size, [p for t in crop["things"] for p in t["polygons"]])
        length = max(size) * SHORTEST * (LONGEST / SHORTEST) ** (random.random() ** 0.6)
        angle = random.uniform(0.0, math.pi)
        for _ in range(TRIES):
            length = max(0.96 * length, SHORTEST * max(size))
            margin = min(0.5, 0.4 * length / max(size)) if random.random() < 0.8 else 0.1
            centre = [random.uniform(margin, 1.0 - margin) * side for side in size]
            scale = length / arena.length
            shape = arena.outline * scale
            shown = filled(size, [placed(shape, centre, angle)])
            whole = 0.75 * np.prod(np.ptp(shape, axis=0))
            if shown.sum() < 0.6 * whole or (drawn & shown).any():
                continue
            if stay[shown].mean() < 0.05 and rest[shown].mean() < 0.6:
                return centre, scale, angle
        return None

    def told(self, crop, arena, covered, centre, scale, angle):
        """Returns the crop with the outlines of a stadium and of its field."""
        at = lambda points: placed(np.asarray(points) * scale, centre, angle)  # noqa: E731
        outer = at(arena.outline)
        field, plural = (DIAMOND, f"{DIAMOND}s") if arena.baseball else (PITCH, f"{PITCH}s")
        fields = {(field, plural): [at(arena.field)]}
        if arena.track:
            oval = at(arena.track[0])
            fields[OVAL, f"{OVAL}s"] = [oval]
            fields[RING, f"{RING}s"] = [annulus(oval, at(arena.track[1]))]
        absent = set(crop["absent"])
        # Without any field or grass there is no pitch either.
        if absent & {"fields", "grass", "lawns"} and not any(t["plural"] == f"{PITCH}s" for t in crop["things"]):
            absent.add(f"{PITCH}s")
        crop = {**crop, "absent": sorted(absent)}
        known = {(NOUN, PLURAL): [outer, at(arena.outline + arena.lean)] if arena.lean.any() else [outer]}
        known.update((names, shapes) for names, shapes in fields.items() if tells(crop, names[1:]))
        # Others are known in the stadium only: the rest of the crop may have more of them.
        far = 9 * max(abs(v) for v in (*centre, scale * arena.length))
        around = [[-far, -far], [far, -far], [far, far], [-far, far], [-far, -far], *outer, outer[0]]
        inside = [
            {"noun": noun, "plural": plural, "all": True, "polygons": shapes, "unclear": [around]}
            for (noun, plural), shapes in fields.items() if (noun, plural) not in known
        ]
        crop = showing(crop, known, covered, HIDDEN)
        told = {plural for _, plural in fields}
        things = [t for t in crop["things"] if t["plural"] not in {thing["plural"] for thing in inside}]
        others = [name for name in ALIKE if name in crop["absent"]]
        others = [*others[:1], *self.random.sample(others[1:], min(1, len(others[1:])))]
        asked = {*crop["asked"], *told, *others} - {f"{RING}s"}
        return {**crop, "things": [*things, *inside], "asked": sorted(asked)}

    def build(self, picture, arena, centre, scale, angle):
        """Returns the picture with a stadium, and the outlines of all that is drawn."""
        random = self.random
        look = Look(picture)
        length = scale * arena.length
        finer = 4 if length < 70 else 3 if length < 140 else 2
        around = self.around(arena)
        covered = [placed(np.asarray(shape) * scale, centre, angle) for shape in around]
        sun = random.uniform(0.0, 2 * math.pi), random.uniform(0.3, 1.0)
        shadow = arena.height * sun[1]
        corners = np.array([p for shape in covered for p in shape])
        pad = shadow * scale + 4
        first = np.maximum(np.floor(corners.min(axis=0) - pad), 0).astype(int)
        last = np.minimum(np.ceil(corners.max(axis=0) + pad), picture.size).astype(int)
        box = (*first, *last)
        size = tuple(int(v) for v in (last - first) * finer)
        part = picture.crop(box)
        drawn, alpha = part.resize(size, Image.BILINEAR), Image.new("L", size)
        cosine, sine = math.cos(angle) * scale * finer, math.sin(angle) * scale * finer
        turn = np.array([[cosine, sine], [-sine, cosine]])
        start = (np.asarray(centre) - first) * finer

        def at(points):
            return (np.asarray(points, np.float64) @ turn + start).ravel().tolist()

        pen, veil = ImageDraw.Draw(drawn), ImageDraw.Draw(alpha)
        self.surroundings(pen, veil, at, arena, around, look, scale * finer)
        if random.random() < 0.6:
            alpha = alpha.filter(ImageFilter.BoxBlur(random.uniform(0.5, 3.0) * finer))
        # The shadow outside: the outline, moved away from the sun.
        away = shadow * np.array([math.cos(sun[0]), math.sin(sun[0])])
        dusk = Image.new("L", size, 255)
        shade, dark = ImageDraw.Draw(dusk), random.randint(90, 160)
        for step in (0.25, 0.5, 0.75, 1.0):
            shade.polygon(at(arena.outline + step * away), fill=dark)
        if random.random() < 0.5:
            dusk = dusk.filter(ImageFilter.BoxBlur(0.6 * finer))
        drawn = ImageChops.multiply(drawn, dusk.convert("RGB"))
        alpha = ImageChops.lighter(alpha, dusk.point(lambda v: 255 if v < 250 else 0))
        veil, pen = ImageDraw.Draw(alpha), ImageDraw.Draw(drawn)
        wall = look.tone((random.randint(60, 190),) * 3)
        for step in (1.0, 0.67, 0.33, 0.0):
            pen.polygon(at(arena.outline + step * arena.lean), fill=wall)
            veil.polygon(at(arena.outline + step * arena.lean), fill=255)
        drawn = arena.draw(drawn, at, scale * finer, away, look, dark)
        if arena.masts and length > 45:
            arena.lights(drawn, alpha, at, away, look, max(1, round(0.9 * scale * finer)))
        small = look.worn(drawn.reduce(finer), random)
        small = small.filter(ImageFilter.GaussianBlur(look.blur * random.uniform(0.8, 1.2)))
        alpha = alpha.reduce(finer).filter(ImageFilter.GaussianBlur(0.5))
        shown = picture.copy()
        shown.paste(small, box[:2], alpha)
        return shown, covered

    def around(self, arena):
        """Returns the outlines of the pavement and of car parks, in metres around the stadium's middle."""
        random = self.random
        wide = random.choice((1.0, 4.0, 8.0, 14.0, 22.0))
        shapes = [arena.outline + arena.normals * max(wide, 1.0 + np.abs(arena.lean).max())]
        for side in random.sample(((1, 0), (-1, 0), (0, 1), (0, -1)), random.choice((0, 0, 1, 1, 2))):
            edge = max(arena.outline @ np.array(side, float)) + wide * random.uniform(0.4, 1.5) + 2
            deep, half = random.uniform(18, 70), random.uniform(0.4, 1.0) * max(arena.outline @ np.array(side[::-1]))
            low = random.uniform(-1.3, -0.7) * half
            corners = [(edge, low), (edge + deep, low), (edge + deep, low + 2 * half), (edge, low + 2 * half)]
            shapes.append(np.array([(u * side[0] + v * side[1], u * side[1] + v * side[0]) for u, v in corners]))
        return shapes

    def surroundings(self, pen, veil, at, arena, around, look, scale):
        """Draws pavement, and car parks with cars and trees. `scale`: pixels of the drawing per metre."""
        random = self.random
        ring, *parks = around
        for park in parks:
            tone = random.choice(ASPHALT[:2] + ASPHALT[4:])
            pen.polygon(at(park), fill=look.tone(tone))
            veil.polygon(at(park), fill=255)
            low, high = park.min(axis=0), park.max(axis=0)
            fill, row = random.uniform(0.1, 0.95), random.choice((8.0, 9.5, 12.0)) * max(1.0, 1.2 / scale)
            car = 2.7 * max(1.0, 1.0 / scale)
            for y in np.arange(low[1] + 4, high[1] - 4, row):
                for x in np.arange(low[0] + 3, high[0] - 3, car):
                    if random.random() < fill:
                        wide, long = 0.36 * car, 2.3 * min(1.4, car / 2.7)
                        value = random.choice((40, 70, 110, 170, 215, 235))
                        paint = (value,) * 3 if random.random() < 0.8 else (value, value // 2, value // 2)
                        box = [(x - wide, y - long), (x + wide, y - long), (x + wide, y + long), (x - wide, y + long)]
                        pen.polygon(at(box), fill=look.tone(paint))
                if random.random() < 0.3:
                    for x in np.arange(low[0], high[0], 14.0):
                        spot(pen, at, (x, y + row / 2), random.uniform(1.5, 3.5), look.tone((46, 62, 40)), scale)
        paving = random.choice(ASPHALT)
        pen.polygon(at(ring), fill=look.tone(paving))
        veil.polygon(at(ring), fill=255)
        if random.random() < 0.5:
            shine = random.choice((0.85, 1.15))
            tone = [v * shine for v in paving]
            middle = (ring + arena.outline) / 2
            pen.line(at([*middle, middle[0]]), fill=look.tone(tone), width=max(1, round(2.5 * scale)))
        if random.random() < 0.4:
            green, gap = random.choice(((46, 62, 40), (60, 76, 48))), random.randint(2, 6)
            for x, y in ring[::gap]:
                if random.random() < 0.7:
                    spot(pen, at, (x, y), random.uniform(1.5, 4.0), look.tone(green), scale)


class Look:
    """Brightness, contrast, sharpness and noise of a picture, which what is drawn in it follows."""

    def __init__(self, picture):
        pixels = np.asarray(picture, np.float32)[::2]
        light = pixels.mean(axis=2)
        mean = pixels.mean(axis=(0, 1))
        near = np.abs(np.diff(light, axis=1)).mean()
        far = np.abs(light[:, 2:] - light[:, :-2]).mean()
        self.gain = 1.0 + 0.6 * (min(max(light.std() / 46.0, 0.55), 1.3) - 1.0)
        bright = 100.0 + min(max(0.5 * (mean.mean() - 100.0), -28.0), 28.0)
        self.shift = (bright + np.clip(0.6 * (mean - mean.mean()), -10, 10)).tolist()
        self.blur = float(np.interp(near / (far + 0.1), (0.54, 0.74), (0.95, 0.35)))
        self.grain = min(0.22 * near, 3.0)

    def tone(self, colour):
        """Returns a colour as it looks in the picture."""
        return tuple(
            min(max(int((value - 100.0) * self.gain + shift), 4), 250) for value, shift in zip(colour, self.shift)
        )

    def worn(self, drawn, random):
        """Adds spots and noise, as strong as the picture's."""
        state = np.random.default_rng(random.randrange(1 << 32))
        wear = state.normal(0.0, self.grain, (drawn.height, drawn.width)).astype(np.float32)
        for cells, strength in ((4, 4.0), (14, 3.0), (50, 3.0)):
            coarse = Image.fromarray(state.normal(0.0, strength, (cells, cells)).astype(np.float32))
            wear += np.asarray(coarse.resize(drawn.size, Image.BILINEAR))
        return pictured(np.asarray(drawn, np.float32) + wear[..., None])


def spot(pen, at, centre, radius, colour, scale):
    """Draws a small disc, such as a tree."""
    x, y = at([centre])
    r = radius * scale
    pen.ellipse([x - r, y - r, x + r, y + r], fill=colour)
