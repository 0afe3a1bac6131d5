// The page's words: `t` gives one, `localise` puts them into the document. A translation is a file
// like en.js; it is chosen here.
import { EN } from "./en.js";

const WORDS = EN;
/** Of the words and the numbers. */
export const LANGUAGE = "en-GB";
const plural = new Intl.PluralRules(LANGUAGE);

/** Attributes that hold words, by the data attribute that names their key. */
const PLACES = {
  t: (element, text) => (element.textContent = text),
  tLabel: (element, text) => element.setAttribute("aria-label", text),
  tTitle: (element, text) => element.setAttribute("title", text),
  tPlaceholder: (element, text) => element.setAttribute("placeholder", text),
};

/** The words of `key`, with `{name}` filled from `values`; where there are forms, the number `values.n` chooses. */
export function t(key, values = {}) {
  const entry = WORDS[key];
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const text = typeof entry === "string" ? entry : (entry[plural.select(values.n)] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(values[name] ?? ""));
}

/** A number with groups of thousands; all else as it is. */
function shown(value) {
  return typeof value === "number" ? value.toLocaleString(LANGUAGE) : String(value);
}

/** The entry of `key` as it is in the file, such as an error's title and advice; undefined where there is none. */
export function words(key) {
  return WORDS[key];
}

/** Whether there are words for `key`. */
export function has(key) {
  return WORDS[key] !== undefined;
}

/** Fills every element under `root` that names its words: data-t, data-t-label, data-t-title, data-t-placeholder. */
export function localise(root = document) {
  root.documentElement?.setAttribute("lang", LANGUAGE);
  for (const [place, put] of Object.entries(PLACES)) {
    const attribute = `data-${place.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    for (const element of root.querySelectorAll(`[${attribute}]`)) put(element, t(element.dataset[place]));
  }
}
