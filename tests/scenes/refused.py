#!/usr/bin/env python3
"""TIFFs that are refused by name, each readable by GDAL: the messages advise commands, and these must work.

    refused.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
from osgeo import gdal
from PIL import Image

from geotiffs import write
from pattern import scene
from stored import create


def make_refused(folder):
    rgb = scene(200, 150)
    write(folder / "lzma.tif", rgb, options=["COMPRESS=LZMA"])
    write(folder / "complex.tif", rgb[:, :, :1].astype(np.complex64))
    create(folder / "huge-strip.tif", np.zeros((9000, 9000, 1), np.uint8), ["COMPRESS=DEFLATE", "BLOCKYSIZE=9000"])
    Image.fromarray(rgb).convert("LAB").save(folder / "lab.tif")
    Image.fromarray(rgb).convert("CMYK").save(folder / "cmyk.tif")


if __name__ == "__main__":
    gdal.UseExceptions()
    make_refused(Path(sys.argv[1]))
