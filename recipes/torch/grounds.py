"""Sports grounds drawn into crops: tracks, courts and baseball fields, often several of them.

Schools and parks have them side by side, and a network that has seen each kind alone takes one for another.
"""

from courts import Courts
from crops import GROUNDS, asking, without
from diamonds import Diamonds
from tracks import Tracks

SHARE = 0.2  # share of crops that get sports grounds
COURTS = "baseball fields", "tennis courts", "basketball courts"
EACH = 0.5  # chance of each kind on such a crop


class Grounds:
    """Draws sports grounds with a `random.Random`."""

    def __init__(self, random):
        self.random = random
        self.kinds = Tracks(random), Courts(random), Diamonds(random)

    def on(self, crop, picture):
        """Returns the crop and its picture, both with sports grounds or unchanged."""
        if self.random.random() > SHARE:
            return crop, picture
        before = crop, picture
        crop = without(crop, COURTS)
        for kind in self.random.sample(self.kinds, len(self.kinds)):
            if self.random.random() < EACH:
                crop, picture = kind.on(crop, picture)
        if picture is before[1]:
            return before
        # Where one kind is, another one is expected, so one more is asked for.
        return asking(crop, [self.random.choice(GROUNDS)]), picture
