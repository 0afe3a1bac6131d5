"""GeoTIFFs that must open, of the kinds that cameras, drones, state agencies and GIS programs write."""

import math

import numpy as np
from osgeo import gdal, osr
from PIL import Image

from pattern import block, scene

# UTM zone 33 north, near Berlin; 30 cm per pixel.
BERLIN = (390000.0, 0.3, 0.0, 5819000.0, 0.0, -0.3)

# Projections of their own, without a code: name, definition, and the place of the first pixel's corner.
SYSTEMS = {
    "transverse-mercator": ("+proj=tmerc +lat_0=48 +lon_0=13.2 +k=0.9998 +x_0=200000 +y_0=-100000 +datum=WGS84 +units=us-ft", (704648.5, -145650.5)),
    "lambert": ("+proj=lcc +lat_1=44.25 +lat_2=48.5 +lat_0=46.4 +lon_0=3 +x_0=700000 +y_0=6600000 +datum=WGS84", (652301.25, 6871316.5)),
    "albers": ("+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=23 +lon_0=-96.5 +datum=NAD83", (-2229022.5, 1958196.25)),
    "polar-stereographic": ("+proj=stere +lat_0=-90 +lat_ts=-72 +lon_0=70 +x_0=6000000 +y_0=6000000 +datum=WGS84", (7321302.5, 5844782.5)),
    "oblique-mercator": ("+proj=omerc +lat_0=-18.9 +lonc=44.1 +alpha=18.9 +gamma=18.9 +k=0.9995 +x_0=400000 +y_0=800000 +datum=WGS84", (758176.25, 796613.25)),
}
# Metres per pixel of these scenes; that of the first is in feet.
OWN_PIXEL = 0.5


def reference(epsg):
    system = osr.SpatialReference()
    system.ImportFromEPSG(epsg)
    system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return system


def write(path, pixels, affine=BERLIN, system=32633, options=(), nodata=None, colours=None):
    """Writes a GeoTIFF of `[height, width, bands]`; `system` is an EPSG code, a SpatialReference or None."""
    height, width, bands = pixels.shape
    kinds = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16, "float32": gdal.GDT_Float32,
             "complex64": gdal.GDT_CFloat32}
    made = gdal.GetDriverByName("MEM").Create("", width, height, bands, kinds[pixels.dtype.name])
    if affine:
        made.SetGeoTransform(affine)
    if system:
        made.SetProjection((reference(system) if isinstance(system, int) else system).ExportToWkt())
    for index in range(bands):
        band = made.GetRasterBand(index + 1)
        band.WriteArray(np.ascontiguousarray(pixels[:, :, index]))
        if nodata is not None:
            band.SetNoDataValue(nodata)
    if colours:
        made.GetRasterBand(1).SetColorTable(colours)
        made.GetRasterBand(1).SetColorInterpretation(gdal.GCI_PaletteIndex)
    driver = "COG" if path.name.startswith("cog") else "GTiff"
    gdal.GetDriverByName(driver).CreateCopy(str(path), made, options=list(options))


def near_infrared(rgb):
    return (255 - rgb[:, :, 2:3].astype(np.uint16)).astype(np.uint8)


def make_kinds(folder):
    """Writes one file per way of storing pixels."""
    rgb = scene(300, 200)
    grey = rgb.mean(axis=2, keepdims=True).astype(np.uint8)
    sixteen = np.concatenate([rgb, near_infrared(rgb)], axis=2).astype(np.uint16) * 40 + 300
    alpha = np.full((200, 300, 1), 255, np.uint8)
    alpha[:, :60] = 0
    collar = rgb.copy()
    collar[:, :75] = 0
    # Strips of eight rows: the plain small file that viewers for tiled files refuse.
    write(folder / "striped.tif", rgb, options=["BLOCKYSIZE=8"])
    write(folder / "tiled.tif", rgb, options=["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"])
    write(folder / "cog.tif", scene(1536, 1024), options=["COMPRESS=DEFLATE", "BLOCKSIZE=256", "OVERVIEWS=AUTO"])
    write(folder / "bigtiff.tif", rgb, options=["BIGTIFF=YES", "COMPRESS=DEFLATE"])
    write(folder / "planar.tif", rgb, options=["INTERLEAVE=BAND"])
    write(folder / "big-endian.tif", sixteen[:, :, :3], options=["ENDIANNESS=BIG"])
    write(folder / "grey.tif", grey)
    write(folder / "grey-16-bit.tif", grey.astype(np.uint16) * 200)
    write(folder / "four-bands-16-bit.tif", sixteen, options=["COMPRESS=LZW", "PREDICTOR=2", "ALPHA=NO"])
    write(folder / "signed-16-bit.tif", rgb.astype(np.int16) * 30 - 900)
    write(folder / "float.tif", rgb.astype(np.float32) / 255, options=["COMPRESS=DEFLATE", "PREDICTOR=3"])
    write(folder / "alpha.tif", np.concatenate([rgb, alpha], axis=2), options=["ALPHA=YES"])
    write(folder / "seven-bands.tif", np.concatenate([rgb, rgb, grey], axis=2))
    write(folder / "lzw.tif", rgb, options=["COMPRESS=LZW"])
    write(folder / "deflate.tif", rgb, options=["COMPRESS=DEFLATE", "PREDICTOR=2", "TILED=YES"])
    write(folder / "packbits.tif", rgb, options=["COMPRESS=PACKBITS"])
    write(folder / "jpeg.tif", rgb, options=["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "JPEG_QUALITY=90"])
    write(folder / "nodata.tif", collar, options=["COMPRESS=DEFLATE"], nodata=0)
    table = gdal.ColorTable()
    for index in range(256):
        table.SetColorEntry(index, (index, 255 - index, 128, 255))
    write(folder / "palette.tif", grey, colours=table)


def make_places(folder):
    """Writes one file per way of georeferencing the pixels."""
    rgb = scene(300, 200)
    deflate = ["COMPRESS=DEFLATE"]
    write(folder / "utm-south.tif", rgb, (346000.0, 0.5, 0, 6297000.0, 0, -0.5), 32719, deflate)
    write(folder / "mercator.tif", rgb, (1492000.0, 0.6, 0, 6895000.0, 0, -0.6), 3857, deflate)
    write(folder / "geographic.tif", rgb, (13.4, 6.57e-6, 0, 52.5, 0, -4e-6), 4326, deflate)
    write(folder / "etrs89.tif", rgb, (390000.0, 0.2, 0, 5819000.0, 0, -0.2), 25833, deflate)
    write(folder / "feet.tif", rgb, (980000.0, 1.0, 0, 200000.0, 0, -1.0), 2263, deflate)
    write(folder / "rotated.tif", rgb, (390000.0, 0.26, 0.15, 5819000.0, 0.15, -0.26), options=deflate)
    write(folder / "pixel-is-point.tif", rgb, options=[*deflate, "GEOTIFF_VERSION=1.1"])
    point = gdal.Open(str(folder / "pixel-is-point.tif"), gdal.GA_Update)
    point.SetMetadataItem("AREA_OR_POINT", "Point")
    point = None
    write(folder / "no-crs.tif", rgb, system=None, options=deflate)
    write(folder / "plain.tif", rgb, affine=None, system=None, options=deflate)
    # A surveyor's own projection, which has no number in any register.
    own = osr.SpatialReference()
    own.ImportFromProj4("+proj=krovak +lat_0=49.5 +lon_0=24.8 +alpha=30.2 +k=0.9999 +ellps=bessel +units=m")
    write(folder / "unknown-crs.tif", rgb, (-740000.0, 0.3, 0, -1040000.0, 0, -0.3), own, deflate)


def written_out(definition):
    system = osr.SpatialReference()
    system.ImportFromProj4(definition)
    return system


def make_systems(folder):
    """Writes scenes in systems without a code, as GeoTIFF and as PNG with a world file and Esri's .prj, and others that
    are placed by heights too, ground control points, an .aux.xml file and rational polynomials."""
    rgb = scene(300, 200)
    deflate = ["COMPRESS=DEFLATE"]
    for name, (definition, (x, y)) in SYSTEMS.items():
        system = written_out(definition)
        affine = (x, OWN_PIXEL, 0, y, 0, -OWN_PIXEL)
        write(folder / f"own-{name}.tif", rgb, affine, system, deflate)
        path = folder / f"own-{name}.png"
        Image.fromarray(rgb).save(path)
        half = OWN_PIXEL / 2
        path.with_suffix(".pgw").write_text(f"{OWN_PIXEL}\n0\n0\n{-OWN_PIXEL}\n{x + half}\n{y - half}\n")
        path.with_suffix(".prj").write_text(system.ExportToWkt(["FORMAT=WKT1_ESRI"]))
    heights = osr.SpatialReference()
    heights.SetFromUserInput("EPSG:25832+5941")
    write(folder / "compound.tif", rgb, (590000.0, 0.4, 0, 6641000.0, 0, -0.4), heights, [*deflate, "GEOTIFF_VERSION=1.1"])

    points = [(0, 0), (300, 0), (300, 200), (0, 200), (120, 80), (210, 40)]
    # A rotated grid; every other point is a few centimetres beside it.
    place = lambda c, r, off: (390000 + 0.29 * c + 0.04 * r + off, 5819000 + 0.04 * c - 0.29 * r - off)
    tied = [gdal.GCP(*place(c, r, 0.06 * (i % 2)), 0, c, r) for i, (c, r) in enumerate(points)]
    write(folder / "control-points.tif", rgb, affine=None, system=None, options=deflate)
    opened = gdal.Open(str(folder / "control-points.tif"), gdal.GA_Update)
    opened.SetGCPs(tied, reference(32633))
    opened = None
    # A sheet that is bent by a metre, which no grid follows.
    bent = [(75 * i, 50 * j, place(75 * i, 50 * j, 1.5 * math.sin(i + 0.7 * j))) for i in range(5) for j in range(5)]
    write(folder / "bent.tif", rgb, affine=None, system=None, options=deflate)
    opened = gdal.Open(str(folder / "bent.tif"), gdal.GA_Update)
    opened.SetGCPs([gdal.GCP(*at, 0, c, r) for c, r, at in bent], reference(32633))
    opened = None

    made = gdal.GetDriverByName("MEM").Create("", 300, 200, 3)
    made.SetGeoTransform((210000.0, 0.3, 0, -60000.0, 0, -0.3))
    made.SetSpatialRef(written_out("+proj=tmerc +lat_0=48 +lon_0=11 +k=0.9998 +x_0=200000 +y_0=-100000 +datum=WGS84"))
    made.WriteArray(np.ascontiguousarray(np.moveaxis(rgb, 2, 0)))
    # Its place goes to aux.png.aux.xml.
    gdal.GetDriverByName("PNG").CreateCopy(str(folder / "aux.png"), made)

    write(folder / "rpc.tif", rgb, affine=None, system=None, options=deflate)
    numbers = ["LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF", "LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE"]
    coefficients = ["LINE_NUM_COEFF", "LINE_DEN_COEFF", "SAMP_NUM_COEFF", "SAMP_DEN_COEFF"]
    opened = gdal.Open(str(folder / "rpc.tif"), gdal.GA_Update)
    opened.SetMetadata({name: "1" for name in numbers} | {name: " ".join(["1"] + ["0"] * 19) for name in coefficients}, "RPC")
    opened = None


def make_large(path, side):
    """Writes a scene as from a survey flight: `side` x `side` px of 10 cm, tiled, with overviews."""
    options = ["TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512", "COMPRESS=DEFLATE", "ZLEVEL=6", "NUM_THREADS=2"]
    made = gdal.GetDriverByName("GTiff").Create(str(path), side, side, 3, gdal.GDT_Byte, options)
    made.SetGeoTransform((389000.0, 0.1, 0, 5820000.0, 0, -0.1))
    made.SetProjection(reference(32633).ExportToWkt())
    blocks = [np.moveaxis(block(seed), 2, 0) for seed in range(23)]
    for top in range(0, side, 512):
        # 23 is prime and does not divide 7, so no row of blocks equals the one above it.
        row = [blocks[(7 * (top // 512) + column) % len(blocks)] for column in range(-(-side // 512))]
        row = np.concatenate(row, axis=2)[:, : min(512, side - top), :side]
        made.WriteArray(np.ascontiguousarray(row), 0, top)
    gdal.SetConfigOption("COMPRESS_OVERVIEW", "DEFLATE")
    made.BuildOverviews("AVERAGE", [2, 4, 8, 16])
    made = None
