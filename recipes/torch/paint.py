"""What drawn grounds, rivers and ships share: wear, and placing a drawing in a crop."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FINER = 3  # drawings are made at this multiple of their size


def canvas(width, height, colour):
    """Returns an empty drawing for an area of `width` x `height` pixels of the crop, and its pen."""
    image = Image.new("RGB", (math.ceil(width * FINER), math.ceil(height * FINER)), colour)
    return image, ImageDraw.Draw(image)


def pictured(pixels):
    """Returns an array as a picture. Numbers below 0 and above 255 become 0 and 255."""
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def worn(drawn, random, most=1.0, tinted=1.0):
    """Adds wear: brightness that varies over distances from the whole drawing down to a pixel."""
    state = np.random.default_rng(random.randrange(1 << 32))
    longest = max(drawn.size)
    wear = np.zeros((drawn.height, drawn.width), np.float32)
    for cells, strength in ((4, 9.0), (16, 8.0), (48, 6.0), (max(64, longest // 3), 6.0)):
        coarse = Image.fromarray(state.normal(0.0, strength * most, (cells, cells)).astype(np.float32))
        wear += np.asarray(coarse.resize((longest, longest), Image.BICUBIC))[: drawn.height, : drawn.width]
    tint = 1.0 + tinted * (state.normal(0.0, 0.05, 3).astype(np.float32) + random.gauss(0.0, 0.12))
    pixels = np.asarray(drawn, np.float32) * tint + wear[..., None]
    return pictured(pixels)


def unevenness(state, size, octaves):
    """Returns an image of noise: for each of several counts of cells, a strength."""
    total = np.zeros(size[::-1], np.float32)
    for cells, strength in octaves:
        noise = Image.fromarray(state.standard_normal((cells, cells), np.float32) * np.float32(strength))
        total += np.asarray(noise.resize(size, Image.BICUBIC if cells < 64 else Image.BILINEAR))
    return total


def lay(picture, drawn, alpha, centre, angle, blur):
    """Lays a drawing and its opacity on a picture, turned by `angle` radians around its own centre."""
    drawn = drawn.convert("RGB")
    drawn.putalpha(alpha)
    size = tuple(max(1, round(side / FINER)) for side in drawn.size)
    small = drawn.resize(size, Image.BOX).rotate(-math.degrees(angle), Image.BICUBIC, expand=True)
    # With premultiplied colours: otherwise the black outside bleeds in.
    small = small.convert("RGBa").filter(ImageFilter.GaussianBlur(blur)).convert("RGBA")
    picture.paste(small, tuple(round(c - side / 2) for c, side in zip(centre, small.size)), small)


def placed(points, centre, angle):
    """Turns points around the origin by `angle` radians and moves them to `centre`."""
    cosine, sine = math.cos(angle), math.sin(angle)
    return [(centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine) for x, y in points]


def opacity(size, polygon, most=255):
    """Returns an opacity that is `most` inside a polygon, and 0 outside."""
    alpha = Image.new("L", size)
    ImageDraw.Draw(alpha).polygon(polygon, fill=most)
    return alpha


def ribbon(us, low, high):
    """Returns the outline of what is between two distances from a line, at places along it."""
    low, high = np.broadcast_to(low, us.shape), np.broadcast_to(high, us.shape)
    return [*zip(us, low), *zip(us[::-1], high[::-1])]


def annulus(outer, inner):
    """Returns what is between two outlines, as one polygon that enters at a corner and goes around the inner outline
    the other way."""
    return [*outer, outer[0], inner[0], *inner[::-1]]


def within(points, size, margin):
    """Returns the box around points, with a margin, as far as it is in a picture; None if it is outside."""
    xs, ys = zip(*points)
    left, upper = (max(0, math.floor(min(v)) - margin) for v in (xs, ys))
    right, lower = (min(side, math.ceil(max(v)) + margin) for v, side in zip((xs, ys), size))
    return (left, upper, right, lower) if left < right and upper < lower else None


class Overlay:
    """A drawing over a picture at a finer scale. Its shapes are in pixels of the picture around `centre`, turned by
    `angle` radians; `gain` multiplies their colours. A fourth value of a colour is its opacity: what is not opaque
    changes the picture, but does not cover it."""

    def __init__(self, picture, centre, angle, gain=1.0, scale=FINER):
        self.centre, self.angle, self.gain, self.size = centre, angle, gain, picture.size
        self.scale = scale if max(picture.size) <= 320 else 2
        size = tuple(side * self.scale for side in picture.size)
        self.image, self.covered = picture.resize(size, Image.NEAREST), Image.new("L", size)
        self.sun = 0.9  # direction of shadows in the picture
        self.pen, self.mark = ImageDraw.Draw(self.image, "RGBA"), ImageDraw.Draw(self.covered)
        self.under = np.asarray(picture)
        self.haze = self.under[::4, ::4].mean(axis=(0, 1))

    def placed(self, points):
        """Returns points of the drawing in pixels of the picture."""
        return placed(points, self.centre, self.angle)

    def finer(self, points):
        """Returns points in pixels of the finer picture, as one list of numbers."""
        cosine, sine = math.cos(self.angle), math.sin(self.angle)
        turned = np.array(points, np.float64) @ np.array([[cosine, sine], [-sine, cosine]]) + self.centre
        return (turned * self.scale).ravel().tolist()

    def shape(self, points, fill):
        points = self.finer(points)
        self.pen.polygon(points, fill=self.toned(fill))
        if len(fill) == 3:
            self.mark.polygon(points, fill=255)

    def box(self, x0, y0, x1, y1, fill):
        self.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill)

    def disc(self, x, y, radius, fill):
        turns = [math.pi * turn / 4 for turn in range(8)]
        self.shape([(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns], fill)

    def line(self, points, fill, width):
        points = self.finer(points)
        self.pen.line(points, fill=self.toned(fill), width=max(1, round(width * self.scale)))

    def shadow(self, points, length, strength):
        """Draws the shadow of something as high as its shadow is long, away from the sun."""
        turn = self.sun - self.angle
        moved = swept(points, length * math.cos(turn), length * math.sin(turn))
        self.shape(moved, (8, 11, 18, strength))

    def sample(self, points):
        """Returns the mean colour of the picture at points, for shapes."""
        height, width = self.under.shape[:2]
        there = [(x, y) for x, y in self.placed(points) if 0 <= x < width and 0 <= y < height]
        if not there:
            return 120, 120, 118
        mean = np.mean([self.under[int(y), int(x)] for x, y in there], axis=0)
        return tuple(float(v) / self.gain for v in 0.5 * mean + 0.5 * mean.mean())

    def toned(self, fill):
        # Paler than paint, and tinted as the picture: by the air.
        grey = sum(fill[:3]) / 3
        tones = (0.88 * self.gain * (0.82 * v + 0.18 * grey) + 0.12 * air for v, air in zip(fill, self.haze))
        return (*(max(0, min(255, round(v))) for v in tones), *fill[3:])

    def laid(self, random, wear):
        """Returns the picture with the drawing, which is worn and as soft as the picture."""
        soft = softness(self.under)
        image, covered = self.image.reduce(self.scale), self.covered.reduce(self.scale)
        blur = ImageFilter.GaussianBlur(soft) if soft > 0.3 else ImageFilter.BoxBlur(0.3)
        box = covered.getbbox()
        if not box:
            return image
        box = tuple(max(0, min(n, v + m)) for v, m, n in zip(box, (-3, -3, 3, 3), (*self.size, *self.size)))
        part = worn(image.crop(box).filter(blur), random, wear, 0.3)
        image.paste(part, box[:2], covered.crop(box).filter(blur))
        return image


def swept(points, x, y):
    """Returns the convex outline of points and of the same points moved by `x` and `y`."""
    points = sorted({(float(u + m * x), float(v + m * y)) for u, v in points for m in (0, 1)})
    outline = []
    for run in (points, points[::-1]):
        half = []
        for u, v in run:
            while len(half) > 1 and (half[-1][0] - half[-2][0]) * (v - half[-2][1]) <= (
                (half[-1][1] - half[-2][1]) * (u - half[-2][0])
            ):
                half.pop()
            half.append((u, v))
        outline += half[:-1]
    return outline


def brightness(picture):
    """Returns the factor that takes colours of a usual picture to those of this one."""
    return float(np.clip((np.asarray(picture.convert("L")).mean() / 118.0) ** 0.6, 0.55, 1.25))


def softness(pixels):
    """Returns the blur for drawings, in pixels, from how much neighbours differ."""
    grey = pixels[::4, :, 1].astype(np.float32)
    near, far = (np.abs(grey[:, step:] - grey[:, :-step]).mean() for step in (1, 2))
    return float(np.interp(near / max(far, 0.1), (0.54, 0.63, 0.74), (0.95, 0.5, 0.25)))
