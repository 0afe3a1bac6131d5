// The readout for the pointer: scene pixel, longitude and latitude if known; and the zoom.
import { number } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "./dom.js";
/**
 * @import { Scene } from "../../types/page.js"
 * @import { Point } from "../../types/scene.js"
 */

const EARTH_RADIUS = 6_371_008.8; // metres, IUGG mean

export class Readout {
  #place = element("span", { class: "viewer-place" });
  #zoom = element("span");

  constructor() {
    // Follows the pointer, so it is hidden from screen readers.
    this.element = element("p", { class: "viewer-readout", "aria-hidden": "true" }, this.#place, this.#zoom);
  }

  /**
   * `point` in scene pixels or null; `scale` in screen pixels per scene pixel.
   *
   * @param {Scene} scene
   * @param {Point | null} point
   * @param {number} scale
   */
  show(scene, point, scale) {
    const percent = scale * 100;
    this.#zoom.textContent = `${number(percent, percent < 1 ? 2 : percent < 10 ? 1 : 0)}\u00a0%`;
    const [x, y] = point ?? [-1, -1];
    const isInside = x >= 0 && y >= 0 && x < scene.width && y < scene.height;
    const texts = isInside ? [t("view.pixel", { x: number(Math.floor(x)), y: number(Math.floor(y)) })] : [];
    const corners = scene.georeference?.corners;
    // A corner may be outside the area that its coordinate system covers.
    if (isInside && corners?.every((corner) => corner !== null)) {
      texts.push(degrees(corners, x / scene.width, y / scene.height));
    }
    this.#place.textContent = texts.join(" · ");
  }
}

/**
 * Longitude and latitude at the shares `u` and `v` of the way across and down, between corners `[longitude,
 * latitude]` (top left, top right, bottom right, bottom left): exact for a geographic grid, approximate for others.
 *
 * @param {number[][]} corners
 * @param {number} u
 * @param {number} v
 */
export function placeBetween([[x0, y0], [x1, y1], [x2, y2], [x3, y3]], u, v) {
  /** @param {number} a @param {number} b @param {number} c @param {number} d */
  const across = (a, b, c, d) => (1 - v) * ((1 - u) * a + u * b) + v * ((1 - u) * d + u * c);
  // Takes the shorter way across the date line.
  const [e, f, g] = [x1, x2, x3].map((x) => x - 360 * Math.round((x - x0) / 360));
  const longitude = across(x0, e, f, g);
  return [longitude - 360 * Math.round(longitude / 360), across(y0, y1, y2, y3)];
}

/**
 * Accurate decimals of a degree: straight lines between corners deviate from a curved grid by about L² / 8R.
 *
 * @param {number[][]} corners
 */
export function decimals(corners) {
  const [[x0, y0], , [x1, y1]] = corners;
  const radians = Math.PI / 180;
  const width = (x1 - x0 - 360 * Math.round((x1 - x0) / 360)) * Math.cos(((y0 + y1) / 2) * radians);
  const diagonal = Math.hypot(width, y1 - y0) * radians * EARTH_RADIUS;
  const error = Math.max(0.05, diagonal ** 2 / (8 * EARTH_RADIUS));
  return Math.min(6, Math.max(1, Math.floor(-Math.log10(error / (radians * EARTH_RADIUS)))));
}

/** @param {number[][]} corners @param {number} u @param {number} v */
function degrees(corners, u, v) {
  const [longitude, latitude] = placeBetween(corners, u, v);
  const digits = decimals(corners);
  const north = t(latitude < 0 ? "view.south" : "view.north", { degrees: Math.abs(latitude).toFixed(digits) });
  const east = t(longitude < 0 ? "view.west" : "view.east", { degrees: Math.abs(longitude).toFixed(digits) });
  return `${north} ${east}`;
}
