// Announces changes of the view to screen readers.
import { element } from "./dom.js";

/** A change is announced once nothing has changed for this long. */
const STILL_MS = 500;

export class Status {
  element = element("p", { class: "visually-hidden", role: "status" });
  #timer = 0;

  /**
   * `text()` is called at the time of the announcement.
   *
   * @param {() => string} text
   */
  say(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.element.textContent = text();
    }, STILL_MS);
  }
}
