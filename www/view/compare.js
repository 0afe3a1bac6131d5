// The compare slider: plain image on its left, masks on its right.
import { t } from "../text/text.js";
import { clamp } from "./camera.js";
import { element } from "./dom.js";
/**
 * @import { Point } from "../../types/scene.js"
 * @import { Doc } from "../state/document.js"
 * @import { Drag } from "./gestures.js"
 */

const STEP = 0.02;
const LEAP = 0.1;

export class Compare {
  #doc;

  /** @param {Doc} doc */
  constructor(doc) {
    this.#doc = doc;
    this.element = element(
      "div",
      {
        class: "viewer-compare",
        role: "slider",
        tabindex: 0,
        hidden: true,
        "aria-label": t("view.compare"),
        "aria-orientation": "horizontal",
        "aria-valuemin": 0,
        "aria-valuemax": 100,
      },
      element("span", { class: "viewer-tag left", "aria-hidden": "true" }, t("view.compare-plain")),
      element("span", { class: "viewer-tag right", "aria-hidden": "true" }, t("view.compare-masked")),
      element("span", { class: "viewer-knob", "aria-hidden": "true" }),
    );
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /**
   * Puts the slider at the document's position, in a view `width` CSS pixels wide.
   *
   * @param {number} width
   */
  show(width) {
    const { compare } = this.#doc;
    const focused = document.activeElement === this.element;
    this.element.hidden = compare === null;
    if (compare === null) {
      if (focused) this.element.parentElement?.focus();
      return;
    }
    this.element.style.transform = `translateX(${compare * width}px)`;
    const percent = Math.round(compare * 100);
    this.element.setAttribute("aria-valuenow", String(percent));
    this.element.setAttribute("aria-valuetext", t("view.compare-value", { percent }));
  }

  /**
   * Starts a drag at `point` that keeps its distance to the line; `width` as above.
   *
   * @param {Point} point
   * @param {number} width
   * @returns {Drag}
   */
  grab([x], width) {
    const before = /** @type {number} */ (this.#doc.compare);
    const off = x - before * width;
    this.element.focus({ preventScroll: true });
    return {
      move: ([x]) => this.#set((x - off) / width),
      drop: () => {},
      cancel: () => this.#set(before),
    };
  }

  /** @param {number} value */
  #set(value) {
    this.#doc.setCompare(clamp(value, 0, 1));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const value = /** @type {number} */ (this.#doc.compare);
    const step = event.shiftKey ? LEAP : STEP;
    /** @type {Record<string, number>} */
    const moves = {
      ArrowLeft: value - step,
      ArrowDown: value - step,
      ArrowRight: value + step,
      ArrowUp: value + step,
      PageDown: value - LEAP,
      PageUp: value + LEAP,
      Home: 0,
      End: 1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#set(moves[event.key]);
  }
}
