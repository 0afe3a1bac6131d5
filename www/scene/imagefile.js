// Checks a file's bytes before anything decodes it: browsers fill the missing part of a truncated
// file with grey or nothing, which would give a mask of something that does not exist.
import { PageError, textOf } from "../text/errors.js";
import { orientationOf } from "./exif.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { ImageHeader, JpegProblem } from "../../types/scene.js"
 */

/** @typedef {(bytes: Bytes, view: DataView) => Partial<ImageHeader> & { format: string }} Check */

const HEAD_BYTES = 512;

/** @param {Bytes} bytes @param {number} at @param {number} length */
const ascii = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));

// Signatures of unsupported formats that are often mistaken for images.
/** @type {[code: string, matches: (head: string) => boolean][]} */
const OTHERS = [
  ["zip", (head) => head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06")],
  ["pdf", (head) => head.startsWith("%PDF")],
  ["jp2", (head) => head.startsWith("\0\0\0\x0cjP  ") || head.startsWith("\xff\x4f\xff\x51")],
  ["heic", (head) => /^....ftyp(heic|heix|hevc|mif1|msf1)/s.test(head) && !/avif|avis/.test(head.slice(8, 40))],
  ["svg", (head) => /<svg[\s>]/i.test(head)],
];

/** The page's code for each kind of problem that the engine finds in a JPEG. */
const JPEG_CODES = { cutShort: "cut-short", damaged: "undecodable", unsupported: "picture-kind", tooLarge: "too-large" };

/**
 * Checks that `file` is a complete picture. The blocks of a TIFF are checked when it is opened.
 * Returns `{format, width, height, orientation, exif}`: sizes are 0 if the format's header is not read here,
 * `orientation` is that of the EXIF data, 1 to 8, and `exif` lists the `[start, end]` of all EXIF data in a JPEG, PNG
 * or WebP. For an AVIF that rotates or mirrors its picture, `orientation` is 0. `jpegProblem`, if it is given, takes
 * the bytes of a JPEG, decodes its blocks, and returns `{kind, message}` or null: an end marker does not prove that all
 * blocks are there. Throws a PageError.
 *
 * @param {Blob} file
 * @param {((bytes: Bytes) => Promise<JpegProblem | null>) | null} jpegProblem
 * @returns {Promise<ImageHeader>}
 */
export async function inspect(file, jpegProblem = null) {
  if (file.size === 0) throw new PageError("empty-file");
  const head = await read(file, HEAD_BYTES);
  const start = ascii(head, 0, head.length);
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return { format: "TIFF", width: 0, height: 0, orientation: 1, exif: [] };
  for (const [code, matches] of OTHERS) if (matches(start)) throw new PageError(code);
  const check = checkOf(start);
  if (!check) throw new PageError("not-image", "its first bytes belong to no known image format");
  const bytes = await read(file, file.size);
  const view = new DataView(bytes.buffer);
  try {
    // First: whether a JPEG that stops early is cut short or damaged is seen in its blocks.
    const problem = check === inspectJpeg ? await jpegProblem?.(bytes) : null;
    if (problem) throw new PageError(JPEG_CODES[problem.kind], problem.message);
    return { width: 0, height: 0, orientation: 1, exif: [], ...check(bytes, view) };
  } catch (error) {
    if (error instanceof RangeError) throw new PageError("undecodable", "its header points outside the file");
    throw error;
  }
}

/** @param {Blob} file @param {number} length */
async function read(file, length) {
  try {
    return new Uint8Array(await file.slice(0, length).arrayBuffer());
  } catch (error) {
    throw new PageError("undecodable", `the file could not be read: ${textOf(error)}`);
  }
}

/** @param {string} start @returns {Check | null} */
function checkOf(start) {
  if (start.startsWith("\x89PNG")) return inspectPng;
  if (start.startsWith("\xff\xd8")) return inspectJpeg;
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return inspectWebp;
  if (start.startsWith("GIF8")) return inspectGif;
  if (start.startsWith("BM")) return inspectBmp;
  return start.slice(4, 8) === "ftyp" ? inspectAvif : null;
}

// https://www.w3.org/TR/png-3/#5DataRep: chunks of length, type, data, CRC, the last one IEND.
/** @param {Bytes} bytes @param {DataView} view */
function inspectPng(bytes, view) {
  if (bytes.length < 33) throw cutShort("PNG", bytes.length);
  /** @type {ImageHeader} */
  const found = { format: "PNG", width: view.getUint32(16), height: view.getUint32(20), orientation: 1, exif: [] };
  const seen = new Set();
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const name = ascii(bytes, at + 4, 4);
    if (name === "IEND") return found;
    if (name === "IDAT" && seen.has("acTL") && !seen.has("fcTL")) {
      // Browsers differ in whether they show the still picture or the first frame.
      throw new PageError("picture-kind", "an animated PNG whose still picture is not a part of the animation");
    }
    if (name === "eXIf") {
      // Data behind the pixels does not count.
      if (!seen.has("IDAT")) found.orientation = orientationOf(bytes.subarray(at + 8, at + 8 + length));
      found.exif.push([at, at + 12 + length]);
    }
    seen.add(name);
    at += length + 12;
  }
  throw cutShort("PNG", bytes.length);
}

// ITU T.81, annex B: marker segments, entropy-coded data after each SOS, the end at EOI.
/** @param {Bytes} bytes @param {DataView} view */
function inspectJpeg(bytes, view) {
  /** @type {ImageHeader} */
  const found = { format: "JPEG", width: 0, height: 0, orientation: 1, exif: [] };
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1];
    // Decoders skip fill bytes, and bytes between segments.
    if (bytes[at] !== 0xff || marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return found;
    // These markers have no length.
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && at + 9 <= bytes.length) {
      found.height = view.getUint16(at + 5);
      found.width = view.getUint16(at + 7);
    }
    if (marker === 0xe1 && ascii(bytes, at + 4, 4) === "Exif") {
      if (found.exif.length === 0) found.orientation = orientationOf(bytes.subarray(at + 10, at + 2 + length));
      found.exif.push([at, at + 2 + length]);
    }
    at += 2 + length;
    if (marker === 0xda) at = endOfScan(bytes, at);
  }
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return found;
  throw cutShort("JPEG", bytes.length);
}

/**
 * The position of the first marker after entropy-coded data, where FF 00 and RST0 to RST7 belong to the data.
 *
 * @param {Bytes} bytes
 * @param {number} from
 */
function endOfScan(bytes, from) {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0) {
    const next = bytes[at + 1];
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 1);
  }
  return bytes.length;
}

// https://developers.google.com/speed/webp/docs/riff_container: the RIFF size counts from byte 8; chunks of type,
// length and data, padded to an even length.
/** @param {Bytes} bytes @param {DataView} view */
function inspectWebp(bytes, view) {
  const end = view.getUint32(4, true) + 8;
  if (end > bytes.length) throw cutShort("WebP", bytes.length);
  /** @type {Pick<ImageHeader, "format" | "orientation" | "exif">} */
  const found = { format: "WebP", orientation: 1, exif: [] };
  for (let at = 12; at + 8 <= end; ) {
    const length = view.getUint32(at + 4, true);
    if (ascii(bytes, at, 4) === "EXIF") {
      found.orientation = orientationOf(bytes.subarray(at + 8, at + 8 + length));
      found.exif.push([at, at + 4]);
    }
    at += 8 + length + (length % 2);
  }
  return found;
}

// https://www.w3.org/Graphics/GIF/spec-gif89a.txt: the trailer 3B ends the file; some writers pad behind it.
/** @param {Bytes} bytes @param {DataView} view */
function inspectGif(bytes, view) {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  if (bytes[end - 1] !== 0x3b) throw cutShort("GIF", bytes.length);
  return { format: "GIF", width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

// The file size in the header; writers that do not know it put 0.
/** @param {Bytes} bytes @param {DataView} view */
function inspectBmp(bytes, view) {
  if (bytes.length < 26 || view.getUint32(2, true) > bytes.length) throw cutShort("BMP", bytes.length);
  return { format: "BMP", width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

// ISO 14496-12: a sequence of boxes, each with size and type. Size 0 means up to the end; size 1 means that 64 bits
// after the type state the size.
/** @param {Bytes} bytes @param {DataView} view */
function inspectAvif(bytes, view) {
  let at = 0;
  while (at + 8 <= bytes.length) {
    const short = view.getUint32(at);
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short || bytes.length - at;
    if (size < 8) throw new PageError("undecodable", `an AVIF box of ${size} bytes`);
    at += size;
  }
  if (at !== bytes.length) throw cutShort("AVIF", bytes.length);
  return { format: "AVIF", orientation: turnsAvif(bytes) ? 0 : 1 };
}

/**
 * Whether the file's meta box, a few hundred bytes at its start, has a property that rotates or mirrors the picture.
 *
 * @param {Bytes} bytes
 */
function turnsAvif(bytes) {
  const start = ascii(bytes, 0, Math.min(bytes.length, 4096));
  const end = start.indexOf("mdat");
  const properties = end < 0 ? start : start.slice(0, end);
  const turn = properties.indexOf("irot");
  return properties.includes("imir") || (turn >= 0 && (bytes[turn + 4] & 3) !== 0);
}

/** @param {string} format @param {number} bytes */
function cutShort(format, bytes) {
  const count = bytes.toLocaleString("en");
  return new PageError("cut-short", `this ${format} file stops after ${count} bytes, before its end`);
}
