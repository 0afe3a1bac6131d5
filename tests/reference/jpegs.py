"""Writes small JPEGs and the pixels that libjpeg-turbo decodes from them, for src/jpeg/tests.rs to compare with.

    python3 tests/reference/jpegs.py

Needs numpy and Pillow 11 or newer, built with libjpeg-turbo. Writes NAME.jpg and NAME.raw (width, height and channels as
16-bit little-endian numbers, then the samples) to tests/fixtures/jpeg. Inks are turned into colours as browsers do.
"""

import io
import struct
from pathlib import Path

import numpy as np
from PIL import Image

FIXTURES = Path(__file__).parent.parent / "fixtures" / "jpeg"
WIDTH, HEIGHT = 45, 37


def picture():
    generator = np.random.default_rng(5)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    smooth = np.stack([x * 5, y * 6, 255 - x * 2 - y * 3], axis=-1)
    noisy = generator.integers(0, 256, smooth.shape)
    pixels = np.where(((x // 9 + y // 7) % 3 == 0)[..., None], noisy, smooth)
    return Image.fromarray(pixels.clip(0, 255).astype("uint8"))


def encoded(image, **options):
    file = io.BytesIO()
    image.save(file, "JPEG", quality=75, **options)
    return bytearray(file.getvalue())


def segment(data, markers):
    """The position of the first segment with one of these markers."""
    at = 2
    while data[at + 1] not in markers:
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return at


def resampled(data, factors, width, height):
    """The same data with other sampling factors: another picture of as many blocks."""
    at = segment(data, {0xC0, 0xC2})
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    for index, factor in enumerate(factors):
        data[at + 11 + 3 * index] = factor
    return data


def transformed(data, transform):
    """The same data with another transform in Adobe's header: YCCK instead of CMYK."""
    data[segment(data, {0xEE}) + 4 + 11] = transform
    return data


def pixels(data):
    image = Image.open(io.BytesIO(data))
    samples = np.asarray(image)
    if image.mode == "CMYK":
        # Pillow turns Adobe's inverted inks round.
        light = 255 - samples.astype(int)
        samples = (light[..., :3] * light[..., 3:] // 255).astype("uint8")
    return samples.reshape(*samples.shape[:2], -1)


def main():
    image = picture()
    files = {
        "444": encoded(image, subsampling=0),
        "422": encoded(image, subsampling=1),
        "420": encoded(image, subsampling=2),
        "440": resampled(encoded(image, subsampling=1), (0x12, 0x11, 0x11), 3 * 8 - 3, 5 * 16 - 5),
        "411": resampled(encoded(image, subsampling=2), (0x41, 0x11, 0x11), 3 * 32 - 7, 3 * 8 - 3),
        "progressive": encoded(image, subsampling=2, progressive=True),
        "restarts": encoded(image, subsampling=2, restart_marker_blocks=2),
        "progressive-restarts": encoded(image, subsampling=1, progressive=True, restart_marker_blocks=3),
        "narrow": encoded(image.crop((0, 0, 3, 20)), subsampling=2),
        "rgb": encoded(image, keep_rgb=True),
        "grey": encoded(image.convert("L")),
        "cmyk": encoded(image.convert("CMYK")),
        "ycck": transformed(encoded(image.convert("CMYK")), 2),
    }
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        samples = pixels(data)
        (FIXTURES / f"{name}.jpg").write_bytes(data)
        height, width, channels = samples.shape
        header = struct.pack("<HHH", width, height, channels)
        (FIXTURES / f"{name}.raw").write_bytes(header + samples.tobytes())


if __name__ == "__main__":
    main()
