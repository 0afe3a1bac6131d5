// Names of files that the page writes: SCENE-PHRASE.ext.

const MAX_PART = 48;

/**
 * A text as part of a file name that every system accepts: letters and digits, with hyphens between words.
 *
 * @param {string} text
 */
function clean(text) {
  const words = text.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "");
  return [...words].slice(0, MAX_PART).join("").replace(/[-.]+$/, "");
}

/**
 * The name of a file of `scene` (a file name) for `phrases`, with the extension `ending`, such as
 * "geojson"; `suffix` distinguishes files with the same extension.
 *
 * @param {string} scene
 * @param {string[]} phrases
 * @param {string} ending
 * @param {string} suffix
 */
export function fileName(scene, phrases, ending, suffix = "") {
  const base = clean(scene.replace(/\.(?:[a-z]{2,5}\d?|7z)$/i, "")) || "scene";
  const subject = phrases.length === 1 ? clean(phrases[0]) : phrases.length > 1 ? `${phrases.length}-layers` : "";
  return `${[base, subject, suffix].filter(Boolean).join("-")}.${ending}`;
}
