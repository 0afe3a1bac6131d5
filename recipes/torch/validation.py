"""Validation of the two stages, on streams that `s4eca samples --split val` wrote."""

import numpy as np
import torch

from stream import ABSENT, COLOUR, POSITION, RELATION, SIZE, SUPERLATIVE, WHOLE, read_file

THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
AT = 2
KINDS = (
    (WHOLE, "whole"), (POSITION, "position"), (SIZE, "size"), (COLOUR, "colour"), (RELATION, "relation"),
    (SUPERLATIVE, "superlative"),
)


class Validation:
    def __init__(self, files):
        """`files`: NAME=FILE each."""
        named = (item.partition("=") for item in files)
        self.sets = {name: read_file(path) for name, _, path in named}

    @torch.no_grad()
    def dense(self, trainer, head, truth):
        """Reports the IoU of each class on the known pixels of the validation scenes that have labels."""
        for name, records in self.sets.items():
            records = [record for record in records if record.labels is not None]
            both = either = 0
            for start in range(0, len(records), 32):
                group = records[start : start + 32]
                images = torch.from_numpy(np.stack([record.image for record in group])).to(trainer.device)
                labels = torch.from_numpy(np.stack([record.labels for record in group])).to(trainer.device)
                complete = torch.tensor([record.complete for record in group], device=trainer.device)
                yes, known = truth.of(labels[:, 2::4, 2::4], complete)
                with trainer.amp():
                    levels = trainer.model.vision(trainer.pixels(images), lambda _, x: x)
                    found = head([levels[stride] for stride in (4, 8, 16, 32)]) > 0
                found = found & known
                both = both + (found & yes).sum(dim=(0, 2, 3)).double()
                either = either + (found | yes).sum(dim=(0, 2, 3)).double()
            if len(records):
                ious = {i: round(100 * (b / e).item(), 1) for i, (b, e) in enumerate(zip(both, either)) if e > 500}
                trainer.say(dense_validation=name, iou=ious)

    @torch.no_grad()
    def masks(self, trainer):
        """Reports mIoU at several thresholds on mask pixels, by set and kind, and false masks of absent phrases."""
        trainer.model.eval()
        for name, records in self.sets.items():
            scores, absent, kinds, classes = [], [], [], []
            for record in records:
                if not len(record.masks):
                    continue
                for row, kind, class_id in zip(counts(trainer, record), record.kinds, record.classes):
                    (absent if kind & ABSENT else scores).append(row)
                    if not kind & ABSENT:
                        kinds.append(kind)
                        classes.append(class_id)
            if scores:
                trainer.say(validation=name, **report(torch.stack(scores).double(), kinds, classes, absent))
        trainer.model.train()


def counts(trainer, record):
    """Returns pixels found and meant, found or meant, and found: `[phrases, thresholds, 3]`."""
    image = torch.from_numpy(record.image.copy()).to(trainer.device)[None]
    tokens = record.tokens[:, : int(record.lengths.max())]
    words, padding = trainer.embed(torch.from_numpy(tokens.copy()).to(trainer.device))
    with trainer.amp():
        x, fine = trainer.model.before_adapters(trainer.pixels(image))
        logits = trainer.model.mask(x, fine, trainer.model.read(words, padding))
    p = logits.float().sigmoid()[:, 0]
    masks = torch.from_numpy(record.masks).to(trainer.device)
    known, truth = masks != 255, (masks >= 8) & (masks != 255)
    rows = []
    for threshold in THRESHOLDS:
        found = (p > threshold) & known
        both, either = (found & truth).sum(dim=(1, 2)), (found | truth).sum(dim=(1, 2))
        rows.append(torch.stack([both, either, found.sum(dim=(1, 2))], 1))
    return torch.stack(rows, 1).cpu()


def report(table, kinds, classes, absent):
    """Returns the figures of a set; those by kind and class are at the threshold AT. `table`: `[phrases, thresholds,
    3]`, `absent`: a list of `[thresholds, 3]`."""
    ious = table[:, :, 0] / table[:, :, 1].clamp(min=1)

    def mean(chosen):
        return round(100 * ious[torch.tensor(chosen), AT].mean().item(), 1)

    by_kind = {word: [bool(kind & bit) for kind in kinds] for bit, word in KINDS}
    by_class = {class_id: [c == class_id for c in classes] for class_id in sorted(set(classes))}
    total = table.sum(dim=0)
    false = round(100 * (torch.stack(absent)[:, AT, 2] > 0).double().mean().item(), 1) if absent else None
    return {
        "count": len(ious),
        "miou": [round(100 * x, 2) for x in ious.mean(dim=0).tolist()],
        "oiou": round(100 * (total[AT, 0] / total[AT, 1]).item(), 2),
        "kinds": {word: mean(chosen) for word, chosen in by_kind.items() if any(chosen)},
        "classes": {class_id: (mean(chosen), sum(chosen)) for class_id, chosen in by_class.items()},
        "absent": len(absent),
        "false_masks": false,
    }
