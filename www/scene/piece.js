// The model's input from a scene: a window's pixels, by the same rules as in the native program, so
// that both find the same. Runs in the scene worker.

// Larger pieces are averaged down while they are read.
const MAX_PIXELS = 16e6;
// Rows of an averaged piece that are computed at once.
const ROWS = 32;
// What the network sees where the scene has no data: opaque grey, as little-endian RGBA.
const GREY = 0xff808080;

/**
 * The pixels of `window` (scene px) for a map of `step` scene px per map px: `{width, height, rgba, empty, hasData}`.
 * They come from the coarsest overview that has at least one pixel per map pixel; a very large window is averaged
 * down. `empty` tells whether there is no data at all. `hasData` is 0 for each no-data pixel and 1 for others, or null
 * if there are no no-data pixels.
 */
export async function readPiece(scene, window, step) {
  const level = scene.level(step);
  const own = level.window(window);
  let factor = 1;
  while ((own[2] * own[3]) / factor ** 2 > MAX_PIXELS) factor += 1;
  const piece = factor === 1 ? await whole(level, own) : await averaged(level, own, factor);
  const hasData = fillNoData(piece.rgba);
  return { ...piece, hasData, empty: hasData !== null && !hasData.includes(1) };
}

/** Converts the interval `start`, `length` from an axis of `from` px to one of `to` px: `[start, length]`. */
export function scaled(start, length, from, to) {
  if (from === to) return [start, length];
  const nearest = (at) => Math.floor((2 * at * to + from) / (2 * from));
  const first = Math.min(to - 1, nearest(start));
  return [first, Math.min(to, Math.max(first + 1, nearest(start + length))) - first];
}

async function whole(level, window) {
  return { width: window[2], height: window[3], rgba: await level.rgba(window) };
}

/** Replaces each block of `factor` × `factor` pixels by its mean, ignoring no-data pixels. */
async function averaged(level, [x, y, columns, rows], factor) {
  const [width, height] = [Math.ceil(columns / factor), Math.ceil(rows / factor)];
  const rgba = new Uint8Array(width * height * 4);
  for (let first = 0; first < height; first += ROWS) {
    const count = Math.min(ROWS * factor, rows - first * factor);
    const source = await level.rgba([x, y + first * factor, columns, count]);
    for (let row = 0; row * factor < count; row += 1) {
      const band = source.subarray(row * factor * columns * 4, Math.min(count, (row + 1) * factor) * columns * 4);
      average(band, columns, factor, rgba.subarray((first + row) * width * 4, (first + row + 1) * width * 4));
    }
  }
  return { width, height, rgba };
}

/** Averages rows of `columns` RGBA pixels into the one row `target`. */
function average(rows, columns, factor, target) {
  const sums = new Float64Array(target.length); // red, green, blue, and how many
  for (let from = 0; from < rows.length; ) {
    for (let column = 0; column < columns; column += 1, from += 4) {
      if (rows[from + 3] === 0) continue;
      const at = Math.floor(column / factor) * 4;
      for (let band = 0; band < 3; band += 1) sums[at + band] += rows[from + band];
      sums[at + 3] += 1;
    }
  }
  for (let at = 0; at < target.length; at += 4) {
    const count = sums[at + 3];
    if (count === 0) continue;
    // Rounds halves up in integer arithmetic.
    for (let band = 0; band < 3; band += 1) {
      target[at + band] = Math.floor((sums[at + band] + Math.floor(count / 2)) / count);
    }
    target[at + 3] = 255;
  }
}

/** Fills transparent pixels with grey. Returns 0 for each of them and 1 for others, or null if there are none. */
function fillNoData(rgba) {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length >> 2);
  let hasData = null;
  for (let i = 0; i < pixels.length; i += 1) {
    if (pixels[i] >>> 24 !== 0) continue;
    pixels[i] = GREY;
    hasData ??= new Uint8Array(pixels.length).fill(1);
    hasData[i] = 0;
  }
  return hasData;
}
