"""Bodies of revolution seen obliquely from above, and how a picture shows light.

The squared radius is a quadratic in the height for a hyperboloid (cooling towers) and for a cone (stacks), so what a
pixel shows is the root of a quadratic. Parallel light casts a shadow that is the same shape with another displacement.
"""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# Reflectance of industrial grounds.
SOILS = (
    (0.52, 0.44, 0.37), (0.44, 0.34, 0.30), (0.60, 0.57, 0.52), (0.36, 0.40, 0.30), (0.50, 0.50, 0.49),
    (0.30, 0.34, 0.26), (0.66, 0.60, 0.50), (0.26, 0.25, 0.25),
)


class Profile:
    """A body whose squared radius is `a + b t + c t²` at the height `t`, 0 to 1."""

    def __init__(self, a, b, c):
        self.a, self.b, self.c = a, b, c

    def squared(self, t):
        return self.a + (self.b + self.c * t) * t

    def roots(self, x, y, lean):
        """Returns where pixels see the top, where they see the body, and at which heights they meet its wall: from
        outside, and from inside through the top. Pixels count from the centre of the base; `lean` is the displacement
        of the top."""
        square = lean[0] ** 2 + lean[1] ** 2 - self.c
        square = math.copysign(max(abs(square), 1e-3), square)
        linear = -2.0 * (x * lean[0] + y * lean[1]) - self.b
        constant = x * x + y * y - self.a
        top = square + linear + constant <= 0.0
        root = linear * linear - 4.0 * square * constant
        real = root >= 0.0
        root = np.sqrt(np.maximum(root, 0.0))
        outside, inside = (root - linear) / (2.0 * square), (-root - linear) / (2.0 * square)
        return top, top | (real & (outside >= 0.0) & (outside <= 1.0)), outside, np.where(inside < 1.0, inside, -1.0)

    def outline(self, centre, lean):
        """Returns the outline of everything that is seen of the body, as points `[x, y]`."""
        away = max(math.hypot(*lean), 1e-3)
        along, across = (lean[0] / away, lean[1] / away), (-lean[1] / away, lean[0] / away)
        t = np.linspace(0.0, 1.0, 33)
        squared = self.squared(t)
        first, last = (t * away - np.sqrt(squared)).min(), (t * away + np.sqrt(squared)).max()
        u = (first + last) / 2 - (last - first) / 2 * np.cos(np.linspace(0.0, math.pi, 33))
        half = np.sqrt(np.maximum(0.0, (squared - (u[:, None] - t * away) ** 2).max(axis=1)))
        sides = np.concatenate([u, u[-2:0:-1]]), np.concatenate([half, -half[-2:0:-1]])
        return np.round(np.outer(sides[0], along) + np.outer(sides[1], across) + centre, 2).tolist()


class Light:
    """How a picture shows brightness: its haze, its brightest tone, its blur and its noise."""

    def __init__(self, picture, random):
        pixels = np.sort(np.asarray(picture.reduce(4)).reshape(-1, 3), axis=0).astype(np.float32)
        self.dark = np.minimum(pixels[len(pixels) * 3 // 100], 90.0)
        bright = pixels[len(pixels) * 97 // 100]
        bright = bright.mean() + 0.35 * (bright - bright.mean())
        self.bright = np.clip(bright * random.uniform(1.0, 1.3), 160.0, 253.0)
        if random.random() < 0.12:  # haze
            self.dark += random.uniform(10, 40) * np.array([0.8, 1.0, 1.25], np.float32)
            self.bright -= random.uniform(10, 60)
        rows = np.asarray(picture.convert("L"), np.float32)[::4]
        one, two = rows[:, 1:] - rows[:, :-1], rows[:, 2:] - rows[:, :-2]
        smooth = float((two**2).mean() / ((one**2).mean() + 1e-3))  # 1 for noise, 2 for sharp edges, 4 for blurred ones
        self.blur = 0.3 + 0.8 * min(1.0, max(0.0, (smooth - 1.9) / 1.6)) + random.uniform(0.0, 0.4)
        self.noise = 0.6 * min(7.0, float(np.median(np.abs(one[:, 1:] - one[:, :-1]))) / 1.65)

    def shown(self, reflected):
        """Returns colours, from 0 (no light) to 1, as the picture would show them."""
        return self.dark + (self.bright - self.dark) * reflected

    def colour(self, reflected):
        return tuple(int(v) for v in self.shown(np.array(reflected, np.float32)).clip(0, 255))

    def soiled(self, drawn, noise, random, least, where):
        """Returns the colours of a ground with patches of another soil, where noise is strong, and as far as `where`
        tells."""
        patches = (noise * 1.5 - random.uniform(-0.2, 0.8)).clip(0.0, 1.0)[..., None] * random.uniform(least, 0.9)
        return drawn + (self.shown(np.array(random.choice(SOILS), np.float32)) - drawn) * patches * where

    def darken(self, picture, box, alpha, deep):
        """Darkens a box of the picture as far as `alpha` is opaque. Full shade keeps a share `deep` of the light."""
        levels = np.arange(256, dtype=np.float32)
        table = [dark + np.maximum(0.0, levels - dark) * deep for dark in self.dark * 0.6]
        picture.paste(picture.crop(box).point(np.concatenate(table).astype(int).tolist()), box, alpha)

    def shade(self, picture, box, shapes, soft, deep):
        """Darkens shapes in a box of the picture. Their edges are softer than the picture's by `soft` pixels."""
        alpha = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        pen = ImageDraw.Draw(alpha)
        for shape in shapes:
            pen.polygon([(x - box[0], y - box[1]) for x, y in shape], fill=255)
        self.darken(picture, box, alpha.filter(ImageFilter.GaussianBlur(self.blur + soft)), deep)

    def lay(self, picture, pixels, corner, finer, state, noise):
        """Lays finer pixels with opacity on the picture, with noise of a strength, and as soft as the picture."""
        small = Image.fromarray(pixels, "RGBA").reduce(finer)
        if noise:
            drawn = np.array(small)
            rough = state.standard_normal(drawn.shape[:2], np.float32) * noise
            drawn[..., :3] = (drawn[..., :3] + rough[..., None]).clip(0, 255)
            small = Image.fromarray(drawn, "RGBA")
        # With premultiplied colours: otherwise the black outside bleeds in.
        small = small.convert("RGBa").filter(ImageFilter.GaussianBlur(self.blur)).convert("RGBA")
        picture.paste(small, corner, small)


def grid(box, finer, centre):
    """Returns the columns and the rows of the finer pixels of a box, counted from a centre."""
    left, upper, right, lower = box
    x = (np.arange((right - left) * finer, dtype=np.float32) + 0.5) / finer + left - centre[0]
    y = (np.arange((lower - upper) * finer, dtype=np.float32) + 0.5) / finer + upper - centre[1]
    return x, y
