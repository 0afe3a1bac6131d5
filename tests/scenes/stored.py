#!/usr/bin/env python3
"""TIFFs of every way to store pixels that must be read, each beside a twin that GDAL made of it: the same pixels,
uncompressed. `stored.json` lists them: file, twins (of the scene and of each overview), and the largest difference of a
colour, which is above 0 only where a lossy codec is involved.

    stored.py FOLDER
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
from osgeo import gdal

from broken import tiff
from geotiffs import BERLIN, reference
from jpegxl import jpeg_xl
from pattern import scene

KINDS = {"uint8": gdal.GDT_Byte, "int8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16,
         "uint32": gdal.GDT_UInt32, "int32": gdal.GDT_Int32, "float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64,
         "int64": getattr(gdal, "GDT_Int64", None), "uint64": getattr(gdal, "GDT_UInt64", None)}
TILED = ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=48"]
WIDTH, HEIGHT = 301, 203


class Catalogue:
    """The files of a folder and their twins."""

    def __init__(self, folder):
        self.folder = folder
        self.entries = []

    def add(self, name, pixels=None, options=(), most=0, **more):
        """Writes the file, unless `pixels` is None because it is there, and its twin."""
        path = self.folder / f"{name}.tif"
        try:
            if pixels is not None:
                create(path, pixels, options, **more)
            self.twin(path, most)
        except RuntimeError as error:
            # An older GDAL, or one without a codec.
            path.unlink(missing_ok=True)
            print(f"{path.name} is not made: {error}")

    def twin(self, path, most=0, extra=()):
        twins = []
        opened = gdal.Open(str(path))
        count = opened.GetRasterBand(1).GetOverviewCount()
        bits = {gdal.GDT_Byte: 8, gdal.GDT_UInt16: 16, gdal.GDT_UInt32: 32, gdal.GDT_Float32: 32}
        bits = bits.get(opened.GetRasterBand(1).DataType)
        for level in range(-1, count):
            options = [f"OVERVIEW_LEVEL={level}"] if level >= 0 else []
            source = gdal.OpenEx(str(path), open_options=options)
            twin = self.folder / f"twin{level + 1}-{path.name}"
            creation = ["COMPRESS=NONE", *([f"NBITS={bits}"] if bits else []), *extra]
            gdal.Translate(str(twin), source, creationOptions=creation)
            twins.append(twin.name)
        spread(path, self.folder / twins[0])
        self.entries.append({"file": path.name, "twins": twins, "most": most})


def spread(path, twin):
    """Scales the twin of a file of fewer than 8 bits to 0..255, as readers of pictures do."""
    # A band is only valid while its file is held.
    source = gdal.Open(str(path))
    bits = source.GetRasterBand(1).GetMetadataItem("NBITS", "IMAGE_STRUCTURE")
    opened = gdal.Open(str(twin), gdal.GA_Update)
    if not bits or int(bits) >= 8 or opened.GetRasterBand(1).GetColorTable():
        return
    most = 2 ** int(bits) - 1
    for index in range(opened.RasterCount):
        band = opened.GetRasterBand(index + 1)
        band.WriteArray(((band.ReadAsArray().astype(np.uint32) * 255 + most // 2) // most).astype(np.uint8))
    nodata = source.GetRasterBand(1).GetNoDataValue()
    if nodata is not None:
        opened.GetRasterBand(1).SetNoDataValue((int(nodata) * 255 + most // 2) // most)


def create(path, pixels, options=(), nodata=None, values=None, colours=None, mask=None, overviews=(), sparse=False):
    height, width, bands = pixels.shape
    driver = gdal.GetDriverByName("GTiff")
    options = list(options)
    if pixels.dtype.name == "int8":
        options.append("PIXELTYPE=SIGNEDBYTE")
        pixels = pixels.view(np.uint8)
    made = driver.Create(str(path), width, height, bands, KINDS[pixels.dtype.name], options)
    made.SetGeoTransform(BERLIN)
    made.SetProjection(reference(32633).ExportToWkt())
    if nodata is not None:
        for index in range(bands):
            made.GetRasterBand(index + 1).SetNoDataValue(nodata)
    if values:
        made.SetMetadataItem("NODATA_VALUES", values)
    if colours:
        made.GetRasterBand(1).SetColorTable(colours)
    for index in range(bands):
        band = np.ascontiguousarray(pixels[:, :, index])
        # A sparse file gets only its middle.
        if sparse:
            made.GetRasterBand(index + 1).WriteArray(band[64:128, 64:128], 64, 64)
        else:
            made.GetRasterBand(index + 1).WriteArray(band)
    if mask is not None:
        made.CreateMaskBand(gdal.GMF_PER_DATASET)
        made.GetRasterBand(1).GetMaskBand().WriteArray(mask)
    if overviews:
        made.FlushCache()
        made.BuildOverviews("NEAREST", list(overviews))
    made = None


def make_stored(folder):
    """Writes all files, their twins and the list of them."""
    gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
    folder.mkdir(exist_ok=True)
    made = Catalogue(folder)
    rgb = scene(WIDTH, HEIGHT)
    codecs(made, rgb)
    jpeg_xl(made, rgb, create)
    depths(made, rgb)
    predictors(made, rgb)
    layouts(made, rgb)
    meanings(made, rgb)
    no_data_of_bands(made, rgb)
    old_writers(made, rgb)
    (folder / "stored.json").write_text(json.dumps(made.entries, indent=1))


def codecs(made, rgb):
    grey = rgb.mean(axis=2, keepdims=True).astype(np.uint8)
    alpha = np.full((HEIGHT, WIDTH, 1), 255, np.uint8)
    alpha[:, :60] = 0
    rgba = np.concatenate([rgb, alpha], axis=2)
    for codec in ["PACKBITS", "LZW", "DEFLATE", "ZSTD", "LERC", "LERC_DEFLATE", "LERC_ZSTD"]:
        made.add(f"{codec.lower()}-strips", rgb, [f"COMPRESS={codec}"])
        made.add(f"{codec.lower()}-tiles", rgba, [f"COMPRESS={codec}", *TILED, "ALPHA=YES"])
        made.add(f"{codec.lower()}-planes", rgb, [f"COMPRESS={codec}", "INTERLEAVE=BAND"])
    for name, pixels in {"rgb": rgb, "rgba": rgba}.items():
        made.add(f"webp-{name}", pixels, ["COMPRESS=WEBP", "WEBP_LOSSLESS=YES", *TILED])
        made.add(f"webp-lossy-{name}", pixels, ["COMPRESS=WEBP", *TILED], most=1)
    jpeg = ["COMPRESS=JPEG", "JPEG_QUALITY=85"]
    made.add("jpeg-chroma", rgb, [*jpeg, "PHOTOMETRIC=YCBCR"])
    made.add("jpeg-chroma-tiles", rgb, [*jpeg, "PHOTOMETRIC=YCBCR", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"])
    made.add("jpeg-tables-apart", rgb, [*jpeg, "PHOTOMETRIC=YCBCR", "JPEGTABLESMODE=3"])
    made.add("jpeg-tables-inside", rgb, [*jpeg, "PHOTOMETRIC=YCBCR", "JPEGTABLESMODE=0"])
    made.add("jpeg-rgb", rgb, [*jpeg, "PHOTOMETRIC=RGB"])
    made.add("jpeg-planes", rgb, [*jpeg, "INTERLEAVE=BAND"])
    made.add("jpeg-grey", grey, jpeg)
    made.add("jpeg-alpha", rgba, [*jpeg, "PHOTOMETRIC=RGB", "ALPHA=YES"])
    for dtype in ["int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]:
        pixels = (rgb.astype(np.float64) * 37 - 3000).clip(0 if dtype[0] == "u" else -3000).astype(dtype)
        pixels = rgb.astype(np.int16).__sub__(128).astype(np.int8) if dtype == "int8" else pixels
        made.add(f"lerc-{dtype}", pixels, ["COMPRESS=LERC", *TILED])
        made.add(f"lerc-lossy-{dtype}", pixels, ["COMPRESS=LERC", "MAX_Z_ERROR=2.2"])
    for dtype in ["float32", "float64"]:
        holes = grey.astype(dtype) / 3
        holes[:, :20] = np.nan
        holes[:12] = np.nan
        made.add(f"lerc-nan-{dtype}", holes, ["COMPRESS=LERC_DEFLATE"], nodata=float("nan"))
        made.add(f"lerc-nan-tiles-{dtype}", holes, ["COMPRESS=LERC_ZSTD", *TILED], nodata=float("nan"))
    bits = (grey > 110).astype(np.uint8)
    for codec in ["CCITTRLE", "CCITTFAX3", "CCITTFAX4", "NONE", "DEFLATE"]:
        made.add(f"bits-{codec.lower()}", bits, [f"COMPRESS={codec}", "NBITS=1"])
        made.add(f"bits-inverted-{codec.lower()}", bits, [f"COMPRESS={codec}", "NBITS=1", "PHOTOMETRIC=MINISWHITE"])


def depths(made, rgb):
    for bits in range(2, 8):
        made.add(f"{bits}-bits", rgb >> (8 - bits), [f"NBITS={bits}"])
    for bits in range(9, 16):
        pixels = (rgb.astype(np.uint16) << (bits - 8)) + np.uint16(1)
        made.add(f"{bits}-bits", pixels, [f"NBITS={bits}", "COMPRESS=DEFLATE"])
        made.add(f"{bits}-bits-planes", pixels, [f"NBITS={bits}", "INTERLEAVE=BAND", "ENDIANNESS=BIG"])
    made.add("20-bits", rgb.astype(np.uint32) * 4000, ["NBITS=20"])
    made.add("24-bits", rgb.astype(np.uint32) * 60000, ["NBITS=24"])
    made.add("16-bit-floats", rgb.astype(np.float32) / 7, ["NBITS=16"])
    made.add("16-bit-floats-big-endian", rgb.astype(np.float32) / 7, ["NBITS=16", "ENDIANNESS=BIG", "COMPRESS=LZW"])
    for dtype in ["int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]:
        pixels = rgb.astype(np.int16).__sub__(100).astype(dtype)
        for order in ["LITTLE", "BIG"]:
            made.add(f"{dtype}-{order.lower()}-endian", pixels, [f"ENDIANNESS={order}"])


def predictors(made, rgb):
    for order in ["LITTLE", "BIG"]:
        for codec in ["LZW", "DEFLATE", "ZSTD"]:
            options = [f"COMPRESS={codec}", f"ENDIANNESS={order}"]
            for dtype in ["uint8", "uint16", "int16", "uint32", "uint64"]:
                pixels = rgb.astype(dtype) * (1 if dtype == "uint8" else 100)
                name = f"predicted-{codec.lower()}-{dtype}-{order.lower()}"
                made.add(name, pixels, [*options, "PREDICTOR=2", *TILED])
            for dtype in ["float32", "float64"]:
                name = f"predicted-{codec.lower()}-{dtype}-{order.lower()}"
                made.add(name, rgb.astype(dtype) / 7, [*options, "PREDICTOR=3"])
                made.add(f"{name}-planes", rgb.astype(dtype) / 7, [*options, "PREDICTOR=3", "INTERLEAVE=BAND", *TILED])
    made.add("predicted-16-bit-floats", rgb.astype(np.float32), ["COMPRESS=DEFLATE", "PREDICTOR=3", "NBITS=16"])


def layouts(made, rgb):
    for order in ["LITTLE", "BIG"]:
        made.add(f"bigtiff-{order.lower()}", rgb, ["BIGTIFF=YES", "COMPRESS=LZW", f"ENDIANNESS={order}", *TILED])
    made.add("one-row-strips", rgb, ["BLOCKYSIZE=1"])
    made.add("one-strip", rgb, [f"BLOCKYSIZE={HEIGHT}", "COMPRESS=DEFLATE"])
    made.add("tile-planes", rgb, ["INTERLEAVE=BAND", *TILED])
    made.add("sparse", rgb, ["SPARSE_OK=TRUE", "COMPRESS=DEFLATE", *TILED], sparse=True)
    made.add("sparse-nodata", rgb.astype(np.int16), ["SPARSE_OK=TRUE", *TILED], sparse=True, nodata=-7)
    mask = np.full((HEIGHT, WIDTH), 255, np.uint8)
    mask[:, :70] = 0
    mask[30:50, 100:160] = 0
    for name, options in {"strips": [], "tiles": TILED}.items():
        options = [*options, "COMPRESS=DEFLATE"]
        made.add(f"mask-{name}", rgb, options, mask=mask)
        made.add(f"mask-overviews-{name}", rgb, options, mask=mask, overviews=[2, 4, 8])
    made.add("overviews", rgb, ["COMPRESS=LZW"], overviews=[2, 3, 7])


def meanings(made, rgb):
    grey = rgb.mean(axis=2, keepdims=True).astype(np.uint8)
    ramp = np.tile(np.arange(WIDTH, dtype=np.uint8)[None, :, None], (HEIGHT, 1, 1))
    made.add("two-bands", np.concatenate([grey, ramp], axis=2), ["ALPHA=NO"])
    made.add("two-bands-alpha", np.concatenate([grey, ramp], axis=2), ["ALPHA=YES"])
    made.add("alpha-associated", np.concatenate([rgb, ramp], axis=2), ["ALPHA=PREMULTIPLIED"])
    made.add("alpha-16-bit", np.concatenate([rgb, ramp], axis=2).astype(np.uint16) * 9, ["ALPHA=YES"])
    made.add("five-bands", np.concatenate([rgb, ramp, grey], axis=2), ["ALPHA=NO"])
    made.add("inverted-grey", grey, ["PHOTOMETRIC=MINISWHITE"])
    table = gdal.ColorTable()
    for index in range(256):
        table.SetColorEntry(index, (index, 255 - index, (index * 7) % 256, 255))
    made.add("palette", grey, ["PHOTOMETRIC=PALETTE"], colours=table)
    made.add("palette-nodata", grey, ["PHOTOMETRIC=PALETTE"], colours=table, nodata=int(grey[50, 50, 0]))
    table = gdal.ColorTable()
    for index in range(16):
        table.SetColorEntry(index, (index * 16, 255 - index, 99, 255))
    made.add("palette-4-bits", grey >> 4, ["PHOTOMETRIC=PALETTE", "NBITS=4"], colours=table)
    holes = rgb.astype(np.float32)
    holes[:, :50] = np.nan
    made.add("nodata-nan", holes, ["COMPRESS=DEFLATE"], nodata=float("nan"))
    low = rgb.astype(np.float32)
    low[:, :50] = np.finfo(np.float32).min
    made.add("nodata-lowest-float", low, nodata=float(np.finfo(np.float32).min))


def no_data_of_bands(made, rgb):
    """Writes files whose bands have no-data values of their own, in the file or beside it. Twins hide by a mask what GDAL
    hides in every band."""
    values = [int(value) for value in rgb[50, 50]]
    both = "".join(f'<PAMRasterBand band="{band + 1}"><NoDataValue>{value}</NoDataValue></PAMRasterBand>'
                   for band, value in enumerate(values))
    together = " ".join(map(str, values))
    metadata = f'<Metadata><MDI key="NODATA_VALUES">{together}</MDI></Metadata>'
    other = '<PAMRasterBand band="2"><NoDataValue>250</NoDataValue></PAMRasterBand>'
    for name, tag, inside, beside in [
        ("beside", None, None, both),
        ("beside-first", 7, None, both),
        ("beside-one", values[0], None, other),
        ("metadata", None, together, None),
        ("metadata-first", 7, together, None),
        ("metadata-beside", 7, "1 2 3", metadata + other),
        ("metadata-too-few", values[0], "1 2", None),
    ]:
        path = made.folder / f"no-data-{name}.tif"
        # A part of one colour, and a part where only one band has the value.
        pixels = rgb.copy()
        pixels[40:90, 30:200] = values
        pixels[100:150, 30:200, 0] = values[0]
        pixels[160:190, 30:200] = values[0]
        create(path, pixels, ["COMPRESS=DEFLATE"], nodata=tag, values=inside)
        if beside:
            Path(f"{path}.aux.xml").write_text(f"<PAMDataset>{beside}</PAMDataset>")
        opened = gdal.Open(str(path))
        masks = [opened.GetRasterBand(band + 1).GetMaskBand().ReadAsArray() for band in range(3)]
        hidden = np.where(np.max(masks, axis=0) > 0, 255, 0).astype(np.uint8)
        twin = made.folder / f"twin0-{path.name}"
        create(twin, pixels, mask=hidden)
        made.entries.append({"file": path.name, "twins": [twin.name], "most": 0})
    low = rgb[:, :, :1] >> 4
    made.add("sparse-nodata-4-bits", low, ["SPARSE_OK=TRUE", "NBITS=4", *TILED], sparse=True, nodata=5)


def entry_at(data, tag):
    """Returns the offset of a tag's entry in a little-endian classic TIFF."""
    start = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, start)[0]
    places = [start + 2 + 12 * index for index in range(count)]
    return next(place for place in places if struct.unpack_from("<H", data, place)[0] == tag)


def old_writers(made, rgb):
    """Files as older or careless programs write them."""
    folder = made.folder
    plain = folder / "one-strip-uncompressed.tif"
    create(plain, rgb, [f"BLOCKYSIZE={HEIGHT}"])
    made.twin(plain)
    whole = plain.read_bytes()

    def changed(name, tag, entry):
        data = bytearray(whole)
        place = entry_at(data, tag)
        data[place : place + 12] = entry
        (folder / f"{name}.tif").write_bytes(data)
        made.add(name)

    changed("one-number-of-bits", 258, struct.pack("<HHII", 258, 3, 1, 8))
    changed("byte-count-zero", 279, struct.pack("<HHII", 279, 4, 1, 0))
    # A private tag in its place.
    changed("no-byte-count", 279, struct.pack("<HHII", 280, 3, 1, 0))
    collar = rgb.astype(np.int16)
    collar[:, :75] = -9999
    create(folder / "line-break.tif", collar, nodata=-99999)
    data = (folder / "line-break.tif").read_bytes()
    (folder / "line-break.tif").write_bytes(data.replace(b"-99999\0", b"-9999 \0"))
    made.twin(folder / "line-break.tif")
    (folder / "line-break.tif").write_bytes(data.replace(b"-99999\0", b"-9999\n\0"))
    reversed_bits(made)
    luma_and_chroma(made)


def reversed_bits(made):
    """Writes a file whose bytes have their low bit first."""
    side = 64
    short, long = 3, 4
    pixels = bytes(int(f"{index * 7 % 256:08b}"[::-1], 2) for index in range(side * side))
    entries = [(256, long, 1, side), (257, long, 1, side), (258, short, 1, 8), (259, short, 1, 1), (262, short, 1, 1),
               (266, short, 1, 2), (273, long, 1, 8 + 2 + 10 * 12 + 4), (277, short, 1, 1), (278, long, 1, side),
               (279, long, 1, side * side)]
    (made.folder / "low-bit-first.tif").write_bytes(tiff(entries) + pixels)
    made.add("low-bit-first")


def luma_and_chroma(made):
    """Writes YCbCr without compression, four pixels sharing their chroma."""
    side = 64
    short, long = 3, 4
    units = b"".join(bytes([30 + 3 * x, 31 + 3 * x, 90 + y, 91 + y, 100 + x, 150 - y]) for y in range(32) for x in range(32))
    start = 8 + 2 + 10 * 12 + 4
    entries = [(256, long, 1, side), (257, long, 1, side), (258, short, 3, start), (259, short, 1, 1),
               (262, short, 1, 6), (273, long, 1, start + 6), (277, short, 1, 3), (278, long, 1, side),
               (279, long, 1, len(units)), (530, short, 2, 2 | 2 << 16)]
    path = made.folder / "luma-and-chroma.tif"
    path.write_bytes(tiff(entries) + struct.pack("<3H", 8, 8, 8) + units)
    made.add("luma-and-chroma", most=1)


if __name__ == "__main__":
    gdal.UseExceptions()
    make_stored(Path(sys.argv[1]))
