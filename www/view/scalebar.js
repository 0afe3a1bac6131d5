// A bar of a round length on the ground.
import { significant } from "../text/format.js";
import { element } from "./dom.js";

const LONGEST = 120;

export class ScaleBar {
  #bar = element("span", { class: "viewer-scale-bar" });
  #text = element("span");

  constructor() {
    this.element = element("p", { class: "viewer-scale", hidden: true }, this.#bar, this.#text);
  }

  /**
   * `metresPerPixel` of the scene, null if not known; `scale` in CSS pixels per scene pixel.
   *
   * @param {number | null} metresPerPixel
   * @param {number} scale
   */
  show(metresPerPixel, scale) {
    this.element.hidden = !metresPerPixel || !(metresPerPixel > 0);
    if (!metresPerPixel || this.element.hidden) return;
    const metres = roundLength((LONGEST * metresPerPixel) / scale);
    this.#bar.style.width = `${(metres / metresPerPixel) * scale}px`;
    this.#text.textContent = lengthText(metres);
  }
}

/**
 * The largest of 1, 2 and 5 times a power of ten that is at most `most`.
 *
 * @param {number} most
 */
export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const times = [5, 2, 1].find((times) => times * power <= most * (1 + 1e-9)) ?? 1;
  return times * power;
}

/**
 * A length given in metres, formatted in km, m or cm.
 *
 * @param {number} metres
 */
export function lengthText(metres) {
  const [value, unit] = metres >= 1000 ? [metres / 1000, "km"] : metres >= 1 ? [metres, "m"] : [metres * 100, "cm"];
  return `${significant(value)}\u00a0${unit}`;
}
