#!/usr/bin/env python3
"""Makes the scenes of the tests, always the same ones, and a catalogue of what GDAL reads in them.

    make.py FOLDER [--large SIDE]

Needs GDAL's Python bindings, NumPy and Pillow (Debian: python3-gdal, python3-pil).
"""

import argparse
import json
import shutil
from pathlib import Path

from osgeo import gdal, osr

from broken import make_hollow, make_nonsense, make_truncated
from check import footprint, ground_resolution, leads_to_degrees, place, placement
from formats import make_formats
from geotiffs import make_kinds, make_large, make_places, make_systems
from pictures import make_pictures
from stored import make_stored

gdal.UseExceptions()
osr.UseExceptions()


def entry(path):
    """Returns what an independent reader finds in a file that must open."""
    scene = gdal.Open(str(path))
    affine, system = placement(scene)
    # A system that is written out has no code. GDAL can use even those that the page reports it cannot.
    code = system.GetAuthorityCode(None) if system else None
    known = affine is not None and leads_to_degrees(system)
    width, height = scene.RasterXSize, scene.RasterYSize
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    return {
        "width": width,
        "height": height,
        "bands": scene.RasterCount,
        "type": gdal.GetDataTypeName(scene.GetRasterBand(1).DataType),
        "affine": affine,
        "epsg": int(code) if code else None,
        "corners": [place(affine, system, x, y) for x, y in corners] if known else None,
        "metres_per_pixel": ground_resolution(scene) if known else None,
        "area_m2": footprint(scene) if known else None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--large", type=int, default=20000, help="side of large.tif in pixels; 0 makes none")
    arguments = parser.parse_args()
    folder = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "stored", ignore_errors=True)
    for old in folder.iterdir():
        old.unlink()
    make_kinds(folder)
    make_places(folder)
    make_systems(folder)
    opening = [path for path in sorted(folder.iterdir()) if path.suffix in (".tif", ".png")]
    make_pictures(folder)
    make_formats(folder)
    make_truncated(folder)
    make_hollow(folder)
    make_nonsense(folder)
    # Not in the catalogue: every way to store pixels, in a folder with a list of its own.
    make_stored(folder / "stored")
    if arguments.large:
        make_large(folder / "large.tif", arguments.large)
        opening.append(folder / "large.tif")
    catalogue = {path.name: entry(path) for path in opening}
    (folder / "catalogue.json").write_text(json.dumps(catalogue, indent=1))


if __name__ == "__main__":
    main()
