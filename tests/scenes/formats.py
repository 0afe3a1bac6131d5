"""One small picture of every kind of JPEG, PNG and WebP that the two programs must read alike, and cut ones."""

import io
import json
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from pattern import scene

WIDTH, HEIGHT = 93, 58


def pixels(seed=3):
    """Colours as in a photo, with some noise, `[HEIGHT, WIDTH, 3]`."""
    generator = np.random.default_rng(seed)
    noise = generator.integers(-25, 26, (HEIGHT, WIDTH, 3))
    return (scene(WIDTH, HEIGHT).astype(int) + noise).clip(0, 255).astype("uint8")


def ramp():
    """Opacity from 0 on the left to 255."""
    return np.broadcast_to(np.linspace(0, 255, WIDTH).astype("uint8"), (HEIGHT, WIDTH))


def swapped_profile():
    """A colour profile in which red and blue have changed places: whoever applies it sees other colours."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", data[128:132])[0]
    names = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    data[names[b"rXYZ"] : names[b"rXYZ"] + 4] = b"bXYZ"
    data[names[b"bXYZ"] : names[b"bXYZ"] + 4] = b"rXYZ"
    return bytes(data)


def encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def jpeg(image, **options):
    return encoded(image, "JPEG", quality=85, **options)


def ycck(data):
    """The same data with another transform in Adobe's header: YCCK instead of CMYK."""
    data = bytearray(data)
    at = data.index(b"Adobe")
    data[at + 11] = 2
    return bytes(data)


def cut(data, share):
    """The first part of a JPEG and an end marker."""
    return data[: int(len(data) * share)] + b"\xff\xd9"


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(rows, depth, colour, before=b"", interlaced=False, shape=(HEIGHT, WIDTH)):
    """A PNG of the filtered `rows`, with the chunks `before` its pixels."""
    header = struct.pack(">IIBBBBB", shape[1], shape[0], depth, colour, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + before + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def unfiltered(samples):
    """Rows of bytes, each with filter 0."""
    return b"".join(b"\0" + row.tobytes() for row in samples)


def interlaced(samples):
    """The seven passes of Adam7."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    return b"".join(unfiltered(samples[y::down, x::across]) for x, y, across, down in passes)


def deep(bands):
    """16-bit samples whose low bytes matter, big-endian."""
    generator = np.random.default_rng(9)
    return generator.integers(0, 65536, (HEIGHT, WIDTH, bands)).astype(">u2")


def turned(folder):
    """Writes pictures that EXIF turns or mirrors, in every format that has it, alone and with a world file."""
    image = Image.fromarray(pixels())
    names = []
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for form, ending, world in [("JPEG", "jpg", "jgw"), ("PNG", "png", "pgw"), ("WEBP", "webp", "wld")]:
            data = encoded(image, form, exif=exif, quality=90, lossless=True)
            for start in ["turned", "placed"]:
                names.append(f"{start}-{orientation}.{ending}")
                (folder / names[-1]).write_bytes(data)
            # 0.5 m per pixel of the picture as stored; its upper left corner is at 412300, 5401200.
            (folder / f"placed-{orientation}.{world}").write_text("0.5\n0\n0\n-0.5\n412300.25\n5401199.75\n")
    return names


def make_formats(folder):
    colour = pixels()
    image, other = Image.fromarray(colour), Image.fromarray(pixels(8)[::-1])
    grey = image.convert("L")
    palette = image.quantize(32)
    alpha = Image.fromarray(np.dstack([colour, ramp()]))
    frames = {"save_all": True, "append_images": [other], "duration": 100}
    colour_key = chunk(b"tRNS", struct.pack(">HHH", *(int(value) for value in colour[5, 5])))
    files = {
        "jpeg-444.jpg": jpeg(image, subsampling=0),
        "jpeg-422.jpg": jpeg(image, subsampling=1),
        "jpeg-420.jpg": jpeg(image, subsampling=2),
        "jpeg-progressive.jpg": jpeg(image, subsampling=2, progressive=True),
        "jpeg-grey.jpg": jpeg(grey),
        "jpeg-cmyk.jpg": jpeg(image.convert("CMYK")),
        "jpeg-ycck.jpg": ycck(jpeg(image.convert("CMYK"))),
        "jpeg-profile.jpg": jpeg(image, subsampling=0, icc_profile=swapped_profile()),
        "jpeg-tail.jpg": jpeg(image, subsampling=2) + b"\0" * 50 + jpeg(other),
        "png-16.png": png(unfiltered(deep(3)), 16, 2),
        "png-16-grey.png": png(unfiltered(deep(1)), 16, 0),
        "png-16-alpha.png": png(unfiltered(deep(4) | np.array([0, 0, 0, 0xFFFF], ">u2")), 16, 6),
        "png-gamma.png": png(unfiltered(colour), 8, 2, chunk(b"gAMA", struct.pack(">I", 100_000))),
        "png-profile.png": encoded(image, "PNG", icc_profile=swapped_profile()),
        "png-interlaced.png": png(interlaced(colour), 8, 2, interlaced=True),
        "png-palette.png": encoded(palette, "PNG"),
        "png-palette-alpha.png": encoded(palette, "PNG", transparency=bytes([0, 255] * 16)),
        "png-colour-key.png": png(unfiltered(colour), 8, 2, colour_key),
        "png-grey-alpha.png": encoded(Image.merge("LA", [grey, Image.fromarray(ramp())]), "PNG"),
        "png-alpha.png": encoded(alpha, "PNG"),
        "png-1-bit.png": encoded(grey.convert("1"), "PNG"),
        "png-animated.png": encoded(image, "PNG", **frames),
        "png-animated-apart.png": encoded(image, "PNG", default_image=True, **frames),
        "webp-lossless.webp": encoded(image, "WEBP", lossless=True),
        "webp-alpha.webp": encoded(alpha, "WEBP", lossless=True, exact=True),
        "webp-lossy.webp": encoded(image, "WEBP", quality=80),
        "webp-profile.webp": encoded(image, "WEBP", lossless=True, icc_profile=swapped_profile()),
        "webp-animated.webp": encoded(image, "WEBP", lossless=True, **frames),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    whole, passes = jpeg(image, subsampling=2), jpeg(image, subsampling=2, progressive=True)
    # With an end marker, but not all blocks: cut, without a last byte, without a last pass.
    for name, data in {
        "glued-baseline.jpg": cut(whole, 0.7),
        "glued-last-byte.jpg": whole[:-3] + b"\xff\xd9",
        "glued-progressive.jpg": cut(passes, 0.7),
        "glued-passes.jpg": passes[: passes.rindex(b"\xff\xda")] + b"\xff\xd9",
    }.items():
        (folder / name).write_bytes(data)
    alike = sorted(files) + turned(folder)
    (folder / "formats.json").write_text(json.dumps(alike, indent=1))
