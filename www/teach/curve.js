// A small curve of the loss: one line per training.
import { t } from "../text/text.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 56;
/** The share of the former value in the smoothed loss. */
const SMOOTHING = 0.85;

export class Curve {
  element = document.createElementNS(SVG, "svg");
  /** The smoothed losses of each training. @type {number[][]} */
  #parts = [];

  constructor() {
    this.element.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    this.element.setAttribute("role", "img");
    this.element.classList.add("teach-curve");
    this.clear();
  }

  clear() {
    this.#parts = [];
    this.element.replaceChildren();
    this.element.toggleAttribute("hidden", true);
  }

  /**
   * Adds the loss of a step of training `part`.
   *
   * @param {number} loss
   * @param {number} part
   */
  add(loss, part) {
    const line = (this.#parts[part] ??= []);
    const former = line.at(-1) ?? loss;
    line.push(SMOOTHING * former + (1 - SMOOTHING) * loss);
    this.#draw(line);
  }

  /** @param {number[]} current */
  #draw(current) {
    const parts = Object.values(this.#parts);
    const most = Math.max(...parts.flat());
    const longest = Math.max(...parts.map((line) => line.length), 2);
    const lines = parts.map((line) => {
      const points = line.map((loss, at) => {
        const x = (at / (longest - 1)) * WIDTH;
        const y = HEIGHT - 2 - (loss / most) * (HEIGHT - 4);
        return `${x.toFixed(1)},${y.toFixed(1)}`;
      });
      const shape = document.createElementNS(SVG, "polyline");
      shape.setAttribute("points", points.join(" "));
      shape.classList.toggle("now", line === current);
      return shape;
    });
    this.element.replaceChildren(...lines);
    this.element.toggleAttribute("hidden", false);
    const [first, last] = [current[0], current[current.length - 1]].map((loss) => loss.toFixed(2));
    this.element.setAttribute("aria-label", t("teach.curve", { first, last }));
  }
}
