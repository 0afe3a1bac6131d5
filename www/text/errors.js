// Errors as shown to the user: what is wrong and what to do. The texts are in en.js and en-errors.js.
import { has, t, words } from "./text.js";
/** @import { Reason } from "../../types/model.js" */

/** An error with a code that `explain` knows, and a technical detail. Workers pass it as `{code, message}`. */
export class PageError extends Error {
  /** @param {string} code @param {string} detail */
  constructor(code, detail = "") {
    super(detail);
    this.name = "PageError";
    this.code = code;
  }

  /**
   * Wraps anything thrown under `code`; a PageError keeps its own.
   *
   * @param {any} error
   * @param {string} code
   */
  static from(error, code) {
    if (error instanceof PageError) return error;
    return new PageError(error?.code && has(`error.${error.code}`) ? error.code : code, textOf(error));
  }
}

/**
 * The text of anything that can be thrown, including wasm's strings.
 *
 * @param {any} error
 * @returns {string}
 */
export function textOf(error) {
  return typeof error === "string" ? error : (error?.message ?? String(error));
}

/**
 * What to show for an error: `{title, advice, detail}`.
 *
 * @param {any} error
 */
export function explain(error) {
  const [title, advice] = /** @type {string[]} */ (words(`error.${error?.code}`) ?? words("error.segment"));
  return { title, advice, detail: textOf(error) };
}

/**
 * Why the GPU is not used, as text for the user. `reason` is `{code, message}` from the worker.
 *
 * @param {Reason} reason
 */
export function cpuReason(reason) {
  const key = `cpu.${reason.code}`;
  return has(key) ? t(key) : t("cpu.other", { message: reason.message });
}

/**
 * Remarks on a phrase that the model runs but only partly understands; "" if there are none. `result` is the answer, if
 * available: it states whether the phrase was cut off and how many words are unknown.
 *
 * @param {string} phrase
 * @param {{ truncated: boolean, words: number, unknown: number }} result
 */
export function phraseRemarks(phrase, result = { truncated: false, words: 0, unknown: 0 }) {
  const remarks = [];
  if (/\p{Extended_Pictographic}/u.test(phrase)) {
    remarks.push(t("remark.emoji"));
  } else if (result.unknown > 0) {
    remarks.push(t("remark.unknown", { n: result.unknown }));
  }
  if (result.truncated) remarks.push(t("remark.cut", { n: result.words }));
  return remarks.join(" ");
}

/**
 * Why the model cannot read a phrase at all: a code of `explain`, or "" if it can.
 *
 * @param {string} phrase
 */
export function phraseRefusal(phrase) {
  if (!phrase.trim()) return "empty-phrase";
  if (!/\p{L}/u.test(phrase)) return "wordless";
  return /\p{Script=Latin}/u.test(phrase) ? "" : "not-english";
}
