// Elements of the panel.
import { t } from "../text/text.js";

/**
 * An element of that kind, with a class and a text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} kind
 * @param {string} text
 */
export function element(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

/**
 * A small button with the text of `key`.
 *
 * @param {string} key
 * @param {() => void} press
 * @param {string} kind
 */
export function button(key, press, kind = "") {
  const made = element("button", `button small ${kind}`.trim(), t(key));
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
