// Every text a person can meet when something goes wrong: what is wrong, and what to do.

/** An error with a code that `explain` knows, and a technical detail. Crosses the worker boundary as `{code, message}`. */
export class PageError extends Error {
  constructor(code, detail = "") {
    super(detail);
    this.name = "PageError";
    this.code = code;
  }

  /** Wraps anything thrown under `code`; a PageError keeps its own. */
  static from(error, code) {
    if (error instanceof PageError) return error;
    return new PageError(error?.code && TEXTS[error.code] ? error.code : code, textOf(error));
  }
}

/** The text of anything that can be thrown, wasm's strings included. */
export function textOf(error) {
  return typeof error === "string" ? error : (error?.message ?? String(error));
}

// code: [title, what to do]
const TEXTS = {
  "empty-file": ["The file is empty", "Choose another file, or copy it again from where it came from."],
  "not-image": ["This is not an image the page can read", "Choose a PNG, JPEG, WebP, GIF, BMP or AVIF file."],
  "no-file": ["There was no image in that", "Drop or paste an image file: PNG, JPEG or WebP."],
  tiff: ["TIFF files cannot be read here yet", "Export the image as PNG or JPEG (in QGIS: Export, Save as, Rendered image) and open that."],
  heic: ["HEIC photos cannot be read by this browser", "Save the picture as JPEG or PNG and open that."],
  "cut-short": ["The image file is cut short", "Its end is missing. Copy or download it again; if it opens elsewhere, save it anew there."],
  undecodable: ["The image is damaged", "The browser could not decode it. Open it in an image viewer and save it again as PNG or JPEG."],
  "too-small": ["The image is too small", "There is nothing to find in so few pixels. Choose one of at least 8 × 8 px."],
  "too-large": ["The image is too large for this browser", "Cut out the part you need, or scale it below 100 megapixels, and open that."],
  image: ["The model cannot use this image", "Choose another image, or save it again as an ordinary 8-bit PNG or JPEG."],
  sample: ["The sample could not be fetched", "Check the connection and click it again, or open an image of your own."],
  "no-image": ["There is no image yet", "Pick a sample, or choose, drop or paste an image of your own."],
  "empty-phrase": ["There is no phrase yet", "Say in English what should be masked, such as “the red roof left of the road”."],
  wordless: ["The phrase has no word in it", "The model reads English words. Say what should be masked, such as “white cars”."],
  "not-english": ["The phrase is not in English", "The model reads English words only. Say what should be masked, such as “the red roof on the left”."],
  phrase: ["The model cannot use this phrase", "Change the phrase and press Segment again."],
  segment: ["The mask could not be made", "Try again; if it keeps failing, reload the page or choose a smaller image."],
  network: ["The model could not be fetched", "Check the connection, then try again. What has arrived is kept."],
  "engine-missing": ["The engine could not be fetched", "Check the connection and try again. If this page is yours: is pkg/ next to index.html?"],
  engine: ["The engine does not start in this browser", "Update the browser: a recent Chrome, Edge, Firefox or Safari is needed."],
  "manifest-missing": ["There are no such weights here", "Check the address of the page (?weights=…), or open it without that part."],
  manifest: ["The weights' manifest is not usable", "If this page is yours: build it again so that page and weights fit. Otherwise tell its owner."],
  "weights-missing": ["A file of the weights is missing", "Try again. If this page is yours: copy the whole weights folder to the server."],
  "weights-short": ["A file of the weights arrived incomplete", "Check the connection, then try again."],
  "weights-corrupt": ["A file of the weights is damaged", "It does not match its checksum, so it was not used. Try again; if it stays, the server's copy is damaged."],
  weights: ["The weights do not fit this model", "If this page is yours: build it again so that page and weights fit. Otherwise tell its owner."],
  "gpu-start": ["The GPU did not pass its self-test", "Use the CPU, or update the browser and the graphics driver."],
  "gpu-lost": ["The GPU stopped working", "The page goes on with the CPU. Reload it to try the GPU again."],
  crash: ["The engine stopped", "It has been started again; image and phrase are kept. If it happens again, use a smaller image."],
  memory: ["The browser ran out of memory", "Close other tabs or use a smaller image, then try again."],
  save: ["The picture could not be written", "Try again with a smaller image, or close other tabs to free memory."],
};

/** What to show for an error: `{title, advice, detail}`. */
export function explain(error) {
  const [title, advice] = TEXTS[error?.code] ?? TEXTS.segment;
  return { title, advice, detail: textOf(error) };
}

/** Why the GPU is not used, for a person. `reason` is `{code, message}` from the worker. */
export function cpuReason(reason) {
  const texts = {
    asked: "Running on the CPU, as chosen.",
    "no-webgpu": "This browser has no WebGPU, so the CPU is used: same answer, slower. Recent Chrome, Edge, Firefox and Safari have it.",
    "no-adapter": "The browser found no GPU it may use, so the CPU is used: same answer, slower. Check that hardware acceleration is on in its settings.",
    "software-adapter": "The only WebGPU adapter here is a software one, which is slower than the CPU itself, so the CPU is used.",
    "gpu-start": "The GPU did not pass its start-up self-test, so the CPU is used: same answer, slower. Updating browser or graphics driver may help.",
    "gpu-lost": "The GPU stopped working, so the page went on with the CPU; image and phrase are kept. Reload the page to try the GPU again.",
  };
  return texts[reason.code] ?? `The CPU is used: ${reason.message}`;
}

/**
 * Remarks on a phrase that the model runs but hardly understands; "" when there are none. `result`
 * is the answer, where there is one: it knows what was cut off and what meant nothing.
 */
export function phraseRemarks(phrase, result = { truncated: false, words: 0, unknown: 0 }) {
  const remarks = [];
  if (/\p{Extended_Pictographic}/u.test(phrase)) {
    remarks.push("Emoji are not understood: only the words count.");
  } else if (result.unknown > 0) {
    remarks.push(`${result.unknown} of the words mean nothing to the model: simpler ones may help.`);
  }
  if (result.truncated) remarks.push(`The phrase has ${result.words} words, more than the model reads: only its beginning was used.`);
  return remarks.join(" ");
}

/** Why the model cannot read a phrase at all: a code of `explain`, or "" where it can. */
export function phraseRefusal(phrase) {
  if (!phrase.trim()) return "empty-phrase";
  if (!/\p{L}/u.test(phrase)) return "wordless";
  return /\p{Script=Latin}/u.test(phrase) ? "" : "not-english";
}
