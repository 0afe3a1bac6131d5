"""Ground track fields drawn into crops.

Public-domain crops show few running tracks, because one is longer than most crops. From above, all tracks have the same
outline: two straights and two semicircles around a field (World Athletics, "Track and Field Facilities Manual"). Only
their surfaces, markings and surroundings differ. So tracks are drawn, with random ones, into crops of other places.
"""

import math

from crops import GROUNDS, asking, free, showing, without
from paint import FINER, annulus, canvas, lay, opacity, placed, worn

LONGEST, SHORTEST = 1.25, 0.3  # length of a track, in sides of the crop
TRIES = 4  # places tried
SURFACES = (
    (152, 88, 68), (170, 110, 84), (158, 132, 104), (186, 168, 140), (92, 92, 96), (96, 116, 146), (120, 62, 56),
)
FIELDS = ((72, 98, 62), (96, 118, 76), (58, 86, 60), (40, 66, 52), (124, 122, 84), (150, 136, 100))
SOILS = ((178, 152, 116), (150, 120, 90), (124, 116, 84), (200, 180, 146))
OVAL = "ground track field"  # crops.ALSO has the other word for the whole oval
RING = "running track"  # the lanes alone
NAMES = {"ground track fields", "athletics tracks", "running tracks"}
# What a drawn track may show, or be called.
COVERED = {
    "grass", "lawns", "vegetation", "bare land", "fields", "soccer fields", "football fields", "sports fields",
}


class Tracks:
    """Draws tracks with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with a track, or both unchanged."""
        if not NAMES <= set(crop.get("absent", ())):
            return crop, picture
        for _ in range(TRIES):
            shape = self.shape(picture.size)
            centre, straight, outer, inner, angle = shape
            oval, field = (outline(centre, straight, radius, angle) for radius in (outer, inner))
            if free(crop, GROUNDS, oval, picture.size):
                break
        else:
            return crop, picture
        picture = picture.copy()
        self.draw(picture, shape)
        added = {(OVAL, f"{OVAL}s"): [oval], (RING, f"{RING}s"): [annulus(oval, field)]}
        crop = showing(without(crop, ["stadiums"]), added, [oval], COVERED, GROUNDS)
        # A track without stands is no stadium.
        return asking(crop, {"stadiums"} & set(crop["absent"])), picture

    def shape(self, size):
        """Returns centre, half of the straight, outer and inner radius, and direction, in pixels and radians."""
        length = max(size) * SHORTEST * (LONGEST / SHORTEST) ** self.random.random()
        straight = self.random.uniform(0.7, 1.2)  # half of it, in outer radii
        outer = length / 2.0 / (straight + 1.0)
        inner = outer * self.random.uniform(0.68, 0.88)
        centre = [self.random.uniform(0.1, 0.9) * side for side in size]
        return centre, straight * outer, outer, inner, self.random.uniform(0.0, math.pi)

    def draw(self, picture, shape):
        centre, straight, outer, inner, angle = shape
        long, wide = straight + outer + 3, outer + 3
        own = ((long, wide), straight, outer, inner)
        border, edge = (finer(outline((long, wide), straight, radius)) for radius in (outer, inner))
        surface, field = self.random.choice(SURFACES), self.random.choice(FIELDS)
        drawn, pen = canvas(2 * long, 2 * wide, surface)
        self.lanes(pen, own)
        pen.polygon(edge, fill=field)
        self.field(pen, own, surface, field)
        alpha = opacity(drawn.size, border)
        lay(picture, worn(drawn, self.random), alpha, centre, angle, self.random.uniform(0.2, 0.7))

    def lanes(self, draw, own):
        """Draws the lines between the lanes, if they can be seen."""
        centre, straight, outer, inner = own
        count = self.random.choice((0, 4, 6, 8))
        colour = (self.random.randint(150, 235),) * 3
        for line in range(1, count):
            radius = inner + (outer - inner) * line / count
            points = finer(outline(centre, straight, radius))
            draw.line([*points, points[0]], fill=colour, width=1)

    def field(self, draw, own, surface, field):
        """Draws the field inside: stripes of mowing, markings, and semicircles with the track's surface."""
        (cx, cy), straight, _, inner = own
        wide, high = straight * self.random.uniform(0.85, 1.1), inner * self.random.uniform(0.7, 0.85)
        if self.random.random() < 0.6:
            # Grounds for jumping and throwing: of the track's surface, of another one, or bare.
            grounds = [surface if self.random.random() < 0.6 else self.random.choice(SURFACES)] * 2
            if self.random.random() < 0.3:
                grounds[self.random.randrange(2)] = field
            share = self.random.choice((0.92, 0.98, self.random.uniform(0.5, 0.95)))
            for end, tone in zip((-1, 1), grounds):
                x, r = cx + end * straight, inner * share
                box = [v * FINER for v in (x - r, cy - r, x + r, cy + r)]
                draw.pieslice(box, 90 if end < 0 else -90, 270 if end < 0 else 90, fill=tone)
        if self.random.random() < 0.4:
            tone = tuple(round(value * self.random.choice((0.86, 1.14))) for value in field)
            count = 2 * self.random.randint(3, 8)
            for stripe in range(0, count, 2):
                x = cx - wide + 2 * wide * stripe / count
                draw.rectangle([v * FINER for v in (x, cy - high, x + 2 * wide / count, cy + high)], fill=tone)
        if self.random.random() < 0.3:
            self.bare(draw, own, wide, high)
        if self.random.random() < 0.65:
            white, width = (self.random.randint(170, 245),) * 3, self.random.choice((1, 1, 2))
            box = [v * FINER for v in (cx - wide, cy - high, cx + wide, cy + high)]
            draw.rectangle(box, outline=white, width=width)
            lines = self.random.choice((1, 1, 9, 19))
            for line in range(1, lines + 1):
                x = (cx - wide + 2 * wide * line / (lines + 1)) * FINER
                draw.line([x, (cy - high) * FINER, x, (cy + high) * FINER], fill=white, width=width)
            if lines == 1:
                r = high * 0.27
                draw.ellipse([v * FINER for v in (cx - r, cy - r, cx + r, cy + r)], outline=white, width=width)


    def bare(self, draw, own, wide, high):
        """Draws patches where the grass is worn: in the middle and in front of the goals, as on a field for play."""
        (cx, cy), *_ = own
        soil = self.random.choice(SOILS)
        for place in self.random.sample((-0.85, -0.4, 0.0, 0.4, 0.85), self.random.randint(1, 3)):
            x, y = cx + place * wide, cy + self.random.uniform(-0.3, 0.3) * high
            long, deep = self.random.uniform(0.08, 0.3) * wide, self.random.uniform(0.15, 0.5) * high
            points = []
            for turn in range(0, 360, 20):
                size = self.random.uniform(0.7, 1.2)
                at = math.radians(turn)
                points.append((x + size * long * math.cos(at), y + size * deep * math.sin(at)))
            draw.polygon(finer(points), fill=soil)


def outline(centre, straight, radius, angle=0.0):
    """Returns two straights, of twice `straight`, with semicircles of `radius`, as points `[x, y]`."""
    points = []
    for end, first in ((1, -90), (-1, 90)):
        for step in range(0, 181, 12):
            turn = math.radians(first + step)
            points.append((end * straight + radius * math.cos(turn), radius * math.sin(turn)))
    return placed(points, centre, angle)


def finer(points):
    """Returns points in pixels of the finer drawing."""
    return [(x * FINER, y * FINER) for x, y in points]
