// The phrases that were run, newest first, and how a line of them is taken apart.
import { keep, recall } from "./settings.js";

const KEY = "s4eca-phrases";
const LIMIT = 50;

/** The phrases in what was typed or pasted: parted by semicolons or line ends, each once. */
export function splitPhrases(text) {
  const parts = text.split(/[;\n\r]+/).map((part) => part.trim()).filter(Boolean);
  return [...new Set(parts)];
}

export class PhraseHistory {
  #phrases;

  constructor() {
    const kept = recall(KEY, []);
    this.#phrases = Array.isArray(kept) ? kept.filter((phrase) => typeof phrase === "string").slice(0, LIMIT) : [];
  }

  get phrases() {
    return this.#phrases;
  }

  add(phrase) {
    this.#phrases = [phrase, ...this.#phrases.filter((other) => other !== phrase)].slice(0, LIMIT);
    keep(KEY, this.#phrases);
  }

  clear() {
    this.#phrases = [];
    keep(KEY, []);
  }
}
