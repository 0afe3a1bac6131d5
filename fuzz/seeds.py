"""Writes the seeds of every fuzz target: python3 fuzz/seeds.py SCENES FOLDER

They come from the tests' fixtures, from the scenes of tests/scenes/make.py in SCENES if there are any, and from small
TIFFs made here. With gdal_translate on the path there are also small TIFFs in every compression that GDAL writes.
"""

import io
import json
import shutil
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests/fixtures"
# Larger files are slow to mutate and show nothing more.
LARGEST = 40_000
COMPRESSIONS = "LZW PACKBITS DEFLATE ZSTD LERC LERC_DEFLATE LERC_ZSTD WEBP JPEG LZMA".split()

UTM = (
    'PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",15],PARAMETER["scale_factor",0.9996],'
    'PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1]]'
)


# 9 x 7 pixels in red, green and blue, without loss and with it.
JXL = [bytes.fromhex(text) for text in (
    "ff0a303010505c0808020100a0004b18938e83832954a3568c41a4b04631c618116330170718b201fd97c1d0063a4337b3fc0311fd93",
    "ff0a303090505c080012880200f40001c81d01000054a88c326ef072aee7cb0f1d16d336ae33b4d5b685258c896780851ca507dddd1d0354"
    "4044ccc3c7753cdc75949200a012c6c6de4b3100",
)]


def packbits(data):
    """PackBits as single literals."""
    return b"".join(bytes([0, byte]) for byte in data)


def tiff(order="<", big=False, size=(20, 14), bands=1, bits=8, photometric=1, packed=None, tile=None, planar=1, more=(),
         stream=b""):
    """Returns a TIFF with a pattern, in strips of 5 rows or in tiles."""
    width, height = size
    across, rows = tile or (width, 5)
    sample = {1: "B", 8: "B", 16: "H", 32: "f"}[bits]
    pieces = []
    for _ in range(bands if planar == 2 else 1):
        for top in range(0, height, rows):
            for left in range(0, width, across):
                count = rows if tile else min(rows, height - top)
                line = (across + 7) // 8 if bits == 1 else across * (1 if planar == 2 else bands)
                values = [(7 * (top + y) + 13 * (left + x)) % 256 for y in range(count) for x in range(line)]
                data = struct.pack(f"{order}{len(values)}{sample}", *values)
                ways = {None: bytes, 8: zlib.compress, 32773: packbits, 50002: lambda _: stream}
                pieces.append(ways[packed](data))
    offset, kind = ("Q", 16) if big else ("I", 4)
    tags = {
        256: ("H", 3, [width]),
        257: ("H", 3, [height]),
        258: ("H", 3, [bits] * bands),
        259: ("H", 3, [packed or 1]),
        262: ("H", 3, [photometric]),
        277: ("H", 3, [bands]),
        284: ("H", 3, [planar]),
        339: ("H", 3, [3 if bits == 32 else 1] * bands),
    }
    if tile:
        tags |= {322: ("H", 3, [across]), 323: ("H", 3, [rows])}
    else:
        tags[278] = ("H", 3, [rows])
    places, lengths = (324, 325) if tile else (273, 279)
    tags[places] = (offset, kind, [0] * len(pieces))
    tags[lengths] = (offset, kind, [len(piece) for piece in pieces])
    tags |= dict(more)
    word, head, wide = ("Q", 16, 8) if big else ("I", 8, 4)
    start = head + (8 if big else 2) + len(tags) * (20 if big else 12) + wide
    values, at = {}, start
    for tag, (form, _, numbers) in sorted(tags.items()):
        values[tag] = at
        length = struct.calcsize(f"{order}{len(numbers)}{form}")
        at += length if length > wide else 0
    tags[places] = (offset, kind, [at + sum(map(len, pieces[:i])) for i in range(len(pieces))])
    mark = b"II" if order == "<" else b"MM"
    out = mark + (struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8))
    out += struct.pack(order + ("Q" if big else "H"), len(tags))
    rest = b""
    for tag, (form, code, numbers) in sorted(tags.items()):
        data = struct.pack(f"{order}{len(numbers)}{form}", *numbers)
        out += struct.pack(order + "HH" + word, tag, code, len(numbers))
        if len(data) > wide:
            out += struct.pack(order + word, values[tag])
            rest += data
        else:
            out += data.ljust(wide, b"\0")
    return out + struct.pack(order + word, 0) + rest + b"".join(pieces)


def small_tiffs():
    """Small TIFFs of every layout."""
    for name, options in {
        "grey": {},
        "big-endian": {"order": ">", "bits": 16},
        "bigtiff": {"big": True},
        "bigtiff-big-endian": {"big": True, "order": ">", "packed": 8},
        "rgb": {"bands": 3, "photometric": 2},
        "planar": {"bands": 3, "photometric": 2, "planar": 2, "packed": 8},
        "tiled": {"tile": (16, 16), "bands": 3, "photometric": 2},
        "float": {"bits": 32, "packed": 8, "more": {317: ("H", 3, [3])}},
        "predictor": {"packed": 8, "bands": 3, "photometric": 2, "more": {317: ("H", 3, [2])}},
        "packbits": {"packed": 32773},
        "bits": {"bits": 1, "size": (24, 14)},
        "alpha": {"bands": 4, "photometric": 2, "more": {338: ("H", 3, [2])}},
        "palette": {"photometric": 3, "more": {320: ("H", 3, list(range(768)))}},
        "nodata": {"bits": 16, "more": {42113: ("3s", 2, [b"13\0"])}},
        "jpeg-xl": {"packed": 50002, "size": (9, 7), "tile": (9, 7), "bands": 3, "photometric": 2, "stream": JXL[0]},
        "jpeg-xl-lossy": {"packed": 50002, "size": (9, 7), "tile": (9, 7), "bands": 3, "photometric": 2, "stream": JXL[1]},
        "placed": {"more": {33550: ("d", 12, [0.5, 0.5, 0.0]), 33922: ("d", 12, [0, 0, 0, 5e5, 5e6, 0]),
                            34735: ("H", 3, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32633])}},
    }.items():
        yield f"{name}.tif", tiff(**options)


def zips():
    """Zip files in the layout of one's own data: stored, compressed, with a folder, with sizes after the data."""
    files = {"phrases.csv": b"image,phrase,mask\na.png,the sheds,b.png\n", "images/a.png": bytes(90), "masks/b.png": b"ab"}

    class Pipe(io.BytesIO):
        """A file that cannot go back, so that sizes follow the data."""

        def seek(self, *_):
            raise OSError("a pipe")

    for name, method, kind in [
        ("stored", zipfile.ZIP_STORED, io.BytesIO),
        ("deflate", zipfile.ZIP_DEFLATED, io.BytesIO),
        ("piped", zipfile.ZIP_DEFLATED, Pipe),
    ]:
        out = kind()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("images/", b"")
            for path, data in files.items():
                archive.writestr(path, data)
        yield f"{name}.zip", out.getvalue()


def by_gdal(scenes, folder):
    """Small TIFFs in GDAL's compressions."""
    if not shutil.which("gdal_translate"):
        return
    sources = ["plain.tif", "grey-16-bit.tif", "float.tif", "alpha.tif"]
    for source in sources:
        for compression in COMPRESSIONS:
            for layout in ([], ["-co", "TILED=YES", "-co", "BLOCKXSIZE=16", "-co", "BLOCKYSIZE=16"]):
                target = folder / f"gdal-{source[:-4]}-{compression.lower()}-{len(layout)}.tif"
                command = ["gdal_translate", "-q", "-outsize", "24", "18", "-co", f"COMPRESS={compression}", *layout]
                done = subprocess.run([*command, scenes / source, target], capture_output=True, check=False)
                if done.returncode:
                    target.unlink(missing_ok=True)


def main(scenes, folder):
    """Writes all seeds."""
    def write(target, name, data):
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    def copy(target, files):
        for file in files:
            if file.stat().st_size <= LARGEST:
                write(target, f"{file.parent.name}-{file.name}", file.read_bytes())

    for name, data in small_tiffs():
        write("tiff", name, data)
        if "bigtiff" not in name:
            write("picture", name, data)
    if scenes.is_dir():
        copy("tiff", sorted(scenes.glob("*.tif")))
        copy("picture", sorted(file for end in ("png", "jpg", "webp") for file in scenes.glob(f"*.{end}")))
        copy("world_file", sorted(file for end in ("tfw", "jgw", "pgw", "wld") for file in scenes.glob(f"*.{end}")))
        by_gdal(scenes, folder / "tiff")
    if scenes.is_dir():
        copy("wkt", sorted(scenes.glob("*.prj")))
        copy("aux_xml", sorted(scenes.glob("*.aux.xml")))
    write("wkt", "utm.prj", UTM)
    write("aux_xml", "grid.aux.xml", f"<PAMDataset><SRS>{escape(UTM)}</SRS><GeoTransform>5e5, 0.5, 0, 5e6, 0, -0.5"
          "</GeoTransform></PAMDataset>")
    points = "".join(f'<GCP Id="{x}{y}" Pixel="{x}" Line="{y}" X="{5e5 + x}" Y="{5e6 - y}"/>' for x in (0, 9) for y in (0, 7))
    write("aux_xml", "points.aux.xml", f"<PAMDataset><GCPList Projection={quoteattr(UTM)}>{points}</GCPList></PAMDataset>")
    copy("jpeg", sorted((FIXTURES / "jpeg").glob("*.jpg")))
    copy("picture", sorted((FIXTURES / "jpeg").glob("*.jpg")))
    write("world_file", "plain.tfw", "0.5\n0\n0\n-0.5\n500000.25\n4599999.75\n")
    for index in range(64):
        write("geo", f"{index}.bin", bytes((index * 37 + at * (2 * index + 1)) % 256 for at in range(200 + 8 * index)))
    cases = json.loads((FIXTURES / "rle/pycocotools.json").read_text())[:100]
    for index, (height, width, _, counts) in enumerate(cases):
        write("rle", f"{index}.json", json.dumps({"size": [height, width], "counts": counts}))
    write("rle", "runs.json", '{"size": [3, 4], "counts": [2, 3, 7]}')
    write("rle", "text.json", '{"size": [3, 4], "counts": "237"}')
    copy("pickle", sorted((FIXTURES / "refs").glob("*.p")))
    files = [file for file in (FIXTURES / "encoders").rglob("*") if file.is_file()]
    copy("torch", [file for file in files if file.suffix in (".pth", ".pt", ".bin")])
    copy("safetensors", [file for file in files if file.suffix == ".safetensors" and file.stat().st_size < 60_000])
    header = b'{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
    write("safetensors", "plain.safetensors", struct.pack("<Q", len(header)) + header + bytes(24))
    progress = {"step": 400, "best": {"step": 300, "figure": 0.42}, "without_gain": 1, "loss_scale": {"factor": 65536.0,
                "clean": 7}, "smoothed": 0.31, "lowest": 0.3, "overflows": 0}
    for name, sections in {"whole": [20, 12, 20], "no-average": [9, 3, 0]}.items():
        text = json.dumps({"progress": progress, "sections": sections}).encode()
        write("checkpoint", f"{name}.ckpt", b"S4ECACK2" + struct.pack("<Q", len(text)) + text + bytes(sum(sections)))
    phrases = [line.split("\t")[0] for name in ("forms", "phrases")
               for line in (FIXTURES / f"reading/{name}.tsv").read_text().splitlines() if not line.startswith("#")]
    for index, phrase in enumerate(phrases):
        write("phrase", f"{index}.txt", phrase)
        write("tokenizer", f"{index}.txt", phrase)
    for name, data in zips():
        write("archive", name, data)
    shard = json.loads((ROOT / "weights/tiny/manifest.json").read_text())["shards"][-1]["name"]
    # The header, whose tensors are beyond the end.
    write("burnpack", "tiny.bpk", (ROOT / "weights/tiny" / shard).read_bytes()[:60_000])
    write("manifest", "tiny.json", (ROOT / "weights/tiny/manifest.json").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
