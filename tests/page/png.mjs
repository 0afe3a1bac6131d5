// Encodes and decodes PNG, for the images that the tests pass to the page and the pictures it returns.
// https://www.w3.org/TR/png-3/
import { crc32, deflateSync, inflateSync } from "node:zlib";

export const GREY = 0;
export const RGB = 2;
export const RGBA = 6;
/** @type {Record<number, number>} */
const CHANNELS = { [GREY]: 1, [RGB]: 3, [RGBA]: 4 };
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(checksum(body));
  return Buffer.concat([head, body, tail]);
}

/** @param {Buffer} bytes */
function checksum(bytes) {
  if (crc32) return crc32(bytes);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Encodes a PNG; `pixel(x, y)` returns the channels' values, `depth` is 8 or 16 bits.
 *
 * @param {{ width: number, height: number, colour?: number, depth?: number }} picture
 * @param {(x: number, y: number) => number[]} pixel
 */
export function encodePng({ width, height, colour = RGB, depth = 8 }, pixel) {
  const channels = CHANNELS[colour];
  const stride = 1 + width * channels * (depth / 8);
  const raw = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const values = pixel(x, y);
      for (let c = 0; c < channels; c += 1) {
        const at = y * stride + 1 + (x * channels + c) * (depth / 8);
        if (depth === 16) raw.writeUInt16BE(values[c], at);
        else raw[at] = values[c];
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk("IHDR", header), chunk("IDAT", deflateSync(raw)), chunk("IEND", Buffer.alloc(0))]);
}

/**
 * Decodes an 8-bit, non-interlaced PNG: `{width, height, channels, data}`; checks every CRC.
 *
 * @param {Buffer} bytes
 */
export function decodePng(bytes) {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG");
  /** @type {Buffer} */
  let header = Buffer.alloc(0);
  const packed = [];
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (bytes.readUInt32BE(at + 8 + length) !== checksum(body)) throw new Error("a chunk does not match its CRC");
    const type = body.toString("latin1", 0, 4);
    if (type === "IHDR") header = body.subarray(4);
    if (type === "IDAT") packed.push(body.subarray(4));
    at += length + 12;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = CHANNELS[header[9]];
  if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error("only 8-bit grey, RGB or RGBA, not interlaced");
  return { width, height, channels, data: unfilter(inflateSync(Buffer.concat(packed)), width * channels, height, channels) };
}

/** @param {Buffer} raw @param {number} stride @param {number} height @param {number} channels */
function unfilter(raw, stride, height, channels) {
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let i = 0; i < stride; i += 1) {
      const at = y * stride + i;
      const left = i >= channels ? data[at - channels] : 0;
      const up = y > 0 ? data[at - stride] : 0;
      const corner = y > 0 && i >= channels ? data[at - stride - channels] : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      data[at] = raw[y * (stride + 1) + 1 + i] + guess;
    }
  }
  return data;
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
