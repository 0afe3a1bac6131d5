// The ways to open an image other than a sample: chosen, taken with a camera, dropped anywhere on the
// page, or pasted. Several files at once are an image and its sidecar files.
import { PageError } from "../text/errors.js";

/**
 * @typedef {(files: File[]) => void} Take
 * @typedef {(error: PageError) => void} Refuse
 */

/**
 * Calls `take(files)` for incoming files, and `refuse(PageError)` for anything else.
 * `inputs` are the file inputs (one may have the attribute `capture`), `veil` is shown while something is
 * dragged over the page.
 *
 * @param {{ inputs: HTMLInputElement[], veil: HTMLElement }} places
 * @param {Take} take
 * @param {Refuse} refuse
 */
export function listenForImages({ inputs, veil }, take, refuse) {
  for (const input of inputs) listenToInput(input, take);
  listenToDrops(veil, take, refuse);
  listenToPaste(take, refuse);
}

/** @param {HTMLInputElement} input @param {Take} take */
function listenToInput(input, take) {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // Cleared so that choosing the same file again counts as a change.
    input.value = "";
    if (files.length) take(files);
  });
}

/** @param {HTMLElement} veil @param {Take} take @param {Refuse} refuse */
function listenToDrops(veil, take, refuse) {
  let depth = 0; // dragenter and dragleave come for every element passed over
  /** @param {number} change */
  const show = (change) => {
    depth = Math.max(0, depth + change);
    veil.classList.toggle("shown", depth > 0);
  };
  addEventListener("dragenter", (event) => {
    event.preventDefault();
    show(1);
  });
  addEventListener("dragleave", () => show(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    // Otherwise the browser navigates to the file.
    event.preventDefault();
    show(-depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) take(files);
    else refuse(new PageError("no-file"));
  });
}

/** @param {Take} take @param {Refuse} refuse */
function listenToPaste(take, refuse) {
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
    if (files.length) {
      event.preventDefault();
      take(files);
    } else if (!isText) {
      refuse(new PageError("no-file"));
    }
  });
}
