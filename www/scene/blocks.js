// The strips and tiles of a TIFF, read through geotiff.js. Decoded blocks are cached up to a limit, since neighbouring
// windows share them.
import { PageError, textOf } from "../text/errors.js";
import { GeoTIFF, GeoTIFFImage, decoderFor } from "./geotiff.js";

/** Maximum size of one decoded block, in bytes. */
const MAX_BLOCK = 512e6;
const CACHE_BYTES = (navigator.deviceMemory ?? 8) <= 4 ? 96e6 : 256e6;
// Bytes of an uncompressed image's rows that are read at once.
const ROWS_BYTES = 1 << 18;
const MAX_DIRECTORIES = 64;

/** Opens a TIFF. Returns the GeoTIFFImages of its directories, which share one block cache. */
export async function openImages(file) {
  const source = { fetch: (slices) => Promise.all(slices.map((slice) => fetchSlice(file, slice))) };
  const tiff = await GeoTIFF.fromSource(source);
  // Reads all tags at once: the library reads later ones as little-endian, whatever the file's byte order.
  tiff.parser.eager = true;
  const cache = new BlockCache();
  const images = [];
  const seen = new Set();
  // A damaged file may link its directories in a cycle.
  for (let next = tiff.firstIFDOffset; next && !seen.has(next) && images.length < MAX_DIRECTORIES; ) {
    seen.add(next);
    const directory = await tiff.requestIFD(images.length);
    images.push(new BlockImage(directory, tiff, cache, `${images.length}`));
    next = directory.nextIFDByteOffset;
  }
  return images;
}

async function fetchSlice(file, { offset, length }) {
  try {
    return await file.slice(offset, offset + length).arrayBuffer();
  } catch (error) {
    throw new PageError("scene", textOf(error));
  }
}

/** An LRU cache of decoded blocks. */
class BlockCache {
  #blocks = new Map();
  #bytes = 0;

  async get(key, make) {
    const kept = this.#blocks.get(key);
    if (kept) {
      this.#blocks.delete(key);
      this.#blocks.set(key, kept);
      return kept.promise;
    }
    const entry = { promise: make(), bytes: 0 };
    this.#blocks.set(key, entry);
    try {
      entry.bytes = (await entry.promise).data.byteLength;
    } catch (error) {
      this.#blocks.delete(key);
      throw error;
    }
    this.#bytes += entry.bytes;
    this.#shrink(key);
    return entry.promise;
  }

  #shrink(newest) {
    for (const [key, { bytes }] of this.#blocks) {
      if (this.#bytes <= CACHE_BYTES) return;
      if (key === newest || bytes === 0) continue;
      this.#blocks.delete(key);
      this.#bytes -= bytes;
    }
  }
}

class BlockImage extends GeoTIFFImage {
  #cache;
  #name;

  constructor(directory, tiff, cache, name) {
    super(directory, tiff.littleEndian, false, tiff.source);
    this.#cache = cache;
    this.#name = name;
    if (!this.isTiled) splitRows(this);
  }

  getTileOrStrip(x, y, sample, decoder, signal) {
    const band = this.planarConfiguration === 2 ? sample : 0;
    return this.#cache.get(`${this.#name}/${band}/${y}/${x}`, async () => {
      const block = await super.getTileOrStrip(x, y, sample, decoder, signal);
      const samples = this.planarConfiguration === 2 ? this.getSampleByteSize(sample) : this.getBytesPerPixel();
      const rows = Math.min(this.getBlockHeight(y), this.getHeight() - y * this.getTileHeight());
      if (block.data.byteLength < this.getTileWidth() * rows * samples) {
        throw new PageError("cut-short", `block ${x}, ${y} holds ${block.data.byteLength} bytes`);
      }
      return block;
    });
  }

  /**
   * The samples of `bands` in the window `[x, y, width, height]`, interleaved, of every `every`-th pixel
   * in either direction. The same as `readRasters`, but many times faster: that converts one sample at a time.
   */
  async window(bands, [x, y, width, height], every = 1) {
    const decoder = await decoderFor(this.fileDirectory);
    const size = [Math.ceil(width / every), Math.ceil(height / every)];
    const [across, down] = [this.getTileWidth(), this.getTileHeight()];
    const planes = this.planarConfiguration === 2 ? bands : [0];
    let samples = null;
    const jobs = [];
    for (let row = Math.floor(y / down); row * down < y + height; row += 1) {
      for (let column = Math.floor(x / across); column * across < x + width; column += 1) {
        for (const plane of planes) jobs.push(this.getTileOrStrip(column, row, plane, decoder));
      }
    }
    for (const block of await Promise.all(jobs)) {
      const values = this.#valuesOf(block);
      samples ??= new values.constructor(size[0] * size[1] * bands.length);
      const target = { samples, bands, size, every, window: [x, y, width, height] };
      this.#copy(values, [block.x * across, block.y * down, across, down], block.sample, target);
    }
    return samples;
  }

  /** A decoded block as numbers. */
  #valuesOf({ data, sample }) {
    const read = this.getReaderForSample(sample);
    const bytes = this.getSampleByteSize(sample);
    const isHalf = bytes === 2 && this.getSampleFormat(sample) === 3;
    const fits = data.byteLength % bytes === 0 && (bytes === 1 || this.littleEndian);
    if (fits && !isHalf) return this.getArrayForSample(sample, data);
    const view = new DataView(data);
    const values = this.getArrayForSample(sample, Math.floor(data.byteLength / bytes));
    for (let i = 0; i < values.length; i += 1) values[i] = read.call(view, i * bytes, this.littleEndian);
    return values;
  }

  #copy(values, [left, top, across, down], plane, { samples, bands, size, every, window: [x, y, width, height] }) {
    const planar = this.planarConfiguration === 2;
    const stored = planar ? 1 : this.getSamplesPerPixel();
    // The wanted bands that the block contains: all, or the one of its plane.
    const here = planar ? [[bands.indexOf(plane), 0]] : bands.map((band, i) => [i, band]);
    const whole = every === 1 && stored === bands.length && here.every(([to, from]) => to === from);
    const first = (start, edge) => start + Math.ceil(Math.max(0, edge - start) / every) * every;
    const [fromX, toX] = [first(x, left), Math.min(x + width, left + across)];
    for (let row = first(y, top); row < Math.min(y + height, top + down); row += every) {
      let from = ((row - top) * across + (fromX - left)) * stored;
      let to = (((row - y) / every) * size[0] + (fromX - x) / every) * bands.length;
      if (whole) {
        samples.set(values.subarray(from, from + (toX - fromX) * stored), to);
        continue;
      }
      for (let column = fromX; column < toX; column += every, from += every * stored, to += bands.length) {
        for (const [band, source] of here) samples[to + band] = values[from + source];
      }
    }
  }

  /** Throws a PageError unless every block is inside a file of `size` bytes and small enough to decode. */
  check(size) {
    const [offsets, counts] = this.blockTable();
    const down = Math.ceil(this.getHeight() / this.getTileHeight());
    const across = Math.ceil(this.getWidth() / this.getTileWidth());
    const planes = this.planarConfiguration === 2 ? this.getSamplesPerPixel() : 1;
    const expected = down * across * planes;
    if (!(expected > 0) || offsets.length < expected || counts.length < expected) {
      throw new PageError("tiff-damaged", `${offsets.length} of its ${expected} blocks are listed`);
    }
    if (!offsets.some((offset, i) => counts[i] === 0 || offset + counts[i] <= size)) {
      throw new PageError("tiff-empty", `none of its ${expected} blocks is in the file`);
    }
    for (let i = 0; i < expected; i += 1) {
      if (offsets[i] + counts[i] > size) {
        const [has, needs] = [size, offsets[i] + counts[i]].map((bytes) => bytes.toLocaleString("en"));
        throw new PageError("cut-short", `the file has ${has} bytes and a block of it ends at ${needs}`);
      }
    }
    const pixelBytes = planes > 1 ? this.getSampleByteSize(0) : this.getBytesPerPixel();
    const bytes = this.getTileWidth() * this.getTileHeight() * pixelBytes;
    if (bytes > MAX_BLOCK) throw new PageError("tiff-strip", `blocks of ${Math.round(bytes / 1e6)} MB`);
  }

  /** Offsets and byte counts of all blocks. */
  blockTable() {
    const names = this.isTiled ? ["TileOffsets", "TileByteCounts"] : ["StripOffsets", "StripByteCounts"];
    return names.map((name) => this.fileDirectory.getValue(name) ?? []);
  }
}

/** Splits the strips of an uncompressed image, so that its rows are read a few at a time however large they are. */
function splitRows(image) {
  const fields = image.fileDirectory;
  const planes = image.planarConfiguration === 2 ? image.getSamplesPerPixel() : 1;
  const rowBytes = image.getWidth() * (planes > 1 ? image.getSampleByteSize(0) : image.getBytesPerPixel());
  const rows = Math.max(1, Math.floor(ROWS_BYTES / rowBytes));
  const height = image.getHeight();
  const strip = image.getTileHeight();
  const whole = [...(fields.getValue("BitsPerSample") ?? [1])].every((bits) => bits % 8 === 0);
  if ((fields.getValue("Compression") ?? 1) !== 1 || rows >= strip || !whole || !(rowBytes > 0)) return;
  const [offsets, counts] = image.blockTable();
  const strips = Math.ceil(height / strip);
  // Each strip is split into parts of equal height, which must divide it evenly if there are several strips.
  const part = strips === 1 ? rows : divisorUpTo(strip, rows);
  if (offsets.length !== strips * planes) return;
  const parts = { offsets: [], counts: [] };
  for (let plane = 0; plane < planes; plane += 1) {
    for (let y = 0; y < height; y += part) {
      const index = plane * strips + Math.floor(y / strip);
      const sparse = counts[index] === 0;
      parts.offsets.push(sparse ? 0 : offsets[index] + (y % strip) * rowBytes);
      parts.counts.push(sparse ? 0 : Math.min(part, height - y) * rowBytes);
    }
  }
  fields.actualizedFields.set(278, part).set(273, parts.offsets).set(279, parts.counts);
}

function divisorUpTo(number, limit) {
  for (let divisor = Math.min(limit, number); divisor > 1; divisor -= 1) if (number % divisor === 0) return divisor;
  return 1;
}
