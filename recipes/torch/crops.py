"""What a crop shows, and how that changes when something is added to it.

A crop is a record as things.py describes it; its outlines are in pixels of its picture.
"""

import numpy as np
from PIL import Image, ImageDraw

WATERS = ("water", "sea", "river", "lake", "pond")
# Umbrella words: an object of the noun is one of these, too.
ALSO = {
    "airplane": ("planes",), "boat": ("ships",), "ship": ("boats",), "truck": ("vehicles",), "bus": ("vehicles",),
    "car": ("vehicles",), "ground track field": ("athletics tracks",),
}

# Sports grounds. None is another one, and where they are drawn they do not overlap.
GROUNDS = "tennis courts", "basketball courts", "baseball fields", "ground track fields"

# What open land may show: the places of crops that show anything else are no valleys, fields or hills.
NATURAL = {
    "grass", "lawn", "bare land", "field", "tree", "wood", "forest", "path", "road", "vegetation", "bush", "trail",
    "patch of bare land", "farmland", "wind turbine", "shadow",
}

# What the ground of service areas, train stations and toll stations may show, or be called.
BUILT = {
    "buildings", "houses", "roofs", "roads", "cars", "trucks", "vehicles", "buses", "vans", "trailers", "parking lots",
    "driveways", "crosswalks", "bare land", "grass", "trees", "lawns", "carports", "hangars", "sidewalks",
    "warehouses", "sheds",
}

# No chimney or tank is drawn on outlines of these, nor on kinds that were drawn before.
KEEP = {"storage tanks", "silos", "roundabouts", "bridges", "overpasses", "wind turbines", "swimming pools"}
# What their ground may be called.
PLANT = {"bare land", "roads", "parking lots", "driveways", "fields", "grass", "lawns", "hangars", "houses"}

# Words of crops that may show a rare kind without naming it.
HINTS = {
    "stadiums": ("stadium", "bleacher", "grandstand", "dugout", "arena", "soccer field", "football field",
                 "track field"),
    "baseball fields": ("baseball", "softball", "diamond", "dugout", "bleacher", "infield", "sports field"),
    "tennis courts": ("tennis", "court"),
    "basketball courts": ("basketball", "court", "playground"),
    "storage tanks": ("tank", "silo", "tower", "dome", "cistern", "clarifier"),
}


def filled(size, shapes):
    """Returns where polygons are, `[rows, columns]`."""
    image = Image.new("1", size)
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        draw.polygon([(x, y) for x, y in shape], fill=1)
    return np.array(image, dtype=bool)


def polygons(crop, plurals=(), nouns=()):
    """Returns the outlines of a crop's things of some kinds, told by their plurals or by their nouns."""
    things = [thing for thing in crop["things"] if thing["plural"] in plurals or thing["noun"] in nouns]
    return [polygon for thing in things for polygon in thing["polygons"]]


def named(crop):
    """Returns the plurals of the kinds that are outlined in the crop."""
    return {thing["plural"] for thing in crop["things"] if thing["polygons"]}


def tells(crop, plurals):
    """Tells whether the crop says of all its pixels whether they are of each of the kinds."""
    whole = {thing["plural"]: thing["all"] for thing in crop["things"]}
    return all(whole.get(plural, plural in crop.get("absent", ())) for plural in plurals)


def told(crop):
    """Returns the plurals of the kinds of which the crop tells everywhere whether its pixels show them."""
    return {*crop.get("absent", ()), *(thing["plural"] for thing in crop["things"] if thing["all"])}


def without(crop, plurals):
    """Returns the crop with kinds of HINTS among what it does not contain, but for those of which it may show one: they
    are rare, and whoever outlines a crop that shows one names it."""
    words = " ".join([*(thing["noun"] for thing in crop["things"]), *(p["phrase"] for p in crop["phrases"])])
    return missing(crop, [plural for plural in plurals if not any(hint in words for hint in HINTS[plural])])


def free(crop, plurals, shape, size):
    """Tells whether no outline of the kinds touches a polygon."""
    return not (filled(size, polygons(crop, plurals)) & filled(size, [shape])).any()


def missing(crop, plurals):
    """Returns the crop with kinds among what it does not contain."""
    return {**crop, "absent": sorted({*crop.get("absent", ()), *plurals})}


def asking(crop, plurals):
    """Returns the crop with kinds among those that prompts ask for."""
    return {**crop, "asked": sorted({*crop.get("asked", ()), *plurals})}


def bare(name, absent):
    """Returns a crop without outlines, for a picture that is drawn from scratch."""
    return {"image": name, "things": [], "absent": list(absent), "phrases": [], "partial": True}


def showing(crop, added, covered, hidden=(), untouched=()):
    """Returns the crop with outlines of several kinds, `{(noun, plural): outlines}`, added to them and to the words
    that include them. In the `covered` polygons nothing is known any longer about other kinds, except about the
    `untouched` ones, which what was added neither shows nor covers. `hidden` plurals are no longer known to be absent.
    Phrases are dropped: what was added may make them false. `asked` lists the plurals of what was added, for prompts.
    """
    new = {}
    for (noun, plural), outlines in added.items():
        for word in (plural, *ALSO.get(noun, ())):
            new[word] = noun, outlines
    things = []
    for thing in crop["things"]:
        if thing["plural"] in new:
            _, outlines = new.pop(thing["plural"])
            things.append({**thing, "polygons": [*thing["polygons"], *outlines]})
        elif thing["plural"] in untouched:
            things.append(thing)
        else:
            things.append({**thing, "unclear": [*thing.get("unclear", ()), *covered]})
    absent = set(crop.get("absent", ()))
    for word, (noun, outlines) in new.items():
        things.append({"noun": noun, "plural": word, "all": word in absent, "polygons": outlines})
    absent = sorted(absent - set(hidden) - {thing["plural"] for thing in things})
    asked = sorted({*crop.get("asked", ()), *(plural for _, plural in added)})
    return {**crop, "things": things, "absent": absent, "phrases": [], "asked": asked, "partial": True}


def marked(crop, noun, plural, outlines, hidden):
    """Returns the crop with outlines of what lies flat on other things and hides none of them, such as paint on a road.
    Crops name what they show of the kind, so there is no more of it. `hidden` is as in `showing`."""
    untouched = {thing["plural"] for thing in crop["things"]} - hidden
    return showing(missing(crop, [plural]), {(noun, plural): outlines}, outlines, hidden, untouched)
