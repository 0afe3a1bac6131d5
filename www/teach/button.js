// Buttons of the panel.
import { t } from "../text/text.js";
import { element } from "../view/dom.js";

/**
 * A small button with the text of `key`.
 *
 * @param {string} key
 * @param {() => void} press
 * @param {string} kind
 */
export function button(key, press, kind = "") {
  const made = element("button", { type: "button", class: `button small ${kind}`.trim() }, t(key));
  made.addEventListener("click", press);
  return made;
}
