// Outlines and numbers of objects over the image: chosen objects are bold, the phrase's reference objects dashed.
import { element } from "./dom.js";
/**
 * @import { Candidate, Outlines } from "../../types/engine.js"
 * @import { Point } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 * @import { Drag } from "./gestures.js"
 */

/** @typedef {Pick<Outlines, "objects" | "anchors"> & { colour: string }} CandidatesShown */

/** Line widths, in CSS pixels. */
const THIN = 1.25;
const STRONG = 3;
const HALO = 1.5;
const DASH = [5, 4];
/** How far the pointer may move during a click, in CSS pixels. */
const CLICK = 4;

export class CandidateView {
  element = element("canvas", { class: "viewer-candidates", "aria-hidden": "true", hidden: true });
  /** @type {CandidatesShown | null} */
  #value = null;
  /** @type {{ object: Candidate, path: Path2D }[]} */
  #paths = [];
  /** @type {Path2D[]} */
  #anchors = [];

  /**
   * `{objects, anchors, colour}` as Choice.outlines gives them, or null.
   *
   * @param {CandidatesShown | null} value
   */
  set value(value) {
    this.#value = value;
    this.element.hidden = !value;
    this.#paths = (value?.objects ?? []).map((object) => ({ object, path: pathOf(object.rings) }));
    this.#anchors = (value?.anchors ?? []).map(pathOf);
  }

  get value() {
    return this.#value;
  }

  /**
   * Draws them as `camera` sees the scene; `ratio` is canvas pixels per CSS pixel.
   *
   * @param {Camera} camera
   * @param {number} ratio
   */
  show(camera, ratio) {
    if (!this.#value) return;
    const { viewport } = camera;
    const [width, height] = [viewport.width, viewport.height].map((side) => Math.max(1, Math.round(side * ratio)));
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    const context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
    const scale = camera.scale * ratio;
    const [x, y] = camera.screenFromScene(0, 0);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(scale, 0, 0, scale, x * ratio, y * ratio);
    const pixel = 1 / camera.scale;
    /** @param {Path2D} path @param {number} size @param {string} colour @param {number[]} dash */
    const line = (path, size, colour, dash = []) => {
      context.setLineDash(dash.map((length) => length * pixel));
      for (const { extra, style } of [{ extra: HALO, style: "rgb(0 0 0 / 60%)" }, { extra: 0, style: colour }]) {
        context.lineWidth = (size + extra) * pixel;
        context.strokeStyle = style;
        context.stroke(path);
      }
    };
    context.lineJoin = "round";
    for (const path of this.#anchors) line(path, THIN, "#ffffff", DASH);
    for (const { object, path } of this.#paths) if (!object.chosen) line(path, THIN, "#ffffff");
    for (const { object, path } of this.#paths) if (object.chosen) line(path, STRONG, this.#value.colour);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const { object } of this.#paths) label(context, object, camera, this.#value.colour);
  }

  /**
   * The number of the smallest object under a point of the screen; null if there is none.
   *
   * @param {Camera} camera
   * @param {Point} point
   */
  at(camera, point) {
    const [x, y] = camera.sceneFromScreen(...point);
    const context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
    context.setTransform(1, 0, 0, 1, 0, 0);
    const under = this.#paths.filter(({ path }) => context.isPointInPath(path, x, y, "evenodd"));
    under.sort((a, b) => a.object.area - b.object.area);
    return under[0]?.object.place ?? null;
  }

  /**
   * Wraps the drag `hand`. If the pointer hardly moves, it ends as a click and `clicked()` is called.
   *
   * @param {Drag} hand
   * @param {Point} start
   * @param {() => void} clicked
   * @returns {Drag}
   */
  click(hand, start, clicked) {
    let isClick = true;
    return {
      ...hand,
      move: (point) => {
        isClick &&= Math.hypot(point[0] - start[0], point[1] - start[1]) < CLICK;
        if (!isClick) hand.move(point);
      },
      drop: () => {
        hand.drop();
        if (isClick) clicked();
      },
    };
  }
}

/** @param {number[][]} rings */
function pathOf(rings) {
  const path = new Path2D();
  for (const ring of rings) {
    path.moveTo(ring[0], ring[1]);
    for (let i = 2; i < ring.length; i += 2) path.lineTo(ring[i], ring[i + 1]);
    path.closePath();
  }
  return path;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Candidate} candidate
 * @param {Camera} camera
 * @param {string} colour
 */
function label(context, { place, chosen, centre }, camera, colour) {
  const [x, y] = camera.screenFromScene(...centre);
  const text = String(place + 1);
  context.font = `${chosen ? "700 12px" : "500 11px"} system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const height = chosen ? 18 : 15;
  const width = Math.max(height, context.measureText(text).width + 7);
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
  context.fillStyle = chosen ? "#ffffff" : "rgb(16 24 22 / 72%)";
  context.fill();
  if (chosen) {
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.fillStyle = chosen ? "#101816" : "#ffffff";
  context.fillText(text, x, y + 0.5);
}
