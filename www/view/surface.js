// The canvas on the stage: as many pixels as the screen has there.
import { element } from "./dom.js";
import { Frame } from "./frame.js";
import { Painter } from "./painter.js";

export class Surface {
  element = element("canvas", { class: "viewer-canvas", "aria-hidden": "true" });
  /** Canvas pixels a CSS pixel. */
  ratio = 1;
  /** In CSS pixels. */
  viewport = { width: 1, height: 1 };
  #painter = new Painter(this.element);

  /** `resized()` has to paint at once: a canvas is empty after a change of its size, and would flicker. */
  constructor(resized) {
    const observer = new ResizeObserver(([entry]) => this.#resize(entry) && resized());
    try {
      observer.observe(this.element, { box: "device-pixel-content-box" });
    } catch {
      // Safari knows CSS pixels only.
      observer.observe(this.element);
    }
  }

  /** The size as it is now, before the browser tells: a scene that appears fits from its first frame on. */
  measure() {
    const { width, height } = this.element.getBoundingClientRect();
    this.viewport = { width, height };
  }

  /** `what` is what the painter takes. */
  paint(camera, what) {
    this.#painter.paint(new Frame(camera, this.ratio, this.element.width, this.element.height), what);
  }

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

/** The browser's own count of canvas pixels, unless it contradicts `expected`, as under an emulated screen. */
function pixels(expected, counted = expected) {
  return Math.round(Math.abs(counted - expected) <= 1 ? counted : expected);
}
