// The rectangle that selects a part of the scene: drawn, moved and resized by mouse, touch or keyboard.
import { number } from "../text/format.js";
import { t } from "../text/text.js";
import { clamp, inside } from "./camera.js";
import { element } from "./dom.js";
import { lengthText } from "./scalebar.js";
/**
 * @import { Point, Rect, Size } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 * @import { Drag } from "./gestures.js"
 */

const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
/** Step of a key that moves or resizes, in CSS pixels; at least one scene pixel. */
const STEP = 8;
/** A drag shorter than this, in CSS pixels, is a click. */
const CLICK = 4;
/** Maximum distance of an edge outside the view, in CSS pixels: browsers lose precision far outside. */
const BEYOND = 60;
/** Space for the size below the rectangle and the scale bar below that, in CSS pixels. */
const ROOM = 76;

export class Rectangle {
  /** @type {Rect | null} */
  #value = null;
  /** @type {Camera | null} */
  #camera = null;
  /** @type {number | null} */
  #metres = null;
  #size = element("span", { class: "viewer-size", "aria-hidden": "true" });
  #changed;

  /**
   * `changed()` is called at every change, even during a drag. `keys` is the id of the text on its keys.
   *
   * @param {string} keys
   * @param {() => void} changed
   */
  constructor(keys, changed) {
    this.#changed = changed;
    const handles = HANDLES.map((name) => element("span", { class: "viewer-handle", "data-handle": name }));
    const attributes = { role: "group", tabindex: 0, hidden: true, "aria-describedby": keys };
    this.element = element("div", { class: "viewer-rectangle", ...attributes }, ...handles, this.#size);
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** `[x, y, width, height]` in whole scene pixels, or null. */
  get value() {
    return this.#value;
  }

  /** @param {Rect | null} value */
  set value(value) {
    if (String(value) === String(this.#value)) return;
    this.#value = value;
    this.#changed();
  }

  /** The size as text: pixels, and a length on the ground if the scale is known. */
  get sizeText() {
    const [, , width, height] = /** @type {Rect} */ (this.#value);
    const pixels = t("view.size", { width: number(width), height: number(height) });
    if (!this.#metres) return pixels;
    return `${pixels} · ${lengthText(width * this.#metres)} × ${lengthText(height * this.#metres)}`;
  }

  /**
   * Puts the element where `camera` sees the rectangle. `metres` per pixel or null; `active` while the tool is on.
   *
   * @param {Camera} camera
   * @param {number | null} metres
   * @param {boolean} active
   */
  show(camera, metres, active) {
    this.#camera = camera;
    this.#metres = metres;
    const focused = this.element.contains(document.activeElement);
    this.element.hidden = !active || !this.#value;
    if (this.element.hidden) {
      if (focused) this.element.parentElement?.focus();
      return;
    }
    const [x, y, width, height] = /** @type {Rect} */ (this.#value);
    const [left, top] = camera.screenFromScene(x, y);
    const [right, bottom] = camera.screenFromScene(x + width, y + height);
    const view = camera.viewport;
    const [x0, x1] = [left, right].map((edge) => clamp(edge, -BEYOND, view.width + BEYOND));
    const [y0, y1] = [top, bottom].map((edge) => clamp(edge, -BEYOND, view.height + BEYOND));
    const { style } = this.element;
    style.transform = `translate(${x0}px, ${y0}px)`;
    style.width = `${x1 - x0}px`;
    style.height = `${y1 - y0}px`;
    // The size is shown below the rectangle, or inside it if there is no space.
    this.element.classList.toggle("low", y1 > view.height - ROOM);
    style.setProperty("--out", `${Math.max(0, y1 - view.height)}px`);
    this.element.setAttribute("aria-label", t("view.rectangle", { size: this.sizeText }));
    this.#size.textContent = this.sizeText;
    // Placed below the middle of its edge, but completely inside the view.
    const half = this.#size.offsetWidth / 2 + 8;
    style.setProperty("--middle", `${clamp((x0 + x1) / 2, half, view.width - half) - x0}px`);
  }

  /** Sets a rectangle in the middle of the view, for drawing without a pointer. */
  begin() {
    const camera = this.#shown;
    const [x, y, width, height] = camera.visible();
    this.value = inside([x + width / 4, y + height / 4, width / 2, height / 2], camera.scene);
  }

  /** The camera of the last `show`, which precedes every use. */
  get #shown() {
    return /** @type {Camera} */ (this.#camera);
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  /**
   * A drag that starts on a handle (resizes), inside the rectangle (moves) or elsewhere (draws a new one).
   *
   * @param {PointerEvent} event
   * @param {Point} point
   * @returns {Drag}
   */
  grab(event, point) {
    const before = this.#value;
    const target = /** @type {HTMLElement} */ (event.target);
    const handle = target.dataset?.handle;
    const isInside = this.element.contains(target);
    const from = this.#shown.sceneFromScreen(...point);
    /** @param {Point} to */
    const shape = (to) => {
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const { scene } = this.#shown;
      // A handle is shown, and the inside exists, only with a rectangle.
      const rect = /** @type {Rect} */ (before);
      if (handle) return resized(rect, handle, dx, dy, scene);
      return isInside ? moved(rect, dx, dy, scene) : spanned(from, to, scene);
    };
    let isDrawn = isInside;
    return {
      move: (now) => {
        isDrawn ||= Math.hypot(now[0] - point[0], now[1] - point[1]) >= CLICK;
        if (isDrawn) this.value = shape(this.#shown.sceneFromScreen(...now));
      },
      drop: () => {},
      cancel: () => {
        this.value = before;
      },
    };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = Math.max(1, Math.round(STEP / this.#shown.scale));
    /** @type {Record<string, Point>} */
    const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    const way = ways[event.key];
    const { scene } = this.#shown;
    // The element has the focus only while it is shown.
    const rect = /** @type {Rect} */ (this.#value);
    if (way && event.shiftKey) this.value = resized(rect, "se", ...way, scene);
    else if (way) this.value = moved(rect, ...way, scene);
    else if (event.key === "Delete" || event.key === "Backspace") this.value = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * The rectangle between two scene points, in either order.
 *
 * @param {Point} a
 * @param {Point} b
 * @param {Size} scene
 */
export function spanned([x0, y0], [x1, y1], scene) {
  const [left, right] = [x0, x1].sort((a, b) => a - b);
  const [top, bottom] = [y0, y1].sort((a, b) => a - b);
  return inside([left, top, right - left, bottom - top], scene);
}

/**
 * The rectangle moved, as far as the scene allows; the size stays.
 *
 * @param {Rect} rect
 * @param {number} dx
 * @param {number} dy
 * @param {Size} scene
 * @returns {Rect}
 */
export function moved([x, y, width, height], dx, dy, scene) {
  const left = clamp(Math.round(x + dx), 0, scene.width - width);
  const top = clamp(Math.round(y + dy), 0, scene.height - height);
  return [left, top, width, height];
}

/**
 * The rectangle with the edges named by `handle` (a compass point) moved; it flips beyond the opposite edge.
 *
 * @param {Rect} rect
 * @param {string} handle
 * @param {number} dx
 * @param {number} dy
 * @param {Size} scene
 */
export function resized([x, y, width, height], handle, dx, dy, scene) {
  /** @param {number} value @param {number} size */
  const edge = (value, size) => clamp(Math.round(value), 0, size);
  const left = handle.includes("w") ? edge(x + dx, scene.width) : x;
  const right = handle.includes("e") ? edge(x + width + dx, scene.width) : x + width;
  const top = handle.includes("n") ? edge(y + dy, scene.height) : y;
  const bottom = handle.includes("s") ? edge(y + height + dy, scene.height) : y + height;
  return spanned([left, top], [right, bottom], scene);
}
