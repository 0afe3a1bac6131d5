"""Writes the compressed run lengths of 1,000 masks from pycocotools, for tests/datasets/rle.rs to compare with.

    python3 tests/reference/rle.py

Needs pycocotools 2 and numpy. Writes tests/fixtures/rle/pycocotools.json: a list of [width, height, area, counts]. Both
sides draw the masks from splitmix64 seeded with the FNV-1a hash of "rle.INDEX": see `draw` in both files.
"""

import json
from pathlib import Path

import numpy as np
from pycocotools import mask as coco

FIXTURE = Path(__file__).parent.parent / "fixtures" / "rle" / "pycocotools.json"
WORD = (1 << 64) - 1


class Random:
    """Random integers from 0 to below a bound."""

    def __init__(self, name):
        self.state = 0xCBF29CE484222325
        for byte in name.encode():
            self.state = ((self.state ^ byte) * 0x100000001B3) & WORD

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & WORD
        z = ((self.state ^ (self.state >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
        return ((z ^ (z >> 31)) >> 32) % bound


def draw(index):
    random = Random(f"rle.{index}")
    kind = index % 3
    if kind == 0:  # noise of any density, including empty and full
        width, height, share = 1 + random.below(16), 1 + random.below(16), random.below(257)
        mask = np.array([[random.below(256) < share for _ in range(width)] for _ in range(height)])
    elif kind == 1:  # up to three boxes
        width, height = 1 + random.below(200), 1 + random.below(200)
        mask = np.zeros((height, width), bool)
        for _ in range(1 + random.below(3)):
            x, y = random.below(width), random.below(height)
            mask[y : y + 1 + random.below(height), x : x + 1 + random.below(30)] = True
    else:  # parts of neighbouring columns in a large image: long runs and negative differences
        width, height = 300 + random.below(501), 300 + random.below(501)
        mask = np.zeros((height, width), bool)
        x = random.below(width)
        for column in range(x, min(width, x + 1 + random.below(20))):
            y = random.below(height)
            mask[y : y + 1 + random.below(height - y), column] = True
    return mask


def main():
    lines = []
    for index in range(1000):
        mask = draw(index)
        runs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
        assert (coco.decode(runs) == mask).all()
        line = [mask.shape[1], mask.shape[0], int(mask.sum()), runs["counts"].decode()]
        lines.append(json.dumps(line, separators=(",", ":")))
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    FIXTURE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} masks, {FIXTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
