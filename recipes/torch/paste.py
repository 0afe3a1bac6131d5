"""Copy-paste augmentation (Ghiasi et al. 2021, arXiv 2012.07177) for things seen from above.

An object seen from straight above looks right in any direction and almost anywhere, so a few hundred outlined airplanes
or trucks become many more pictures of them, at sizes that the crops do not have.
"""

import math

import numpy as np
from PIL import Image, ImageDraw

from crops import WATERS, filled, polygons, showing, tells
from paint import pictured

SHARE = 0.35  # share of crops that get objects, where possible
MOST = 4  # objects pasted on a crop
SMALLEST, LARGEST = 30.0, 20_000.0  # area of an object that is cut out, in pixels of its crop
EDGE = 1.5  # least distance of its outline from the border of its crop, in pixels
TRIES = 6  # places tried for an object

# Nouns that are cut out, with the least and the largest scale at which they are pasted.
SCALES = {
    "airplane": (0.35, 1.1), "helicopter": (0.6, 1.2), "storage tank": (0.3, 1.2), "truck": (0.7, 1.2),
    "bus": (0.7, 1.2), "car": (0.75, 1.15), "boat": (0.5, 1.15), "ship": (0.5, 1.15),
    "baseball field": (0.25, 0.9), "tennis court": (0.3, 1.1), "basketball court": (0.3, 1.1),
}
FLOATING = ("boat", "ship")
# Nothing is pasted over these.
SOLID = (*SCALES, "building", "house", "mobile home", "hangar", "dock", "harbor", "van", "trailer", "tree")


class Paste:
    """Objects cut out of crops."""

    def __init__(self, crops, image, random):
        """`image` returns a crop's picture by its name; `random` is a `random.Random`."""
        self.random, self.objects = random, {}
        for crop in crops:
            for thing in crop["things"]:
                if thing["noun"] in SCALES:
                    self.objects.setdefault((thing["noun"], thing["plural"]), []).extend(
                        cut for cut in (cutout(image(crop["image"]), polygon) for polygon in thing["polygons"]) if cut
                    )
        self.objects = {kind: cuts for kind, cuts in self.objects.items() if cuts}

    def on(self, crop, picture):
        """Returns the crop and its picture, both with objects of one kind added or unchanged. Whatever lies below an
        object becomes unclear. Phrases are dropped: an added object may make them false."""
        kinds = [] if self.random.random() > SHARE else [kind for kind in self.objects if self.possible(crop, *kind)]
        if not kinds:
            return crop, picture
        noun, plural = self.random.choice(kinds)
        solid, water = (filled(picture.size, polygons(crop, nouns=nouns)) for nouns in (SOLID, WATERS))
        picture, added = picture.copy(), []
        for _ in range(self.random.randint(1, MOST)):
            cut, outline = self.turned(*self.random.choice(self.objects[noun, plural]), *SCALES[noun])
            for _ in range(TRIES):
                x, y = (self.random.randint(0, max(0, n - m)) for n, m in zip(picture.size, cut.size))
                part = (slice(y, y + cut.height), slice(x, x + cut.width))
                inside = np.asarray(cut.getchannel("A"))[: picture.height - y, : picture.width - x] > 0
                if (solid[part] & inside).any() or (noun in FLOATING and not (water[part] | ~inside).all()):
                    continue
                self.shade(picture, cut, (x, y))
                picture.paste(cut, (x, y), cut)
                solid[part] |= inside
                added.append([[x + px, y + py] for px, py in outline])
                break
        return (showing(crop, {(noun, plural): added}, added), picture) if added else (crop, picture)

    @staticmethod
    def possible(crop, noun, plural):
        """Tells whether the crop says of all its pixels whether they are of the kind, and has room for it."""
        wet = any(thing["noun"] in WATERS for thing in crop["things"])
        return tells(crop, [plural]) and (wet or noun not in FLOATING)

    def turned(self, cut, outline, least, largest):
        """Returns the object at a random size, direction and brightness, with its outline."""
        scale = least * (largest / least) ** self.random.random()
        angle = self.random.random() * 2.0 * math.pi
        size = [max(3, round(side * scale)) for side in cut.size]
        small = cut.resize(size, Image.LANCZOS if scale < 1.0 else Image.BICUBIC)
        small = small.rotate(math.degrees(angle), Image.BICUBIC, expand=True)
        cosine, sine = math.cos(angle), math.sin(angle)
        moved = []
        for x, y in outline:
            x, y = (x - cut.width / 2) * scale, (y - cut.height / 2) * scale
            moved.append((x * cosine + y * sine + small.width / 2, y * cosine - x * sine + small.height / 2))
        pixels = np.asarray(small).astype(np.float32)
        pixels[..., :3] = pixels[..., :3] * (1.0 + self.random.gauss(0, 0.12)) + self.random.gauss(0, 8.0)
        return pictured(pixels), moved

    def shade(self, picture, cut, at):
        """Darkens where the object's shadow falls."""
        far, angle = self.random.random() * 3.0, self.random.random() * 2.0 * math.pi
        shadow = cut.getchannel("A").point(lambda alpha: round(0.45 * alpha))
        place = (round(at[0] + far * math.cos(angle)), round(at[1] + far * math.sin(angle)))
        picture.paste((20, 20, 30), (*place, place[0] + cut.width, place[1] + cut.height), shadow)


def cutout(picture, polygon):
    """Returns the object as an image with soft edges, and its outline in that image; none if it is cut by the border,
    too small or too large."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    inside = min(*xs, *ys) > EDGE and max(xs) < picture.width - EDGE and max(ys) < picture.height - EDGE
    area = abs(sum(xs[i - 1] * ys[i] - xs[i] * ys[i - 1] for i in range(len(xs)))) / 2.0
    if not inside or not SMALLEST < area < LARGEST:
        return None
    left, top, right, bottom = (round(v) for v in (min(xs) - 2, min(ys) - 2, max(xs) + 2, max(ys) + 2))
    size = (right - left, bottom - top)
    fine = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(fine).polygon([((x - left) * 4, (y - top) * 4) for x, y in polygon], fill=255)
    cut = picture.crop((left, top, right, bottom)).convert("RGB")
    cut.putalpha(fine.resize(size, Image.BOX))
    return cut, [(x - left, y - top) for x, y in polygon]
