// A part of the scene and its mask, as an example to learn from. Runs in the scene worker.
/**
 * @import { ExampleData, Rect, RefinedLayer, SceneImage } from "../../types/scene.js"
 * @import { Place } from "./place.js"
 */

// Longest side of an example, in px.
const LONGEST = 1024;
// Longest side of an example of a map in tiles, in map px. The network learns from examples as a whole, so they must
// not show things much smaller than its tiles do.
const LONGEST_PART = 512;
// Minimum side of the part that is cut from a map, if the map is that large.
const SHORTEST = 384;

/**
 * The image and the mask of a layer, in the map's own pixels unless that is more than LONGEST. For a large map in
 * tiles, it is the part in the middle of `view`, which is in scene px.
 *
 * @param {RefinedLayer} layer
 * @param {Rect | null} view
 * @param {{ scene: SceneImage, place: Place }} opened
 * @returns {Promise<ExampleData>}
 */
export async function exampleOf({ mask, info }, view, { scene, place }) {
  const [x, y, columns, rows] = partOf(info, view);
  const scale = Math.min(1, LONGEST / Math.max(columns, rows));
  const [width, height] = [columns, rows].map((side) => Math.max(1, Math.round(side * scale)));
  const { originX, originY, stepX, stepY } = info;
  /** @type {Rect} */
  const window = [originX + x * stepX, originY + y * stepY, columns * stepX, rows * stepY];
  // This comes before the first await, because a later request may change the mask.
  const bits = sampled(mask.mask(), info.width, [x, y, columns, rows], width, height);
  const bitmap = await scene.view(window, width, height);
  const canvas = new OffscreenCanvas(width, height);
  const options = { willReadFrequently: true };
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const { georeference } = place;
  const metres = place.info?.metresPerPixel;
  const middle = georeference && place.at(georeference, window[0] + window[2] / 2, window[1] + window[3] / 2);
  return {
    image: /** @type {Uint8ClampedArray<ArrayBuffer>} */ (data),
    width,
    height,
    mask: bits,
    metresPerPixel: metres ? (metres * window[2]) / width : null,
    place: middle && [middle[0], middle[1]],
    empty: !bits.includes(1),
  };
}

/**
 * The part of a map to take, in map px.
 *
 * @param {RefinedLayer["info"]} info
 * @param {Rect | null} view
 * @returns {Rect}
 */
function partOf({ width, height, originX, originY, stepX, stepY, count }, view) {
  if (count === 1 || Math.max(width, height) <= LONGEST_PART) return [0, 0, width, height];
  /** @param {number} start @param {number} length @param {number} side */
  const span = (start, length, side) => {
    const wanted = Math.min(side, LONGEST_PART, Math.max(SHORTEST, Math.round(length)));
    const from = Math.round(start + length / 2 - wanted / 2);
    return [Math.max(0, Math.min(side - wanted, from)), wanted];
  };
  const seen = view ?? [originX, originY, width * stepX, height * stepY];
  const [x, columns] = span((seen[0] - originX) / stepX, seen[2] / stepX, width);
  const [y, rows] = span((seen[1] - originY) / stepY, seen[3] / stepY, height);
  return [x, y, columns, rows];
}

/**
 * The mask of a part of the map at another size, 0 or 1 per pixel. Each pixel takes the value of the map pixel at its
 * centre.
 *
 * @param {Uint8Array} mask
 * @param {number} stride
 * @param {Rect} part
 * @param {number} width
 * @param {number} height
 */
function sampled(mask, stride, [x, y, columns, rows], width, height) {
  const bits = new Uint8Array(width * height);
  for (let row = 0, i = 0; row < height; row += 1) {
    const from = (y + Math.floor(((row + 0.5) * rows) / height)) * stride + x;
    for (let column = 0; column < width; column += 1, i += 1) {
      bits[i] = mask[from + Math.floor(((column + 0.5) * columns) / width)] ? 1 : 0;
    }
  }
  return bits;
}
