"""What drawn grounds, rivers and ships share: wear, and placing a drawing in a crop."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FINER = 3  # drawings are made at this multiple of their size


def canvas(width, height, colour):
    """Returns an empty drawing for an area of `width` x `height` pixels of the crop, and its pen."""
    image = Image.new("RGB", (math.ceil(width * FINER), math.ceil(height * FINER)), colour)
    return image, ImageDraw.Draw(image)


def worn(drawn, random, most=1.0):
    """Adds wear: brightness that varies over distances from the whole drawing down to a pixel."""
    state = np.random.default_rng(random.randrange(1 << 32))
    longest = max(drawn.size)
    wear = np.zeros((drawn.height, drawn.width), np.float32)
    for cells, strength in ((4, 9.0), (16, 8.0), (48, 6.0), (max(64, longest // 3), 6.0)):
        coarse = Image.fromarray(state.normal(0.0, strength * most, (cells, cells)).astype(np.float32))
        wear += np.asarray(coarse.resize((longest, longest), Image.BICUBIC))[: drawn.height, : drawn.width]
    tint = state.normal(0.0, 0.05, 3).astype(np.float32) + 1.0 + random.gauss(0.0, 0.12)
    pixels = np.asarray(drawn, np.float32) * tint + wear[..., None]
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


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
    return [[centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine] for x, y in points]
