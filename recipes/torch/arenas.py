"""What a drawn stadium is made of, in metres: its plan, its stands and roofs, and the field in it."""

import math

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from diamonds import Diamonds

COUNT = 180  # points of an outline
SEATS = (
    (60, 84, 150), (44, 66, 120), (160, 52, 50), (186, 70, 60), (140, 142, 144), (118, 120, 124), (196, 168, 70),
    (206, 206, 202), (90, 120, 90), (150, 140, 128), (120, 134, 160), (176, 120, 90), (90, 92, 96), (168, 166, 160),
)
CONCRETE = ((168, 164, 156), (188, 184, 176), (142, 140, 136), (120, 118, 114), (176, 168, 150))
ROOFS = (
    (222, 224, 226), (240, 240, 238), (200, 202, 204), (170, 172, 174), (140, 142, 146), (116, 106, 94),
    (100, 104, 110), (180, 74, 74), (110, 136, 164), (150, 176, 170), (208, 200, 184),
)
GRASSES = ((62, 88, 50), (76, 102, 62), (52, 76, 48), (84, 106, 68), (52, 82, 54), (96, 106, 70), (44, 64, 42))
TRACKS = ((158, 86, 66), (176, 100, 80), (150, 120, 104), (108, 120, 150), (96, 98, 104), (130, 66, 58))

TIERS = (0.05, 0.97), (0.04, 0.45, 0.52, 0.97), (0.04, 0.4, 0.5, 0.9), (0.05, 0.3, 0.36, 0.66, 0.72, 0.98)


class Arena:
    """The plan of a stadium: its long axis is the first one."""

    def __init__(self, random):
        self.random = random
        self.baseball = random.random() < 0.12
        self.track = None
        gap = random.uniform(3, 12)
        runs = not self.baseball and random.random() < 0.3
        self.long, self.wide = random.uniform(98, 110), random.uniform(62, 74)  # of the pitch
        oval = random.random() < (0.85 if self.baseball else 0.35)
        if self.baseball:
            self.reach = random.uniform(112, 126)  # from home plate to the fence
            a, b, radius = self.reach * 0.64, self.reach * random.uniform(0.62, 0.72), random.uniform(35, 60)
        elif runs:
            straight, radius = random.uniform(40, 46), random.uniform(44, 48)
            inner = radius - random.uniform(7, 10)
            self.straight, self.inner = straight, inner
            self.track = tuple(rounded(straight + r, r, r)[0][::3] for r in (radius, inner))
            self.long = 2 * straight + inner * random.uniform(0.2, 0.45)
            self.wide = 2 * inner * random.uniform(0.8, 0.92)
            gap = random.uniform(1, 9)
            a, b = straight + radius + gap, radius + gap
            radius = b if random.random() < 0.8 else 0.7 * b
        else:
            a, b, radius = self.long / 2 + gap, self.wide / 2 + gap * random.uniform(0.6, 1.2), random.uniform(2, 22)
        if oval and not runs:
            # An ellipse around the corners of the field.
            grow = 1.0 if self.baseball else random.uniform(1.28, 1.4)
            points, normals, bulge = ellipse(a * grow, b * grow * random.uniform(1.0, 1.1))
        else:
            points, normals, bulge = rounded(a, b, radius)
        self.inside, self.normals = points, normals
        self.stands(bulge, runs, gap)
        middle = (self.outline.max(axis=0) + self.outline.min(axis=0)) / 2
        self.middle = -middle
        self.outline, self.inside = self.outline - middle, self.inside - middle
        if self.track:
            self.track = tuple(ring - middle for ring in self.track)
        self.length = float(np.ptp(self.outline, axis=0).max())
        half = np.array([self.long, self.wide]) / 2
        self.field = self.box(-half[0], -half[1], half[0], half[1])
        if self.baseball:
            self.home = np.array([-self.reach * 0.52 - middle[0], -middle[1]])
            self.foul = random.uniform(1, 5)
            dirt = Diamonds.infield(18.4, random.uniform(27, 31), self.foul)
            self.field = [[x + self.home[0], y + self.home[1]] for x, y in dirt]

    def stands(self, bulge, runs, gap):
        """Chooses where stands and roofs are and how deep they are. Roofs reach over the `gap` around the field."""
        random, n = self.random, self.normals
        deep = random.uniform(14, 34) if runs else random.uniform(18, 48)
        depths = [deep * random.uniform(0.75, 1.25) for _ in range(4)]  # right, left, bottom, top
        if random.random() < 0.5:
            depths = [depths[0]] * 2 + [depths[2]] * 2
        share = np.maximum(np.stack([n[:, 0], -n[:, 0], n[:, 1], -n[:, 1]]), 0)
        depth = (share**2 * np.array(depths)[:, None]).sum(axis=0)
        side = share.argmax(axis=0)
        kinds = "bowl", "roofed", "blocks", "horseshoe", "two", "main"
        kind = random.choices(kinds, (4, 4, 0, 2, 2.5, 1) if runs else (4, 4, 2, 1, 1.2, 1))[0]
        if self.baseball:
            kind = random.choice(("bowl", "bowl", "horseshoe"))
        elif not bulge.any():  # no straight sides
            kind = random.choice(("bowl", "bowl", "roofed", "roofed", "horseshoe"))
        there = np.ones(COUNT, bool)
        if kind == "horseshoe":
            there = side != 0
        elif kind == "two":
            there = (side >= 2) & (np.abs(n[:, 0]) < random.choice((0.1, 0.3)))
        elif kind == "main":
            there = np.abs(n[:, 0]) < 0.95
        elif kind == "blocks":
            there = share.max(axis=0) > random.choice((0.94, 0.99))
        edge = random.uniform(1, 5)
        bend = random.choice((0.0, 0.0, random.uniform(2, 6)))
        self.there = there
        self.depth = np.where(there, depth + bend * bulge, edge)
        self.outline = self.inside + self.normals * self.depth[:, None]
        # Where roofs begin, as a share of the depth of the stands: 1 is without a roof.
        over = random.uniform(-0.25, 0.15) if random.random() < 0.6 else random.uniform(0.1, 0.6)
        self.roof = np.ones(COUNT)
        covered = np.zeros(COUNT, bool)
        if kind == "roofed" or (kind == "blocks" and random.random() < 0.7):
            covered = there
        elif random.random() < (0.75 if kind != "bowl" else 0.55):
            chosen = random.choice(((2,), (3,), (2, 3), (2, 3), (0, 2, 3)))
            covered = there & np.isin(side, chosen) & (share.max(axis=0) > random.choice((0.75, 0.9, 0.97)))
        if self.baseball:
            over = random.uniform(0.4, 0.85)
            covered = there & (n[:, 0] < random.uniform(-0.5, 0.5))
        over = max(over, -0.05 if runs else -0.7 * gap / deep)
        self.roof[covered] = over
        self.height = random.uniform(10, 22) + (8 if covered.mean() > 0.5 else 0)
        # How far a wall shows that is not seen from straight above.
        turn, most = random.uniform(0, 2 * math.pi), random.choice((0.0, 0.0, 0.4 * self.height))
        self.lean = random.random() * most * np.array([math.cos(turn), math.sin(turn)])
        self.masts = covered.mean() < 0.6 and random.random() < 0.6
        self.steps = random.random() < 0.3  # tiers apart

    def between(self, share):
        """Returns the closed line at a share of the depth of the stands."""
        share = np.broadcast_to(share, COUNT)
        return self.inside + self.normals * (self.depth * share)[:, None]

    def draw(self, drawn, at, scale, away, look, dark):
        """Draws the stadium on a drawing of the place, `scale` pixels per metre. `away` is the shadow of its height, in
        metres. Returns the drawing."""
        random = self.random
        pen = ImageDraw.Draw(drawn)
        concrete = random.choice(CONCRETE)
        pen.polygon(at(self.outline), fill=look.tone(concrete))
        ground = random.choice((*GRASSES, *GRASSES[:3], (150, 146, 138), (120, 120, 116)))
        pen.polygon(at(self.inside), fill=look.tone(ground))
        grass = faded(random.choice(GRASSES), random.uniform(0.0, 0.35))
        if self.track:
            self.oval(pen, at, scale, look, grass)
        if self.baseball:
            self.diamond(pen, at, scale, look, grass)
        else:
            self.pitch(pen, at, scale, look, grass)
        fine = Image.new("L", drawn.size, 255)
        lines = ImageDraw.Draw(fine)
        # Cyclic runs of indices with stands; sectors lie between aisles.
        perimeter = np.abs(np.diff(self.between(0.5), axis=0)).sum() / 1.3
        gap = max(1, round(COUNT / max(4.0, perimeter / random.uniform(9, 20))))
        light = away / (np.linalg.norm(away) + 1e-6)
        self.seats(pen, lines, at, scale, light, look, gap)
        # The shadow of the rim and of the roofs falls into the opening.
        opening = self.between(np.where(self.there, np.minimum(self.roof, 1.0), 0.6))
        dusk = Image.new("L", drawn.size, 255)
        shade = ImageDraw.Draw(dusk)
        shade.polygon(at(opening), fill=dark)
        low = 1.0 if (self.roof < 1.0).mean() > 0.5 else 0.5
        shade.polygon(at(opening + away * low), fill=255)
        drawn = ImageChops.multiply(drawn, ImageChops.multiply(dusk, fine).convert("RGB"))
        pen = ImageDraw.Draw(drawn)
        if (self.roof < 1.0).any():
            self.roofs(pen, at, scale, light, look, gap)
        shine = random.choice((0.7, 0.85, 1.12))
        rim = look.tone([v * shine for v in concrete])
        line = at([*self.outline, self.outline[0]])
        pen.line(line, fill=rim, width=max(1, round(random.uniform(0.5, 1.6) * scale)))
        return drawn

    def seats(self, pen, lines, at, scale, light, look, gap):
        """Draws tiers of seats in sectors, with rows and aisles."""
        random = self.random
        first = faded(random.choice(SEATS), random.uniform(0.0, 0.7))
        second = faded(random.choice((*SEATS, *((206, 206, 202),) * 6)), random.uniform(0.0, 0.7))
        steep = random.uniform(0.08, 0.28)
        mixed = random.choice((0.0, 0.0, 0.08, 0.25, 0.5))
        spread = random.uniform(1, 6)
        tiers = random.choice(TIERS)
        aisle = look.tone(random.choice(((196, 194, 188), (150, 148, 144), (90, 90, 92))))
        wide = max(1, round(random.uniform(0.8, 1.6) * scale))
        bounds = [(self.between(low), self.between(high)) for low, high in zip(tiers[::2], tiers[1::2])]
        for start in range(0, COUNT, gap):
            index = np.arange(start, start + gap + 1) % COUNT
            if not self.there[index].all():
                continue
            slope = 1.0 + steep * float(self.normals[index[len(index) // 2]] @ light)
            for inner, outer in bounds:
                colour = second if random.random() < mixed else first
                bright = slope * (1.0 + random.gauss(0, 0.012 * spread))
                shown = look.tone([v * bright for v in colour])
                pen.polygon(at(np.concatenate([inner[index], outer[index[::-1]]])), fill=shown)
            if gap * 3.0 * scale > 5:
                pen.line(at([bounds[0][0][index[0]], bounds[-1][1][index[0]]]), fill=aisle, width=wide)
        mean = self.depth[self.there].mean()
        rows = int(min(mean / 0.9, mean * scale / 2.5, 14))
        tone = random.randint(196, 240)
        runs = self.runs(self.there)
        for row in range(rows):
            line = self.between((row + 0.5) / rows)
            for run in runs:
                lines.line(at(line[run]), fill=tone, width=1)
        board = look.tone(random.choice(((226, 226, 222), (60, 62, 70), (170, 60, 56), (60, 90, 160), (120, 120, 118))))
        line = self.between(0.0)
        pen.line(at([*line, line[0]]), fill=board, width=max(1, round(0.8 * scale)))

    def roofs(self, pen, at, scale, light, look, gap):
        """Draws roofs in panels, with trusses and the edge over the opening."""
        random = self.random
        colour = faded(random.choice(ROOFS), random.uniform(0.0, 0.3))
        ribs = max(1, round(gap * random.choice((0.5, 1.0, 1.0))))
        uneven = random.choice((0.005, 0.02, 0.05))
        slope = random.uniform(0.02, 0.12) * random.choice((-1, 1, 1))
        inner, outer = self.between(self.roof), self.between(random.uniform(0.97, 1.0))
        middle = self.between((self.roof + 1.0) / 2)
        folded = random.random() < 0.35  # two slopes
        cover = self.roof < 1.0
        shine = random.choice((0.62, 0.78, 0.88, 1.1))
        truss = [v * shine for v in colour]
        wide = max(1, round(random.uniform(0.5, 1.3) * scale))
        for start in range(0, COUNT, ribs):
            index = np.arange(start, start + ribs + 1) % COUNT
            if not cover[index].all():
                continue
            facing = float(self.normals[index[len(index) // 2]] @ light)
            bright = 1.0 - slope * facing + random.gauss(0, uneven)
            panel = np.concatenate([inner[index], outer[index[::-1]]])
            pen.polygon(at(panel), fill=look.tone([v * bright for v in colour]))
            if folded:
                panel = np.concatenate([middle[index], outer[index[::-1]]])
                pen.polygon(at(panel), fill=look.tone([v * (bright + 2.2 * slope * facing) for v in colour]))
            if ribs * 3.0 * scale > 5:
                pen.line(at([inner[index[0]], outer[index[0]]]), fill=look.tone(truss), width=wide)
        shine = random.choice((0.6, 0.8, 1.15))
        edge = look.tone([v * shine for v in colour])
        glass = look.tone([v * 0.5 + 60 for v in colour])
        strip = random.random() < 0.3 and self.between(self.roof + 0.14)
        for run in self.runs(cover):
            if strip is not False:
                pen.polygon(at(np.concatenate([inner[run], strip[run[::-1]]])), fill=glass)
            pen.line(at(inner[run]), fill=edge, width=max(1, round(0.8 * scale)))
            if random.random() < 0.5:
                pen.line(at(middle[run]), fill=look.tone(truss), width=wide)

    @staticmethod
    def runs(flags):
        """Returns the cyclic runs of indices where flags are set."""
        if flags.all():
            return [np.arange(COUNT + 1) % COUNT]
        start = int(np.argmin(flags))
        order = np.roll(np.arange(COUNT), -start)
        parts = np.split(order, np.nonzero(np.diff(flags[order].astype(int)))[0] + 1)
        return [part for part in parts if flags[part[0]] and len(part) > 1]

    def box(self, x0, y0, x1, y1):
        """Returns a rectangle, given around the middle of the field."""
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]) + self.middle

    def pitch(self, pen, at, scale, look, grass):
        """Draws grass with stripes of mowing and the lines of football or of American football."""
        random = self.random
        a, b = self.long / 2, self.wide / 2
        beyond = 0.0 if self.track else random.uniform(1, 5)
        pen.polygon(at(self.box(-a - beyond, -b - beyond, a + beyond, b + beyond)), fill=look.tone(grass))
        if random.random() < 0.75:
            shine = random.choice((0.86, 0.92, 1.08, 1.14))
            tone = look.tone([v * shine for v in grass])
            count = 2 * random.randint(4, 10)
            across = random.random() < 0.8
            for stripe in range(0, count, 2):
                u, v = 2 * stripe / count - 1, 2 * (stripe + 1) / count - 1
                shape = self.box(u * a, -b, v * a, b) if across else self.box(-a, u * b, a, v * b)
                pen.polygon(at(shape), fill=tone)
        if random.random() < 0.1:
            return
        white, width = look.tone((random.randint(180, 240),) * 3), max(1, round(0.22 * scale))

        def lines(points):
            pen.line(at([*points, points[0]]), fill=white, width=width)

        lines(self.box(-a, -b, a, b))
        if not self.track and random.random() < 0.15:
            end = random.choice((grass, random.choice(SEATS)))
            for sign in (-1, 1):
                pen.polygon(at(self.box(sign * a, -b, sign * a * 0.84, b)), fill=look.tone(end))
            for yard in range(21):
                x = (yard / 10 - 1) * 0.84 * a
                pen.line(at(self.box(x, -b, x, b)[[0, 2]]), fill=white, width=width)
            return
        pen.line(at(self.box(0, -b, 0, b)[[0, 2]]), fill=white, width=width)
        turns = np.linspace(0, 2 * math.pi, 25)
        lines(np.stack([9.15 * np.cos(turns), 9.15 * np.sin(turns)], axis=1) * b / 34 + self.middle)
        for sign in (-1, 1):
            for deep, half in ((16.5, 20.16), (5.5, 9.16)):
                lines(self.box(sign * a, -half * b / 34, sign * (a - deep), half * b / 34))

    def oval(self, pen, at, scale, look, grass):
        """Draws a running track."""
        random = self.random
        surface, (outer, inner) = random.choice(TRACKS), self.track
        pen.polygon(at(outer), fill=look.tone(surface))
        line = look.tone([v * 0.5 + 100 for v in surface])
        for lane in range(0, 9, 2 if scale < 3 else 1):
            points = outer + (inner - outer) * lane / 8
            pen.line(at([*points, points[0]]), fill=line, width=1)
        fill = surface if random.random() < 0.5 else grass
        pen.polygon(at(inner), fill=look.tone(fill))

    def diamond(self, pen, at, scale, look, grass):
        """Draws a baseball field: outfield, warning track, dirt and the grass in it."""
        random = self.random
        dirt = look.tone(random.choice(((178, 132, 96), (196, 160, 118), (160, 104, 76), (206, 176, 136))))
        turns = np.radians(np.linspace(-50, 50, 21))
        outer = self.reach * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        field = np.concatenate([[(-12.0, 9.0), (-12.0, -9.0)], outer])
        pen.polygon(at(field + self.home), fill=dirt if random.random() < 0.6 else look.tone(grass))
        lawn = np.concatenate([[(-8.0, 7.0), (-8.0, -7.0)], outer * 0.95])
        pen.polygon(at(lawn + self.home), fill=look.tone(grass))
        if random.random() < 0.6:
            shine = random.choice((0.9, 1.1))
            tone = look.tone([v * shine for v in grass])
            for first in np.arange(48.0, self.reach * 0.9, 14.0):
                radii = np.array([first, min(first + 7.0, self.reach * 0.93)])
                arc = np.stack([np.cos(turns * 0.85), np.sin(turns * 0.85)], axis=1)
                pen.polygon(at(np.concatenate([arc * radii[0], arc[::-1] * radii[1]]) + self.home), fill=tone)
        pen.polygon(at(self.field), fill=dirt)
        inset = 1.8
        corner = 27.4 * math.sqrt(0.5)
        lawn = [(2 * inset, 0), (corner, corner - inset), (2 * (corner - inset), 0), (corner, inset - corner)]
        pen.polygon(at(np.array(lawn) + self.home), fill=look.tone(grass))
        circle = np.stack([np.cos(np.linspace(0, 6.3, 15)), np.sin(np.linspace(0, 6.3, 15))], axis=1)
        for x, radius in ((18.4, 2.8), (0.0, 4.0)):
            pen.polygon(at(circle * radius + (x, 0) + self.home), fill=dirt)
        white = look.tone((232, 230, 224))
        for sign in (-1, 1):
            end = self.reach * math.sqrt(0.5)
            pen.line(at(np.array([(0, 0), (end, sign * end)]) + self.home), fill=white, width=1)

    def lights(self, drawn, alpha, at, away, look, width):
        """Draws masts with lamps outside of the corners, and their long thin shadows."""
        random = self.random
        pen, veil = ImageDraw.Draw(drawn), ImageDraw.Draw(alpha)
        count = random.choice((4, 4, 6, 8))
        ends = self.outline + self.normals * random.uniform(-2, 6)
        lamp = look.tone((226, 226, 220))
        for number in range(count):
            x, y = ends[int((number + 0.5) * COUNT / count) % COUNT]
            foot = np.array([x, y])
            shadow = at([foot, foot + away * 1.9])
            pen.line(shadow, fill=look.tone((50, 52, 54)), width=max(1, width // 2))
            veil.line(shadow, fill=150, width=max(1, width // 2))
            u, v = at([foot])
            box = [u - 1.6 * width, v - 1.6 * width, u + 1.6 * width, v + 1.6 * width]
            pen.rectangle(box, fill=lamp)
            veil.rectangle(box, fill=255)


def faded(colour, share):
    """Returns a colour with a share of dusty grey."""
    return [v + share * (w - v) for v, w in zip(colour, (148, 144, 138))]


def rounded(a, b, radius):
    """Returns a rectangle of half sides `a` and `b` with round corners, its normals, and how far each point is in the
    middle of a straight side, 0 to 1."""
    radius = min(radius, a, b)
    p, q = a - radius, b - radius
    lengths = np.array([2 * q, math.pi / 2 * radius, 2 * p, math.pi / 2 * radius] * 2)
    ends = np.concatenate([[0.0], np.cumsum(lengths)])
    place = (np.arange(COUNT) + 0.5) / COUNT * ends[-1]
    part = np.minimum(np.searchsorted(ends, place, "right") - 1, 7)
    share = (place - ends[part]) / np.maximum(lengths[part], 1e-9)
    quarter, corner = part // 2, part % 2 == 1
    turns = math.pi / 2 * (quarter + np.where(corner, share, 0.0))
    normals = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    u = np.where(corner, 1.0, 2 * share - 1)
    across = np.array([(1, 0), (0, 1), (-1, 0), (0, -1)])[quarter]
    along = np.array([(0, 1), (-1, 0), (0, -1), (1, 0)])[quarter]
    core = (across + along * u[:, None]) * (p, q)
    return core + radius * normals, normals, 1 - u * u


def ellipse(a, b):
    """Returns an ellipse with half axes `a` and `b`, its normals, and 0 for each point: it has no straight sides."""
    turns = (np.arange(COUNT) + 0.5) / COUNT * 2 * math.pi
    normals = np.stack([np.cos(turns) / a, np.sin(turns) / b], axis=1)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return np.stack([a * np.cos(turns), b * np.sin(turns)], axis=1), normals, np.zeros(COUNT)
