// What a screen reader is told of the view.
import { element } from "./dom.js";

/** A change is told once it has been still for so long. */
const STILL_MS = 500;

export class Status {
  element = element("p", { class: "viewer-status", role: "status" });
  #timer = 0;

  /** `text()` is asked when it is time: it tells how things are then. */
  say(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.textContent = text();
    }, STILL_MS);
  }
}
