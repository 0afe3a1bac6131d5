// The history of phrases, newest first, and the splitting of a text into phrases.
import { keep, recall } from "./settings.js";

const KEY = "s4eca-phrases";
const LIMIT = 50;

/**
 * The phrases in a typed or pasted text: separated by semicolons or line ends, without duplicates.
 *
 * @param {string} text
 */
export function splitPhrases(text) {
  const parts = text.split(/[;\n\r]+/).map((part) => part.trim()).filter(Boolean);
  return [...new Set(parts)];
}

export class PhraseHistory {
  /** @type {string[]} */
  #phrases;

  constructor() {
    const kept = recall(KEY, []);
    this.#phrases = Array.isArray(kept) ? kept.filter((phrase) => typeof phrase === "string").slice(0, LIMIT) : [];
  }

  get phrases() {
    return this.#phrases;
  }

  /** @param {string} phrase */
  add(phrase) {
    this.#phrases = [phrase, ...this.#phrases.filter((other) => other !== phrase)].slice(0, LIMIT);
    keep(KEY, this.#phrases);
  }

  clear() {
    this.#phrases = [];
    keep(KEY, []);
  }
}
