// Cuts an example out of the scene: the image part of a layer with its mask. Runs in the scene worker.
import { SIDE } from "./record.js";
/**
 * @import { CorrectedExample } from "../../types/examples.js"
 * @import { Rect, RefinedLayer } from "../../types/scene.js"
 * @import { Opened } from "../scene/exports.js"
 */

/**
 * The example of a layer's mask, without its phrase. It shows all of the layer's area or, if that has more than
 * 1,024 px on a side, the part of it that is in `view`.
 *
 * @param {Opened} opened
 * @param {RefinedLayer} layer
 * @param {Rect | null} view
 * @returns {Promise<Omit<CorrectedExample, "phrase">>}
 */
export async function cutExample({ scene, place }, { mask, info }, view) {
  const area = pixels([info.originX, info.originY, info.width * info.stepX, info.height * info.stepY], scene);
  const isLarge = Math.max(area[2], area[3]) > SIDE;
  const rect = (isLarge && view && common(area, pixels(view, scene))) || area;
  const scale = Math.min(1, SIDE / Math.max(rect[2], rect[3]));
  const [width, height] = [rect[2], rect[3]].map((side) => Math.max(1, Math.round(side * scale)));
  const bitmap = await scene.view(rect, width, height);
  const canvas = new OffscreenCanvas(width, height);
  const options = { willReadFrequently: true };
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const image = context.getImageData(0, 0, width, height).data;
  const values = mask.mask();
  const kept = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor((rect[1] + ((y + 0.5) * rect[3]) / height - info.originY) / info.stepY);
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor((rect[0] + ((x + 0.5) * rect[2]) / width - info.originX) / info.stepX);
      const isInside = row >= 0 && row < info.height && column >= 0 && column < info.width;
      const at = y * width + x;
      if (isInside && values[row * info.width + column] && image[4 * at + 3]) kept[at] = 1;
    }
  }
  const metres = place.info?.metresPerPixel ?? null;
  const middle = [rect[0] + rect[2] / 2, rect[1] + rect[3] / 2];
  const degrees = place.georeference && place.at(place.georeference, middle[0], middle[1]);
  return {
    image,
    width,
    height,
    mask: kept,
    metresPerPixel: metres === null ? null : (metres * rect[2]) / width,
    place: degrees ? [degrees[0], degrees[1]] : null,
    empty: !kept.includes(1),
  };
}

/**
 * The whole pixels of a rectangle that are inside the scene.
 *
 * @param {Rect} rect
 * @param {{ width: number, height: number }} scene
 * @returns {Rect}
 */
function pixels([x, y, w, h], scene) {
  const [left, top] = [Math.max(0, Math.floor(x + 1e-6)), Math.max(0, Math.floor(y + 1e-6))];
  const right = Math.min(scene.width, Math.ceil(x + w - 1e-6));
  const bottom = Math.min(scene.height, Math.ceil(y + h - 1e-6));
  return [left, top, right - left, bottom - top];
}

/**
 * What two rectangles have in common; null if that is too little to show anything.
 *
 * @param {Rect} one
 * @param {Rect} other
 * @returns {Rect | null}
 */
function common([x, y, w, h], [otherX, otherY, otherW, otherH]) {
  const [left, top] = [Math.max(x, otherX), Math.max(y, otherY)];
  const [width, height] = [Math.min(x + w, otherX + otherW) - left, Math.min(y + h, otherY + otherH) - top];
  return Math.min(width, height) >= 16 ? [left, top, width, height] : null;
}
