// The page's texts: `t` returns one, `localise` puts them into the document. A translation is a file
// like en.js; it is selected here.
import { EN } from "./en.js";

const WORDS = EN;
/** The language of the texts and of number formats. */
export const LANGUAGE = "en-GB";
const plural = new Intl.PluralRules(LANGUAGE);

/** How a text is put into an element, by the data attribute that holds its key. */
const PLACES = {
  t: (element, text) => (element.textContent = text),
  tLabel: (element, text) => element.setAttribute("aria-label", text),
  tTitle: (element, text) => element.setAttribute("title", text),
  tPlaceholder: (element, text) => element.setAttribute("placeholder", text),
};

/** The text of `key`, with `{name}` filled in from `values`. In an entry with plural forms, `values.n` selects one. */
export function t(key, values = {}) {
  const entry = WORDS[key];
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const text = typeof entry === "string" ? entry : (entry[plural.select(values.n)] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(values[name] ?? ""));
}

/** A number with thousands separators; other values unchanged. */
function shown(value) {
  return typeof value === "number" ? value.toLocaleString(LANGUAGE) : String(value);
}

/** The raw entry of `key`, such as an error's title and advice; undefined if there is none. */
export function words(key) {
  return WORDS[key];
}

/** Whether there is a text for `key`. */
export function has(key) {
  return WORDS[key] !== undefined;
}

/** Fills every element under `root` that has data-t, data-t-label, data-t-title or data-t-placeholder. */
export function localise(root = document) {
  root.documentElement?.setAttribute("lang", LANGUAGE);
  for (const [place, put] of Object.entries(PLACES)) {
    const attribute = `data-${place.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    for (const element of root.querySelectorAll(`[${attribute}]`)) put(element, t(element.dataset[place]));
  }
}
