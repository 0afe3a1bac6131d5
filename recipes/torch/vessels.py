"""Round tanks seen from above, one at a time: closed ones, ones with a floating roof, and open settling tanks.

A tank is an upright cylinder, so solids.py tells which pixels see its top, its wall, and the inside of its wall.
Lengths on a top or a deck are in radii of the tank.
"""

import math

import numpy as np

from paint import unevenness, within
from solids import Profile, grid

WHITE = ((1.10, 1.10, 1.08), (1.02, 1.02, 1.01), (0.95, 0.95, 0.93), (1.18, 1.18, 1.18))
GREY = ((0.78, 0.79, 0.79), (0.62, 0.63, 0.64), (0.44, 0.45, 0.46), (0.86, 0.85, 0.82))
TINTED = (
    (0.84, 0.76, 0.60), (0.72, 0.66, 0.52), (0.46, 0.58, 0.46), (0.34, 0.46, 0.38), (0.52, 0.68, 0.76),
    (0.62, 0.82, 0.80), (0.60, 0.40, 0.30), (0.30, 0.42, 0.60), (0.28, 0.28, 0.29), (0.88, 0.82, 0.70),
)
RUST = ((0.52, 0.30, 0.19), (0.44, 0.26, 0.18), (0.60, 0.40, 0.27), (0.36, 0.24, 0.20))
CONCRETE = ((0.92, 0.91, 0.87), (0.80, 0.78, 0.73), (0.70, 0.70, 0.69), (1.0, 0.98, 0.94), (0.62, 0.60, 0.56))
WATERS = (
    (0.08, 0.10, 0.10), (0.12, 0.15, 0.12), (0.16, 0.20, 0.12), (0.24, 0.27, 0.15), (0.26, 0.21, 0.15),
    (0.14, 0.12, 0.10), (0.05, 0.06, 0.07), (0.22, 0.32, 0.30), (0.32, 0.27, 0.20), (0.18, 0.25, 0.28),
)
SCUM = ((0.46, 0.40, 0.31), (0.70, 0.66, 0.58), (0.34, 0.36, 0.22), (0.84, 0.82, 0.78), (0.42, 0.30, 0.20))
MEDIA = ((0.05, 0.05, 0.06), (0.10, 0.10, 0.10), (0.24, 0.22, 0.20), (0.36, 0.33, 0.30))


class Sky:
    """Where sun and camera are: directions, and shadow and displacement of something one pixel high."""

    def __init__(self, random):
        self.sun, self.view = random.uniform(0, 2 * math.pi), random.uniform(0, 2 * math.pi)
        self.long = random.uniform(0.35, 1.5)
        self.away = random.choice((random.uniform(0.0, 0.12), random.uniform(0.08, 0.3), random.uniform(0.2, 0.55)))
        self.ambient = random.uniform(0.25, 0.5)
        self.toward = math.cos(self.sun), math.sin(self.sun)

    def lean(self, high):
        return high * self.away * math.cos(self.view), high * self.away * math.sin(self.view)

    def shadow(self, high):
        return -high * self.long * self.toward[0], -high * self.long * self.toward[1]


class Vessel:
    """One tank of a `Style`."""

    def __init__(self, style, sky, centre, radius):
        self.style, self.sky, self.centre, self.radius = style, sky, centre, radius
        self.random, self.state = style.random, style.state
        self.high = radius * style.height * self.random.uniform(0.9, 1.1)
        self.lean, self.profile = sky.lean(self.high), Profile(radius**2, 0.0, 0.0)
        self.outline = self.profile.outline(centre, self.lean)

    def shadow(self):
        """Returns the outline of the shadow."""
        return self.profile.outline(self.centre, self.sky.shadow(self.high))

    def draw(self, picture, light):
        box = within(self.outline, picture.size, 3)
        if box is None:
            return
        finer = 4 if self.radius < 14 else 3 if self.radius < 30 else 2
        self.pixel = 1.0 / self.radius
        x, y = grid(box, finer, self.centre)
        top, seen, outside, inside = self.profile.roots(x[None, :], y[:, None], self.lean)
        size = seen.shape[::-1]
        cells = max(3, round(2.5 * max(size) / finer / self.radius))
        octaves = [(cells, 0.5), (3 * cells, 0.4), (8 * cells, 0.35), (20 * cells, 0.25)]
        self.noise = unevenness(self.state, size, octaves)
        colour = np.zeros((*seen.shape, 3), np.float32)
        ys, xs = np.nonzero(seen & ~top)
        colour[ys, xs] = self.wall(x[xs], y[ys], outside[ys, xs])
        ys, xs = np.nonzero(top)
        if len(xs):
            self.rough = self.noise[ys, xs]
            colour[ys, xs] = self.style.top(self, x[xs], y[ys], inside[ys, xs])
        colour *= 1.0 + 0.02 * self.noise[..., None]
        pixels = np.empty((*seen.shape, 4), np.uint8)
        pixels[..., :3] = light.shown(colour).clip(0, 255)
        pixels[..., 3] = seen * 255
        light.lay(picture, pixels, box[:2], finer, self.state, 0.6 + light.noise)

    def lit(self, facing):
        """Returns the light on upright walls that face the sun to a degree, -1 to 1."""
        return self.sky.ambient + (1.0 - self.sky.ambient) * np.maximum(facing, 0.0) ** 0.7

    def normal(self, x, y, t):
        """Returns the outward direction of the wall at heights `t`."""
        return (x - t * self.lean[0]) / self.radius, (y - t * self.lean[1]) / self.radius

    def wall(self, x, y, t):
        style, sun = self.style, self.sky.toward
        nx, ny = self.normal(x, y, t)
        part = np.arctan2(ny, nx) / (2 * math.pi) % 1.0
        stains = self.state.normal(0.0, 1.0, 72).astype(np.float32)
        lit = self.lit(nx * sun[0] + ny * sun[1]) * (1.0 + 0.05 * style.dirt * stains[(part * 71.99).astype(np.intp)])
        colour = np.multiply.outer(lit, np.array(style.side, np.float32))
        if style.stair is not None:
            off = np.abs((part - style.stair - 0.3 * t + 0.5) % 1.0 - 0.5) * 2 * math.pi
            colour[off < max(0.03, 0.7 * self.pixel)] *= 0.62
        colour[t > 0.95] *= style.edge
        return colour

    def sunny(self, u, v, below):
        """Tells of points inside the tank, at a depth below its rim in pixels, whether the sun shines on them."""
        move = below * self.sky.long * self.pixel
        return (u + move * self.sky.toward[0]) ** 2 + (v + move * self.sky.toward[1]) ** 2 < 0.98

    def inner(self, x, y, t):
        """Returns the colours of the inside of the wall at heights `t`."""
        nx, ny = self.normal(x, y, t)
        facing = -(nx * self.sky.toward[0] + ny * self.sky.toward[1])
        sunny = self.sunny(nx * 0.97, ny * 0.97, (1.0 - t) * self.high)
        lit = np.where(sunny, self.lit(facing), 0.6 * self.sky.ambient)
        return np.multiply.outer(lit, np.array(self.style.within, np.float32))

    def bar(self, u, v, turn, first, last, wide):
        """Tells where a bar is that starts and ends at distances from the middle."""
        along, across = u * math.cos(turn) + v * math.sin(turn), v * math.cos(turn) - u * math.sin(turn)
        return (np.abs(across) < max(wide, 0.45 * self.pixel)) & (along > first) & (along < last)

    def spots(self, u, v, places, size):
        there = np.zeros(u.shape, bool)
        for a, b in places:
            there |= (u - a) ** 2 + (v - b) ** 2 < max(size, 0.6 * self.pixel) ** 2
        return there


class Style:
    """What the tanks of a group have in common."""

    def __init__(self, random, state):
        self.random, self.state = random, state
        self.dirt, self.edge = random.uniform(0.2, 1.5), random.choice((0.85, 0.95, 1.08))
        self.stair = random.random() if random.random() < 0.5 else None
        self.turn = random.uniform(0, 2 * math.pi)

    def ring(self, count, far, turn=0.0):
        turns = [turn + 2 * math.pi * n / count for n in range(count)]
        return [(far * math.cos(t), far * math.sin(t)) for t in turns]


class Closed(Style):
    """A fixed roof, a cone or a dome."""

    def __init__(self, random, state):
        super().__init__(random, state)
        tone, gain = random.choice(random.choice((WHITE, WHITE, WHITE, GREY, TINTED))), random.uniform(0.95, 1.2)
        self.tone = tuple(gain * v for v in tone)
        self.side = random.choice((self.tone, self.tone, random.choice(WHITE)))
        self.height = random.choice((random.uniform(0.35, 0.9), random.uniform(0.6, 1.4), random.uniform(1.0, 2.4)))
        self.dome, self.slope = random.random() < 0.4, random.uniform(0.0, 0.2)
        if random.random() < 0.15:
            self.dome, self.slope = True, random.uniform(0.25, 0.5)
        self.ribs = random.choice((0, 0, 0, 12, 16, 24, 32))
        self.rust = random.uniform(0.2, 0.9) if random.random() < 0.2 else 0.0
        self.rusty = random.choice(RUST)
        self.hatches = [
            (random.uniform(0.2, 0.9), random.gauss(self.turn, 0.8)) for _ in range(random.choice((0, 1, 2, 3, 6)))
        ]
        self.walk = random.choice((None, None, (0.0, 0.97), (0.15, 0.95), (-0.9, 0.9), (0.6, 0.97)))
        self.ticks = random.choice((0, 0, 0, 0, 16, 24))
        self.vent, self.plates = random.random() < 0.6, random.choice((0, 0, 0, 5, 8))

    def top(self, tank, x, y, t):
        u, v = (x - tank.lean[0]) / tank.radius, (y - tank.lean[1]) / tank.radius
        off, sun = np.hypot(u, v), tank.sky.toward
        facing = u * sun[0] + v * sun[1]
        facing = facing if self.dome else facing / np.maximum(off, 0.08)
        lit = 1.0 + self.slope * facing + 0.035 * self.dirt * tank.rough
        turn = np.arctan2(v, u) / (2 * math.pi) % 1.0
        streaks = tank.state.normal(0.0, 1.0, 120).astype(np.float32)
        lit += 0.02 * self.dirt * streaks[(turn * 119.99).astype(np.intp)] * off
        if self.ribs:
            near = np.abs((turn * self.ribs) % 1.0 - 0.5) * 2 * math.pi / self.ribs * off
            lit[(near < max(0.008, 0.3 * tank.pixel)) & (off > 0.1)] *= 0.9
        if self.plates:
            lit[np.abs((u * self.plates) % 1.0 - 0.5) < 0.3 * self.plates * tank.pixel] *= 0.94
        colour = np.multiply.outer(lit, np.array(self.tone, np.float32))
        if self.rust:
            stained(colour, self.rusty, tank.rough * 1.2 + 1.6 * self.rust - 1.0, 0.8)
        line = max(0.02, 0.5 * tank.pixel)
        colour[off > 1.0 - line] *= self.edge
        cast = [0.05 * c * tank.sky.long for c in sun]
        if self.walk:
            first, last = self.walk
            colour[tank.bar(u + cast[0], v + cast[1], self.turn, first, last, 0.018)] *= 0.55
            colour[tank.bar(u, v, self.turn, first, last, 0.02)] = np.array((0.8, 0.8, 0.8)) * min(self.tone[0], 0.9)
        places = [(far * math.cos(a), far * math.sin(a)) for far, a in self.hatches]
        if self.vent:
            places.append((0.0, 0.0))
        colour[tank.spots(u + cast[0], v + cast[1], places, 0.035)] *= 0.45
        colour[tank.spots(u, v, places, 0.03)] *= 0.8
        if self.ticks:
            colour[tank.spots(u, v, self.ring(self.ticks, 0.9, self.turn), 0.025)] *= 0.4
        return colour


class Floating(Style):
    """A floating roof below the rim, with a seal around it and a ladder down to it."""

    def __init__(self, random, state):
        super().__init__(random, state)
        self.side = random.choice((*WHITE, *WHITE, *GREY, (0.84, 0.76, 0.60)))
        self.within = np.array(random.choice((self.side, self.side, random.choice(RUST)))) * 0.9
        self.height, self.deck = random.uniform(0.4, 1.1), random.uniform(0.1, 0.95)
        self.tone = random.choice(random.choice((WHITE, WHITE, GREY, RUST)))
        self.rust = random.uniform(0.2, 1.0) if random.random() < 0.5 else 0.0
        self.rusty, self.seal = random.choice(RUST), random.uniform(0.3, 0.75)
        self.ladder = random.choice((None, (0.25, 0.18, 0.15), (0.62, 0.3, 0.22), (0.75, 0.75, 0.75), (0.2, 0.2, 0.2)))
        self.pontoon, self.legs = random.uniform(0.7, 0.86), random.choice((0, 0, 8, 12, 18))

    def top(self, tank, x, y, t):
        deck = min(0.97, max(0.05, self.deck + tank.centre[0] % 7 * 0.05 - 0.15))
        u, v = x / tank.radius, y / tank.radius
        lean = [part * tank.pixel for part in tank.lean]
        a, b = u - deck * lean[0], v - deck * lean[1]
        off = np.hypot(a, b)
        lit = 1.0 + 0.05 * self.dirt * tank.rough
        lit[np.abs(off - self.pontoon) < max(0.01, 0.4 * tank.pixel)] *= 0.85
        colour = np.multiply.outer(lit, np.array(self.tone, np.float32))
        if self.rust:
            stained(colour, self.rusty, tank.rough * 1.3 + 1.8 * self.rust - 0.9, 0.85)
        places = self.ring(self.legs, 0.5, self.turn) + self.ring(self.legs, self.pontoon + 0.07, self.turn)
        colour[tank.spots(a, b, [*places, (0.0, 0.0)], 0.025)] *= 0.55
        colour[off > 0.95] *= self.seal
        below = (1.0 - deck) * tank.high
        colour[~tank.sunny(a, b, below)] *= 0.75 * tank.sky.ambient
        wall = off > 0.985
        colour[wall] = tank.inner(x[wall], y[wall], t[wall].clip(deck, 1.0))
        if self.ladder:
            # From the rim, which is higher, to the middle of the deck.
            start = np.array([lean[0] + 0.98 * math.cos(self.turn), lean[1] + 0.98 * math.sin(self.turn)])
            way = np.array([deck * lean[0], deck * lean[1]]) - start
            long = float(np.hypot(*way))
            turn, u, v = math.atan2(way[1], way[0]), u - start[0], v - start[1]
            cast = [0.07 * c * tank.sky.long for c in tank.sky.toward]
            colour[tank.bar(u + cast[0], v + cast[1], turn, 0.0, long * 0.95, 0.02)] *= 0.5
            colour[tank.bar(u, v, turn, 0.0, long * 0.95, 0.022)] = self.ladder
        rim = np.hypot(x / tank.radius - lean[0], y / tank.radius - lean[1]) > 1.0 - max(0.022, 0.6 * tank.pixel)
        colour[rim] = np.array(self.side, np.float32)
        return colour


class Settling(Style):
    """An open tank of a water treatment plant: clarifiers with a bridge, and filters with rotating arms."""

    def __init__(self, random, state):
        super().__init__(random, state)
        self.tone = self.side = random.choice(CONCRETE)
        self.within = np.array(self.tone) * random.uniform(0.5, 0.9)
        self.height, self.level = random.uniform(0.04, 0.28), random.uniform(-0.8, 0.6)
        self.stair = None
        self.arms = random.random() < 0.2
        self.water = random.choice(MEDIA if self.arms else WATERS)
        self.scum, self.amount = random.choice(SCUM), random.choice((-2.0, -0.4, 0.0, 0.3, 0.7))
        self.rim = random.uniform(0.025, 0.075)
        self.launder = random.choice((None, random.uniform(0.78, 0.94), random.uniform(0.86, 0.94)))
        self.channel, self.notches = random.uniform(0.03, 0.07), random.choice((0, 0, 24, 40))
        self.well, self.hub = random.choice((0.0, 0.16, 0.2, 0.26, 0.32)), random.uniform(0.04, 0.09)
        self.bridge = random.choice(((0.0, 1.0), (0.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (-1.0, 1.0), None))
        self.wide, self.rails = random.uniform(0.02, 0.055), random.random() < 0.6
        self.metal = random.choice((*CONCRETE, (0.95, 0.95, 0.94), (0.34, 0.36, 0.38), (0.5, 0.42, 0.3)))
        self.sector = random.uniform(0.2, 0.9)

    def top(self, tank, x, y, t):
        random, sun = self.random, tank.sky.toward
        lean = [part * tank.pixel for part in tank.lean]
        u, v = x / tank.radius, y / tank.radius
        a, b = u - self.level * lean[0], v - self.level * lean[1]
        u, v = u - lean[0], v - lean[1]
        off, edge = np.hypot(a, b), 1.0 - max(self.rim, 0.7 * tank.pixel)
        # Parallel bridges in a group, but rotating ones stand anywhere.
        spin = self.turn if random.random() < 0.6 else random.uniform(0, 2 * math.pi)
        colour = np.multiply.outer(1.0 + 0.1 * tank.rough, np.array(self.water, np.float32))
        if not self.arms:
            sector = (np.arctan2(b, a) - spin) / (2 * math.pi) % 1.0
            much = self.amount + 0.9 * (self.sector - sector) * (self.amount > -1.0)
            stained(colour, self.scum, 1.6 * tank.rough + 1.5 * much - 0.6, 0.85)
            colour += 0.05 * (a * sun[0] + b * sun[1])[:, None]  # sky in the water
        below = (1.0 - self.level) * tank.high
        if self.launder:
            inner = self.launder - self.channel
            colour[(off > self.launder) & (off < edge)] *= 0.8
            line = max(0.012, 0.35 * tank.pixel)
            lines = (np.abs(off - self.launder) < line) | (np.abs(off - inner) < line)
            colour[(off > inner) & (off < self.launder)] *= 0.6
            colour[lines] = np.array(self.tone, np.float32) * 0.85
            if self.notches:
                part = np.arctan2(b, a) / (2 * math.pi) % 1.0 * self.notches % 1.0
                colour[(part < 0.25) & (off > inner) & (off < self.launder)] = np.array(self.tone) * 0.8
        if self.well and not self.arms:
            line = max(0.015, 0.4 * tank.pixel)
            colour[off < self.well] = colour[off < self.well] * 0.7 + np.array(self.scum, np.float32) * 0.15
            colour[np.abs(off - self.well) < line] = np.array(self.metal, np.float32) * 0.8
        colour[~tank.sunny(a / edge, b / edge, below)] *= 0.85 * tank.sky.ambient
        wall = off > edge
        heights = 1.0 - (1.0 - self.level) * 0.5
        colour[wall] = tank.inner(x[wall], y[wall], np.full(wall.sum(), heights, np.float32))
        move = [below * tank.sky.long * tank.pixel * c for c in sun]
        ways = [(spin + n * math.pi / 2, -edge, edge) for n in range(random.choice((1, 2, 2)))] if self.arms else []
        if self.bridge and not self.arms:
            ways = [(spin, *self.bridge)]
        wide = self.wide * (0.6 if self.arms else 1.0)
        for turn, first, last in ways:
            shaded = tank.bar(u + move[0], v + move[1], turn, first, last, wide) & (off < edge)
            colour[shaded] *= 0.5
        for turn, first, last in ways:
            here = tank.bar(u, v, turn, first, last, wide)
            colour[here] = np.array(self.metal, np.float32) * 0.95
            if self.rails and wide > tank.pixel:
                colour[here & ~tank.bar(u, v, turn, first, last, wide * 0.72)] *= 0.68
        far = np.hypot(u, v)
        colour[far < max(self.hub, tank.pixel)] = np.array(self.metal, np.float32)
        colour[far < 0.5 * self.hub] *= 0.6
        rim = far > edge
        if ways and not self.arms:
            rim &= ~tank.bar(u, v, *ways[0], wide)
        colour[rim] = np.multiply.outer(1.0 + 0.05 * tank.rough[rim], np.array(self.tone, np.float32))
        return colour


KINDS = {"closed": (Closed, Closed, Closed, Floating, Floating), "settling": (Settling,)}


def stained(colour, tone, share, most):
    """Mixes a tone into colours: a `share`, 0 to 1, of `most`."""
    colour += (np.array(tone, np.float32) - colour) * (share.clip(0.0, 1.0)[:, None] * most)


def shaded(picture, light, tanks, random):
    """Darkens where the shadows of tanks fall."""
    points = [p for t in tanks for s in (t.sky.shadow(t.high),) for p in ((x + s[0], y + s[1]) for x, y in t.outline)]
    box = within(points + [p for t in tanks for p in t.outline], picture.size, 4)
    if box is None:
        return
    light.shade(picture, box, [tank.shadow() for tank in tanks], 0.2, random.uniform(0.06, 0.34))
