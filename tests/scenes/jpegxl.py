"""TIFFs in JPEG XL, which GDAL's usual builds neither write nor read: libjxl's cjxl encodes each block, and this script puts
the codestreams into a TIFF, as GDAL with libjxl does."""

import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from broken import tiff

SHORT, LONG = 3, 4


def netpbm(pixels):
    """Returns the pixels as PGM, PPM or PFM; None for other numbers of bands."""
    height, width, bands = pixels.shape
    if pixels.dtype == np.float32 and bands == 1:
        return f"Pf\n{width} {height}\n-1.0\n".encode() + pixels[::-1].astype("<f4").tobytes()
    if pixels.dtype in (np.uint8, np.uint16) and bands in (1, 3):
        kind, most = (5 if bands == 1 else 6), np.iinfo(pixels.dtype).max
        return f"P{kind}\n{width} {height}\n{most}\n".encode() + pixels.astype(pixels.dtype.newbyteorder(">")).tobytes()
    return None


def encoded(pixels, distance):
    """Returns the codestream, and the pixels that libjxl itself decodes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = netpbm(pixels)
        source = folder / ("in.png" if plain is None else "in.pfm" if pixels.dtype == np.float32 else "in.ppm")
        if plain is None:
            Image.fromarray(pixels).save(source)
        else:
            source.write_bytes(plain)
        stream = folder / "out.jxl"
        subprocess.run(["cjxl", source, stream, f"--distance={distance}", "--effort=4"], check=True, capture_output=True)
        decoded = pixels
        if distance:
            subprocess.run(["djxl", stream, folder / "back.png"], check=True, capture_output=True)
            decoded = np.asarray(Image.open(folder / "back.png")).reshape(pixels.shape)
        return stream.read_bytes(), decoded


def blocks_of(pixels, tile):
    """Yields the tiles, filled up by repeating the edges, or the strips, with where they begin."""
    height, width, _ = pixels.shape
    across, down = tile or (width, 64)
    for top in range(0, height, down):
        for left in range(0, width, across):
            block = pixels[top : top + down, left : left + across]
            missing = [(0, down - block.shape[0] if tile else 0), (0, across - block.shape[1]), (0, 0)]
            yield top, left, np.ascontiguousarray(np.pad(block, missing, mode="edge"))


def write(path, pixels, tile=None, planar=False, distance=0, compression=50002):
    """Writes the TIFF. Returns the pixels that it holds."""
    height, width, bands = pixels.shape
    held = pixels.copy()
    streams = []
    for plane in [[band] for band in range(bands)] if planar else [list(range(bands))]:
        for top, left, block in blocks_of(pixels[:, :, plane], tile):
            stream, decoded = encoded(block, distance)
            streams.append(stream)
            part = held[top : top + block.shape[0], left : left + block.shape[1]]
            part[:, :, plane] = decoded[: part.shape[0], : part.shape[1]]
    bits, is_float = pixels.dtype.itemsize * 8, pixels.dtype == np.float32
    entries = [(256, LONG, 1, width), (257, LONG, 1, height), (259, SHORT, 1, compression),
               (262, SHORT, 1, 2 if bands >= 3 else 1), (277, SHORT, 1, bands), (284, SHORT, 1, 2 if planar else 1),
               (339, SHORT, 1, 3 if is_float else 1)]
    if bands in (2, 4):
        entries.append((338, SHORT, 1, 2))
    entries += [(322, LONG, 1, tile[0]), (323, LONG, 1, tile[1])] if tile else [(278, LONG, 1, 64)]
    places, lengths = (324, 325) if tile else (273, 279)
    # Behind the directory: bits of the bands, places and lengths of the blocks, the blocks.
    start = 8 + 2 + 12 * (len(entries) + 3) + 4
    count = len(streams)
    first = start + 8 * bands + 8 * count
    offsets = [first + sum(map(len, streams[:index])) for index in range(count)]
    assert count > 1
    entries += [(258, SHORT, bands, start if bands > 2 else bits), (places, LONG, count, start + 8 * bands),
                (lengths, LONG, count, start + 8 * bands + 4 * count)]
    behind = struct.pack(f"<{bands}H", *[bits] * bands).ljust(8 * bands, b"\0")
    path.write_bytes(tiff(entries) + behind + struct.pack(f"<{2 * count}I", *offsets, *map(len, streams)) + b"".join(streams))
    return held


def jpeg_xl(made, rgb, create):
    """Adds the files to the catalogue, unless there is no cjxl."""
    if not (shutil.which("cjxl") and shutil.which("djxl")):
        print("TIFFs in JPEG XL are not made: there is no cjxl and djxl (libjxl-tools)")
        return
    # Noise, so that every part of the decoder is used.
    rgb = rgb // 2 + np.random.default_rng(1).integers(0, 100, rgb.shape, np.uint8)
    grey = rgb[:, :, :1]
    rgba = np.concatenate([rgb, np.where(grey > 90, 255, 0).astype(np.uint8)], axis=2)
    for name, pixels, options in [
        ("rgb", rgb, {"tile": (64, 48)}),
        ("rgba", rgba, {"tile": (128, 128)}),
        ("grey", grey, {}),
        ("planes", rgb, {"planar": True}),
        ("new-number", rgb, {"compression": 52546}),
        ("16-bit", rgb.astype(np.uint16) * 257 + 3, {}),
        ("16-bit-grey", grey.astype(np.uint16) * 200, {"tile": (64, 48)}),
        ("float", grey.astype(np.float32) / 7 - 9, {}),
        ("lossy", rgb, {"distance": 1}),
        ("lossy-grey", grey, {"distance": 2, "tile": (64, 48)}),
        ("lossy-rgba", rgba, {"distance": 1}),
    ]:
        path = made.folder / f"jxl-{name}.tif"
        twin = made.folder / f"twin0-{path.name}"
        alpha = ["ALPHA=YES"] if pixels.shape[2] == 4 else []
        create(twin, write(path, pixels, **options), ["COMPRESS=NONE", *alpha])
        most = 1 if options.get("distance") else 0
        made.entries.append({"file": path.name, "twins": [twin.name], "most": most})
