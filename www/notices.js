// What the page says to a person: one problem at a time, and notices that stay until closed.
import { explain } from "./messages.js";

export class Notices {
  #find;
  #retry = null;

  /** `find(id)` gives an element of the page. */
  constructor(find) {
    this.#find = find;
    find("problem-close").addEventListener("click", () => this.clearProblem());
    find("problem-retry").addEventListener("click", () => {
      const retry = this.#retry;
      this.clearProblem();
      retry?.();
    });
  }

  /** Shows an error; with a `retry` there is a button for it. */
  problem(error, retry = null) {
    const text = explain(error);
    this.#retry = retry;
    this.#find("problem-title").textContent = text.title;
    this.#find("problem-advice").textContent = text.advice;
    this.#find("problem-detail").textContent = text.detail;
    this.#find("problem-detail").hidden = !text.detail;
    this.#find("problem-retry").hidden = !this.#retry;
    const card = this.#find("problem");
    card.hidden = false;
    card.dataset.code = error.code ?? "";
    card.scrollIntoView({ block: "nearest" });
  }

  clearProblem() {
    this.#retry = null;
    this.#find("problem").hidden = true;
  }

  /** Shows `text` as the one notice of its `kind`; "" takes it away. */
  notice(kind, text, tone = "info") {
    const list = this.#find("notices");
    list.querySelector(`[data-kind="${kind}"]`)?.remove();
    if (!text) return;
    const card = document.createElement("div");
    card.className = "notice card";
    card.dataset.kind = kind;
    card.dataset.tone = tone;
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.setAttribute("aria-label", "Close this notice");
    close.textContent = "×";
    close.addEventListener("click", () => card.remove());
    card.append(words, close);
    list.append(card);
  }
}
