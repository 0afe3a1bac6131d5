// Messages to the user: one problem at a time, notices that stay until closed, and a line for screen
// readers only.
import { explain } from "../text/errors.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { icon } from "./icon.js";
/**
 * @import { Find } from "../../types/page.js"
 * @import { Settings } from "../state/settings.js"
 */

/** Number of errors kept for diagnostics. */
const KEPT = 10;

export class Messages {
  #find;
  #settings;
  /** @type {(() => void) | null} */
  #retry = null;

  /**
   * `find(id)` returns an element of the page; `settings` stores which backend notice was closed.
   *
   * @param {Find} find
   * @param {Settings} settings
   */
  constructor(find, settings) {
    this.#find = find;
    this.#settings = settings;
    /** The errors shown last, newest last.
     * @type {any[]} */
    this.errors = [];
    find("problem-close").addEventListener("click", () => this.clearProblem());
    find("problem-retry").addEventListener("click", () => {
      const retry = this.#retry;
      this.clearProblem();
      retry?.();
    });
  }

  /**
   * Shows an error; with `retry` there is a button that calls it.
   *
   * @param {any} error
   * @param {(() => void) | null} retry
   */
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

  /**
   * Shows `text` as the only notice of its `kind`; "" removes it.
   *
   * @param {string} kind
   * @param {string} text
   * @param {string} tone
   */
  notice(kind, text, tone = "info") {
    const list = this.#find("notices");
    list.querySelector(`[data-kind="${kind}"]`)?.remove();
    if (!text || this.#settings.get("closed").includes(text)) return;
    const close = element("button", { type: "button", class: "close", "aria-label": t("notice.close") }, icon("close"));
    const attributes = { class: "message notice", "data-kind": kind, "data-tone": tone };
    const card = element("div", attributes, element("p", {}, text), close);
    close.addEventListener("click", () => {
      card.remove();
      // A backend notice that is the same at every visit is shown until it is closed once. The model's card still shows
      // it afterwards.
      if (kind === "backend") this.#settings.set("closed", [text]);
    });
    // On a phone a long notice is truncated until it is tapped.
    card.addEventListener("click", () => card.classList.toggle("open"));
    list.append(card);
  }

  /**
   * Removes every notice whose kind starts with `prefix`.
   *
   * @param {string} prefix
   */
  clearNotices(prefix) {
    for (const card of this.#find("notices").querySelectorAll(`[data-kind^="${prefix}"]`)) card.remove();
  }

  /**
   * Announces something to screen readers only.
   *
   * @param {string} text
   */
  say(text) {
    this.#find("status").textContent = text;
  }

  /**
   * Shows that a short operation is in progress; "" when it is over.
   *
   * @param {string} text
   */
  working(text) {
    this.#find("working").hidden = !text;
    this.#find("working-text").textContent = text;
  }
}
