// The first look at a TIFF: its coarsest overview, or, in a file without any, what can be read of it in
// a short time: sampled rows of strips, or tiles in an order that covers all of the scene early.
import { PageError } from "../text/errors.js";
import { bitmapOf } from "./colours.js";

// An overview down to this share of the wanted size is shown as it is.
const GOOD_ENOUGH = 0.5;
// How long a file without overviews may take.
const PATIENCE_MS = 20_000;
// Samples for each pixel of the preview, in either direction, where not all are used.
const FINER = 3;
// Tiles that are decoded side by side: the browser does that outside this thread where it can.
const TOGETHER = 8;
// Pixels that are read whole in any case.
const SMALL = 6e6;

/** `{bitmap, share}`: an ImageBitmap of the whole with `side` px at most, and which share of it was read. */
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

/** Draws a window of a level into its place of the preview. */
async function drawBlock(scene, level, window, context, size) {
  const [x, y, width, height] = window;
  const [sx, sy] = [size[0] / level.width, size[1] / level.height];
  const every = Math.max(1, Math.floor(1 / (sx * FINER)));
  const rgba = await scene.rgbaAt(level, window, every);
  const bitmap = await bitmapOf(rgba, Math.ceil(width / every), Math.ceil(height / every));
  // The last sampled pixel may reach over the window's edge.
  context.drawImage(bitmap, x * sx, y * sy, bitmap.width * every * sx, bitmap.height * every * sy);
  bitmap.close();
}

// Rows that the preview has a line for, from top to bottom in passes, so that all of the scene is there early.
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
    // Lets other messages in.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return performance.now() < drawn.deadline;
}

/**
 * All places of a grid, in passes of half the distance each: `[column, row, reach]`, where `reach` is
 * how far the place stands for its neighbours until they come.
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
