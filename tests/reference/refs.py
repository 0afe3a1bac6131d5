"""Writes a small `refs(unc).p` in the format of RRSIS-D, pickled in each protocol, for tests/datasets.

    python3 tests/reference/refs.py

Needs nothing but Python 3. Writes tests/fixtures/refs/protocol-N.p, N from 0 to 5.
"""

import pickle
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures" / "refs"

PHRASES = [
    ("train", 4, "The baseball field on the top"),
    ("val", 13, "A ship – the white one, by the quay of Plön"),
    ("test", 18, "the vehicle behind\ta \"small\" one's \\ trailer"),
]


def item(number, split, category, phrase):
    sentence = {"tokens": phrase.split(), "raw": phrase, "sent_id": number, "sent": phrase}
    return {
        "image_id": number,
        "split": split,
        "sentences": [sentence],
        "file_name": f"{number:05}.jpg",
        "category_id": category,
        "ann_id": number,
        "sent_ids": [number],
        "ref_id": number,
    }


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    # Numbers of one, two and four bytes.
    refs = [item(number, *rest) for number, rest in zip((7, 2934, 70001), PHRASES)]
    for protocol in range(6):
        (FIXTURES / f"protocol-{protocol}.p").write_bytes(pickle.dumps(refs, protocol))


if __name__ == "__main__":
    main()
