// The preview of a TIFF: its coarsest suitable overview. In a file without overviews it is what can be read in
// a short time: sampled rows of strips, or tiles in an order that covers the whole scene early.
import { PageError } from "../text/errors.js";
import { bitmapOf } from "./colours.js";

// An overview down to this share of the wanted width is good enough.
const GOOD_ENOUGH = 0.5;
// Time limit for a file without overviews.
const PATIENCE_MS = 20_000;
// Samples per pixel of the preview, in either direction, if not all are used.
const FINER = 3;
// Tiles decoded concurrently: the browser does that outside this thread if it can.
const TOGETHER = 8;
// Levels of up to this many pixels are always read completely.
const SMALL = 6e6;

/** `{bitmap, share}`: an ImageBitmap of the whole scene, at most `side` px long, and the share that was read. */
export async function readPreview(scene, levels, side, progress = () => {}, signal = null) {
  const longest = Math.max(scene.width, scene.height);
  const scale = Math.min(1, side / longest);
  const size = [scene.width, scene.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(...size);
  const context = canvas.getContext("2d");
  if (!context) throw new PageError("memory", `no canvas of ${size.join(" × ")} px`);
  context.imageSmoothingQuality = "high";
  const level = levels.findLast(({ width }) => width >= size[0] * GOOD_ENOUGH) ?? levels[0];
  let share = 1;
  const all = [0, 0, level.width, level.height];
  if (level.width * level.height <= SMALL) await drawBlock(scene, level, all, context, size);
  else if (level.image.isTiled) share = await drawTiles(scene, level, context, size, progress, signal);
  else share = await drawRows(scene, level, context, size, progress, signal);
  return { bitmap: canvas.transferToImageBitmap(), share };
}

/** Draws a window of a level at its place in the preview. */
async function drawBlock(scene, level, window, context, size) {
  const [x, y, width, height] = window;
  const [sx, sy] = [size[0] / level.width, size[1] / level.height];
  const every = Math.max(1, Math.floor(1 / (sx * FINER)));
  const rgba = await scene.rgbaAt(level, window, every);
  const bitmap = await bitmapOf(rgba, Math.ceil(width / every), Math.ceil(height / every));
  // The last sampled pixel may extend beyond the window's edge.
  context.drawImage(bitmap, x * sx, y * sy, bitmap.width * every * sx, bitmap.height * every * sy);
  bitmap.close();
}

// Draws one row per line of the preview, from top to bottom in several passes, so that it covers the whole scene early.
async function drawRows(scene, level, context, [width, height], progress, signal) {
  const lines = passes(height, 1);
  const every = Math.max(1, Math.floor(level.width / width / FINER));
  const drawn = { count: 0, deadline: performance.now() + PATIENCE_MS };
  for (const [, line, reach] of lines) {
    if (!(await goOn(drawn, lines.length, progress, signal))) break;
    const y = Math.min(level.height - 1, Math.floor(((line + 0.5) * level.height) / height));
    const rgba = await scene.rgbaAt(level, [0, y, level.width, 1], every);
    const row = await bitmapOf(rgba, Math.ceil(level.width / every), 1);
    context.drawImage(row, 0, line, width, Math.min(reach, height - line));
    row.close();
    drawn.count += 1;
  }
  return drawn.count / lines.length;
}

async function drawTiles(scene, level, context, size, progress, signal) {
  const [across, down] = [level.image.getTileWidth(), level.image.getTileHeight()];
  const tiles = passes(Math.ceil(level.height / down), Math.ceil(level.width / across));
  const drawn = { count: 0, deadline: performance.now() + PATIENCE_MS };
  while (drawn.count < tiles.length && (await goOn(drawn, tiles.length, progress, signal))) {
    const some = tiles.slice(drawn.count, drawn.count + TOGETHER);
    await Promise.all(
      some.map(([column, row]) => {
        const [x, y] = [column * across, row * down];
        const window = [x, y, Math.min(across, level.width - x), Math.min(down, level.height - y)];
        return drawBlock(scene, level, window, context, size);
      }),
    );
    drawn.count += some.length;
  }
  return drawn.count / tiles.length;
}

async function goOn(drawn, total, progress, signal) {
  if (signal?.aborted) throw new PageError("superseded");
  if (drawn.count % 16 === 0) {
    progress(drawn.count / total);
    // Lets other messages be handled.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return performance.now() < drawn.deadline;
}

/**
 * All positions of a grid, in passes that each halve the spacing: `[column, row, reach]`, where `reach` is
 * how many rows or columns the position stands for until later passes fill them.
 */
function passes(rows, columns) {
  const places = [];
  for (let stride = 16; stride >= 1; stride /= 2) {
    for (let row = 0; row < rows; row += stride) {
      for (let column = 0; column < columns; column += stride) {
        const came = stride < 16 && row % (2 * stride) === 0 && column % (2 * stride) === 0;
        if (!came) places.push([column, row, stride]);
      }
    }
  }
  return places;
}
