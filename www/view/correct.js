// Corrects a mask by strokes: a brush, a lasso, or a click on a part; by mouse, touch, pen or keys. Draws the cursor,
// the stroke in progress, and finished strokes until the mask shows them.
import { number } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "./dom.js";
import { Ink } from "./ink.js";
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Point, Stroke } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 * @import { Drag } from "./gestures.js"
 */

/**
 * @typedef {"brush" | "lasso" | "part"} CorrectTool
 * @typedef {object} CorrectOptions
 * @property {PlanInfo} plan The grid of the layer's map.
 * @property {CorrectTool} tool
 * @property {boolean} adds
 * @property {number} size Diameter of the brush in map px.
 * @property {string} colour
 *
 * @typedef {Stroke & { plan: PlanInfo, colour: string }} Drawn A stroke while it is drawn.
 */

/** Movements shorter than this are clicks, and a click this near to the first corner closes a lasso, in CSS pixels. */
const CLICK = 6;
/** Steps of the arrow keys, without and with Shift, in CSS pixels; at least one map pixel. */
const STEP = 8;
const LEAP = 48;
/** A point is part of a line from this distance on, in map pixels and in shares of the brush's size. */
const APART = 0.3;
const APART_SHARE = 0.05;
/** Bit of `PointerEvent.buttons` for the rubber at the other end of a pen. */
const RUBBER = 32;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class CorrectView {
  element = element("canvas", { class: "viewer-correct", "aria-hidden": "true", hidden: true });
  #ink = new Ink(this.element);
  #done;
  /** @type {CorrectOptions | null} */
  #options = null;
  /** @type {Camera | null} */
  #camera = null;
  /** @type {Point | null} */
  #cursor = null; // in scene px
  #isByKey = false; // whether keys moved the cursor last
  /** @type {number[]} */
  #line = []; // the stroke in progress, in map px
  /** @type {boolean | null} */
  #adds = null; // whether it adds, if that differs from the options
  /** @type {"drag" | "space" | "enter" | "corners" | null} */
  #pen = null; // what draws it
  /** @type {(() => string) | null} */
  #onRelease = null; // what the space bar does when it is released
  /** @type {{ stroke: Drawn, correction: number | null | undefined }[]} */
  #ended = []; // strokes that the mask may not show yet

  /**
   * `done(stroke)` is called with every finished stroke.
   *
   * @param {(stroke: Drawn) => void} done
   */
  constructor(done) {
    this.#done = done;
  }

  /** @param {CorrectOptions | null} options */
  set options(options) {
    const [before, after] = [this.#options, options];
    if (before?.tool !== after?.tool || before?.plan !== after?.plan) this.cancel();
    if (before?.plan !== after?.plan) this.#ended = [];
    this.#options = options;
  }

  /** Where the keys have put the cursor, in scene pixels; null if the mouse leads it. */
  get cursor() {
    return this.#isByKey ? this.#cursor : null;
  }

  /**
   * Moves the cursor to the mouse's point in the scene; null if the mouse has left.
   *
   * @param {Point | null} point
   */
  hover(point) {
    if (!point && this.#isByKey) return;
    this.#cursor = point;
    this.#isByKey = false;
  }

  /**
   * The viewer has received the focus. If that happened by keyboard, the keyboard cursor is shown.
   *
   * @param {boolean} byKey
   */
  enter(byKey) {
    this.#isByKey ||= byKey && !this.#cursor;
  }

  /** The focus has left: a line that keys draw ends, and their cursor is hidden. */
  leave() {
    this.#onRelease = null;
    if (!this.#isByKey) return;
    if (this.#pen === "space" || this.#pen === "enter") this.#finish();
    this.#cursor = null;
    this.#isByKey = false;
  }

  /** Cancels the stroke in progress; returns false if there is none. */
  cancel() {
    if (this.#line.length === 0) return false;
    this.#line = [];
    this.#pen = null;
    this.#adds = null;
    return true;
  }

  /**
   * Ends the preview of a stroke once the mask is drawn with `correction`, or at once if that is null.
   *
   * @param {Drawn} stroke
   * @param {number | null} correction
   */
  end(stroke, correction) {
    for (const ended of this.#ended) if (ended.stroke === stroke) ended.correction = correction;
  }

  hide() {
    this.element.hidden = true;
    this.#camera = null;
  }

  /**
   * Draws everything as `camera` sees it; `ratio` is canvas pixels per CSS pixel. `shown` is the correction that the
   * drawn mask includes: Infinity for the newest, null if no mask is drawn.
   *
   * @param {Camera} camera
   * @param {number} ratio
   * @param {number | null} shown
   */
  show(camera, ratio, shown) {
    this.#camera = camera;
    this.element.hidden = !this.#options;
    if (!this.#options) return;
    this.#ended = this.#ended.filter(({ correction }) => {
      return correction === undefined || (correction !== null && shown !== null && shown < correction);
    });
    if (this.#isByKey) this.#cursor ??= [camera.x, camera.y];
    this.#ink.begin(camera, ratio);
    for (const { stroke } of this.#ended) this.#ink.stroke(stroke);
    if (this.#line.length > 0) this.#ink.stroke(this.#stroke(this.#options, this.#line), this.#pen === "corners");
    if (this.#cursor) this.#ink.cursor(this.#cursor, { ...this.#options, adds: this.#isAdding });
  }

  /**
   * A drag that draws a stroke. A lasso is also drawn corner by corner, by clicks.
   *
   * @param {PointerEvent} event
   * @param {Point} start
   * @returns {Drag | null}
   */
  grab(event, start) {
    if (!this.#options || !this.#camera) return null;
    const { tool } = this.#options;
    if (tool !== "lasso" || this.#pen !== "corners") this.cancel();
    this.#isByKey = false;
    const wasOpen = this.#pen === "corners";
    const before = [...this.#line];
    this.#pen = wasOpen ? "corners" : "drag";
    if (event.buttons & RUBBER) this.#adds = false;
    let last = this.#camera.sceneFromScreen(...start);
    let isClick = true;
    this.#append(last);
    return {
      move: (point) => {
        isClick &&= Math.hypot(point[0] - start[0], point[1] - start[1]) < CLICK;
        last = this.#shown.sceneFromScreen(...point);
        if (event.pointerType !== "touch") this.#cursor = last;
        if (tool === "brush" || (tool === "lasso" && !isClick)) this.#append(last);
      },
      drop: () => {
        if (tool === "lasso" && (isClick || wasOpen)) this.#corner(wasOpen);
        else if (tool !== "part" || isClick) this.#finish();
        else this.cancel();
      },
      cancel: () => {
        this.cancel();
        this.#line = wasOpen ? before : [];
        this.#pen = wasOpen ? "corners" : null;
      },
    };
  }

  /**
   * The action of a key; null if it has none. The function returns a text for screen readers, or "".
   *
   * @param {KeyboardEvent} event
   * @returns {(() => string) | null}
   */
  actionOf({ key, shiftKey, repeat, ctrlKey, metaKey, altKey }) {
    if (!this.#options || !this.#camera || ctrlKey || metaKey || altKey) return null;
    const { tool } = this.#options;
    const arrow = ARROWS[key];
    if (arrow) return () => this.#move(arrow, shiftKey ? LEAP : STEP);
    if (key !== " " && key !== "Enter") return null;
    if (repeat) return () => "";
    return () => {
      const at = this.#keyCursor();
      if (tool !== "brush") return this.#press(key === " ", tool, at);
      if (key === "Enter" && this.#pen === "enter") return this.#finish();
      if (this.#pen) return "";
      this.#pen = key === "Enter" ? "enter" : "space";
      this.#append(at);
      return key === "Enter" ? t("correct.pen-down") : "";
    };
  }

  /** The space bar was released: it ends the stroke that it draws, or acts now. Returns a text like an action's. */
  release() {
    const act = this.#onRelease;
    this.#onRelease = null;
    if (this.#pen === "space") return this.#finish();
    return act ? act() : "";
  }

  /** The space bar was held for the mouse to move the view, not to draw. */
  interrupt() {
    this.#onRelease = null;
    if (this.#pen === "space") this.cancel();
  }

  /** The camera of the last `show`, which precedes every drag. */
  get #shown() {
    return /** @type {Camera} */ (this.#camera);
  }

  get #isAdding() {
    return this.#adds ?? this.#options?.adds ?? true;
  }

  /** The cursor for the keys: where it is, or in the middle of the view. */
  #keyCursor() {
    const { x, y } = this.#shown;
    this.#isByKey = true;
    this.#cursor ??= [x, y];
    return this.#cursor;
  }

  /** @param {Point} way @param {number} length */
  #move([dx, dy], length) {
    const { plan } = /** @type {CorrectOptions} */ (this.#options);
    const { scale, scene } = this.#shown;
    const [x, y] = this.#keyCursor();
    /** @param {number} from @param {number} way @param {number} step @param {number} side */
    const along = (from, way, step, side) => {
      const moved = from + way * Math.max(step, Math.round(length / scale / step) * step);
      return Math.min(side, Math.max(0, moved));
    };
    this.#cursor = [along(x, dx, plan.stepX, scene.width), along(y, dy, plan.stepY, scene.height)];
    if (this.#pen === "space" || this.#pen === "enter") this.#append(this.#cursor);
    const [left, top] = this.#cursor.map((value) => number(Math.floor(value)));
    return t("view.pixel", { x: left, y: top });
  }

  /**
   * Space or Enter, with a tool that acts at a point. Space acts when it is released: until then the mouse may move the
   * view with it.
   *
   * @param {boolean} isSpace
   * @param {CorrectTool} tool
   * @param {Point} at
   */
  #press(isSpace, tool, at) {
    if (tool === "lasso" && !isSpace) return this.#line.length < 6 ? t("correct.too-few") : this.#finish();
    const act = () => {
      if (tool === "lasso") this.#pen = "corners";
      this.#append(at);
      return tool === "lasso" ? t("correct.corner", { n: this.#line.length / 2 }) : this.#finish();
    };
    if (!isSpace) return act();
    this.#onRelease = act;
    return "";
  }

  /**
   * A click sets a corner of a lasso. A click near the first corner closes the outline.
   *
   * @param {boolean} wasOpen
   */
  #corner(wasOpen) {
    this.#pen = "corners";
    const [x, y] = this.#line;
    const [lastX, lastY] = this.#line.slice(-2);
    const { plan } = /** @type {CorrectOptions} */ (this.#options);
    const distance = Math.hypot((x - lastX) * plan.stepX, (y - lastY) * plan.stepY) * this.#shown.scale;
    if (wasOpen && this.#line.length > 6 && distance < 2 * CLICK) this.#finish();
  }

  /**
   * Adds a point of the scene to the stroke, unless it is next to the last one.
   *
   * @param {Point} point
   */
  #append([x, y]) {
    const { plan, size, tool } = /** @type {CorrectOptions} */ (this.#options);
    const [column, row] = [(x - plan.originX) / plan.stepX, (y - plan.originY) / plan.stepY];
    const [lastColumn, lastRow] = this.#line.slice(-2);
    const least = tool === "brush" ? Math.max(APART, size * APART_SHARE) : APART;
    if (this.#line.length > 0 && Math.hypot(column - lastColumn, row - lastRow) < least) return;
    this.#line.push(column, row);
  }

  /** @param {CorrectOptions} options @param {number[]} line @returns {Drawn} */
  #stroke({ plan, tool, size, colour }, line) {
    return { kind: tool, adds: this.#isAdding, radius: size / 2, points: Float64Array.from(line), plan, colour };
  }

  #finish() {
    const { tool } = /** @type {CorrectOptions} */ (this.#options);
    const stroke = this.#stroke(/** @type {CorrectOptions} */ (this.#options), this.#line);
    this.cancel();
    if (stroke.points.length === 0 || (tool === "lasso" && stroke.points.length < 6)) return "";
    this.#ended.push({ stroke, correction: undefined });
    this.#done(stroke);
    return "";
  }
}
