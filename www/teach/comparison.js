// The examples with the masks before and after, side by side, one example at a time.
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { button } from "./button.js";
import { pixelsOf } from "./pixels.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { Example, Pixels } from "../../types/teach.js"
 */

/** Colour of masks, and how much of the image shows through. */
const COLOUR = [255, 64, 129];
const OPACITY = 0.5;

export class Comparison {
  element = element("div", { class: "teach-comparison" });
  #examples;
  #compare;
  #at = 0;
  #which = element("p", { class: "figures" });
  #pictures = element("div", { class: "teach-pictures" });

  /** @param {Example[]} examples @param {(at: number) => Promise<[Bytes, Bytes]>} compare */
  constructor(examples, compare) {
    this.#examples = examples;
    this.#compare = compare;
    this.#which.setAttribute("role", "status");
    const row = element("div", { class: "row" });
    if (examples.length > 1) row.append(button("teach.previous", () => this.#step(-1)), button("teach.next", () => this.#step(1)));
    this.element.append(this.#which, this.#pictures, row);
  }

  /** @param {number} by */
  #step(by) {
    const count = this.#examples.length;
    this.#at = (this.#at + by + count) % count;
    this.show();
  }

  /** Shows the current example. */
  async show() {
    const at = this.#at;
    const example = this.#examples[at];
    this.#which.textContent = t("teach.example", { at: at + 1, n: this.#examples.length, phrase: example.phrase });
    try {
      const [pixels, [before, after]] = await Promise.all([pixelsOf(example), this.#compare(at)]);
      if (at !== this.#at) return;
      const figures = [
        ["teach.before", before],
        ["teach.after", after],
        ["teach.corrected", pixels.mask],
      ].map(([key, mask]) => picture(pixels, /** @type {Bytes} */ (mask), t(/** @type {string} */ (key))));
      this.#pictures.replaceChildren(...figures);
    } catch {
      // The worker was terminated, and the comparison ended with it.
    }
  }
}

/**
 * The image with a mask over it.
 *
 * @param {Pixels} pixels
 * @param {Bytes} mask
 * @param {string} title
 */
function picture({ width, height, rgba }, mask, title) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const shown = new Uint8ClampedArray(rgba);
  let set = 0;
  for (let at = 0; at < mask.length; at += 1) {
    if (!mask[at]) continue;
    set += 1;
    for (let channel = 0; channel < 3; channel += 1) {
      shown[4 * at + channel] = (1 - OPACITY) * rgba[4 * at + channel] + OPACITY * COLOUR[channel];
    }
  }
  canvas.getContext("2d")?.putImageData(new ImageData(shown, width, height), 0, 0);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", t("teach.masked", { title, percent: ((100 * set) / mask.length).toFixed(1) }));
  const figure = element("figure");
  figure.dataset.set = String(set);
  figure.append(canvas, element("figcaption", { class: "figures" }, title));
  return figure;
}
