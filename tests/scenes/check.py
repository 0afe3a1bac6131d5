#!/usr/bin/env python3
"""Reads the files of the program and the page with GDAL and Pillow, and prints their contents as JSON.

    check.py raster FILE          a GeoTIFF, or a PNG with or without a world file
    check.py picture FILE         any picture, with Pillow: a second opinion on PNG
    check.py vector FILE          GeoJSON, KML, GeoPackage
    check.py fit RASTER VECTOR    how well the polygons cover the mask: the mask is where the first band is 128 or more
    check.py bent RASTER VECTOR   how far the bounds are from those of a mask that is placed by a thin-plate spline
    check.py compare ONE OTHER    the same place in two rasters, at the centres of ONE's pixels

Areas are measured on the ellipsoid. GDAL 3.6 has no geodesic area, so each shape is projected with an equal-area
projection (Lambert's) around its own centre; on WGS84 that is exact to parts per million.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

# The lowest value of a mask pixel, of 255.
LEVEL = 128


def geographic():
    system = osr.SpatialReference()
    system.ImportFromEPSG(4326)
    return traditional(system)


def traditional(system):
    """Sets the axis order to longitude, latitude and east, north, whatever the register says."""
    system = system.Clone()
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def placement(scene):
    """Returns the affine transform and the coordinate system of a scene, without heights; either may be None. Ground
    control points are fitted by least squares. A .prj file beside a picture counts, which GDAL itself does not read."""
    affine, system = scene.GetGeoTransform(can_return_null=True), scene.GetSpatialRef()
    if affine is None and scene.GetGCPCount() > 0:
        affine, system = gdal.GCPsToGeoTransform(scene.GetGCPs(), 1), scene.GetGCPSpatialRef()
    beside = Path(scene.GetDescription()).with_suffix(".prj")
    if system is None and beside.is_file():
        system = osr.SpatialReference()
        system.ImportFromESRI([beside.read_text()])
    if system is not None:
        system = system.Clone()
        system.DemoteTo2D()
    return affine, system


def leads_to_degrees(system):
    """Returns whether there is a system, and PROJ can compute with it."""
    try:
        return system is not None and bool(osr.CoordinateTransformation(traditional(system), geographic()))
    except RuntimeError:
        return False


def around(kind, longitude, latitude):
    """Returns a projection around a place: `laea` preserves areas, `aeqd` distances from the place."""
    system = osr.SpatialReference()
    system.ImportFromProj4(f"+proj={kind} +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m")
    return system


def world(affine, x, y):
    return affine[0] + x * affine[1] + y * affine[2], affine[3] + x * affine[4] + y * affine[5]


def place(affine, system, x, y):
    """Returns longitude and latitude of a point in pixels."""
    to_degrees = osr.CoordinateTransformation(traditional(system), geographic())
    return list(to_degrees.TransformPoint(*world(affine, x, y))[:2])


def ground_resolution(scene):
    """Returns the size of a pixel at the scene's centre in metres: the side of a square with its area."""
    affine, system = placement(scene)
    x, y = scene.RasterXSize / 2, scene.RasterYSize / 2
    centre = place(affine, system, x, y)
    to_metres = osr.CoordinateTransformation(geographic(), around("aeqd", *centre))
    points = [(x - 5, y), (x + 5, y), (x, y - 5), (x, y + 5)]
    left, right, top, bottom = [to_metres.TransformPoint(*place(affine, system, *point)) for point in points]
    across = [right[i] - left[i] for i in (0, 1)]
    down = [bottom[i] - top[i] for i in (0, 1)]
    return math.sqrt(abs(across[0] * down[1] - across[1] * down[0])) / 10


def area(shape):
    """Returns the area of a geometry in degrees, in square metres."""
    if shape.IsEmpty():
        return 0.0
    centre = shape.Centroid()
    flat = shape.Clone()
    # Edges that are straight in degrees are not straight in metres, so points are added every few metres.
    flat.Segmentize(1e-4)
    flat.Transform(osr.CoordinateTransformation(geographic(), around("laea", centre.GetX(), centre.GetY())))
    return flat.GetArea()


def footprint(scene):
    """Returns the area of the whole scene in square metres."""
    affine, system = placement(scene)
    width, height = scene.RasterXSize, scene.RasterYSize
    ring = ogr.Geometry(ogr.wkbLinearRing)
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    for (ax, ay), (bx, by) in zip(corners, corners[1:]):
        for step in range(16):
            ring.AddPoint_2D(*place(affine, system, ax + (bx - ax) * step / 16, ay + (by - ay) * step / 16))
    ring.CloseRings()
    polygon = ogr.Geometry(ogr.wkbPolygon)
    polygon.AddGeometry(ring)
    return area(polygon)


def mask_of(scene):
    return scene.GetRasterBand(1).ReadAsArray() >= LEVEL


def raster(path):
    scene = gdal.Open(path)
    affine, system = placement(scene)
    band = scene.GetRasterBand(1)
    pixels = band.ReadAsArray()
    values = np.unique(pixels)
    known = affine is not None and leads_to_degrees(system)
    corners = [(0, 0), (scene.RasterXSize, 0), (scene.RasterXSize, scene.RasterYSize), (0, scene.RasterYSize)]
    share = float((pixels >= LEVEL).mean())
    return {
        "driver": scene.GetDriver().ShortName,
        "width": scene.RasterXSize,
        "height": scene.RasterYSize,
        "bands": scene.RasterCount,
        "type": gdal.GetDataTypeName(band.DataType),
        "compression": scene.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"),
        "area_or_point": scene.GetMetadataItem("AREA_OR_POINT"),
        "nodata": band.GetNoDataValue(),
        "affine": affine,
        "epsg": int(system.GetAuthorityCode(None)) if system and system.GetAuthorityCode(None) else None,
        "corners": [place(affine, system, x, y) for x, y in corners] if known else None,
        "metres_per_pixel": ground_resolution(scene) if known else None,
        "values": [float(v) for v in (values if len(values) <= 8 else [values[0], values[-1]])],
        "distinct": len(values),
        "share": share,
        "mask_area_m2": share * footprint(scene) if known else None,
    }


def picture(path):
    from PIL import Image

    with Image.open(path) as opened:
        opened.load()
        extremes = opened.getextrema()
        return {"format": opened.format, "mode": opened.mode, "width": opened.width, "height": opened.height,
                "extremes": extremes}


def turns_left(ring):
    """Returns whether a ring is counter-clockwise, as RFC 7946 requires of outer rings."""
    points = ring.GetPoints()
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:])) > 0


def right_handed(polygon):
    return all(turns_left(polygon.GetGeometryRef(i)) == (i == 0) for i in range(polygon.GetGeometryCount()))


def polygons(shape):
    if shape.GetGeometryType() in (ogr.wkbPolygon, ogr.wkbPolygon25D):
        return [shape]
    return [part for i in range(shape.GetGeometryCount()) for part in polygons(shape.GetGeometryRef(i))]


def feature(one, to_degrees):
    shape = one.GetGeometryRef().Clone()
    shape.FlattenTo2D()
    if to_degrees:
        shape.Transform(to_degrees)
    parts = polygons(shape)
    west, east, south, north = shape.GetEnvelope()
    return {
        "properties": {key: value for key, value in one.items().items() if value is not None},
        "geometry": shape.GetGeometryName(),
        "valid": shape.IsValid(),
        "parts": len(parts),
        "holes": sum(part.GetGeometryCount() - 1 for part in parts),
        "right_hand": all(right_handed(part) for part in parts),
        "bounds": [west, south, east, north],
        "area_m2": area(shape),
        "style": one.GetStyleString(),
    }


def shapes(path):
    """Yields the layers of a file, each with its transformation to degrees, or None if it is already in degrees."""
    opened = gdal.OpenEx(path, gdal.OF_VECTOR)
    for index in range(opened.GetLayerCount()):
        layer = opened.GetLayer(index)
        system = layer.GetSpatialRef()
        same = system is None or bool(traditional(system).IsSame(geographic()))
        yield opened, layer, None if same else osr.CoordinateTransformation(traditional(system), geographic())


def vector(path):
    layers = []
    for opened, layer, to_degrees in shapes(path):
        system = layer.GetSpatialRef()
        code = system.GetAuthorityCode(None) if system else None
        found = [feature(one, to_degrees) for one in layer]
        layers.append({"name": layer.GetName(), "epsg": int(code) if code else None, "features": found})
        driver = opened.GetDriver().ShortName
    return {"driver": driver, "layers": layers}


def fit(raster_path, vector_path):
    """Draws the polygons on the mask's grid; counts pixels that differ, and those more than a pixel from an edge."""
    scene = gdal.Open(raster_path)
    drawn = gdal.GetDriverByName("MEM").Create("", scene.RasterXSize, scene.RasterYSize, 1, gdal.GDT_Byte)
    drawn.SetGeoTransform(scene.GetGeoTransform())
    drawn.SetProjection(scene.GetProjection())
    to_grid = osr.CoordinateTransformation(geographic(), traditional(scene.GetSpatialRef()))
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    target = memory.CreateLayer("polygons", traditional(scene.GetSpatialRef()), ogr.wkbMultiPolygon)
    for _, layer, to_degrees in shapes(vector_path):
        for one in layer:
            shape = one.GetGeometryRef().Clone()
            shape.FlattenTo2D()
            if to_degrees:
                shape.Transform(to_degrees)
            shape.Transform(to_grid)
            made = ogr.Feature(target.GetLayerDefn())
            made.SetGeometry(shape)
            target.CreateFeature(made)
    gdal.RasterizeLayer(drawn, [1], target, burn_values=[255])
    mask, polygon = mask_of(scene), mask_of(drawn)
    differing = mask != polygon
    beyond = differing & ~near_an_edge(mask)
    either = (mask | polygon).sum()
    return {
        "iou": float((mask & polygon).sum() / either) if either else 1.0,
        "differing": int(differing.sum()),
        "beyond_a_pixel": int(beyond.sum()),
        "mask": int(mask.sum()),
        "polygons": int(polygon.sum()),
    }


def compare(path, other_path):
    """Compares the bytes of `path` with those of the other raster at the same centres, where both have pixels."""
    one, other = gdal.Open(path), gdal.Open(other_path)
    values, others = one.GetRasterBand(1).ReadAsArray().astype(int), other.GetRasterBand(1).ReadAsArray().astype(int)
    affine, inverse = one.GetGeoTransform(), gdal.InvGeoTransform(other.GetGeoTransform())
    rows, columns = np.mgrid[0 : one.RasterYSize, 0 : one.RasterXSize]
    u, v = world(inverse, *world(affine, columns + 0.5, rows + 0.5))
    # Slightly towards the middle: a centre on the border of two pixels belongs to the first.
    x, y = np.floor(u - 1e-6).astype(int), np.floor(v - 1e-6).astype(int)
    both = (x >= 0) & (y >= 0) & (x < other.RasterXSize) & (y < other.RasterYSize)
    a, b = values[both], others[y[both], x[both]]
    masks = (a >= LEVEL, b >= LEVEL)
    either = (masks[0] | masks[1]).sum()
    return {
        "pixels": int(both.sum()),
        "max_difference": int(np.abs(a - b).max()) if both.any() else None,
        "differing": int((a != b).sum()),
        "share": float(masks[0].mean()),
        "other_share": float(masks[1].mean()),
        "iou": float((masks[0] & masks[1]).sum() / either) if either else 1.0,
    }


def bent(raster_path, vector_path):
    """Compares the bounds of a vector file with those of the mask that it was made of, whose pixels are placed by a
    thin-plate spline through the raster's ground control points. Distances are in metres."""
    scene = gdal.Open(raster_path)
    rows, columns = np.nonzero(scene.GetRasterBand(1).ReadAsArray() >= LEVEL)
    spline = gdal.Transformer(scene, None, ["METHOD=GCP_TPS"])
    placed, _ = spline.TransformPoints(0, [(float(c) + 0.5, float(r) + 0.5) for r, c in zip(rows, columns)])
    to_degrees = osr.CoordinateTransformation(traditional(scene.GetGCPSpatialRef()), geographic())
    degrees = np.array([to_degrees.TransformPoint(x, y)[:2] for x, y, _ in placed])
    shown = ogr.Open(vector_path)
    west, east, south, north = shown.GetLayer(0).GetExtent()
    (left, bottom), (right, top) = degrees.min(axis=0), degrees.max(axis=0)
    across = 111_320 * math.cos(math.radians(south))
    off = [across * (left - west), across * (east - right), 111_320 * (bottom - south), 111_320 * (north - top)]
    return {"points": scene.GetGCPCount(), "pixels": len(rows), "off": [float(value) for value in off]}


def near_an_edge(mask):
    """Returns the pixels that have a pixel of the other kind among their eight neighbours."""
    padded = np.pad(mask, 1, mode="edge")
    height, width = mask.shape
    near = np.zeros_like(mask)
    for y in range(3):
        for x in range(3):
            near |= padded[y : y + height, x : x + width] != mask
    return near


def main():
    gdal.UseExceptions()
    ogr.UseExceptions()
    osr.UseExceptions()
    commands = {"raster": raster, "picture": picture, "vector": vector, "fit": fit, "compare": compare, "bent": bent}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
