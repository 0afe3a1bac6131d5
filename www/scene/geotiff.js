// Adapts geotiff.js to this page: its classes as an import, JPEG decoded by the browser, a bounded LZW decoder, and no
// fetch of the wasm embedded in it.
import "../../vendor/geotiff/geotiff.js";
import { PageError } from "../text/errors.js";
import { decodeLzw } from "./lzw.js";

// The bundle is a classic script: it defines a global.
const { GeoTIFF, GeoTIFFImage, BaseDecoder, addDecoder, getDecoder } = globalThis.GeoTIFF;
export { GeoTIFF, GeoTIFFImage };

const LZW = 5;
const JPEG = 7;
const YCBCR = 6;

// Zstandard is embedded as wasm in a data: URL, which the Content-Security-Policy does not allow to be fetched.
const { fetch } = globalThis;
const INLINE_WASM = "data:application/wasm;base64,";
globalThis.fetch = (resource, options) => {
  if (typeof resource !== "string" || !resource.startsWith(INLINE_WASM)) return fetch(resource, options);
  const bytes = Uint8Array.from(atob(resource.slice(INLINE_WASM.length)), (letter) => letter.charCodeAt(0));
  return Promise.resolve(new Response(bytes, { headers: { "Content-Type": "application/wasm" } }));
};

// The library's own decoder, for blocks of two or four bands, which browsers misinterpret.
const ScriptJpegDecoder = (await getDecoder(JPEG, {})).constructor;

// The browser's decoder is many times faster than one in JavaScript and smooths the chroma as other decoders do.
class JpegDecoder extends BaseDecoder {
  async decode(buffer) {
    const { bands, tileWidth } = this.parameters;
    if (bands !== 1 && bands !== 3) return new ScriptJpegDecoder(this.parameters).decode(buffer);
    const bitmap = await createImageBitmap(this.#file(new Uint8Array(buffer)), {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
    });
    const { width, height } = bitmap;
    if (width !== tileWidth) throw new PageError("tiff-damaged", `a JPEG block ${width} px wide, not ${tileWidth}`);
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const rgba = context.getImageData(0, 0, width, height).data;
    const samples = new Uint8Array(width * height * bands);
    for (let from = 0, to = 0; from < rgba.length; from += 4) {
      for (let band = 0; band < bands; band += 1, to += 1) samples[to] = rgba[from + band];
    }
    return samples.buffer;
  }

  /** A block as a JPEG file: with its tables, and an Adobe marker that tells whether it is RGB or YCbCr. */
  #file(block) {
    const { JPEGTables: tables, photometric } = this.parameters;
    const transform = photometric === YCBCR ? 1 : 0;
    const start = [0xff, 0xd8, 0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform];
    // Tables and block are complete JPEG streams: without the markers between them they form one stream.
    const shared = tables ? tables.subarray(2, tables.length - 2) : new Uint8Array(0);
    return new Blob([new Uint8Array(start), shared, block.subarray(2)]);
  }
}

class LzwDecoder extends BaseDecoder {
  decodeBlock(buffer) {
    return decodeLzw(new Uint8Array(buffer), this.parameters.blockBytes);
  }
}

addDecoder(JPEG, async () => JpegDecoder);
addDecoder(LZW, async () => LzwDecoder);

/** The decoder of an image's blocks. */
export function decoderFor(directory) {
  const value = (name, fallback) => (directory.hasTag(name) ? directory.getValue(name) : fallback);
  const compression = value("Compression", 1);
  const planar = value("PlanarConfiguration", 1);
  const samplesPerPixel = value("SamplesPerPixel", 1);
  const bands = planar === 2 ? 1 : samplesPerPixel;
  const bitsPerSample = value("BitsPerSample", [1]);
  const tables = value("JPEGTables", null);
  const tileWidth = value("TileWidth", value("ImageWidth"));
  // RowsPerStrip may exceed the number of rows in the image.
  const tileHeight = value("TileLength", Math.min(value("ImageLength"), value("RowsPerStrip", Infinity)));
  // The parameters of all decoders; each ignores those it does not need.
  return getDecoder(compression, {
    tileWidth,
    tileHeight,
    blockBytes: Math.ceil((tileWidth * bands * bitsPerSample[0]) / 8) * tileHeight,
    planarConfiguration: planar,
    bitsPerSample,
    predictor: compression === JPEG ? 1 : value("Predictor", 1),
    samplesPerPixel,
    bands,
    photometric: value("PhotometricInterpretation"),
    JPEGTables: tables && Uint8Array.from(tables),
    LercParameters: value("LercParameters"),
  });
}
