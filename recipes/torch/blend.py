#!/usr/bin/env python3
"""Blends two sets of tensors of one network, where training of the second started from the first.

    blend.py --from old.safetensors --to new.safetensors --share 0.5 --out blended.safetensors

Weights between a network and its further trained version often do better than either. They keep what the old one learnt
from data that the new one saw less of (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903).
"""

import argparse

import weights


def blended(old, new, share):
    """Returns `(1 - share) * old + share * new`, tensor by tensor, in the data types of `new`."""
    if old.keys() != new.keys():
        raise SystemExit(f"the sets differ in {sorted(old.keys() ^ new.keys())[:6]}")
    return {name: ((1 - share) * old[name].float() + share * to.float()).to(to.dtype) for name, to in new.items()}


def main():
    parser = argparse.ArgumentParser(description="Blends two sets of tensors of one network.")
    parser.add_argument("--from", dest="old", required=True)
    parser.add_argument("--to", dest="new", required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the second set")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    tensors = blended(weights.load_file(arguments.old), weights.load_file(arguments.new), arguments.share)
    weights.save(arguments.out, tensors)
    print(f"{arguments.out}: {len(tensors)} tensors, {100 * arguments.share:.0f} % of the second set")


if __name__ == "__main__":
    main()
