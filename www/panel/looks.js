// How the masks are shown: the look, the compare slider, undo and redo.
/**
 * @import { Find, Look } from "../../types/page.js"
 * @import { Doc } from "../state/document.js"
 */

export class Looks {
  /** @param {Find} find @param {Doc} doc */
  constructor(find, doc) {
    this.find = find;
    this.doc = doc;
    find("look").addEventListener("change", ({ target }) => {
      const { value } = /** @type {HTMLInputElement} */ (target);
      doc.setLook(/** @type {Look} */ (value));
    });
    find("compare").addEventListener("click", () => this.toggleCompare());
    find("undo").addEventListener("click", () => doc.undo());
    find("redo").addEventListener("click", () => doc.redo());
    doc.addEventListener("look", () => this.#show());
    doc.addEventListener("history", () => {
      find("undo").disabled = !doc.canUndo;
      find("redo").disabled = !doc.canRedo;
    });
  }

  toggleCompare() {
    this.doc.setCompare(this.doc.compare === null ? 0.5 : null);
  }

  #show() {
    const { look, compare } = this.doc;
    for (const radio of this.find("look").querySelectorAll("input")) radio.checked = radio.value === look;
    this.find("compare").setAttribute("aria-pressed", String(compare !== null));
  }
}
