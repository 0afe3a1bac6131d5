// A camera on a canvas: maps scene pixels to canvas pixels and draws pictures there.
/**
 * @import { Rect } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 */

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/** From this many canvas pixels per picture pixel on, pixels are drawn without interpolation. */
const CRISP = 2;

export class Frame {
  /**
   * `ratio` is canvas pixels per CSS pixel; `width` and `height` are the canvas's.
   *
   * @param {Camera} camera
   * @param {number} ratio
   * @param {number} width
   * @param {number} height
   */
  constructor(camera, ratio, width, height) {
    this.ratio = ratio;
    this.width = width;
    this.height = height;
    this.scale = camera.scale * ratio;
    // Aligned to whole canvas pixels, so that at 100 % every scene pixel is exactly one screen pixel, without blur.
    this.x = Math.round((camera.viewport.width / 2) * ratio - camera.x * this.scale);
    this.y = Math.round((camera.viewport.height / 2) * ratio - camera.y * this.scale);
  }

  /**
   * The scene's `[x, y, width, height]` in canvas pixels, with fractions.
   *
   * @param {Rect} rect
   * @returns {Rect}
   */
  place([x, y, width, height]) {
    return [this.x + x * this.scale, this.y + y * this.scale, width * this.scale, height * this.scale];
  }

  /**
   * The whole canvas pixels within `margin` of the scene's `rect` that are on the canvas; null if there are none.
   *
   * @param {Rect} rect
   * @param {number} margin
   * @returns {Rect | null}
   */
  box(rect, margin = 0) {
    const [x, y, width, height] = this.place(rect);
    const left = Math.max(-margin, Math.floor(x) - margin);
    const top = Math.max(-margin, Math.floor(y) - margin);
    const right = Math.min(this.width + margin, Math.ceil(x + width) + margin);
    const bottom = Math.min(this.height + margin, Math.ceil(y + height) + margin);
    return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
  }

  /**
   * Draws `bitmap`, which shows the scene's `rect`, moved by `shift` canvas pixels. Only the visible part is
   * drawn: at high zoom the whole would be millions of pixels wide and lose precision.
   * `smooth` always interpolates, for a picture known to be coarser than its scene.
   *
   * @param {Context} context
   * @param {ImageBitmap} bitmap
   * @param {Rect} rect
   * @param {{ shift?: number, smooth?: boolean }} options
   */
  draw(context, bitmap, rect, { shift = 0, smooth = false } = {}) {
    const [x, y, width, height] = this.place(rect);
    const [kx, ky] = [width / bitmap.width, height / bitmap.height];
    const [left, across] = seen(x, kx, bitmap.width, this.width, shift);
    const [top, down] = seen(y, ky, bitmap.height, this.height, shift);
    if (across <= 0 || down <= 0) return;
    context.imageSmoothingEnabled = smooth || Math.min(kx, ky) < CRISP;
    context.imageSmoothingQuality = Math.min(kx, ky) < 1 ? "high" : "low";
    const [dx, dy] = [x + left * kx + shift, y + top * ky + shift];
    context.drawImage(bitmap, left, top, across, down, dx, dy, across * kx, down * ky);
  }
}

/**
 * The first and the number of a picture's pixels along one axis that are on the canvas, plus one on either side.
 *
 * @param {number} start
 * @param {number} size
 * @param {number} count
 * @param {number} canvas
 * @param {number} shift
 */
function seen(start, size, count, canvas, shift) {
  const first = Math.max(0, Math.floor((-shift - start) / size) - 1);
  const last = Math.min(count, Math.ceil((canvas + shift - start) / size) + 1);
  return [first, last - first];
}
