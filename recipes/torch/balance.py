#!/usr/bin/env python3
"""Counts the prompts that crops with outlines give, by kind, before a training.

A kind that is seldom asked for is forgotten, and one that is mostly asked for where it is missing is no longer found.
Prints a line per kind: how many prompts are about something that is there, and about something that is not. Prompts of
which less than a third of the window is known are left out, and so are phrases that mean some things of a kind.
"""

import argparse
import collections

from things import Things

LEAST = 1.0  # least area of a mask, in cells
KNOWN = 0.3  # least share of the window in which the answer is known


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--things", nargs="+", required=True, help="crops with outlines, JSON lines")
    parser.add_argument("--things-images", required=True, help="folder of their pictures")
    parser.add_argument("--tokenizer", required=True, help="folder of a bundle")
    parser.add_argument("--side", type=int, default=256)
    parser.add_argument("--crops", type=int, default=500)
    parser.add_argument("--prompts", type=int, default=6, help="per crop")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    things = Things(a.things, a.things_images, a.side, a.tokenizer, "cpu", a.seed)
    there, missing = collections.Counter(), collections.Counter()
    for _ in range(a.crops):
        # Without kept prompts, which the former network answers; then there are no mosaics either.
        _, texts, masks, known = things.asked(a.prompts)
        for text, mask, clear in zip(texts, masks, known):
            name = text.removeprefix("the ")
            if clear.mean() >= KNOWN:
                (there if (mask * clear).sum() >= LEAST else missing)[name] += 1
    print(f"{'kind':32} {'there':>6} {'missing':>8}")
    for name, _ in (there + missing).most_common():
        print(f"{name:32} {there[name]:6} {missing[name]:8}")


if __name__ == "__main__":
    main()
