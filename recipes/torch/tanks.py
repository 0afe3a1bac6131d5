"""Round tanks drawn into crops: closed storage tanks, alone and in tank farms, and open tanks of treatment plants.

Few crops show tanks, and hardly any shows open ones. vessels.py draws the tanks; this module finds places, lays a
ground under them, and tells what the crop then shows.

The mask is the whole circle with its rim and the visible wall, without shadow. Rectangular basins are no tanks.
"""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from crops import KEEP, PLANT, WATERS, asking, filled, named, polygons, showing, told, without
from paint import pictured, unevenness, within
from solids import SOILS, Light
from vessels import CONCRETE, GREY, KINDS, TINTED, WHITE, Sky, Vessel, shaded
from vessels import WATERS as LIQUIDS

SHARE = 0.06  # share of crops that get tanks where there is room
SETTLING = 0.42  # share of those that get open settling tanks; the others get closed tanks
GROUND = 0.72  # share of those that get a ground of their own
NAMED = 0.5  # share of drawn tanks that are outlined under a second name, too
DOUBTED = 0.2  # share of crops where a kind that looks similar is known to be absent
SMALLEST, LARGEST = 0.015, 0.2  # radius, in sides of the crop
TRIES = 24  # places tried
NOUN = ("storage tank", "storage tanks")
SECOND = {"closed": ("tank", "tanks"), "settling": ("settling tank", "settling tanks")}
# Crops name these if they show them. The second is what a tank of the kind may be taken for.
CONFUSED = {"closed": ("settling tanks", "chimneys", "cooling towers"), "settling": ("chimneys", "cooling towers")}
ALIKE = {"swimming pools", "roundabouts"}  # asked for, where known
# What a tank, or what is in it, may be called.
HIDDEN = {"buildings", "structures", "towers", "silos", "water towers", "water tanks", "domes"}
SOLID = {
    "roads", "runways", "taxiways", "airplanes", "helicopters", "cars", "vehicles", "trucks", "buildings", "houses",
    "railway tracks", "rivers", "sea", "harbors", "docks", "stadiums", "solar panels", "crosswalks", "overpasses",
    "mobile homes", "bleachers", "bunkers", "putting greens", "tennis courts", "basketball courts",
    "baseball fields", "ground track fields",
}
AFLOAT = {"boats", "ships", "docks", "harbors", "piers"}  # where these are, something is water
PLANTS = {"trees", "woods", "forests", "bushes", "orchards"}
ROUND = {"storage tanks", "settling tanks", "tanks", "silos", "water tanks", "water towers"}
ROUGH = 30.0  # greatest deviation of brightness where tanks stand without a ground of their own
PAVED = ((0.62, 0.61, 0.58), (0.74, 0.72, 0.68), (0.50, 0.50, 0.49), (0.82, 0.80, 0.76), (0.42, 0.42, 0.42))
GREEN = ((0.30, 0.36, 0.24), (0.26, 0.30, 0.20), (0.38, 0.42, 0.30))


class Tanks:
    """Draws tanks with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with tanks, or both unchanged."""
        if self.random.random() > SHARE:
            return crop, picture
        there = named(crop)
        known = without(crop, [NOUN[1]])
        if not there or there & ROUND or NOUN[1] not in known["absent"]:
            return crop, picture
        size, keep = picture.size, KEEP | SOLID | set(crop.get("asked", ()))
        solid, wet = filled(size, polygons(crop, keep, WATERS)), any(t["noun"] in WATERS for t in crop["things"])
        if solid.mean() > 0.75 or (there & AFLOAT and not wet):
            return crop, picture
        # What was added before made the ground around it unclear.
        if crop.get("asked"):
            solid |= filled(size, [p for thing in crop["things"] for p in thing.get("unclear", ())])
        grey = np.asarray(picture.convert("L"), np.float32)
        kind = "settling" if self.random.random() < SETTLING else "closed"
        ground = self.random.random() < GROUND
        if not ground:
            solid |= filled(size, polygons(crop, PLANTS))
        # Neither in deep shadow nor on a roof in the sun, where there is no other ground.
        unlike = (grey < 45.0) | (grey > 246.0)
        for attempt in range(TRIES):
            site = Site(self.random, kind, size, min(1.0, 1.5 - 1.1 * attempt / TRIES))
            place = filled(size, [tank.outline for tank in site.tanks])
            if place.sum() < 25 or (place & solid).any():
                continue
            if not ground and (grey[place].std() > ROUGH or unlike[place].mean() > 0.05):
                continue
            return self.drawn(known, picture, site, solid if ground else None)
        return crop, picture

    def drawn(self, crop, picture, site, solid):
        """Returns the crop and its picture with a site's tanks; on a ground outside `solid`, if that is given."""
        random, light = self.random, Light(picture, self.random)
        # Wet surfaces and shadows are darker than most of a crop, lids are brighter.
        light.dark = light.dark * random.uniform(0.2, 0.75)
        least = random.choice((160.0, 210.0, 235.0, 250.0))
        light.bright = np.clip(light.bright * random.uniform(1.0, 1.15), least, 252.0)
        picture, hidden = picture.copy(), set(HIDDEN)
        # A tank of which a few pixels are seen has no outline.
        outlines = [t.outline for t in site.tanks if filled(picture.size, [t.outline]).sum() > 5]
        covered = [tank.outline for tank in site.tanks]
        if site.kind == "settling":
            hidden |= {*WATERS, "ponds", "lakes", "basins"}
        covered += site.prepare(picture, light, solid)
        if solid is not None:
            hidden |= PLANT
        shaded(picture, light, site.tanks, random)
        site.stand(picture, light)
        added, absent = {NOUN: outlines}, set(crop["absent"])
        second, doubted = SECOND[site.kind], set()
        if random.random() < NAMED:
            added[second] = outlines
            absent.add(second[1])
        words = " ".join(thing["noun"] for thing in crop["things"])
        for plural in CONFUSED[site.kind]:
            if random.random() < DOUBTED and plural.split()[-1][:4] not in words:
                doubted.add(plural)
        known = told({**crop, "absent": absent})
        doubted |= {plural for plural in sorted(ALIKE & known) if random.random() < DOUBTED}
        crop = showing({**crop, "absent": sorted(absent | doubted)}, added, covered, hidden)
        return asking(crop, doubted), picture


class Site:
    """A group of tanks of one kind, and what is around them."""

    def __init__(self, random, kind, size, scale):
        self.random, self.kind, self.size, self.side = random, kind, size, max(size)
        self.state = np.random.default_rng(random.randrange(1 << 32))
        self.sky, self.turn = Sky(random), random.uniform(0, 2 * math.pi)
        if random.random() < 0.3:
            self.turn = 0.0
        counts = (1, 2, 2, 2, 3, 4, 4, 4, 4, 6) if kind == "settling" else (1, 1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 8, 10, 12)
        count = random.choice(counts)
        rows = 1 if count < 4 or random.random() < 0.2 else 2 if count < 9 else 3
        columns = math.ceil(count / rows)
        least = SMALLEST if kind == "closed" else 0.03
        most = max(least, min(LARGEST, 0.62 / columns**0.8))
        radius = scale * self.side * least * (most / least) ** random.random() ** 0.6
        self.radius = radius = max(radius, SMALLEST * self.side)
        step, across = (radius * random.choice((2.1, 2.3, 2.6, 3.0, 3.6)) * random.uniform(1.0, 1.1) for _ in range(2))
        styles = [random.choice(KINDS[kind])(random, self.state) for _ in range(random.choice((1, 1, 2)))]
        mixed, shift = random.random() < 0.35 and kind == "closed", random.choice((0.0, 0.0, 0.5)) * step
        x, y = (random.uniform(0.08, 0.92) * s for s in size)
        self.tanks = []
        for n in range(count):
            style, far = random.choice(styles), n // columns
            u = (n % columns - (columns - 1) / 2) * step + shift * (far % 2)
            v = (far - (rows - 1) / 2) * across
            part = random.uniform(0.4, 0.95) if mixed else 1.0
            centre = self.turned(u, v)
            self.tanks.append(Vessel(style, self.sky, (x + centre[0], y + centre[1]), max(part * radius, 3.0)))
        self.middle = x, y

    def turned(self, u, v):
        cosine, sine = math.cos(self.turn), math.sin(self.turn)
        return u * cosine - v * sine, u * sine + v * cosine

    def stand(self, picture, light):
        """Draws the tanks: one covers the foot of the next one in the direction of the camera."""
        view = math.cos(self.sky.view), math.sin(self.sky.view)
        for tank in sorted(self.tanks, key=lambda t: -t.centre[0] * view[0] - t.centre[1] * view[1]):
            tank.draw(picture, light)

    def local(self, x, y):
        x, y, cosine, sine = x - self.middle[0], y - self.middle[1], math.cos(self.turn), math.sin(self.turn)
        return x * cosine + y * sine, y * cosine - x * sine

    def prepare(self, picture, light, solid):
        """Draws the ground, bunds, pipes, basins and sheds around the tanks; returns outlines of what they cover."""
        random, side = self.random, self.side
        spots = [(*self.local(*t.centre), t.radius) for t in self.tanks]
        margin = self.radius * random.uniform(0.2, 1.0) + 0.02 * side
        box = [min(u - r for u, v, r in spots), min(v - r for u, v, r in spots)]
        box += [max(u + r for u, v, r in spots), max(v + r for u, v, r in spots)]
        bund = [v + sign * margin for v, sign in zip(box, (-1, -1, 1, 1))]
        box = [v + sign * random.uniform(0.01, 0.2) * side for v, sign in zip(bund, (-1, -1, 1, 1))]
        around = [[c + d for c, d in zip(self.middle, self.turned(u, v))] for u in box[::2] for v in box[1::2]]
        part = within(around, picture.size, 3)
        if part is None:
            return []
        fine, size = 2, (part[2] - part[0], part[3] - part[1])
        canvas = Canvas(self, light, part, fine, random.choice(random.choice((SOILS, SOILS, PAVED, GREEN))))
        own = solid is not None
        if own:
            canvas.mark.polygon(canvas.area(*box), fill=255)
            self.yard(canvas, spots, bund, box)
        self.pads(canvas, spots, own)
        self.pipes(canvas, spots, bund)
        covered = canvas.laid(picture, part, size, solid)
        outline = [around[n] for n in (0, 1, 3, 2)]
        return [outline] if own else covered

    def yard(self, canvas, spots, bund, box):
        """Draws tracks, bunds, basins and sheds; none of them where tanks stand."""
        random, side = self.random, self.side
        free = lambda a, b, c, d: all(  # noqa: E731
            math.hypot(u - min(max(u, a), c), v - min(max(v, b), d)) > 1.12 * r for u, v, r in spots
        )
        lane = random.uniform(0.01, 0.03) * side
        road = np.array(random.choice(PAVED)) * random.uniform(0.5, 1.0)
        if random.random() < 0.5:
            edge = random.choice((0, 1, 2, 3))
            strip = list(box)
            strip[(edge + 2) % 4] = box[edge] + lane * (1 if edge < 2 else -1)
            canvas.box(*strip, road)
        if self.kind == "closed" and random.random() < 0.75:
            canvas.box(*bund, random.choice(random.choice((SOILS, PAVED, GREEN))))
            self.bund(canvas, bund)
            if len(spots) > 3 and random.random() < 0.5:
                middle = (bund[0] + bund[2]) / 2
                canvas.line([(middle, bund[1]), (middle, bund[3])], random.choice(CONCRETE), 0.006 * side)
        if self.kind == "settling":
            for _ in range(random.choice((0, 0, 1, 2))):
                self.basins(canvas, free, box)
            if random.random() < 0.6:  # footpaths
                path, wide = random.choice(CONCRETE), random.uniform(0.005, 0.014) * side
                for u, v, r in spots:
                    canvas.line([(u, v), (random.choice((box[0], box[2])), v)], path, wide)
        for _ in range(random.choice((0, 1, 3, 6))):
            long, wide = (random.uniform(0.015, 0.07) * side for _ in range(2))
            u, v = random.uniform(box[0], box[2] - long), random.uniform(box[1], box[3] - wide)
            if free(u - 2, v - 2, u + long + 2, v + wide + 2):
                canvas.shed(u, v, u + long, v + wide, random.choice(random.choice((WHITE, GREY, TINTED))))

    def bund(self, canvas, bund):
        """Draws a wall around the tanks, or a bank of earth with a sunny and a shaded slope."""
        random, corners = self.random, [(bund[0], bund[1]), (bund[2], bund[1]), (bund[2], bund[3]), (bund[0], bund[3])]
        bank = random.random() < 0.45
        wide = random.uniform(0.008, 0.022) * self.side if bank else random.uniform(0.003, 0.008) * self.side
        tone = np.array(random.choice(SOILS if bank else CONCRETE))
        sun = self.local(*(c + d for c, d in zip(self.middle, self.sky.toward)))
        for n, normal in enumerate(((0, -1), (1, 0), (0, 1), (-1, 0))):
            first, last = corners[n], corners[(n + 1) % 4]
            facing = normal[0] * sun[0] + normal[1] * sun[1]
            for sign in (1, -1):
                ends = [(u + sign * normal[0] * wide / 2, v + sign * normal[1] * wide / 2) for u, v in (first, last)]
                slope = 1.0 + sign * facing * (0.3 if bank else 0.0) if sign * facing > 0 or bank else 0.3
                canvas.line(ends, tone * slope, wide)
            if not bank:
                canvas.line([first, last], tone, wide)

    def basins(self, canvas, free, box):
        """Draws a row of rectangular basins."""
        random, side = self.random, self.side
        count, gap = random.randint(1, 6), random.uniform(0.004, 0.012) * side
        long, wide = random.uniform(0.08, 0.3) * side, random.uniform(0.02, 0.07) * side
        flat = random.random() < 0.5
        whole = (count * (wide + gap) + gap, long + 2 * gap)
        whole = whole if flat else whole[::-1]
        rim, water = random.choice(CONCRETE), np.array(random.choice(LIQUIDS))
        for _ in range(6):
            u, v = random.uniform(box[0], box[2]), random.uniform(box[1], box[3])
            if u + whole[0] > box[2] or v + whole[1] > box[3] or not free(u, v, u + whole[0], v + whole[1]):
                continue
            canvas.box(u, v, u + whole[0], v + whole[1], rim)
            for n in range(count):
                start = gap + n * (wide + gap)
                a, b, c, d = (start, gap, start + wide, gap + long) if flat else (gap, start, gap + long, start + wide)
                canvas.box(u + a, v + b, u + c, v + d, water * random.uniform(0.8, 1.3))
            return

    def pads(self, canvas, spots, own):
        """Draws rings of gravel, concrete or grass around tanks."""
        random = self.random
        if random.random() < (0.35 if own else 0.75):
            return
        # Of concrete, it would look like the rim of an open tank.
        tones = (SOILS, GREEN) if self.kind == "settling" else (PAVED, CONCRETE, GREEN if own else PAVED)
        tone, wide = random.choice(random.choice(tones)), random.uniform(1.06, 1.3)
        for u, v, r in spots:
            canvas.disc(u, v, wide * r + 0.5, tone)

    def pipes(self, canvas, spots, bund):
        """Draws pipes from tanks to a common one along a row."""
        random = self.random
        if self.kind == "settling" or len(spots) == 1 or random.random() < 0.35:
            return
        tone = random.choice((*WHITE, *GREY, (0.5, 0.25, 0.18), (0.25, 0.24, 0.22)))
        wide = max(0.5, random.uniform(0.002, 0.006) * self.side)
        far = random.choice((bund[1], bund[3])) * random.uniform(0.75, 1.0)
        runs = [[(bund[0], far), (bund[2] + random.uniform(0, 0.2) * self.side, far)]]
        for u, v, r in spots:
            off = random.uniform(-0.5, 0.5) * r
            runs.append([(u + off, v), (u + off, far)])
        for _ in range(random.choice((1, 1, 2, 3))):
            move = [0.8 * wide * c for c in self.sky.shadow(1.0)]
            for run in runs:
                canvas.line(run, (0.05, 0.05, 0.06), wide, move)
            for run in runs:
                canvas.line(run, tone, wide)
            runs = [[(u, v + 2.5 * wide) for u, v in run] for run in runs[:1]]


class Canvas:
    """A finer drawing of a part of a picture, in the directions of a site, and where it covers the picture."""

    def __init__(self, site, light, part, fine, soil):
        self.site, self.light, self.part, self.fine = site, light, part, fine
        size = (part[2] - part[0]) * fine, (part[3] - part[1]) * fine
        self.image, self.mask, self.soil = Image.new("RGB", size, light.colour(soil)), Image.new("L", size), soil
        self.pen, self.mark = ImageDraw.Draw(self.image), ImageDraw.Draw(self.mask)
        self.covered = []

    def fined(self, u, v, move=(0.0, 0.0)):
        x, y = self.site.turned(u, v)
        x, y = x + self.site.middle[0] + move[0], y + self.site.middle[1] + move[1]
        return (x - self.part[0]) * self.fine, (y - self.part[1]) * self.fine

    def area(self, a, b, c, d, move=(0.0, 0.0)):
        return [self.fined(u, v, move) for u, v in ((a, b), (c, b), (c, d), (a, d))]

    def shape(self, points, tone):
        self.pen.polygon(points, fill=self.light.colour(tone))
        self.mark.polygon(points, fill=255)
        self.covered.append([[x / self.fine + self.part[0], y / self.fine + self.part[1]] for x, y in points])

    def box(self, a, b, c, d, tone):
        self.shape(self.area(a, b, c, d), tone)

    def line(self, ends, tone, wide, move=(0.0, 0.0)):
        (a, b), (c, d) = ends
        long = max(1e-3, math.hypot(c - a, d - b))
        p, q = (b - d) / long * wide / 2, (c - a) / long * wide / 2
        corners = ((a + p, b + q), (c + p, d + q), (c - p, d - q), (a - p, b - q))
        self.shape([self.fined(u, v, move) for u, v in corners], tone)

    def disc(self, u, v, radius, tone):
        x, y = self.fined(u, v)
        turns = [math.pi * n / 24 for n in range(48)]
        far = radius * self.fine
        self.shape([(x + far * math.cos(t), y + far * math.sin(t)) for t in turns], tone)

    def shed(self, a, b, c, d, tone):
        move = self.site.sky.shadow(0.35 * min(c - a, d - b))
        self.shape(self.area(a, b, c, d, move), (0.04, 0.04, 0.05))
        self.box(a, b, c, d, tone)

    def laid(self, picture, part, size, solid):
        """Lays the drawing on the picture, outside `solid`; returns outlines of its shapes."""
        random, light, state = self.site.random, self.light, self.site.state
        drawn = np.asarray(self.image.reduce(self.fine), np.float32)
        same = np.abs(drawn - np.array(light.colour(self.soil), np.float32)).sum(axis=-1) < 6.0
        # Patches of another soil, then unevenness.
        patches = unevenness(state, size, ((5, 0.5), (18, 0.45), (60, 0.35)))
        drawn = light.soiled(drawn, patches, random, 0.2, 0.15 + 0.85 * same[..., None])
        rough = random.uniform(2.0, 8.0)
        wear = unevenness(state, size, ((12, rough), (60, 0.8 * rough), (max(size), rough + 1.5 * light.noise)))
        drawn = pictured(drawn + wear[..., None]).filter(ImageFilter.GaussianBlur(light.blur))
        mask = self.mask
        if solid is not None:
            kept = Image.fromarray(solid).crop(part).resize(mask.size)
            ImageDraw.Draw(mask).bitmap((0, 0), kept, fill=0)
        mask = mask.reduce(self.fine)
        if solid is not None and random.random() < 0.6:  # an edge that nature took back
            wide = random.uniform(0.006, 0.03) * self.site.side
            ragged = np.asarray(mask.filter(ImageFilter.GaussianBlur(wide)), np.float32) / 255.0
            ragged += unevenness(state, size, ((10, 0.10), (30, 0.10), (80, 0.08)))
            ragged = ((ragged - 0.5) * random.uniform(3.0, 8.0) + 0.5).clip(0.0, 1.0) * 255.0
            mask = ImageChops.darker(mask, Image.fromarray(ragged.astype(np.uint8)))
        mask = mask.filter(ImageFilter.GaussianBlur(max(0.5, light.blur)))
        picture.paste(drawn, part, mask)
        return self.covered
