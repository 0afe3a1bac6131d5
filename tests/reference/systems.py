#!/usr/bin/env python3
"""Writes coordinate systems without an EPSG code in every form in which files hold them, with points by GDAL and PROJ.

    systems.py FILE      for src/geo/definition: tests/fixtures/systems.json

Needs GDAL's Python bindings and Pillow (Debian: python3-gdal, python3-pil). Of each system: OGC's WKT 1, Esri's WKT,
WKT 2, the keys that GDAL's GeoTIFF driver writes, and points as [x, y, longitude, latitude]. A form is null where it
loses a part of the system.
"""

import json
import sys
import tempfile
from pathlib import Path

from osgeo import gdal, osr
from PIL import Image

gdal.UseExceptions()
osr.UseExceptions()

PROJ = "+proj="
BESSEL = "+ellps=bessel +towgs84=598.1,73.7,418.2,0.202,0.045,-2.455,6.7"
# Name, definition, whether Esri's WKT keeps all of it, and points in longitude and latitude of WGS 84.
SYSTEMS = [
    ("UTM 33N", "EPSG:32633", True, [(13.4, 52.5), (15, 0.5), (18, 70)]),
    ("UTM 19S", "EPSG:32719", True, [(-70.6, -33.4), (-66, -55)]),
    ("transverse Mercator in US feet", "tmerc +lat_0=48 +lon_0=13.2 +k=0.9998 +x_0=200000 +y_0=-100000 +datum=WGS84 +units=us-ft", True,
     [(13.4, 48.5), (12.0, 47.2), (15.7, 50.1)]),
    ("transverse Mercator in feet", "tmerc +lat_0=-20 +lon_0=-48 +k=1 +x_0=500000 +y_0=0 +datum=WGS84 +units=ft", True,
     [(-48.5, -20.5), (-46.1, -23.0)]),
    ("transverse Mercator, Bessel", f"tmerc +lat_0=0 +lon_0=9 +k=1 +x_0=3500000 +y_0=0 {BESSEL} +units=m", False,
     [(9.2, 49.5), (7.9, 54.0), (10.4, 47.6)]),
    ("transverse Mercator, Paris", "tmerc +lat_0=46.5 +lon_0=1.5 +k=0.9999 +x_0=600000 +y_0=200000 +ellps=intl +towgs84=-87,-98,-121 +pm=paris", False,
     [(3.1, 47.0), (4.4, 45.2)]),
    ("transverse Mercator, sphere", "tmerc +lat_0=10 +lon_0=20 +k=0.9996 +x_0=1000 +y_0=2000 +R=6371007", True, [(20.5, 10.5), (18.2, 12.0)]),
    ("Lambert, two parallels", "lcc +lat_1=44.25 +lat_2=49 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80", True,
     [(2.35, 48.85), (5.37, 43.3), (-4.5, 48.4)]),
    ("Lambert, one parallel", "lcc +lat_1=46.8 +lat_0=46.8 +lon_0=2.337229 +k_0=0.99987742 +x_0=600000 +y_0=2200000 +a=6378249.2 +b=6356515 +towgs84=-168,-60,320", False,
     [(2.35, 48.85), (7.2, 43.7)]),
    ("Lambert, south", "lcc +lat_1=-32.5 +lat_2=-35 +lat_0=-34 +lon_0=-62 +x_0=1000 +y_0=-2000 +datum=WGS84 +units=us-ft", True,
     [(-58.4, -34.6), (-65.1, -31.0)]),
    ("Albers", "aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96 +x_0=10 +y_0=20 +datum=NAD83", True,
     [(-122.4, 37.8), (-74.0, 40.7), (-96.0, 30.0)]),
    ("Albers, south", "aea +lat_1=-18 +lat_2=-36 +lat_0=0 +lon_0=132 +x_0=0 +y_0=0 +datum=WGS84", True, [(115.9, -32.0), (151.2, -33.9)]),
    ("Mercator with a scale", "merc +lon_0=110 +k=0.997 +x_0=3900000 +y_0=900000 +datum=WGS84", True, [(106.8, -6.2), (119.4, 5.1)]),
    ("Mercator with a parallel", "merc +lat_ts=56 +lon_0=10 +x_0=5000 +y_0=-3000 +datum=WGS84", True, [(8.5, 47.4), (24.9, 60.2)]),
    ("polar stereographic, north", "stere +lat_0=90 +lat_ts=75 +lon_0=-40 +x_0=1000 +y_0=500 +datum=WGS84", True,
     [(-40, 72), (10, 80), (170, 85)]),
    ("polar stereographic, south", "stere +lat_0=-90 +lat_ts=-71 +lon_0=70 +x_0=6000000 +y_0=6000000 +datum=WGS84", True,
     [(166.7, -77.8), (-60, -65)]),
    ("polar stereographic with a scale", "stere +lat_0=90 +k=0.994 +lon_0=0 +x_0=2000000 +y_0=2000000 +datum=WGS84", False,
     [(15.6, 78.2), (-120, 83)]),
    ("oblique Mercator, variant A", "omerc +no_uoff +lat_0=4 +lonc=115 +alpha=53.31582 +gamma=53.13010 +k=0.99984 +x_0=0 +y_0=0 +datum=WGS84", True,
     [(114.0, 4.5), (117.9, 5.8)]),
    ("oblique Mercator, variant B", "omerc +lat_0=-18.9 +lonc=44.1 +alpha=18.9 +gamma=18.9 +k=0.9995 +x_0=400000 +y_0=800000 +datum=WGS84", True,
     [(47.5, -18.9), (45.0, -25.0)]),
    ("oblique Mercator to the east", "omerc +lat_0=46.9524 +lonc=7.4396 +alpha=90 +gamma=90 +k=1 +x_0=2600000 +y_0=1200000 +ellps=bessel +towgs84=674.374,15.056,405.346", False,
     [(8.2, 46.9), (6.1, 46.2)]),
    ("longitude and latitude, International 1924", "longlat +ellps=intl +towgs84=-87,-98,-121", False, [(2.0, 41.4), (-3.7, 40.4)]),
    ("compound with a height", "EPSG:5972", False, [(10.7, 59.9), (6.1, 58.2)]),
]


def flat(system):
    """Returns the system without heights, its axes to the east and north."""
    system = system.Clone()
    system.DemoteTo2D()
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def degrees():
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    return flat(system)


def tags(system):
    """Returns the keys that GDAL writes for a system."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/system.tif"
        made = gdal.GetDriverByName("GTiff").Create(path, 2, 2, 1)
        made.SetGeoTransform((1000, 1, 0, 2000, 0, -1))
        made.SetSpatialRef(system)
        made = None
        found = Image.open(path).tag_v2
        return {"keys": list(found[34735]), "doubles": list(found.get(34736, ())), "ascii": found.get(34737, "")}


def entry(name, definition, keeps, places):
    system = osr.SpatialReference()
    system.SetFromUserInput(definition if definition.startswith("EPSG") else PROJ + definition)
    esri = system.Clone()
    esri.MorphToESRI()
    to_system = osr.CoordinateTransformation(degrees(), flat(system))
    points = [[*to_system.TransformPoint(*place)[:2], *place] for place in places]
    return {
        "name": name,
        "wkt1": system.ExportToWkt(["FORMAT=WKT1_GDAL"]),
        "esri": esri.ExportToWkt(["FORMAT=WKT1_ESRI"]) if keeps else None,
        "wkt2": system.ExportToWkt(["FORMAT=WKT2_2018"]),
        "tags": tags(system),
        "points": points,
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    entries = [entry(*system) for system in SYSTEMS]
    Path(sys.argv[1]).write_text("[\n" + ",\n".join(json.dumps(one) for one in entries) + "\n]\n")
