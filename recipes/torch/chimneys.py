"""Chimneys drawn into crops: cooling towers of power plants, and industrial stacks.

Public-domain crops show none. Seen obliquely from above, a chimney is its base circle, a smaller top circle that is
displaced by its height, and the wall between them; solids.py tells which of these a pixel shows.

The mask is base, wall and top, without shadow and steam.
"""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from crops import KEEP, PLANT, WATERS, asking, filled, missing, named, polygons, showing, told
from paint import pictured, placed, unevenness, within
from solids import SOILS, Light, Profile, grid

SHARE = 0.1  # share of crops with outlines, neither of water nor of an airport, that get chimneys where there is room
TOWERS = 0.68  # share of those that get cooling towers; the others get stacks
GROUND = 0.35  # share of those that get an industrial ground
NAMED = 0.4  # share of drawn cooling towers that are outlined under that name, too
SMALLEST, LARGEST = 0.03, 0.36  # radius of a cooling tower's base, in sides of the crop
THINNEST, THICKEST = 0.008, 0.034  # radius of a stack's base, in sides of the crop
TRIES = 10  # places tried
NOUN, TOWER = ("chimney", "chimneys"), ("cooling tower", "cooling towers")
CONFUSED = {"storage tanks", "roundabouts", "silos", "water towers"}  # asked for, where known
AIRPORT = {"airplanes", "runways", "taxiways", "runway markings", "jet bridges", "helicopters"}
# What a chimney may be called.
HIDDEN = {"buildings", "towers", "smokestacks", "structures"}
# Reflectance of walls.
CONCRETE = ((0.80, 0.79, 0.76), (0.82, 0.77, 0.68), (0.74, 0.74, 0.74), (0.90, 0.88, 0.84), (0.70, 0.72, 0.74))
STACK = (*CONCRETE, (0.50, 0.36, 0.30), (0.56, 0.55, 0.54), (0.62, 0.50, 0.42))
RED = ((0.72, 0.24, 0.20), (0.62, 0.30, 0.26), (0.80, 0.36, 0.26))
ROOFS = ((0.25, 0.38, 0.68), (0.84, 0.84, 0.83), (0.60, 0.59, 0.57), (0.56, 0.32, 0.27), (0.42, 0.42, 0.43))


class Chimneys:
    """Draws chimneys with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with chimneys, or both unchanged."""
        if self.random.random() > SHARE:
            return crop, picture
        there = named(crop)
        # Airplanes that were added make no airport.
        if not there or there & AIRPORT - set(crop.get("asked", ())) or there & {NOUN[1], TOWER[1]}:
            return crop, picture
        size = picture.size
        water = filled(size, polygons(crop, nouns=WATERS))
        if water.mean() > 0.3:
            return crop, picture
        keep = KEEP | set(crop.get("asked", ()))
        solid = water | filled(size, polygons(crop, keep))
        houses = filled(size, polygons(crop, nouns=("building", "house")))
        group = Group(self.random, max(size))
        ground = self.random.random() < GROUND
        for _ in range(TRIES):
            centres = group.places(size)
            outlines = [group.profile.outline(centre, group.lean) for centre in centres]
            place = filled(size, outlines)
            if place.sum() < 12 or (place & solid).any() or (not ground and houses[place].mean() > 0.2):
                continue
            return self.drawn(crop, picture, group, centres, outlines, solid if ground else None)
        return crop, picture

    def drawn(self, crop, picture, group, centres, outlines, solid):
        """Returns the crop and its picture with chimneys at `centres`; on a ground of their own, outside `solid`, if
        that is given."""
        random, light = self.random, Light(picture, self.random)
        picture, hidden, covered = picture.copy(), set(HIDDEN), list(outlines)
        if solid is not None:
            covered.append(group.ground(picture, light, centres, solid))
            hidden |= PLANT
        group.shade(picture, light, centres)
        # A chimney covers the foot of the next one in its direction.
        for centre in sorted(centres, key=lambda c: -c[0] * group.lean[0] - c[1] * group.lean[1]):
            group.draw(picture, light, centre)
        if random.random() < (0.5 if group.tower else 0.25):
            covered += group.steam(picture, light, centres)
        inside = [outline for outline in outlines if filled(picture.size, [outline]).any()]
        added = {NOUN: inside}
        if group.tower and random.random() < NAMED:
            added[TOWER] = inside
        # Crops name the chimneys that they show, so those without the word have no others.
        things = [thing for thing in crop["things"] if thing["plural"] not in (NOUN[1], TOWER[1])]
        crop = showing(missing({**crop, "things": things}, (NOUN[1], TOWER[1])), added, covered, hidden)
        if group.tower and TOWER not in added:
            crop["absent"] = [plural for plural in crop["absent"] if plural != TOWER[1]]
        asked = CONFUSED | ({TOWER[1]} if random.random() < NAMED else set())
        return asking(crop, asked & told(crop)), picture


class Group:
    """One to four chimneys of one kind: their profile, directions and colours."""

    def __init__(self, random, side):
        self.random, self.side, self.tower = random, side, random.random() < TOWERS
        self.state = np.random.default_rng(random.randrange(1 << 32))
        self.sun, view = random.uniform(0, 2 * math.pi), random.uniform(0, 2 * math.pi)
        if self.tower:
            self.count = random.choice((1, 1, 1, 1, 2, 2, 2, 4))
            largest = LARGEST / self.count**0.5
            self.radius = radius = side * SMALLEST * (largest / SMALLEST) ** random.random()
            waist, height = random.uniform(0.46, 0.64), random.uniform(0.72, 0.95)
            bend = (1.0 - waist**2) / height**2
            square = radius**2
            self.profile = Profile(square, -2.0 * bend * height * square, bend * square)
            self.high = radius * random.uniform(2.2, 3.2)
            away = radius * 0.3 * (2.0 / 0.3) ** random.random()
            self.tone, self.bands = random.choice(CONCRETE), 0
            self.skirt = random.uniform(0.06, 0.13)  # height of the columns under the shell
            self.columns = random.choice((20, 28, 36, 44))
        else:
            self.count = random.choice((1, 1, 1, 2, 2, 3, 4))
            self.radius = radius = side * THINNEST * (THICKEST / THINNEST) ** random.random()
            slope = radius * (random.uniform(0.5, 0.85) - 1.0)
            self.profile = Profile(radius**2, 2.0 * radius * slope, slope**2)
            self.high = radius * random.uniform(12.0, 36.0)
            away = min(radius * random.uniform(1.5, 14.0), side * 0.45, self.high * 0.7)
            self.tone, self.skirt = random.choice(STACK), 0.0
            self.bands = random.choice((0, 0, 5, 7, 9))
        self.lean = away * math.cos(view), away * math.sin(view)
        self.shadow = self.high * random.uniform(0.45, 1.9)
        self.top = math.sqrt(self.profile.squared(1.0))
        self.red, self.lowest = random.choice(RED), random.choice((0.0, 0.3, 0.6))
        self.fill = random.uniform(0.3, 0.95) if self.tower and random.random() < 0.35 else 0.0
        self.ladder = random.uniform(0, 2 * math.pi) if random.random() < 0.5 else None
        self.relief, self.ambient = random.uniform(0.3, 1.0), random.uniform(0.22, 0.5)

    def places(self, size):
        """Returns centres of bases, in pixels of the crop."""
        random = self.random
        x, y = (random.uniform(0.12, 0.88) * side for side in size)
        # The middle of what is seen, not the base, is anywhere.
        x, y = x - self.lean[0] / 2, y - self.lean[1] / 2
        turn = random.uniform(0, 2 * math.pi)
        step = self.radius * (random.uniform(2.3, 3.4) if self.tower else random.uniform(4.0, 16.0))
        across = step * random.uniform(0.9, 1.3)
        places = [(n * step, 0.0) for n in range(self.count)]
        if self.count == 4 and random.random() < 0.5:
            places = [(0.0, 0.0), (step, 0.0), (0.0, across), (step, across)]
        return placed(places, (x, y), turn)

    def shade(self, picture, light, centres):
        """Darkens where the shadows fall."""
        away = -self.shadow * math.cos(self.sun), -self.shadow * math.sin(self.sun)
        shapes = [self.profile.outline(centre, away) for centre in centres]
        box = within([point for shape in shapes for point in shape], picture.size, 4)
        if box is None:
            return
        light.shade(picture, box, shapes, min(0.8, 0.012 * self.radius), self.random.uniform(0.1, 0.42))

    def draw(self, picture, light, centre):
        """Draws one chimney."""
        reach = self.radius
        ends = [[c + sign * reach for c in centre] for sign in (-1, 1)]
        ends += [[c + far for c, far in zip(end, self.lean)] for end in ends]
        box = within(ends, picture.size, 3)
        if box is None:
            return
        finer = 4 if self.radius < 12 else 3 if self.radius < 30 else 2
        x, y = grid(box, finer, centre)
        top, seen, outside, inside = self.profile.roots(x[None, :], y[:, None], self.lean)
        pixels = np.zeros((*seen.shape, 4), np.uint8)
        ys, xs = np.nonzero(seen & ~top)
        pixels[ys, xs, :3] = self.wall(light, x[xs], y[ys], outside[ys, xs])
        ys, xs = np.nonzero(top)
        if len(xs):
            pixels[ys, xs, :3] = self.hole(light, x[xs], y[ys], inside[ys, xs])
        pixels[..., 3] = seen * 255
        light.lay(picture, pixels, box[:2], finer, self.state, light.noise if light.noise > 0.5 else 0.0)

    def wall(self, light, x, y, t):
        """Returns the colours of the outer wall at heights `t`."""
        profile = self.profile
        radius = np.sqrt(profile.squared(t))
        nx, ny = (x - t * self.lean[0]) / radius, (y - t * self.lean[1]) / radius
        slope = (profile.b + 2.0 * profile.c * t) / (2.0 * radius) / self.high
        far = math.hypot(self.shadow, self.high)
        facing = (nx * math.cos(self.sun) + ny * math.sin(self.sun)) * self.shadow - slope * self.high
        # Of a sunny wall, not of flat ground: exposures follow the brighter one.
        most = max(self.shadow / far, 0.75)
        facing = np.clip(facing / far / most / np.sqrt(1.0 + slope * slope), 0.0, 1.0)
        lit = self.ambient + (1.12 - self.ambient) * facing**0.6
        turn = np.arctan2(ny, nx)
        part = (turn / (2.0 * math.pi)) % 1.0
        # Streaks, courses and ribs.
        stains = self.state.normal(0.0, 1.0, 96).astype(np.float32)
        stains = (stains + np.roll(stains, 1) + np.roll(stains, 2)) / 3.0
        relief = 0.07 * stains[(part * 95.99).astype(np.intp)] * (0.35 + 0.65 * t)
        if self.tower:
            relief += 0.03 * np.cos(turn * self.columns * 2) + 0.012 * np.cos(t * 70.0)
        lit *= 1.0 + self.relief * relief
        colour = np.multiply.outer(lit, np.array(self.tone, np.float32))
        if self.bands:
            band = ((1.0 - t) * self.bands).astype(np.intp) % 2 == 0
            painted = (t >= self.lowest)[:, None]
            tones = np.where(band[:, None], np.array(self.red, np.float32), np.float32(0.92))
            colour = np.where(painted, lit[:, None] * tones, colour)
        if self.tower:
            if self.ladder is not None:
                off = np.abs((part - self.ladder / (2.0 * math.pi) + 0.5) % 1.0 - 0.5) * radius * 2.0 * math.pi
                colour[(off < max(0.35, 0.012 * self.radius)) & (t < 0.97)] *= 0.6
            colour[t > 0.975] *= 1.1
            under = t < self.skirt
            level, step = t[under] / self.skirt, (part[under] * self.columns) % 1.0 * 2.0
            column = np.minimum(np.abs(np.abs(step - 1.0) - level), np.abs(np.abs(step - 1.0) - 1.0 + level)) < 0.13
            column |= (level > 0.92) | (level < 0.12)
            colour[under] *= np.where(column, 0.85, 0.16)[:, None]
        return light.shown(colour).clip(0, 255)

    def hole(self, light, x, y, t):
        """Returns the colours of the top: its rim, and what is seen of the inner wall at heights `t`; negative where
        none is seen."""
        off = np.hypot(x - self.lean[0], y - self.lean[1])
        deep = np.maximum(t, 0.0)
        radius = np.sqrt(self.profile.squared(deep))
        nx, ny = (x - deep * self.lean[0]) / radius, (y - deep * self.lean[1]) / radius
        facing = -(nx * math.cos(self.sun) + ny * math.sin(self.sun))
        # The sun reaches as deep as its ray, seen from above, crosses the opening.
        sunny = (t >= 0.0) & ((1.0 - deep) * self.shadow < 2.0 * self.top * facing)
        lit = np.where(sunny, 0.15 + 0.6 * np.maximum(facing, 0.0), 0.03 + 0.2 * np.exp(-5.0 * (1.0 - deep)))
        colour = np.multiply.outer(lit, np.array(self.tone, np.float32))
        if self.fill:
            steam = self.clouds(x - self.lean[0], y - self.lean[1], self.top)
            steam = (self.fill * (0.75 + 0.35 * steam)).clip(0, 1)[:, None]
            colour = colour * (1.0 - steam) + np.array((0.72, 0.74, 0.76), np.float32) * steam
        rim = off > self.top - max(0.7, 0.05 * self.top)
        colour[rim] = np.array(self.tone, np.float32) * (0.95 if self.tower else 0.8)
        return light.shown(colour).clip(0, 255)

    def clouds(self, x, y, scale):
        """Returns smooth noise of about unit strength at pixels."""
        cells = unevenness(self.state, (64, 64), ((4, 0.6), (12, 0.45), (30, 0.3)))
        column, row = (((v / scale * 0.5 + 0.5) * 63.0).clip(0, 63).astype(np.intp) for v in (x, y))
        return cells[row, column]

    def steam(self, picture, light, centres):
        """Draws plumes from tops; returns outlines of what they hide."""
        random, size = self.random, tuple(side // 2 for side in picture.size)
        turn, hidden = random.uniform(0, 2 * math.pi), []
        alpha, layer = Image.new("L", size), Image.new("L", size)
        length, strength = random.uniform(1.0, 7.0) * self.top, random.uniform(120, 250)
        spread = random.uniform(0.3, 1.0)
        ring = [(math.cos(a * math.pi / 6), math.sin(a * math.pi / 6)) for a in range(12)]
        for cx, cy in centres:
            if random.random() < 0.25:
                continue
            puffs = random.randint(10, 16)
            for puff in range(puffs):
                t = puff / puffs
                wide = self.top * (0.75 + spread * t) * random.uniform(0.5, 1.0)
                off = 0.1 + (0.2 + spread) * t
                u = cx + self.lean[0] + length * t * math.cos(turn) + random.gauss(0, off * 0.5 * self.top)
                v = cy + self.lean[1] + length * t * math.sin(turn) + random.gauss(0, off * 0.5 * self.top)
                layer.paste(0, (0, 0, *size))
                grey = round(strength * (1 - t) * random.uniform(0.4, 0.8))
                ImageDraw.Draw(layer).ellipse([(c + r) / 2 for r in (-wide, wide) for c in (u, v)], fill=grey)
                alpha = ImageChops.screen(alpha, layer)
                if t < 0.75:
                    hidden.append([[u + wide * p, v + wide * q] for p, q in ring])
        alpha = alpha.filter(ImageFilter.GaussianBlur(max(light.blur / 2, 0.1 * self.top)))
        cells = max(4, round(2 * max(size) / max(2.0, self.top)))
        octaves = [(min(160, round(cells * n)), a) for n, a in ((1, 0.3), (2.3, 0.3), (5.0, 0.2))]
        noise = (0.85 + unevenness(self.state, size, octaves)).clip(0.0, 1.5)
        alpha = Image.fromarray((np.asarray(alpha, np.float32) * noise).clip(0, 248).astype(np.uint8))
        alpha = alpha.resize(picture.size, Image.BICUBIC)
        picture.paste(light.colour((0.97, 0.98, 1.0)), (0, 0), alpha)
        return hidden

    def ground(self, picture, light, centres, solid):
        """Draws a ground with some roads and buildings around the bases; returns its outline."""
        random = self.random
        turn, reach = random.uniform(0, 2 * math.pi), self.radius * (random.uniform(1.3, 2.2) if self.tower else 5.0)
        cosine, sine = math.cos(turn), math.sin(turn)
        us, vs = [x * cosine + y * sine for x, y in centres], [y * cosine - x * sine for x, y in centres]
        reach += 0.03 * self.side
        box = [min(us) - reach, min(vs) - reach, max(us) + reach, max(vs) + reach]
        box = [v + sign * random.uniform(0, 0.25) * self.side for v, sign in zip(box, (-1, -1, 1, 1))]
        around = placed([(u, v) for u in box[::2] for v in box[1::2]], (0.0, 0.0), turn)
        part = within(around, picture.size, 3)
        if part is None:
            return around
        left, upper, size = part[0], part[1], (part[2] - part[0], part[3] - part[1])
        fine = lambda u, v: (2 * (u * cosine - v * sine - left), 2 * (u * sine + v * cosine - upper))  # noqa: E731
        area = lambda a, b, c, d: [fine(a, b), fine(c, b), fine(c, d), fine(a, d)]  # noqa: E731
        soil = random.choice(SOILS)
        drawn = Image.new("RGB", (2 * size[0], 2 * size[1]), light.colour(soil))
        pen, mask = ImageDraw.Draw(drawn), Image.new("L", drawn.size)
        ImageDraw.Draw(mask).polygon(area(*box), fill=255)
        ImageDraw.Draw(mask).bitmap((0, 0), Image.fromarray(solid).crop(part).resize(drawn.size), fill=0)
        road = np.array(random.choice(CONCRETE)) * random.uniform(0.35, 0.95)
        lane = random.uniform(0.008, 0.025) * self.side
        for _ in range(random.randint(0, 4)):
            u, v = random.uniform(box[0], box[2]), random.uniform(box[1], box[3])
            strip = (u, box[1], u + lane, box[3]) if random.random() < 0.5 else (box[0], v, box[2], v + lane)
            pen.polygon(area(*strip), fill=light.colour(road))
        far = 0.012 * self.side * self.shadow / self.high
        for _ in range(random.choice((0, 0, 4, 9, 16))):
            u, v = random.uniform(box[0], box[2]), random.uniform(box[1], box[3])
            long, wide = (random.uniform(0.015, 0.09) * self.side for _ in range(2))
            roof = area(u, v, u + long, v + wide)
            dx, dy = (-2 * far * trig(self.sun) for trig in (math.cos, math.sin))
            pen.polygon([(x + dx, y + dy) for x, y in roof], fill=light.colour((0.03, 0.03, 0.04)))
            pen.polygon(roof, fill=light.colour(np.array(random.choice(ROOFS)) * random.uniform(0.8, 1.1)))
        if self.tower and random.random() < 0.6:
            wide, lawn = self.radius * random.uniform(1.06, 1.3), random.choice(SOILS)
            for x, y in centres:
                ring = [2 * (x - wide - left), 2 * (y - wide - upper), 2 * (x + wide - left), 2 * (y + wide - upper)]
                pen.ellipse(ring, fill=light.colour(lawn))
        drawn = np.asarray(drawn.reduce(2), np.float32)
        same = np.abs(drawn - np.array(light.colour(soil), np.float32)).sum(axis=-1) < 6.0
        # Patches of another soil, then unevenness.
        patches = unevenness(self.state, size, ((7, 0.5), (25, 0.45), (90, 0.3)))
        drawn = light.soiled(drawn, patches, random, 0.3, same[..., None])
        wear = unevenness(self.state, size, ((80, 4.0), (max(size), 8.0 + 2.0 * light.noise)))
        drawn = pictured(drawn + wear[..., None]).filter(ImageFilter.GaussianBlur(light.blur))
        mask = mask.reduce(2).filter(ImageFilter.GaussianBlur(max(0.8, light.blur)))
        picture.paste(drawn, part, mask)
        return [around[n] for n in (0, 1, 3, 2)]
