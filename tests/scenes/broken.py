"""Broken files, wholly or partly unreadable: each must be refused with a message, and none may cause a crash."""

import struct
import zipfile
import zlib

import numpy as np
from osgeo import gdal

from geotiffs import write
from pattern import scene

# The share of each complete file that is kept.
TRUNCATED = {
    "photo.jpg": 0.6,
    "drawing.png": 0.5,
    "view.webp": 0.5,
    "small.avif": 0.5,
    "striped.tif": 0.5,
    "tiled.tif": 0.5,
    "cog.tif": 0.5,
    "jpeg.tif": 0.5,
    "bigtiff.tif": 0.6,
}


def make_truncated(folder):
    for name, share in TRUNCATED.items():
        whole = (folder / name).read_bytes()
        (folder / f"truncated-{name}").write_bytes(whole[: int(len(whole) * share)])


def tiff(entries, next_directory=0):
    """Returns a little-endian TIFF with one directory of `(tag, type, count, value)`, values of at most four bytes."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + body + struct.pack("<I", next_directory)


def header(width, height, offset=1 << 20, rows=None):
    """Returns the entries of an uncompressed 8-bit grey image with one strip at `offset`, by default past the file."""
    short, long = 3, 4
    return [(256, long, 1, width), (257, long, 1, height), (258, short, 1, 8), (259, short, 1, 1), (262, short, 1, 1),
            (273, long, 1, offset), (277, short, 1, 1), (278, long, 1, rows or height),
            (279, long, 1, min(width * height, 2**32 - 1))]


def png_header(width, height):
    """Returns a PNG whose header states `width` x `height` px, without any pixels."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg_header(width, height):
    """Returns a JPEG whose header states `width` x `height` px, without any pixels."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def make_hollow(folder):
    """Writes files with sizes but no pixels. `sparse.tif` is sparse in GDAL's sense: all its tiles are absent, which
    TIFF allows."""
    (folder / "hollow.tif").write_bytes(tiff(header(60000, 60000)))
    (folder / "hollow.png").write_bytes(png_header(60000, 60000))
    (folder / "hollow.jpg").write_bytes(jpeg_header(60000, 60000))
    options = ["SPARSE_OK=TRUE", "TILED=YES", "COMPRESS=DEFLATE"]
    sparse = gdal.GetDriverByName("GTiff").Create(str(folder / "sparse.tif"), 60000, 60000, 3, gdal.GDT_Byte, options)
    sparse.SetGeoTransform((390000.0, 0.1, 0, 5819000.0, 0, -0.1))
    sparse = None


def make_nonsense(folder):
    rgb = scene(64, 64)
    text = "Not a picture, whatever its name says.\n" * 20
    (folder / "empty.tif").write_bytes(b"")
    (folder / "text.tif").write_text(text)
    (folder / "text.png").write_text(text)
    (folder / "drawing.svg").write_text(
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60">'
        '<rect width="9" height="9"/></svg>\n'
    )
    (folder / "document.tif").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n")
    with zipfile.ZipFile(folder / "archive.tif", "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("scene.tif", (2020, 1, 1, 0, 0, 0))
        archive.writestr(entry, rgb.tobytes())
    (folder / "signature-only.tif").write_bytes(b"II*\0\x08\0\0\0")
    (folder / "no-width.tif").write_bytes(tiff(header(0, 60, 8)))
    # Its only directory refers to itself as the next one.
    pixels = bytes(range(256)) * 16
    entries = header(64, 64, 8 + 2 + 9 * 12 + 4)
    (folder / "circular.tif").write_bytes(tiff(entries, next_directory=8) + pixels)
    (folder / "no-rows-a-strip.tif").write_bytes(tiff([e if e[0] != 278 else (278, 4, 1, 0) for e in entries]) + pixels)
    damaged = bytearray((folder / "deflate.tif").read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 400] = b"\x55" * 400
    (folder / "damaged.tif").write_bytes(damaged)
    write(folder / "complex.tif", rgb[:, :, :1].astype(np.complex64))
    write(folder / "lzma.tif", rgb, options=["COMPRESS=LZMA"])
    bits = (rgb[:, :, :1] > 100).astype(np.uint8)
    write(folder / "one-bit.tif", bits, options=["NBITS=1", "COMPRESS=CCITTFAX4"])
