// Writes an 8-bit PNG a few rows at a time, so that neither a canvas nor a copy of the whole picture is needed:
// grey (one band, as GIS programs expect of a mask), RGB or RGBA.
// https://www.w3.org/TR/png-3/
/** @import { Bytes } from "../../types/engine.js" */

const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 };

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {string} type @param {Bytes} data */
function chunk(type, data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i += 1) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < data.length + 8; i += 1) crc = CRC_TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  view.setUint32(data.length + 8, (crc ^ 0xffffffff) >>> 0);
  return bytes;
}

/**
 * A PNG of width × height with `bands` samples per pixel (1, 3 or 4). `band(y, count)` returns `count` rows of
 * samples from row `y` on, or a promise of them. Resolves to a Blob.
 *
 * @param {number} width
 * @param {number} height
 * @param {1 | 3 | 4} bands
 * @param {(y: number, count: number) => Bytes | Promise<Bytes>} band
 */
export async function png(width, height, bands, band) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOUR_TYPES[bands], 0, 0, 0], 8); // 8 bits, deflate, filters, not interlaced
  const rowBytes = width * bands;
  // Several rows are read at a time: with single rows an image block would be read again for each of its rows.
  const rows = Math.max(16, Math.floor((4 << 20) / rowBytes));
  let y = 0;
  const lines = new ReadableStream({
    async pull(controller) {
      if (y === height) {
        controller.close();
        return;
      }
      const count = Math.min(height - y, rows);
      const samples = await band(y, count);
      const block = new Uint8Array(count * (rowBytes + 1));
      for (let i = 0; i < count; i += 1) {
        block.set(samples.subarray(i * rowBytes, (i + 1) * rowBytes), i * (rowBytes + 1) + 1);
      }
      y += count;
      controller.enqueue(block);
    },
  });
  // "deflate" is the zlib format that PNG uses. Each piece becomes an IDAT chunk, so the total length is not needed.
  const parts = [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk("IHDR", header)];
  for (const reader = lines.pipeThrough(new CompressionStream("deflate")).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(chunk("IDAT", value));
  }
  parts.push(chunk("IEND", new Uint8Array(0)));
  return new Blob(parts, { type: "image/png" });
}
