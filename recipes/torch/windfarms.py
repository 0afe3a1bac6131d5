"""Wind farms: measures of turbines, and how they look.

Parallel views and parallel sunlight move a point by its height times a constant. So a turbine and its shadow are the
same shape with two displacements.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from paint import pictured, placed, swept, within

SMALLEST, LARGEST = 0.022, 0.3  # length of a blade, in sides of the crop
PALE = ((1.0, 1.0, 1.0), (0.97, 0.98, 1.0), (0.94, 0.94, 0.94), (0.98, 0.97, 0.94), (0.90, 0.91, 0.92))
RED, GREEN, YELLOW = (0.80, 0.20, 0.16), (0.30, 0.48, 0.30), (0.90, 0.76, 0.20)
GRAVEL = ((0.74, 0.70, 0.62), (0.66, 0.62, 0.55), (0.82, 0.79, 0.72), (0.60, 0.58, 0.54), (0.70, 0.60, 0.48))


class Farm:
    """One to nine turbines of one kind: their measures, directions and colours. A turbine's place is that of its foot
    and the phase of its rotor, `(x, y, phase)`."""

    def __init__(self, random, side):
        self.random, self.side = random, side
        self.state = np.random.default_rng(random.randrange(1 << 32))
        self.blade = blade = side * SMALLEST * (LARGEST / SMALLEST) ** random.random() ** 0.6
        most = 9 if blade < 0.06 * side else 5 if blade < 0.1 * side else 2
        self.count = min(most, random.choice((1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9)))
        self.high = blade * random.uniform(1.5, 2.4)
        away, far = blade * 3.0 * random.random() ** 1.7, self.high * 0.3 * 8.0 ** random.random()
        view, self.sun = random.uniform(0, 2 * math.pi), random.uniform(0, 2 * math.pi)
        # How far a point moves per unit of its height, in the picture and in the shadow.
        self.lean = away / self.high * math.cos(view), away / self.high * math.sin(view)
        self.cast = -far / self.high * math.cos(self.sun), -far / self.high * math.sin(self.sun)
        self.view, self.yaw = view, random.uniform(0, 2 * math.pi)
        self.axis, self.level = (math.cos(self.yaw), math.sin(self.yaw)), (-math.sin(self.yaw), math.cos(self.yaw))
        self.pitch = random.uniform(0.0, 1.1)
        self.thick, self.chord = random.uniform(0.026, 0.062), random.uniform(0.09, 0.16)
        self.tone, self.ambient = np.array(random.choice(PALE)), random.uniform(0.3, 0.65)
        self.edge = random.choice((0, 1, -1))  # which half of each blade is in the shade
        self.tips = random.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))
        self.painted = random.choice((None, None, None, None, None, None, None, GREEN, RED))
        self.swing = random.uniform(0.03, 0.1) if random.random() < 0.25 else 0.0  # turn during the exposure
        self.fringe = random.uniform(-0.035, 0.035) if random.random() < 0.2 else 0.0  # turn between two colours
        self.tracks, self.pads = random.random() < 0.6, random.random() < 0.75

    def places(self, size):
        """Returns places of feet, in pixels of the crop."""
        random = self.random
        wide, high = size
        row = self.count > 1 and random.random() < 0.65
        step, turn = self.blade * random.uniform(2.6, 8.0), random.uniform(0, 2 * math.pi)
        step = min(step, max(2.4 * self.blade, 0.9 * self.side / self.count))
        x, y = random.uniform(0.08, 0.92) * wide, random.uniform(0.08, 0.92) * high
        bend, start, found = random.gauss(0, 0.12), random.randrange(self.count), []
        if not row:
            found = [(random.uniform(0, wide), random.uniform(0, high)) for _ in range(3 * self.count)]
        for sign, most in ((1, self.count - start), (-1, start)) if row else ():
            u, v, way = x, y, turn
            for number in range(most + (sign < 0)):
                if number or sign > 0:
                    found.append((u + random.gauss(0, 0.15 * step), v + random.gauss(0, 0.15 * step)))
                u, v, way = u + sign * step * math.cos(way), v + sign * step * math.sin(way), way + bend
        # The middle of a tower, not its foot, is at these places. Most hubs are in the picture.
        dx, dy = (far * self.high / 2 for far in self.lean)
        found = [(u, v, random.random() < 0.85) for u, v in found]
        inside = [(u - dx, v - dy) for u, v, whole in found
                  if 2 < u - dx < wide - 3 and 2 < v - dy < high - 3
                  and (not whole or 0 < u + dx < wide and 0 < v + dy < high)]
        return inside[: self.count]

    def seen(self, foot, way, x, y, z):
        """Returns where the point `(x, y, z)` above a foot is seen, in parallel rays that move it `way` per height."""
        return np.array((foot[0] + x + z * way[0], foot[1] + y + z * way[1]))

    def tower(self, foot, way, least=0.0, more=0.0, parts=1):
        """Returns strips along the tower, on both sides `more` wider than it is and `least` or more from its middle."""
        away = max(1e-6, math.hypot(*way))
        across = np.array((-way[1], way[0])) / away
        base, top = foot[:2], self.seen(foot, way, 0, 0, self.high)
        wide, thin = (max(least, self.thick * share * self.blade + more) for share in (1.0, 0.6))
        strips = []
        for part in range(parts):
            low, high = (2.0 * (part + end) / parts - 1.0 for end in (0, 1))
            strips.append([base + across * wide * low, base + across * wide * high, top + across * thin * high,
                           top + across * thin * low])
        return strips

    def nacelle(self, foot, way, grow=0.0):
        """Returns the outline of the nacelle, and that of its upper side."""
        b, points = self.blade, []
        for up in (0.05, -0.04):
            for along, across in ((0.09, 0.045), (0.09, -0.045), (-0.15, -0.04), (-0.15, 0.04)):
                u, v = along * b + math.copysign(grow, along), across * b + math.copysign(grow, across)
                x, y = u * self.axis[0] + v * self.level[0], u * self.axis[1] + v * self.level[1]
                points.append(tuple(self.seen(foot, way, x, y, self.high + up * b)))
        return swept(points, 0, 0), points[:4]

    def blades(self, foot, phase, way, least=0.0, more=0.0, first=0.0, last=1.0):
        """Returns outlines of the three blades from `first` to `last`, parts of their length."""
        b, shapes = self.blade, []
        hub = self.seen(foot, way, 0.09 * b * self.axis[0], 0.09 * b * self.axis[1], self.high)
        for turn in (phase, phase + 2 * math.pi / 3, phase + 4 * math.pi / 3):
            cosine, sine = math.cos(turn), math.sin(turn)
            whole = self.seen((0, 0), way, b * cosine * self.level[0], b * cosine * self.level[1], b * sine)
            flat, deep = math.cos(self.pitch), math.sin(self.pitch)
            chord = self.seen((0, 0), way, -sine * flat * self.level[0] + deep * self.axis[0],
                              -sine * flat * self.level[1] + deep * self.axis[1], cosine * flat)
            long = max(1e-6, math.hypot(*whole))
            across = np.array((-whole[1], whole[0])) / long
            width = abs(float(chord @ across)) * self.chord * b / 2
            sides = [], []
            for at, share in ((0.0, 0.45), (0.08, 0.45), (0.22, 1.0), (0.6, 0.62), (1.0, 0.2)):
                if first < at < last or at in (first, last):
                    half = max(least * (1.1 - 0.35 * at), width * share + more)
                    sides[0].append(hub + whole * at + across * half)
                    sides[1].append(hub + whole * at - across * half)
            if first > 0.0:
                for side, sign in zip(sides, (1, -1)):
                    side.insert(0, hub + whole * first + sign * across * max(least * 0.85, width * 0.4 + more))
            shapes.append(sides[0] + sides[1][::-1])
        return shapes

    def outlines(self, foot):
        """Returns outlines of the tower, the nacelle and the blades, wide enough for masks."""
        least, more = max(0.85, 0.006 * self.side), max(0.25, 0.002 * self.side)
        shapes = self.tower(foot, self.lean, least, more) + self.blades(foot, foot[2], self.lean, least, more)
        shapes.append(self.nacelle(foot, self.lean, 0.4)[0])
        return [[[round(float(x), 2), round(float(y), 2)] for x, y in shape] for shape in shapes]

    def shade(self, picture, light, feet, wet):
        """Darkens where the shadows fall."""
        alpha = Image.new("L", tuple(3 * side for side in picture.size))
        pen = ImageDraw.Draw(alpha)
        for foot in feet:
            for shape in self.blades(foot, foot[2], self.cast, 0.3):
                pen.polygon(fine(shape, (0, 0), 3), fill=215)
            for shape in (*self.tower(foot, self.cast, 0.4), self.nacelle(foot, self.cast)[0]):
                pen.polygon(fine(shape, (0, 0), 3), fill=255)
        alpha = alpha.reduce(3).filter(ImageFilter.GaussianBlur(min(1.0, light.blur) + 0.006 * self.blade))
        box = alpha.getbbox()
        if box:
            deep = self.random.uniform(*((0.3, 0.75) if wet else (0.0, 0.28)))
            light.darken(picture, box, alpha.crop(box), deep)

    def draw(self, picture, light, foot, wet):
        """Draws one turbine."""
        points = np.array([point for outline in self.outlines(foot) for point in outline])
        reach = 0.15 * self.blade + 3
        points = np.concatenate([points, [np.array(foot[:2]) - reach, np.array(foot[:2]) + reach]])
        box = within(points, picture.size, 3)
        if box is None:
            return
        finer = 5 if self.blade < 16 else 4 if self.blade < 30 else 3
        under = picture.crop(box)
        under = under.resize(tuple(side * finer for side in under.size), Image.NEAREST)
        cover = Image.new("L", under.size)
        lit = self.random.getstate()
        bands = []
        for turn in (-self.fringe, 0.0, self.fringe) if self.fringe else (0.0,):
            self.random.setstate(lit)  # the same tones in each colour
            image = under.copy()
            self.paint(image, cover, light, foot, wet, turn, lambda shape: fine(shape, box[:2], finer))
            bands.append(image.reduce(finer))
        image = Image.merge("RGB", [band.getchannel(n) for n, band in enumerate(bands)]) if self.fringe else bands[0]
        blur = ImageFilter.GaussianBlur(min(0.75, light.blur * 0.8))
        cover = cover.reduce(finer).point(lambda v: 255 if v else 0).filter(ImageFilter.MaxFilter(3))
        drawn = np.asarray(image.filter(blur), np.float32)
        noise = self.state.standard_normal(drawn.shape[:2], np.float32) * (1.0 + light.noise)
        picture.paste(pictured(drawn + noise[..., None]), box, cover)

    def paint(self, image, cover, light, foot, wet, turn, finer):
        """Paints one turbine on a finer picture, and marks where."""
        random, pens = self.random, (ImageDraw.Draw(image, "RGBA"), ImageDraw.Draw(cover))

        def shape(points, colour, opacity=255):
            points = finer(points)
            pens[0].polygon(points, fill=(*light.colour(colour), opacity))
            pens[1].polygon(points, fill=255)

        ring = [(foot[0] + math.cos(a * math.pi / 5), foot[1] + math.sin(a * math.pi / 5)) for a in range(10)]
        base = max(0.7, self.blade * self.thick * random.uniform(1.0, 1.6))
        ring = [tuple(c + base * (v - c) for v, c in zip(point, foot)) for point in ring]
        shape(ring, np.array(YELLOW) if wet else self.tone * random.uniform(0.6, 1.0))
        tones = [random.uniform(0.88, 1.1) for _ in range(3)]
        if random.random() < 0.4:
            tones[random.randrange(3)] *= random.uniform(0.6, 0.85)  # a blade in its own shade

        def rotor():
            steps = 5 if self.swing else 1
            for step in range(steps):
                phase = foot[2] + turn + self.swing * (step / max(1, steps - 1) - 0.5)
                opacity = 255 if steps == 1 else 90
                for blade, tone in zip(self.blades(foot, phase, self.lean, 0.52), tones):
                    shape(blade, self.tone * tone, opacity)
                    if self.edge and self.blade > 12:
                        half = np.array(blade[: len(blade) // 2]), np.array(blade[len(blade) // 2 :])
                        shape([*half[self.edge < 0], *(half[0] + half[1][::-1])[:: -self.edge] / 2],
                              self.tone * (tone * 0.68), opacity)
                for band in ((0.84, 1.0), (0.6, 0.72))[: self.tips]:
                    for tip in self.blades(foot, phase, self.lean, 0.52, 0.0, band[0], band[1]):
                        if len(tip) > 3:
                            shape(tip, np.array(RED), opacity)

        # The wind comes to the camera's side or to the other one.
        behind = self.axis[0] * math.cos(self.view) + self.axis[1] * math.sin(self.view) > 0
        if behind:
            rotor()
        parts = 5 if self.blade > 10 else 3
        for part, strip in enumerate(self.tower(foot, self.lean, 0.5, 0.0, parts)):
            off = 2.0 * (part + 0.5) / parts - 1.0
            facing = self.view + math.pi - math.asin(off)
            sunny = max(0.0, math.cos(facing - self.sun))
            shape(strip, self.tone * (self.ambient + (1.04 - self.ambient) * sunny**0.6))
        if self.painted:
            whole = self.tower(foot, self.lean, 0.45)[0]
            low = [whole[0], whole[1], whole[1] + 0.22 * (whole[2] - whole[1]), whole[0] + 0.22 * (whole[3] - whole[0])]
            shape(low, np.array(self.painted) * random.uniform(0.8, 1.1))
        body, roof = self.nacelle(foot, self.lean, 0.2)
        shape(body, self.tone * (0.35 + 0.5 * self.ambient))
        shape(roof, self.tone * random.uniform(0.92, 1.05))
        if not behind:
            rotor()
            hub = self.seen(foot, self.lean, *(0.1 * self.blade * way for way in self.axis), self.high)
            wide = max(0.55, 0.035 * self.blade)
            shape([hub + wide * np.array((math.cos(a), math.sin(a))) for a in range(6)], self.tone)

    def ground(self, picture, light, feet, solid):
        """Draws pads of gravel and tracks, which end where something `solid` is; returns outlines of what they hide."""
        random, size, hidden = self.random, picture.size, []
        alpha = Image.new("L", tuple(2 * side for side in size))
        pen = ImageDraw.Draw(alpha)
        strong = random.randint(110, 255)
        lane, wander = max(1.0, self.blade * random.uniform(0.06, 0.13)), random.gauss(0, 0.01)
        way, reach = random.uniform(0, 2 * math.pi), self.blade * random.uniform(0.16, 0.42)
        for x, y, _ in feet:
            if self.pads:
                wide = [reach * random.uniform(0.75, 1.25) for _ in range(9)]
                blob = [[x + r * math.cos(a * 0.698), y + r * math.sin(a * 0.698)] for a, r in enumerate(wide)]
                pen.polygon(fine(blob, (0, 0), 2), fill=strong)
                hidden.append(blob)
                if random.random() < 0.4:  # a yard for the crane
                    u, v = (n * reach * random.uniform(0.6, 1.5) for n in (1.5, 0.8))
                    yard = placed([(0, -v), (2 * u, -v), (2 * u, v), (0, v)], (x, y), way)
                    pen.polygon(fine(yard, (0, 0), 2), fill=strong)
                    hidden.append(yard)
            if self.tracks:
                points, turn = [(x, y)], way + random.gauss(0, 0.25)
                step = max(3.0, 0.02 * self.side)
                for _ in range(70):
                    u, v = points[-1][0] + step * math.cos(turn), points[-1][1] + step * math.sin(turn)
                    points.append((u, v))
                    turn += wander + random.gauss(0, 0.04)
                    if not (0 <= u < size[0] and 0 <= v < size[1]) or solid[int(v), int(u)]:
                        break
                pen.line(fine(points, (0, 0), 2), fill=strong, width=max(2, round(2 * lane)), joint="curve")
                across = np.gradient(np.array(points), axis=0)[:, ::-1] * (lane / step, -lane / step)
                hidden.append([*(points + across).tolist(), *(points - across)[::-1].tolist()])
        if not hidden:
            return []
        alpha = np.asarray(alpha.reduce(2).filter(ImageFilter.GaussianBlur(max(0.7, light.blur))), np.float32)
        coarse = Image.fromarray(self.state.standard_normal((48, 48), np.float32)).resize(size, Image.BILINEAR)
        uneven = 0.9 + 0.16 * np.asarray(coarse) + 0.08 * self.state.standard_normal(alpha.shape, np.float32)
        alpha = pictured(alpha * uneven * ~solid)
        tone = np.array(random.choice(GRAVEL)) * random.uniform(0.85, 1.1)
        picture.paste(light.colour(tone), (0, 0), alpha)
        return hidden


def fine(points, corner, finer):
    """Returns points in pixels of a finer picture whose corner is given."""
    return [((x - corner[0]) * finer, (y - corner[1]) * finer) for x, y in points]
