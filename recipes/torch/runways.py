"""Parts of drawn airports: strips, runways with their paint, roofs and airplanes."""

import math

import numpy as np

DARK = ((82, 84, 88), (98, 98, 100), (70, 72, 76), (112, 110, 108))
PALE = ((164, 162, 156), (182, 178, 168), (150, 150, 146), (196, 192, 182))
ROOFS = ((206, 206, 202), (178, 180, 180), (150, 152, 156), (226, 226, 222), (134, 140, 150), (196, 188, 172),
         (110, 112, 116), (120, 138, 160))
LINE = (236, 236, 232)


class Way:
    """A straight strip: its middle, direction, length and half of its width, in pixels."""

    def __init__(self, x, y, angle, length, half):
        self.x, self.y, self.angle, self.length, self.half = x, y, angle, length, half

    def at(self, u, v):
        """Returns a point along the strip and beside it."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        return self.x + u * cosine - v * sine, self.y + u * sine + v * cosine

    def box(self, u0, v0, u1, v1):
        return [self.at(u0, v0), self.at(u1, v0), self.at(u1, v1), self.at(u0, v1)]

    def whole(self, wider=0.0, longer=0.0):
        far, half = self.length / 2 + longer, self.half + wider
        return self.box(-far, -half, far, half)


class Parts:
    """Draws parts of airports on an overlay, with `px` pixels per metre."""

    def __init__(self, random, overlay, px):
        self.random, self.overlay, self.px = random, overlay, px

    def runway(self, way, tar, shoulder):
        """Draws a runway: shoulders, stretches of other surface, traces of wheels, and paint."""
        random, px, overlay = self.random, self.px, self.overlay
        far, half = way.length / 2, way.half
        light = random.uniform(0.92, 1.08)
        tar = tuple(v * light for v in tar)
        if random.random() < 0.7:
            overlay.shape(way.whole(max(0.7, random.uniform(6, 14) * px), 0), shoulder)
        pad = random.uniform(30, 110) * px
        for s in (-1, 1):
            overlay.shape(way.box(s * far, -half, s * (far + pad), half), tuple(0.85 * v for v in shoulder))
        overlay.shape(way.whole(), tar)
        for _ in range(random.randint(0, 5)):  # stretches with another surface
            u, long = random.uniform(-far, far), random.uniform(0.03, 0.25) * far
            shade = random.choice((0.9, 0.95, 1.06, 1.12))
            overlay.shape(way.box(max(u, -far), -half, min(u + long, far), half), tuple(v * shade for v in tar))
        if random.random() < 0.25:
            for s in (-1, 1):
                part = way.box(s * far, -half, s * (far - random.uniform(60, 300) * px), half)
                overlay.shape(part, random.choice(PALE))
        dirt = random.randint(50, 150)
        for s in (-1, 1):
            for _ in range(7):
                start, long = random.uniform(60, 350) * px, random.uniform(150, 700) * px
                v = random.gauss(0, 0.22) * half
                rub = max(0.25, 0.16 * half)
                u0, u1 = s * (far - start), s * (far - min(start + long, 0.9 * far))
                overlay.shape(way.box(u0, v - rub, u1, v + rub), (24, 24, 26, dirt // 3))
        overlay.shape(way.box(-far, -0.3 * half, far, 0.3 * half), (28, 28, 30, random.randint(0, 45)))
        shine = random.randint(120, 255) if half > 2 else random.randint(60, 190)
        paint = lambda *box: overlay.shape(way.box(*box), (*LINE, shine))  # noqa: E731
        long = max(1.6, 34 * px)
        for s in (-1, 1):
            at = far - max(0.7, 8 * px) - random.choice((0, 0, 0, 150)) * px
            if half > 2.6:
                bars = max(2, round(half / 1.0))
                for bar in range(bars):
                    v = (bar + 0.5) / bars * 0.82 * half + 0.1 * half
                    for w in (-v, v):
                        paint(s * at, w - 0.22 * half / bars * 1.2, s * (at - long), w + 0.22 * half / bars * 1.2)
            else:
                paint(s * at, -0.75 * half, s * (at - 0.8 * long), 0.75 * half)
            u = at - 2.0 * long
            paint(s * u, -0.25 * half, s * (u - 0.6 * long), 0.25 * half)
            u = at - max(300 * px, 4.5 * long)
            for w in (-0.42, 0.42):
                paint(s * u, (w - 0.14) * half, s * (u - 1.3 * long), (w + 0.14) * half)
        thin, dash = max(0.22, 0.45 * px), max(2.0, 30 * px)
        for u in np.arange(-far + 4 * long, far - 4 * long, 1.7 * dash):
            paint(u, -thin, u + dash, thin)
        if random.random() < 0.6:
            for v in (-0.92 * half, 0.92 * half):
                overlay.shape(way.box(-far, v - thin, far, v + thin), (*LINE, shine // 2))

    def roofed(self, block, tone):
        overlay, random = self.overlay, self.random
        overlay.shape(block, tone)
        a, b, c, d = (np.array(p) for p in block)
        part = random.uniform(0.4, 0.6)
        overlay.shape([a, b, b + part * (c - b), a + part * (d - a)], tuple(0.9 * v for v in tone))
        for _ in range(random.randint(0, 4)):
            t, w = random.uniform(0, 0.9), random.uniform(0.02, 0.1)
            shade = random.choice((0.75, 0.85, 1.1))
            overlay.shape([a + t * (b - a), a + (t + w) * (b - a), d + (t + w) * (c - d), d + t * (c - d)],
                          tuple(min(255, shade * v) for v in tone))

    def house(self, block, long, dark):
        """Draws a building with a shadow."""
        self.overlay.shadow(block, long, dark)
        self.roofed(block, self.random.choice(ROOFS))

    def plane(self, x, y, angle):
        """Draws an airplane that heads in a direction."""
        random = self.random
        half = max(1.5, min(4.4, random.uniform(13, 28) * self.px))
        way = Way(x, y, angle, 0, 0)
        thin = max(0.3, 0.13 * half)
        parts = (
            [(half, 0), (0.8 * half, thin), (-0.9 * half, thin), (-half, 0), (-0.9 * half, -thin), (0.8 * half, -thin)],
            [(0.3 * half, 0), (-0.25 * half, 0.95 * half), (-0.5 * half, 0.95 * half), (-0.15 * half, 0),
             (-0.5 * half, -0.95 * half), (-0.25 * half, -0.95 * half)],
            [(-0.65 * half, 0), (-0.9 * half, 0.38 * half), (-1.05 * half, 0.38 * half), (-0.95 * half, 0),
             (-1.05 * half, -0.38 * half), (-0.9 * half, -0.38 * half)],
        )
        turn = self.overlay.sun - self.overlay.angle
        move = 0.3 * half * math.cos(turn), 0.3 * half * math.sin(turn)
        for part in parts[:2]:
            self.overlay.shape([(u + move[0], v + move[1]) for u, v in (way.at(*p) for p in part)], (20, 22, 26, 110))
        for part in parts:
            self.overlay.shape([way.at(*p) for p in part], (246, 246, 246))


def within(hull, point):
    """Tells whether a point is in a convex outline."""
    edge = np.roll(hull, -1, axis=0) - hull
    away = np.asarray(point) - hull
    cross = edge[:, 0] * away[:, 1] - edge[:, 1] * away[:, 0]
    return bool((cross >= 0).all() or (cross <= 0).all())
