// The canvas on the stage, at the screen's resolution.
import { element } from "./dom.js";
import { Frame } from "./frame.js";
import { Painter } from "./painter.js";
/**
 * @import { Camera } from "./camera.js"
 * @import { View } from "./painter.js"
 */

export class Surface {
  element = element("canvas", { class: "viewer-canvas", "aria-hidden": "true" });
  /** Canvas pixels per CSS pixel. */
  ratio = 1;
  /** In CSS pixels. */
  viewport = { width: 1, height: 1 };
  #painter = new Painter(this.element);

  /**
   * `resized()` must paint at once: a canvas is cleared when its size changes, and would flicker.
   *
   * @param {() => void} resized
   */
  constructor(resized) {
    const observer = new ResizeObserver(([entry]) => this.#resize(entry) && resized());
    try {
      observer.observe(this.element, { box: "device-pixel-content-box" });
    } catch {
      // Safari reports CSS pixels only.
      observer.observe(this.element);
    }
  }

  /** Reads the current size without waiting for the observer: a new scene then fits from its first frame on. */
  measure() {
    const { width, height } = this.element.getBoundingClientRect();
    this.viewport = { width, height };
  }

  /**
   * `what` is passed to the painter.
   *
   * @param {Camera} camera
   * @param {View} what
   */
  paint(camera, what) {
    this.#painter.paint(new Frame(camera, this.ratio, this.element.width, this.element.height), what);
  }

  /** @param {ResizeObserverEntry} entry */
  #resize({ contentRect, devicePixelContentBoxSize }) {
    const { width, height } = contentRect;
    if (width === 0 || height === 0) return false;
    this.ratio = devicePixelRatio;
    this.viewport = { width, height };
    const [box] = devicePixelContentBoxSize ?? [];
    this.#painter.resize(pixels(width * this.ratio, box?.inlineSize), pixels(height * this.ratio, box?.blockSize));
    return true;
  }
}

/**
 * The browser's own count of canvas pixels, unless it contradicts `expected`, as under an emulated screen.
 *
 * @param {number} expected
 * @param {number} counted
 */
function pixels(expected, counted = expected) {
  return Math.round(Math.abs(counted - expected) <= 1 ? counted : expected);
}
