// A mask as fill and thin outline, computed at the screen's resolution: the line has the same width at every zoom.
/**
 * @import { Rect } from "../../types/scene.js"
 * @import { Context, Frame } from "./frame.js"
 */

export class Stencil {
  #mask = hidden();
  #inner = hidden();

  /**
   * Paints the mask `bitmap` (its alpha counts) over the scene's `rect` in `colour`: the inside with `fill`
   * opacity, the edge `line` canvas pixels wide and opaque.
   *
   * @param {Context} target
   * @param {Frame} frame
   * @param {ImageBitmap} bitmap
   * @param {Rect} rect
   * @param {{ colour: string, fill: number, line: number }} style
   */
  paint(target, frame, bitmap, rect, { colour, fill, line }) {
    const box = frame.box(rect, line);
    if (!box) return;
    const mask = begin(this.#mask, frame, line, box);
    frame.draw(mask, bitmap, rect, { shift: line });
    // The inner part: the intersection of the mask with copies of it shifted by the line's width each way.
    const inner = begin(this.#inner, frame, line, box);
    inner.drawImage(this.#mask, 0, 0);
    inner.globalCompositeOperation = "destination-in";
    for (const [dx, dy] of [[line, 0], [-line, 0], [0, line], [0, -line]]) inner.drawImage(this.#mask, dx, dy);
    mask.globalCompositeOperation = "destination-out";
    mask.drawImage(this.#inner, 0, 0);
    mask.globalCompositeOperation = "lighter";
    mask.globalAlpha = fill;
    if (fill > 0) mask.drawImage(this.#inner, 0, 0);
    mask.globalAlpha = 1;
    mask.globalCompositeOperation = "source-in";
    mask.fillStyle = colour;
    mask.fillRect(0, 0, this.#mask.width, this.#mask.height);
    const [x, y, width, height] = box;
    target.drawImage(this.#mask, x + line, y + line, width, height, x, y, width, height);
    mask.restore();
    inner.restore();
  }
}

/** A canvas that is never shown. */
export function hidden() {
  return new OffscreenCanvas(1, 1);
}

/**
 * Clears `canvas`, resized to the frame plus `margin` on each side, and clips to `box`. Returns its context; call
 * `restore` on it when done.
 *
 * @param {OffscreenCanvas} canvas
 * @param {Frame} frame
 * @param {number} margin
 * @param {Rect | null} box
 */
export function begin(canvas, frame, margin = 0, box = null) {
  const [width, height] = [frame.width + 2 * margin, frame.height + 2 * margin];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.save();
  if (box) {
    context.beginPath();
    context.rect(box[0] + margin, box[1] + margin, box[2], box[3]);
    context.clip();
  }
  context.clearRect(0, 0, width, height);
  return context;
}
