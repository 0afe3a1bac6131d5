// Puts the texts into the document. text.js itself has no document: workers use it too.
import { LANGUAGE, t } from "./text.js";

/**
 * Functions that put a text into an element, by the data attribute that holds the text's key.
 *
 * @type {Record<string, (element: HTMLElement, text: string) => void>}
 */
const PLACES = {
  t: (element, text) => (element.textContent = text),
  tLabel: (element, text) => element.setAttribute("aria-label", text),
  tTitle: (element, text) => element.setAttribute("title", text),
  tPlaceholder: (element, text) => element.setAttribute("placeholder", text),
};

/** Fills every element under `root` that has data-t, data-t-label, data-t-title or data-t-placeholder. */
export function localise(root = document) {
  root.documentElement?.setAttribute("lang", LANGUAGE);
  for (const [place, put] of Object.entries(PLACES)) {
    const attribute = `data-${place.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    /** @type {NodeListOf<HTMLElement>} */
    const elements = root.querySelectorAll(`[${attribute}]`);
    for (const element of elements) put(element, t(element.dataset[place] ?? ""));
  }
}
