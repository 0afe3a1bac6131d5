"""Wind turbines drawn on open ground and at sea.

A turbine is a tapering tower, a nacelle and a rotor with three blades. The rotor's disc stands upright, so it is a line
from straight above and a star obliquely.

The mask is tower, nacelle and blades, without the shadow, the pad and the track.
"""

import math

import numpy as np

from crops import WATERS, bare, filled, missing, named, polygons, showing, tells
from lands import SIDE, lacking
from paint import pictured
from solids import Light
from valleys import Valley, hills
from windfarms import Farm

SHARE = 0.18  # share of other crops, no towns, that get turbines where there is room
WILD = 0.04  # share of crops that are replaced by open land with turbines
ASKING = 0.03  # share of other crops, certainly without one, whose prompts ask for turbines
ALIKE = 0.5  # share of crops with turbines that are asked for one of CONFUSED
TRIES = 8  # places tried
NOUN, NAME = "wind turbine", "wind turbines"
CONFUSED = ("airplanes", "helicopters", "chimneys", "power lines", "street lights", "cranes", "ships", "boats")
# What a turbine, its shadow, pad or track may be called.
HIDDEN = {
    "towers", "structures", "poles", "shadows", "roads", "dirt roads", "paths", "trails", "bare land", "driveways",
    "fields", "grass", "patches of bare land", "gravel",
}
# Where a turbine may stand, and what else it may hide.
OPEN = {
    "grass", "lawn", "bare land", "field", "tree", "wood", "forest", "vegetation", "bush", "farmland", "beach",
    "shadow", "patch of bare land", "agriculture", "meadow", "orchard", "hill", "desert", "shrub", "rock", *WATERS,
}
LOW = {*OPEN, "road", "path", "trail", "dirt road", "hedge", "highway", "dirt track", "sandbar"}
# Crops that show these, or start with these names, have no place for a turbine.
CLOSED = {
    "docks", "harbors", "airports", "stadiums", "golf courses", "mobile homes", "swimming pools", "jet bridges",
    "parking lots", "driveways", "crosswalks", "sidewalks", "houses", "dams", "train stations", "toll stations",
    "gas stations", "runways", "tennis courts", "baseball fields", "basketball courts",
}
VEHICLES = ("car", "vehicle", "truck", "trailer", "bus", "van", "airplane")  # few of these, at most
TOWN = (
    "denseresidential", "mediumresidential", "mobilehomepark", "parkinglot", "buildings", "harbor", "intersection",
    "storagetanks", "tenniscourt", "airplane", "runway", "golfcourse", "overpass", "freeway", "baseballdiamond",
)
NATURAL = ("agricultural", "chaparral", "forest", "beach", "river", "sparseresidential")
WITHOUT = (*TOWN, *NATURAL)  # the beginnings of the names of crops that certainly show no turbine
# Kinds that open land with turbines does not show.
ELSEWHERE = (
    "airplanes, helicopters, ships, boats, harbors, bridges, stadiums, dams, trains, chimneys, toll stations, "
    "airports, storage tanks, tennis courts, basketball courts, baseball fields, golf courses, overpasses, runways, "
    "ground track fields, cranes"
).split(", ")


class Turbines:
    """Draws wind turbines, some on `lands`, with a `random.Random`."""

    def __init__(self, lands, random):
        self.lands, self.random = lands, random

    def on(self, crop, picture):
        """Returns the crop and its picture with turbines, or without: then some as crops that contain none."""
        choice, there = self.random.random(), named(crop)
        if NAME in there:
            return crop, picture
        if choice < WILD:
            return self.wild(crop["image"])
        if choice < WILD + SHARE and self.suits(crop, there):
            found = self.placed(crop, picture)
            if found:
                return self.drawn(crop, picture, *found)
        return lacking(self.random, crop, WITHOUT, [NAME], ASKING), picture

    def suits(self, crop, there):
        """Tells whether the crop is no town, as far as its name and its outlines say."""
        if there & CLOSED or crop["image"].startswith(TOWN) or not there:
            return False
        if sum(len(thing["polygons"]) for thing in crop["things"] if thing["noun"] in VEHICLES) > 2:
            return False
        return crop["image"].startswith(NATURAL) or tells(crop, ["buildings"])

    def wild(self, name):
        """Returns a crop of open land with turbines, and its picture."""
        random = self.random
        kind = random.choice(("farm", "farm", "dry", "dry", "dry", "forest"))
        choice = random.random()
        if choice < 0.25:
            picture = hills(random, (SIDE, SIDE), Valley(random, (SIDE, SIDE)))
        elif choice < 0.75:
            picture = self.lands.piece(kind, (SIDE, SIDE), random.choice((1, 1, 1, 1, 2)))
        else:
            picture = pictured(self.lands.picture(kind, random.choice((4, 4, 8))))
        crop = bare(name, ELSEWHERE)
        return self.drawn(crop, picture, *self.placed(crop, picture))

    def placed(self, crop, picture):
        """Returns a farm, its feet and what its tracks must not cross; None if there is no room."""
        size, side = picture.size, max(picture.size)
        houses = filled(size, polygons(crop, nouns=("building", "house")))
        if houses.mean() > 0.03:
            return None
        tall, solid = (
            filled(size, [p for t in crop["things"] if t["noun"] not in low
                          for p in [*t["polygons"], *t.get("unclear", ())]]) for low in (LOW, OPEN)
        )
        water = filled(size, polygons(crop, nouns=WATERS))
        sea = water.mean() > 0.35
        grey = np.asarray(picture.convert("L"), np.float32)
        for _ in range(TRIES):
            farm, feet = Farm(self.random, side), []
            for x, y in farm.places(size):
                near = max(3.0, 0.25 * farm.blade)
                rows, columns = (slice(max(0, round(c - near)), round(c + near) + 1) for c in (y, x))
                part = grey[rows, columns]
                rough = part.std() > 26 and crop["things"] or part.mean() > 165
                wet = water[rows, columns].any() and not (sea and water[rows, columns].all())
                close = any(math.hypot(x - u, y - v) < 2.0 * farm.blade for u, v, _ in feet)
                if solid[rows, columns].any() or rough or wet or close:
                    continue
                foot = x, y, self.random.uniform(0, 2 * math.pi)
                seen = filled(size, farm.outlines(foot))
                if seen.sum() > 9 and grey[seen].mean() < 155 and not (seen & tall).any():
                    feet.append(foot)
            if feet:
                dry = [foot for foot in feet if not water[int(foot[1]), int(foot[0])]]
                return farm, feet, dry, solid | water
        middle = [(size[0] / 2, size[1] / 2, self.random.uniform(0, 2 * math.pi))]
        return None if crop["things"] else (farm, middle, middle, solid)  # open land always has room

    def drawn(self, crop, picture, farm, feet, dry, solid):
        """Returns the crop and its picture with turbines at `feet`, and pads and tracks at the `dry` ones."""
        random, light, picture = self.random, Light(picture, self.random), picture.copy()
        light.bright = np.maximum(light.bright, random.uniform(226, 255))
        covered = farm.ground(picture, light, dry, solid) if dry else []
        farm.shade(picture, light, feet, not dry)
        # A turbine covers the foot of the next one in its direction.
        for foot in sorted(feet, key=lambda foot: -foot[0] * farm.lean[0] - foot[1] * farm.lean[1]):
            farm.draw(picture, light, foot, foot not in dry)
        outlines = [outline for foot in feet for outline in farm.outlines(foot)]
        outlines = [outline for outline in outlines if filled(picture.size, [outline]).any()]
        # Crops name the turbines that they show, so those without the word have no others.
        crop = missing(crop, [NAME])
        crop = showing(crop, {(NOUN, NAME): outlines}, [*outlines, *covered], HIDDEN)
        asked = set(crop["asked"])
        absent = [plural for plural in CONFUSED if plural in crop["absent"]]
        if absent and random.random() < ALIKE:
            asked.add(random.choice(absent))
        return {**crop, "asked": sorted(asked)}, picture
