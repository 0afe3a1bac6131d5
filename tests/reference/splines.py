"""Thin-plate splines through ground control points, as GDAL computes them: `python3 tests/reference/splines.py` writes
tests/fixtures/splines.json. Needs GDAL's Python bindings."""

import json
import math
import random
from pathlib import Path

from osgeo import gdal, osr

gdal.UseExceptions()

SIDE = 1000


def place(column, row):
    """Where a scanned sheet on a drum puts a pixel, in metres of UTM zone 33."""
    x, y = column / SIDE, row / SIDE
    east = 390000 + 300 * x + 40 * y + 9 * math.sin(3 * x + y) + 5 * x * y
    return east, 5819000 + 35 * x - 290 * y + 7 * math.cos(2 * y - 3 * x)


def spline(points):
    """What GDAL's spline through `points` gives at pixels among them and beside them."""
    made = gdal.GetDriverByName("MEM").Create("", SIDE, SIDE, 1)
    system = osr.SpatialReference()
    system.ImportFromEPSG(32633)
    made.SetGCPs([gdal.GCP(x, y, 0, column, row) for column, row, x, y in points], system)
    transformer = gdal.Transformer(made, None, ["METHOD=GCP_TPS"])
    pixels = [(137.0 * (i % 9) - 40.5, 151.25 * (i // 9) - 60) for i in range(72)]
    placed = []
    for column, row in pixels:
        success, (x, y, _) = transformer.TransformPoint(0, column, row)
        assert success
        placed.append([column, row, x, y])
    return {"points": points, "placed": placed}


def main():
    chance = random.Random(5)
    sets = []
    for count, spread in [(6, 0), (25, 0), (25, 2), (300, 0)]:
        pixels = [(round(chance.uniform(0, SIDE), 2), round(chance.uniform(0, SIDE), 2)) for _ in range(count)]
        off = lambda: chance.uniform(-spread, spread)
        points = []
        for column, row in pixels:
            x, y = place(column, row)
            points.append([column, row, round(x + off(), 4), round(y + off(), 4)])
        sets.append(spline(points))
    path = Path(__file__).parent.parent / "fixtures" / "splines.json"
    path.write_text(json.dumps({"gdal": gdal.__version__, "sets": sets}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
