// The phrase: typed, pasted, chosen from the history or an example.
import { phraseRefusal } from "../text/errors.js";
import { t } from "../text/text.js";
import { PhraseHistory, splitPhrases } from "../state/phrases.js";
import { element } from "../view/dom.js";
/** @import { Find } from "../../types/page.js" */

export class PhraseBox {
  #find;
  #input;
  #history = new PhraseHistory();
  #changed = () => {};

  /**
   * `submit()` is called for Enter, the button and an example.
   *
   * @param {Find} find
   * @param {() => void} submit
   */
  constructor(find, submit) {
    this.#find = find;
    this.#input = find("phrase");
    this.#listHistory();
    this.#input.addEventListener("input", () => this.#changed());
    find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    // A single-line field would join pasted lines: each line is a phrase.
    this.#input.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (!/[\n\r]/.test(text.trim())) return;
      event.preventDefault();
      // Numbers in a text field.
      const start = Number(this.#input.selectionStart);
      const end = Number(this.#input.selectionEnd);
      this.#input.setRangeText(splitPhrases(text).join("; "), start, end, "end");
      this.#changed();
    });
    find("forget-phrases").addEventListener("click", () => {
      this.#history.clear();
      this.#listHistory();
      find("cache-note").textContent = t("phrases.forgotten");
    });
    find("examples").addEventListener("click", ({ target }) => {
      const chip = /** @type {Element} */ (target).closest("button");
      if (!chip) return;
      this.#input.value = chip.textContent;
      this.#changed();
      submit();
    });
  }

  /**
   * `changed()` is called whenever the text in the box changes.
   *
   * @param {() => void} changed
   */
  listen(changed) {
    this.#changed = changed;
  }

  /**
   * Replaces `phrase` by `next` in the box.
   *
   * @param {string} phrase
   * @param {string} next
   */
  replace(phrase, next) {
    this.#input.value = this.phrases.map((other) => (other === phrase ? next : other)).join("; ");
    this.#changed();
  }

  /** The current phrases; an empty list if there is nothing but blanks and separators. */
  get phrases() {
    return splitPhrases(this.#input.value);
  }

  /** The first reason why a phrase cannot be read: a code of `explain`, or "". */
  get refusal() {
    const { phrases } = this;
    if (phrases.length === 0) return phraseRefusal(this.#input.value.replaceAll(";", " "));
    return phrases.map(phraseRefusal).find(Boolean) ?? "";
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {string} text */
  note(text) {
    this.#find("phrase-note").textContent = text;
  }

  /**
   * Adds phrases that are run to the history.
   *
   * @param {string[]} phrases
   */
  remember(phrases) {
    for (const phrase of phrases) this.#history.add(phrase);
    this.#listHistory();
  }

  /**
   * Shows example phrases; the page's defaults if there are none for the image.
   *
   * @param {string[]} [phrases]
   */
  showExamples(phrases) {
    const list = phrases?.length ? phrases : splitPhrases(t("examples.fallback"));
    const chips = list.map((phrase) => element("button", { type: "button", class: "chip" }, phrase));
    this.#find("examples").replaceChildren(...chips);
  }

  #listHistory() {
    const options = this.#history.phrases.map((phrase) => element("option", { value: phrase }));
    this.#find("phrase-history").replaceChildren(...options);
  }
}
