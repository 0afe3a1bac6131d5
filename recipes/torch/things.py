"""Things under free words: crops whose things were outlined and named in people's own words.

Class labels teach only the classes. People also ask for crosswalks, awnings, trampolines: nouns without a class, which
the program passes to the network unchanged, "the crosswalks". One line of JSON per crop:

    {"image": "NAME", "things": [{"noun": "crosswalk", "plural": "crosswalks", "all": true, "polygons": [[[x, y], ...], ...]}],
     "phrases": [{"phrase": "the crosswalk at the top", "of": [[0, 1]]}]}

Polygons are in pixels of IMAGES/NAME.jpg. `all` means that every thing of that kind is outlined, so the rest of the
crop contains none. `of` lists pairs: the index of a thing and the index of one of its polygons.

Optional: a thing's `unclear` polygons, which may or may not be the thing (a box without an outline): no loss there. A
crop's `absent` plurals, which it does not contain. `partial`: other things may be in the crop without being named.

`kept` prompts ask for classes that nobody outlined in these crops. The network as it was at the start answers them, so
that new words do not cost old ones (Li and Hoiem 2016, arXiv 1606.09282).
"""

import collections
import json
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from airports import Airports
from chimneys import Chimneys
from courses import Courses
from crosswalks import Crosswalks
from dams import Dams
from grounds import Grounds
from lands import Lands
from panels import Panels
from paste import Paste
from phrases import Phrases
from rivers import Rivers
from services import Services
from ships import Ships
from stadiums import Stadiums
from stations import Stations
from tanks import Tanks
from tolls import Tolls
from turbines import Turbines

MOSAIC = 0.4  # share of mosaics of crops
FINER = 0.3  # share of a mosaic's quarters that are mosaics of four crops themselves
INFRARED = 0.2  # share of mosaics and of turned windows that are shown as colour infrared
SMALLEST = 72  # shortest side of a window, in pixels of the crop
EXPOSED = 0.2  # share of pictures whose brightness and contrast vary more
WHOLE = 0.4  # share of crops shown whole and upright, because their phrases name sides
ABSENT = 0.35  # share of prompts for kinds that the window does not contain
ASKED = 0.4  # share of prompts for kinds that were added to a crop, if some were
ELSEWHERE = 0.08  # share of prompts for kinds that people ask for and that the whole crop does not contain
BY_KIND = 0.5  # share of crops drawn for a kind, by the square root of how many crops show it: rare kinds come up
OFTENER = 4.0  # how much oftener a kind of FIELD is drawn
FEWEST = 4.0  # least area of a kind in a window, in pixels of the crop

# Kinds that few crops contain. Whoever outlines a crop that contains one names it, so a crop without the word is taken
# to be without the thing.
RARE = (
    "railways, railway tracks, trains, airplanes, helicopters, runways, ships, boats, harbors, piers, stadiums, "
    "baseball fields, soccer fields, tennis courts, basketball courts, golf courses, running tracks, playgrounds, "
    "storage tanks, silos, chimneys, wind turbines, power lines, dams, bridges, overpasses, roundabouts, "
    "rivers, lakes, ponds, canals, beaches, islands, greenhouses, farmland, orchards, forests, quarries, cemeteries, "
    "churches, gas stations, toll booths, shipping containers, buses, cranes, trampolines, crosswalks, tents, "
    "construction sites, tombs, statues, fountains, snow, excavators, solar farms, satellite dishes"
).split(", ")

# Kinds that the field's benchmarks ask for, and that few crops show.
FIELD = set((
    "airplanes, ships, harbors, docks, storage tanks, baseball fields, tennis courts, basketball courts, bridges, "
    "overpasses, vehicles, trucks, swimming pools, wind turbines"
).split(", "))

# Classes that the network already outlines well, for `kept` prompts. A class that it rarely finds, or outlines in
# another way than the crops do, must not be here: it would learn its own mistakes.
KEPT = (
    "buildings, roads, cars, trees, grass, water, bare land, vegetation, parking lots, swimming pools, docks, runways"
).split(", ")
# Things that belong to none of the kept classes that are asked of a crop that shows them.
SOLID = ("airplane", "helicopter", "storage tank")


class Things:
    def __init__(self, files, images, side, tokenizer, device, seed):
        self.crops = [json.loads(line) for path in files for line in Path(path).read_text().splitlines()]
        self.outlined = [crop for crop in self.crops if any(thing["polygons"] for thing in crop["things"])]
        self.showing = {}
        for crop in self.outlined:
            for thing in crop["things"]:
                if thing["all"] and thing["polygons"]:
                    self.showing.setdefault(thing["plural"], []).append(crop)
        self.images, self.side, self.device = Path(images), side, device
        self.random = random.Random(seed)
        self.phrases = Phrases(tokenizer)
        self.pixels = {}
        self.asks = collections.Counter(), collections.Counter()  # prompts for what is missing, and for what is there
        lands = Lands(self.crops, self.image, self.random)
        self.additions = (
            Panels(self.random), Crosswalks(self.random),
            Paste(self.outlined, self.image, self.random), Rivers(self.random), Grounds(self.random),
            Stadiums(self.random), Ships(self.random), Tanks(self.random), Chimneys(self.random), Tolls(self.random),
            Dams(self.random), Services(self.random), Stations(self.random),
            Turbines(lands, self.random), Courses(lands, self.random), Airports(lands, self.random),
        )

    def draw(self, scenes, count, kept=0):
        """Draws `count` prompts on each of `scenes` crops, the last `kept` of them for KEPT classes. Returns images
        `[scenes, side, side, 3]` as bytes, tokens `[scenes, count, 40]`, and masks and where they are known, both
        `[scenes, count, side / 4, side / 4]`, 0 to 1. For kept prompts the mask is 1 on SOLID things, and known on
        pixels without a thing."""
        drawn = []
        for _ in range(scenes):
            shown, texts, masks, known = self.asked(count, kept)
            drawn.append((shown, np.stack([self.phrases.tokens(text) for text in texts]), masks, known))
        return tuple(torch.from_numpy(np.stack(part)).to(self.device) for part in zip(*drawn))

    def asked(self, count, kept=0):
        """Draws one picture with `count` prompts, the last `kept` of them for KEPT classes: the picture, the prompts,
        and masks and where they are known, as in `draw`."""
        if kept and self.random.random() < MOSAIC:
            return self.mosaic(count - kept, kept)
        return self.one(self.pick(), count - kept, kept)

    def pick(self):
        """Draws a crop. `wanted` is the plural of the kind that it was drawn for, if for any."""
        if self.random.random() > BY_KIND:
            return self.random.choice(self.crops)
        weights = [len(crops) ** 0.5 * (OFTENER if kind in FIELD else 1.0) for kind, crops in self.showing.items()]
        plural, crops = self.random.choices(list(self.showing.items()), weights)[0]
        return {**self.random.choice(crops), "wanted": plural}

    def mosaic(self, count, kept):
        """Shows crops as one picture at a half or a quarter of their scale: things look smaller, as in coarser images.
        Prompts ask for kinds that any of the crops shows. Where nothing is known about a kind, its mask is unknown."""
        places = self.quarters()
        crops = [self.pick()] + [self.random.choice(self.crops) for _ in places[1:]]
        self.random.shuffle(crops)
        crops, images = zip(*(self.shown(crop) for crop in crops))
        kinds = sorted({thing["plural"] for crop in crops for thing in crop["things"] if thing["polygons"]})
        added = sorted({name for crop in crops for name in crop.get("asked", ())})
        names = [
            self.random.choice(added if added and self.random.random() < ASKED else kinds or KEPT) for _ in range(count)
        ]
        wanted = [crop["wanted"] for crop in crops if "wanted" in crop]
        if wanted:
            names[0] = wanted[0]
        told = {name for crop in crops for name in [*crop.get("absent", ()), *(t["plural"] for t in crop["things"])]}
        names += self.untold(told, kept)
        infrared = self.random.random() < INFRARED
        cells = self.side // 4
        masks, known = np.zeros((2, len(names), cells, cells), np.float32)
        shown = np.zeros((self.side, self.side, 3), np.uint8)
        for (y, x, size), crop, image in zip(places, crops, images):
            turn = self.random.randrange(8)
            window = (0, 0, *image.size)
            pixels = self.lit(np.asarray(image.resize((size * 4, size * 4), Image.BILINEAR)), infrared)
            shown[y * 4 : (y + size) * 4, x * 4 : (x + size) * 4] = turned(pixels, turn)
            part = (slice(y, y + size), slice(x, x + size))
            for index, name in enumerate(names):
                old = self.old(crop, window, [name])[0] if index >= count else self.of(crop, name, window)
                small = [turned(shrunk(grid, cells // size), turn) for grid in old[1:]]
                masks[index][part], known[index][part] = small[0], small[1] == 1.0
        if infrared and kept:
            known[-kept:] = 0.0
        return shown, [f"the {name}" for name in names], masks, known

    def quarters(self):
        """Returns the places of a mosaic's crops: row, column and side, in cells."""
        half = self.side // 8
        places = []
        for y, x in ((0, 0), (0, half), (half, 0), (half, half)):
            if self.random.random() < FINER:
                small = half // 2
                places += [(y + v, x + u, small) for v in (0, small) for u in (0, small)]
            else:
                places.append((y, x, half))
        return places

    def shown(self, crop):
        """Returns a crop and its picture, with objects, rivers, sports grounds and other drawn kinds added to some."""
        picture = self.image(crop["image"])
        for addition in self.additions:
            crop, picture = addition.on(crop, picture)
        return crop, picture

    def of(self, crop, name, window):
        """Returns a prompt, the mask of a kind, and where it is known: nowhere if the crop does not tell."""
        nothing = np.zeros((self.side // 4, self.side // 4), np.float32)
        if name in crop.get("absent", ()):
            return f"the {name}", nothing, nothing + 1.0
        for thing in crop["things"]:
            if thing["plural"] == name and thing["all"]:
                clear = (self.mask(thing.get("unclear", ()), window) == 0).astype(np.float32)
                return f"the {name}", self.mask(thing["polygons"], window), clear
        return f"the {name}", nothing, nothing

    def one(self, crop, count, kept):
        crop, image = self.shown(crop)
        width, height = image.size
        kinds = [thing for thing in crop["things"] if thing["all"] and thing["polygons"]]
        if not kinds or self.random.random() < WHOLE:
            window, turn, infrared = (0, 0, width, height), 0, False
            phrases = [(p["phrase"], [crop["things"][t]["polygons"][n] for t, n in p["of"]]) for p in crop["phrases"]]
        else:
            length = round(SMALLEST * (min(width, height) / SMALLEST) ** self.random.random())
            x, y = self.random.randint(0, width - length), self.random.randint(0, height - length)
            window, turn, phrases = (x, y, x + length, y + length), self.random.randrange(8), []
            infrared = self.random.random() < INFRARED
        cells = self.side // 4
        nothing, known = np.zeros((cells, cells), np.float32), np.ones((cells, cells), np.float32)
        cell = (window[2] - window[0]) * (window[3] - window[1]) / cells**2
        there, absent = [], [(f"the {plural}", nothing, known) for plural in crop.get("absent", ())]
        for thing in kinds:
            mask = self.mask(thing["polygons"], window)
            clear = 1.0 - (self.mask(thing["unclear"], window) > 0) if thing.get("unclear") else known
            if (mask * clear).sum() * cell >= FEWEST:
                there.append((f"the {thing['plural']}", mask, clear.astype(np.float32)))
            elif mask.sum() == 0 and clear.all():
                absent.append((f"the {thing['plural']}", nothing, known))
        for phrase, polygons in phrases:
            mask = self.mask(polygons, window)
            if mask.sum() * cell >= FEWEST:
                there.append((phrase, mask, known))
        elsewhere = [] if crop.get("partial") else [kind for kind in RARE if not self.alike(kind, crop)]
        added = [ask for ask in (*there, *absent) if ask[0].removeprefix("the ") in crop.get("asked", ())]
        added_shares, absent_shares = ([self.share(*ask[:2]) for ask in asks] for asks in (added, absent))
        chosen = [ask for ask in there if ask[0] == f"the {crop.get('wanted')}"][:count]
        for _ in range(count - len(chosen)):
            if added and self.random.random() < ASKED:
                chosen += self.random.choices(added, added_shares)
            elif there and elsewhere and self.random.random() < ELSEWHERE:
                article = "the " if self.random.random() < 0.7 else ""
                chosen.append((article + self.random.choice(elsewhere), nothing, known))
            elif absent and (not there or self.random.random() < ABSENT):
                chosen += self.random.choices(absent, absent_shares)
            else:
                chosen.append(self.random.choice(there or [("the " + KEPT[0], nothing, nothing)]))
        for phrase, mask, _ in chosen:
            self.asks[bool(mask.any())][phrase] += 1
        if kept:
            told = {thing["plural"] for thing in crop["things"]} | set(crop.get("absent", ()))
            # The former network is no teacher in false colours.
            chosen += [
                (phrase, mask, clear * (not infrared))
                for phrase, mask, clear in self.old(crop, window, self.untold(told, kept))
            ]
        shown = image.resize((self.side, self.side), Image.BILINEAR, box=window)
        shown = turned(self.lit(np.asarray(shown), infrared), turn)
        masks, clear = (np.stack([turned(ask[part], turn) for ask in chosen]) for part in (1, 2))
        return shown, [phrase for phrase, _, _ in chosen], masks, clear

    def share(self, phrase, mask):
        """Returns how often a prompt is drawn: less often the more prompts for the kind have missed it, as a kind that
        is mostly asked for where it is missing is no longer found."""
        missing, there = (asks[phrase] + 3.0 for asks in self.asks)
        return 1.0 if mask.any() else min(1.0, there / missing) ** 3 + 1e-3

    def untold(self, told, count):
        """Draws `count` of the KEPT classes, without those that a crop tells about if there are others."""
        names = [name for name in KEPT if name not in told] or KEPT
        return [self.random.choice(names) for _ in range(count)]

    def old(self, crop, window, names):
        """Returns prompts for classes that are neither outlined in the crop nor known to be absent."""
        solid, other = [], []
        for thing in crop["things"]:
            (solid if thing["noun"] in SOLID else other).extend(thing["polygons"])
            other.extend(thing.get("unclear", ()))
        mask = (self.mask(solid, window) > 0.5).astype(np.float32)
        clear = (self.mask(other, window) == 0).astype(np.float32)
        return [(f"the {name}", mask, clear) for name in names]

    @staticmethod
    def alike(kind, crop):
        """Tells whether the crop has a thing that shares a word, but for its ending, with a kind."""
        stems = {word[:5] for word in kind.lower().split()}
        named = " ".join(f"{t['noun']} {t['plural']}" for t in crop["things"]).lower().split()
        named += " ".join(p["phrase"] for p in crop["phrases"]).lower().split()
        return any(word[:5] in stems for word in named)

    def image(self, name):
        if name not in self.pixels:
            self.pixels[name] = Image.open(self.images / f"{name}.jpg").convert("RGB")
        return self.pixels[name]

    def mask(self, polygons, window):
        """Returns the share of each mask cell that the polygons cover."""
        x0, y0, x1, y1 = window
        scale = (self.side / (x1 - x0), self.side / (y1 - y0))
        drawn = Image.new("L", (self.side, self.side))
        draw = ImageDraw.Draw(drawn)
        for polygon in polygons:
            draw.polygon([((x - x0) * scale[0], (y - y0) * scale[1]) for x, y in polygon], fill=1)
        cells = self.side // 4
        return np.asarray(drawn, np.float32).reshape(cells, 4, cells, 4).mean(axis=(1, 3))

    def lit(self, pixels, infrared=False):
        """Varies the lighting: contrast, brightness and colour balance. `infrared` imitates colour infrared: a channel
        that is bright on plants, red and green, in any order."""
        if infrared:
            red, green, blue = (pixels[..., channel].astype(np.float32) for channel in range(3))
            plants = self.random.uniform(1.0, 2.5) * (2.0 * green - red - blue)
            near = self.random.uniform(0.55, 1.05)  # brightness of what does not grow
            channels = [near * 0.5 * (red + green) + plants.clip(0.0), red, green]
            self.random.shuffle(channels)
            pixels = np.stack(channels, -1).clip(0, 255)
        # Some pictures are overexposed, dim or faded.
        wide = 2.5 if self.random.random() < EXPOSED else 1.0
        gains = 1.0 + np.array([self.random.gauss(0, 0.04) for _ in range(3)]) + self.random.gauss(0, 0.1 * wide)
        shown = (pixels - 127.0) * gains.clip(0.3) + 127.0 + self.random.gauss(0, 10.0 * wide)
        return shown.clip(0, 255).astype(np.uint8)


def turned(grid, turn):
    """Applies one of the eight symmetries of the square."""
    grid = np.rot90(grid, turn % 4)
    return np.ascontiguousarray(grid[:, ::-1] if turn >= 4 else grid)


def shrunk(grid, factor):
    """Returns the means of blocks of `factor` x `factor` cells."""
    return grid.reshape(grid.shape[0] // factor, factor, -1, factor).mean(axis=(1, 3))
