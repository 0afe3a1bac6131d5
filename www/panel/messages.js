// What the page says to a person: one problem at a time, notices that stay until closed, and a line
// that only screen readers hear.
import { explain } from "../text/errors.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { icon } from "./icon.js";

/** Errors that diagnostics tell of. */
const KEPT = 10;

export class Messages {
  #find;
  #settings;
  #retry = null;

  /** `find(id)` gives an element of the page; `settings` remember which notice of a backend was closed. */
  constructor(find, settings) {
    this.#find = find;
    this.#settings = settings;
    this.errors = [];
    find("problem-close").addEventListener("click", () => this.clearProblem());
    find("problem-retry").addEventListener("click", () => {
      const retry = this.#retry;
      this.clearProblem();
      retry?.();
    });
  }

  /** Shows an error; with a `retry` there is a button for it. */
  problem(error, retry = null) {
    this.errors = [...this.errors.slice(1 - KEPT), error];
    const text = explain(error);
    this.#retry = retry;
    this.#find("problem-title").textContent = text.title;
    this.#find("problem-advice").textContent = text.advice;
    this.#find("problem-detail").textContent = text.detail;
    this.#find("problem-detail").hidden = !text.detail;
    this.#find("problem-retry").hidden = !retry;
    this.#find("problem").dataset.code = error.code ?? "";
    this.#find("problem").hidden = false;
  }

  clearProblem() {
    this.#retry = null;
    this.#find("problem").hidden = true;
  }

  get hasProblem() {
    return !this.#find("problem").hidden;
  }

  /** Shows `text` as the one notice of its `kind`; "" takes it away. */
  notice(kind, text, tone = "info") {
    const list = this.#find("notices");
    list.querySelector(`[data-kind="${kind}"]`)?.remove();
    if (!text || this.#settings.get("closed").includes(text)) return;
    const close = element("button", { type: "button", class: "close", "aria-label": t("notice.close") }, icon("close"));
    const attributes = { class: "message notice", "data-kind": kind, "data-tone": tone };
    const card = element("div", attributes, element("p", {}, text), close);
    close.addEventListener("click", () => {
      card.remove();
      // What is the same at every visit is said once; it stays with the model's card.
      if (kind === "backend") this.#settings.set("closed", [text]);
    });
    // On a phone a long one is cut short until it is tapped.
    card.addEventListener("click", () => card.classList.toggle("open"));
    list.append(card);
  }

  /** Takes away every notice whose kind begins so. */
  clearNotices(prefix) {
    for (const card of this.#find("notices").querySelectorAll(`[data-kind^="${prefix}"]`)) card.remove();
  }

  /** Says something to screen readers alone. */
  say(text) {
    this.#find("status").textContent = text;
  }

  /** Shows that something short is under way; "" when it is over. */
  working(text) {
    this.#find("working").hidden = !text;
    this.#find("working-text").textContent = text;
  }
}
