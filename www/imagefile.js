// Looks at an image file's bytes before the browser decodes it: browsers fill the missing part of a
// cut-short file with grey or nothing, which would give a mask of something that is not there.
import { PageError } from "./messages.js";

const ascii = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));

/**
 * Checks that `bytes` is an image file and complete.
 * Returns `{format, width, height}`; sizes are 0 where the format's header is not read here.
 * Throws a PageError that says what is wrong.
 */
export function inspect(bytes) {
  if (bytes.length === 0) throw new PageError("empty-file");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0x89 && ascii(bytes, 1, 3) === "PNG") return inspectPng(bytes, view);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return inspectJpeg(bytes, view);
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return inspectWebp(bytes, view);
  const head = ascii(bytes, 0, 4);
  if (head === "II*\0" || head === "MM\0*" || head === "II+\0" || head === "MM\0+") throw new PageError("tiff");
  if (ascii(bytes, 4, 4) === "ftyp" && /^(heic|heix|mif1|msf1)/.test(ascii(bytes, 8, 4))) throw new PageError("heic");
  const format = head.startsWith("GIF8") ? "GIF" : head.startsWith("BM") ? "BMP" : ascii(bytes, 4, 4) === "ftyp" ? "AVIF" : "";
  if (!format) throw new PageError("not-image", "its first bytes belong to no known image format");
  return { format, width: 0, height: 0 };
}

// https://www.w3.org/TR/png-3/#5DataRep: chunks of length, type, data, CRC, the last one IEND.
function inspectPng(bytes, view) {
  if (bytes.length < 33) throw cutShort("PNG", bytes.length);
  const size = { format: "PNG", width: view.getUint32(16), height: view.getUint32(20) };
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    if (ascii(bytes, at + 4, 4) === "IEND") return size;
    at += length + 12;
  }
  throw cutShort("PNG", bytes.length);
}

// ITU T.81, annex B: marker segments, entropy-coded data after each SOS, the end at EOI.
function inspectJpeg(bytes, view) {
  const size = { format: "JPEG", width: 0, height: 0 };
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new PageError("undecodable", `no JPEG marker at byte ${at}`);
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) return size;
    const length = view.getUint16(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && at + 9 <= bytes.length) {
      size.height = view.getUint16(at + 5);
      size.width = view.getUint16(at + 7);
    }
    at += 2 + length;
    if (marker === 0xda) at = endOfScan(bytes, at);
  }
  if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return size;
  throw cutShort("JPEG", bytes.length);
}

/** The position of the first marker after entropy-coded data, where FF 00 and RST0 to RST7 belong to the data. */
function endOfScan(bytes, from) {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0) {
    const next = bytes[at + 1];
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 1);
  }
  return bytes.length;
}

// https://developers.google.com/speed/webp/docs/riff_container: the RIFF size counts from byte 8.
function inspectWebp(bytes, view) {
  if (view.getUint32(4, true) + 8 > bytes.length) throw cutShort("WebP", bytes.length);
  return { format: "WebP", width: 0, height: 0 };
}

function cutShort(format, bytes) {
  return new PageError("cut-short", `this ${format} file stops after ${bytes.toLocaleString("en")} bytes, before its end marker`);
}
