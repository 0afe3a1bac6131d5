// Writes 8-bit greyscale PNG (one band, as GIS programs want a mask), row by row: a canvas would
// write RGBA and hold the whole picture in memory.
// https://www.w3.org/TR/png-3/

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

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

/** A PNG of width × height; `row(y)` gives the `width` bytes of a row. Resolves to a Blob. */
export async function greyPng(width, height, row) {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits, greyscale, deflate, filters, not interlaced
  let y = 0;
  const rows = new ReadableStream({
    pull(controller) {
      if (y === height) {
        controller.close();
        return;
      }
      // Some rows at a time: a stream chunk each would cost more than the compression.
      const count = Math.min(height - y, Math.max(1, Math.floor(65536 / width)));
      const block = new Uint8Array(count * (width + 1));
      for (let i = 0; i < count; i += 1) block.set(row(y + i), i * (width + 1) + 1);
      y += count;
      controller.enqueue(block);
    },
  });
  // "deflate" is the zlib format, which is what PNG holds.
  const packed = new Response(rows.pipeThrough(new CompressionStream("deflate")));
  const data = new Uint8Array(await packed.arrayBuffer());
  const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", new Uint8Array(0))];
  return new Blob(parts, { type: "image/png" });
}

/** The probability map as it came. */
export function probabilityPng({ width, height, probability }) {
  return greyPng(width, height, (y) => probability.subarray(y * width, (y + 1) * width));
}

/**
 * The mask, 0 or 255, at the image's own size: a probability map that is smaller is enlarged
 * bilinearly (pixel centres aligned) before it is cut at `level`.
 */
export function maskPng(map, image, level) {
  const columns = taps(image.width, map.width);
  const line = new Uint8Array(image.width);
  return greyPng(image.width, image.height, (y) => {
    const [top, bottom, down] = tap(y, image.height, map.height);
    const a = top * map.width;
    const b = bottom * map.width;
    for (let x = 0; x < image.width; x += 1) {
      const left = columns.left[x];
      const right = columns.right[x];
      const across = columns.weight[x];
      const upper = map.probability[a + left] * (1 - across) + map.probability[a + right] * across;
      const lower = map.probability[b + left] * (1 - across) + map.probability[b + right] * across;
      // Half a unit in the last place keeps rounding from moving an exact value below the level.
      line[x] = upper * (1 - down) + lower * down >= level - 1e-6 ? 255 : 0;
    }
    return line;
  });
}

/** The two source positions around the centre of target position `at`, and the weight of the second. */
function tap(at, targetSize, sourceSize) {
  const centre = Math.min(sourceSize - 1, Math.max(0, ((at + 0.5) * sourceSize) / targetSize - 0.5));
  const first = Math.floor(centre);
  return [first, Math.min(sourceSize - 1, first + 1), centre - first];
}

function taps(targetSize, sourceSize) {
  const left = new Int32Array(targetSize);
  const right = new Int32Array(targetSize);
  const weight = new Float64Array(targetSize);
  for (let x = 0; x < targetSize; x += 1) [left[x], right[x], weight[x]] = tap(x, targetSize, sourceSize);
  return { left, right, weight };
}
