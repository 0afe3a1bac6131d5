// The sample images under the stage.
/** @import { Sample } from "../types/page.js" */

/**
 * The list in samples.json: `[{file, thumbnail, title, credit, phrases}]`. `thumbnail` is present only if browsers
 * cannot show the file itself. Returns an empty list if it cannot be fetched: samples are optional.
 *
 * @returns {Promise<Sample[]>}
 */
export async function fetchSamples() {
  try {
    const response = await fetch("www/samples/samples.json");
    return response.ok ? await response.json() : [];
  } catch {
    return [];
  }
}

/**
 * Fills `strip` with a button per sample; a click calls `pick(sample)`.
 *
 * @param {HTMLElement} strip
 * @param {Sample[]} samples
 * @param {(sample: Sample) => void} pick
 */
export function showSamples(strip, samples, pick) {
  strip.replaceChildren(
    ...samples.map((sample) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sample";
      button.setAttribute("aria-pressed", "false");
      const picture = document.createElement("img");
      picture.src = `www/samples/${sample.thumbnail ?? sample.file}`;
      picture.alt = "";
      picture.decoding = "async";
      button.title = sample.credit;
      const title = document.createElement("span");
      title.textContent = sample.title;
      button.append(picture, title);
      button.addEventListener("click", () => pick(sample));
      return button;
    }),
  );
  strip.hidden = samples.length === 0;
}

/**
 * Marks the button of `sample` as pressed; null marks none.
 *
 * @param {HTMLElement} strip
 * @param {Sample[]} samples
 * @param {Sample | null} sample
 */
export function markSample(strip, samples, sample) {
  samples.forEach((other, i) => strip.children[i]?.setAttribute("aria-pressed", String(other === sample)));
}

/**
 * The image of a sample, as a File.
 *
 * @param {Sample} sample
 */
export async function fetchSample(sample) {
  const response = await fetch(`www/samples/${sample.file}`);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return new File([await response.blob()], sample.file);
}
