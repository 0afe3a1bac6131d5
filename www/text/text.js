// The page's texts: `t` returns one. A translation is a file like en.js; it is selected here.
import { EN } from "./en.js";

/**
 * @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Plural A text by the plural form of `n`.
 * @typedef {string | Plural | string[]} Entry Errors have a title and an advice.
 */

/** @type {Record<string, Entry>} */
const WORDS = EN;
/** The language of the texts and of number formats. */
export const LANGUAGE = "en-GB";
const plural = new Intl.PluralRules(LANGUAGE);

/**
 * The text of `key`, with `{name}` filled in from `values`. In an entry with plural forms, `values.n` selects one.
 *
 * @param {string} key
 * @param {object} values
 */
export function t(key, values = {}) {
  const entry = WORDS[key];
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const named = /** @type {Record<string, unknown>} */ (values);
  const forms = /** @type {Plural} */ (entry);
  const text = typeof entry === "string" ? entry : (forms[plural.select(Number(named.n))] ?? forms.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(named[name] ?? ""));
}

/**
 * A number with thousands separators; other values unchanged.
 *
 * @param {unknown} value
 */
function shown(value) {
  return typeof value === "number" ? value.toLocaleString(LANGUAGE) : String(value);
}

/**
 * The raw entry of `key`, such as an error's title and advice; undefined if there is none.
 *
 * @param {string} key
 */
export function words(key) {
  return WORDS[key];
}

/**
 * Whether there is a text for `key`.
 *
 * @param {string} key
 */
export function has(key) {
  return WORDS[key] !== undefined;
}
