// Draws the viewer's content: the scene, and its masks in the selected look. Left of the compare slider: no masks.
import { Stencil, begin, hidden } from "./stencil.js";
/**
 * @import { Look } from "../../types/page.js"
 * @import { Rect, Size } from "../../types/scene.js"
 * @import { Context, Frame } from "./frame.js"
 * @import { Source } from "./details.js"
 */

/**
 * @typedef {object} Painted A layer as it is painted.
 * @property {Rect} rect
 * @property {string} colour
 * @property {number} opacity
 * @property {ImageBitmap | null} mask
 * @property {ImageBitmap | null} heat
 *
 * @typedef {{ scene: Size, sources: Source[], layers: Painted[], look: Look, compare: number | null }} View
 */

/**
 * Width of a mask's outline in CSS pixels.
 *
 * @type {Record<string, number>}
 */
const LINE = { overlay: 1.25, outline: 2.25 };
/** Side of a square of the checkerboard that marks transparency, in CSS pixels. */
const SQUARE = 8;

export class Painter {
  #canvas;
  #context;
  #stencil = new Stencil();
  #union = hidden();
  #cut = hidden();
  /** @type {{ side: number, pattern: CanvasPattern } | null} */
  #board = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /**
   * `width` and `height` in canvas pixels. A change clears the canvas: paint right after it.
   *
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
  }

  /**
   * `scene` is the scene's `{width, height}`; `sources` are `{bitmap, rect, native}` from coarse to fine;
   * `layers` are `{rect, mask, heat, colour, opacity}` with bitmaps or null; `look` is one of Doc's, `compare` a
   * share of the canvas or null.
   *
   * @param {Frame} frame
   * @param {View} view
   */
  paint(frame, { scene, sources, layers, look, compare }) {
    const context = this.#context;
    context.clearRect(0, 0, frame.width, frame.height);
    paintScene(context, frame, sources);
    const split = compare === null ? 0 : Math.round(compare * frame.width);
    context.save();
    context.beginPath();
    context.rect(split, 0, frame.width - split, frame.height);
    context.clip();
    if (look === "cutout") this.#paintCutout(frame, [0, 0, scene.width, scene.height], sources, layers);
    else if (look === "probability") paintHeat(context, frame, layers);
    else this.#paintMasks(frame, layers, look);
    context.restore();
  }

  /** @param {Frame} frame @param {Painted[]} layers @param {Look} look */
  #paintMasks(frame, layers, look) {
    const line = Math.max(1, Math.round(LINE[look] * frame.ratio));
    for (const { rect, mask, colour, opacity } of layers) {
      if (!mask) continue;
      this.#stencil.paint(this.#context, frame, mask, rect, { colour, line, fill: look === "outline" ? 0 : opacity });
    }
  }

  /**
   * Paints the scene inside the union of all masks and a checkerboard elsewhere; without a mask, only the scene.
   *
   * @param {Frame} frame
   * @param {Rect} whole
   * @param {Source[]} sources
   * @param {Painted[]} layers
   */
  #paintCutout(frame, whole, sources, layers) {
    const masked = layers.flatMap(({ mask, rect }) => (mask ? [{ mask, rect }] : []));
    const box = frame.box(whole);
    if (masked.length === 0 || !box) return;
    const union = begin(this.#union, frame);
    for (const { mask, rect } of masked) frame.draw(union, mask, rect);
    union.restore();
    const cut = begin(this.#cut, frame);
    paintScene(cut, frame, sources);
    cut.globalCompositeOperation = "destination-in";
    cut.drawImage(this.#union, 0, 0);
    cut.restore();
    const context = this.#context;
    context.fillStyle = this.#checkerboard(frame);
    context.fillRect(...box);
    context.drawImage(this.#cut, 0, 0);
  }

  /**
   * A pattern that moves with the scene.
   *
   * @param {Frame} frame
   */
  #checkerboard(frame) {
    const side = Math.round(SQUARE * frame.ratio);
    if (this.#board?.side !== side) {
      const tile = new OffscreenCanvas(2 * side, 2 * side);
      const context = /** @type {Context} */ (tile.getContext("2d"));
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, 2 * side, 2 * side);
      context.fillStyle = "#cfd6d4";
      context.fillRect(0, 0, side, side);
      context.fillRect(side, side, side, side);
      const pattern = /** @type {CanvasPattern} */ (this.#context.createPattern(tile, "repeat"));
      this.#board = { side, pattern };
    }
    this.#board.pattern.setTransform(new DOMMatrix([1, 0, 0, 1, frame.x % (2 * side), frame.y % (2 * side)]));
    return this.#board.pattern;
  }
}

/** @param {Context} context @param {Frame} frame @param {Source[]} sources */
function paintScene(context, frame, sources) {
  for (const { bitmap, rect, native } of sources) {
    clearUnder(context, frame, rect);
    frame.draw(context, bitmap, rect, { smooth: !native });
  }
}

/**
 * Clears the area under a finer picture: the coarser one's blurred edges would show where the finer has no data.
 *
 * @param {Context} context
 * @param {Frame} frame
 * @param {Rect} rect
 */
function clearUnder(context, frame, rect) {
  const [x, y, width, height] = frame.place(rect);
  const [left, top] = [Math.ceil(x), Math.ceil(y)];
  context.clearRect(left, top, Math.floor(x + width) - left, Math.floor(y + height) - top);
}

/** @param {Context} context @param {Frame} frame @param {Painted[]} layers */
function paintHeat(context, frame, layers) {
  for (const { rect, heat, opacity } of layers) {
    if (!heat) continue;
    context.globalAlpha = opacity;
    frame.draw(context, heat, rect, { smooth: true });
    context.globalAlpha = 1;
  }
}
