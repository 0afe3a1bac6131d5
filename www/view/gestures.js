// Mouse, pen, touch and wheel on an element, reduced to drags, pinches and wheel zooms.
/** @import { Point } from "../../types/scene.js" */

/**
 * @typedef {{ move: (point: Point) => void, drop: () => void, cancel: () => void }} Drag
 * @typedef {object} Hand
 * @property {(event: PointerEvent, point: Point) => Drag | null} grab
 * @property {(factor: number, point: Point, dx: number, dy: number) => void} pinch
 * @property {(factor: number, point: Point) => void} wheel
 * @typedef {UIEvent & { scale: number, clientX: number, clientY: number }} GestureEvent Safari's event of a pinch.
 */

/** A wheel step of 100 zooms by a quarter; a pinch on a touchpad comes in finer steps. */
const WHEEL = 0.0022;
const PINCH = 0.01;
/** Pixels per unit of `deltaMode`: pixel, line, page. */
const LINES = [1, 16, 400];

/**
 * `hand` has `grab(event, point)`, which returns a drag `{move(point), drop(), cancel()}` or null;
 * `pinch(factor, point, dx, dy)`; `wheel(factor, point)`. Points are `[x, y]` in CSS pixels of the element.
 */
export class Gestures {
  #element;
  #hand;
  /** @type {Map<number, Point>} */
  #pointers = new Map();
  /** @type {Drag | null} */
  #drag = null;
  #pinching = 1;

  /** @param {HTMLElement} element @param {Hand} hand */
  constructor(element, hand) {
    this.#element = element;
    this.#hand = hand;
    element.addEventListener("pointerdown", (event) => this.#down(event));
    element.addEventListener("pointermove", (event) => this.#move(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
      element.addEventListener(type, (event) => this.#up(event));
    }
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    // Safari reports a touchpad pinch in its own events.
    const listen = /** @type {(type: string, act: (event: any) => void) => void} */ (element.addEventListener);
    listen.call(element, "gesturestart", (event) => this.#gesture(event, true));
    listen.call(element, "gesturechange", (event) => this.#gesture(event, false));
  }

  get busy() {
    return this.#pointers.size > 0;
  }

  /** Cancels the current drag and reverts it; returns false if there was none. */
  cancel() {
    if (!this.#drag) return false;
    this.#drag.cancel();
    this.#drag = null;
    return true;
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {Point} */
  #point({ clientX, clientY }) {
    const { left, top } = this.#element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("button") || (event.pointerType === "mouse" && event.button > 1)) return;
    const point = this.#point(event);
    if (this.#pointers.size === 0) {
      this.#drag = this.#hand.grab(event, point);
      if (!this.#drag) return;
      // Otherwise the middle button would start the browser's autoscroll.
      if (event.button === 1) event.preventDefault();
    } else if (this.#pointers.size === 1) {
      this.cancel();
    }
    this.#pointers.set(event.pointerId, point);
    this.#element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const point = this.#point(event);
    if (this.#pointers.size === 1) {
      if (this.#drag) this.#drag.move(point);
      // The finger that stays down after a pinch continues to move the picture.
      else this.#hand.pinch(1, point, point[0] - before[0], point[1] - before[1]);
    } else {
      const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      this.#pinch(before, point, other);
    }
    this.#pointers.set(event.pointerId, point);
  }

  /** @param {Point} before @param {Point} now @param {Point} other */
  #pinch(before, now, other) {
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    /** @type {Point} */
    const middle = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    this.#hand.pinch(factor, middle, (now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup") this.#drag?.drop();
    else this.#drag?.cancel();
    this.#drag = null;
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * LINES[event.deltaMode];
    // Clamped: only wheels that scroll by pages report more than this per event.
    const turn = Math.max(-400, Math.min(400, pixels));
    this.#hand.wheel(Math.exp(-turn * (event.ctrlKey ? PINCH : WHEEL)), this.#point(event));
  }

  /** @param {GestureEvent} event @param {boolean} begins */
  #gesture(event, begins) {
    event.preventDefault();
    const factor = begins ? 1 : event.scale / this.#pinching;
    this.#pinching = event.scale;
    if (!begins && !this.busy) this.#hand.pinch(factor, this.#point(event), 0, 0);
  }
}

/** @param {Point} a @param {Point} b */
function distance([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY);
}
