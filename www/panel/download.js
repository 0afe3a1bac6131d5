// Saves a file that the page has made.
import { element } from "../view/dom.js";

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser reads the URL after the click; a minute is enough.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
