"""Ordinary pictures: with a world file beside them, rotated by EXIF, and in every format of cameras and screens."""

import shutil
from pathlib import Path

from PIL import Image

from geotiffs import reference
from pattern import scene

HERE = Path(__file__).parent
# Pixel size, rotation terms, centre of the first pixel, one per line, as in ESRI's world files.
WORLD_FILE = "0.3\n0.0\n0.0\n-0.3\n390000.15\n5818999.85\n"


def make_pictures(folder):
    picture = Image.fromarray(scene(300, 200))
    picture.save(folder / "photo.jpg", quality=90)
    picture.save(folder / "drawing.png")
    picture.save(folder / "view.webp", quality=80)
    picture.save(folder / "plain-world.tif")
    # Debian's Pillow writes no AVIF; this one is `picture` at 96 x 64 px, by Pillow 13.
    shutil.copy(HERE / "small.avif", folder / "small.avif")
    for name in ["photo.jgw", "drawing.pgw", "plain-world.tfw", "view.wld"]:
        (folder / name).write_text(WORLD_FILE)
    # Only the photo has a coordinate system, written as ESRI's programs do, without an EPSG number.
    system = reference(32633)
    system.MorphToESRI()
    (folder / "photo.prj").write_text(system.ExportToWkt())
    (folder / "broken.jgw").write_text("0.3\n0.0\nnorth\n")
    # Stored rotated or mirrored. The right half is darkened, so that a test sees the orientation.
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        half = picture.copy()
        half.paste((10, 10, 10), (150, 0, 300, 200))
        half.save(folder / f"exif-{orientation}.jpg", quality=90, exif=exif)
