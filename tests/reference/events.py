"""Prints the figures that TensorBoard sees in a run folder, as JSON: each tag with a list of [step, value].

    events.py FOLDER        with PyPI's tensorboard==2.21.0 installed

TensorBoard's own EventAccumulator reads the files. Figures that a later start discarded are not included.
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator


def main() -> None:
    # 0: all figures instead of a sample of 10,000.
    events = EventAccumulator(sys.argv[1], size_guidance={SCALARS: 0})
    events.Reload()
    tags = events.Tags()[SCALARS]
    figures = {tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in tags}
    print(json.dumps(figures, indent=1))


main()
