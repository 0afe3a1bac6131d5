"""Crosswalks drawn across outlined roads.

A crosswalk is a row of white or yellow bars along the road (a zebra), two lines across it with bars between them (a
ladder), or the two lines alone (MUTCD 2009, section 3B.18). The mask is the area that the paint covers, with the gaps.
Lane lines, arrows and stop lines are no crosswalk.
"""

import numpy as np

from crops import asking, filled, marked, named, polygons, tells
from paint import Overlay, brightness
from rivers import shared, stretches, strip

SHARE = 0.08  # share of crops with outlined roads, and without a crosswalk, that get some
ASKING = 0.02  # share of other crops with roads, without a crosswalk, that are asked for one
NOUN, NAME = "crosswalk", "crosswalks"
TRIES, MOST = 10, 4
WIDTHS = 7.0, 15.0  # of the road, in metres
WHITE = ((236, 236, 232), (214, 214, 210), (196, 194, 188), (226, 198, 96), (206, 176, 84))
HIDDEN = {"markings", "road markings", "lane markings", NAME}


class Crosswalks:
    """Draws crosswalks with a `random.Random`."""

    def __init__(self, random):
        self.random = random

    def on(self, crop, picture):
        """Returns the crop and its picture with crosswalks, or without: then prompts for some ask for crosswalks."""
        if NAME in named(crop) or not ("roads" in named(crop) and tells(crop, ["roads"])):
            return crop, picture
        if self.random.random() > SHARE:
            known = NAME in crop.get("absent", ()) and self.random.random() < ASKING
            return asking(crop, [NAME]) if known else crop, picture
        size = picture.size
        road = filled(size, polygons(crop, ["roads"]))
        busy = filled(size, polygons(crop, ["cars", "trucks", "vehicles", "overpasses", "bridges"]))
        if not 0.01 < road.mean() < 0.7:
            return crop, picture
        wanted, outlines, drawn = self.random.randint(1, MOST), [], picture
        for centre, along, half in stretches(self.random, road, TRIES, 0.04):
            metre = 2 * half / self.random.uniform(*WIDTHS)
            reach = max(1.3, metre * self.random.uniform(1.0, 2.4))
            shape = strip(centre, along, (-reach, reach), half * 0.97, self.random.gauss(0, 0.08) * half)
            near = filled(size, outlines) if outlines else np.zeros_like(road)
            if half < 3 or shared(road, size, shape) < 0.93 or shared(busy | near, size, shape) > 0:
                continue
            drawn = self.drawn(drawn, centre, along, half, reach, metre)
            outlines.append(shape)
            if len(outlines) == wanted:
                break
        if not outlines:
            return crop, picture
        return marked(crop, NOUN, NAME, outlines, HIDDEN), drawn

    def drawn(self, picture, centre, along, half, reach, metre):
        random = self.random
        overlay, colour = Overlay(picture, centre, along, brightness(picture)), random.choice(WHITE)
        paint = (*colour, random.randint(150, 255))
        kind, edge = random.choice(("zebra", "zebra", "zebra", "ladder", "lines")), half * 0.95
        if kind != "lines":
            bar = max(0.55, metre * random.uniform(0.35, 0.65))
            step = bar * random.uniform(1.7, 2.6)
            for y in np.arange(-edge + 0.3 * step, edge - bar, step):
                overlay.box(-reach, y, reach, y + bar, paint)
        if kind != "zebra":
            thick = max(0.5, metre * random.uniform(0.25, 0.5))
            for x in (-reach, reach - thick):
                overlay.box(x, -edge, x + thick, edge, paint)
        if random.random() < 0.4:
            stop = reach + metre * random.uniform(1.0, 2.0)
            overlay.box(stop, -edge, stop + max(0.5, 0.4 * metre), 0, paint)
        return overlay.laid(random, 0.5)
