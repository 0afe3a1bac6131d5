// The answer to a phrase on an image, for embedding pages.
import { objectCount, outcomeText, problemText } from "../panel/outcome.js";
import { labelOf, readingRemark } from "../panel/reading.js";
import { t } from "../text/text.js";
/**
 * @import { Bytes, Candidate, Outcome, Reading } from "../../types/engine.js"
 * @import { Answer, Backend } from "../../types/model.js"
 * @import { Found as Declared, Problem } from "./s4eca.js"
 */

/** Default colour of the mask. */
const COLOUR = "#ff4d00";

/** @implements {Declared} */
export class Found {
  /** @type {Bytes} */
  probability;
  /** @type {number} */
  score;
  /** @type {number} */
  milliseconds;
  /** @type {Backend} */
  backend;
  /** @type {number} */
  words;
  /** @type {number} */
  unknown;
  /** @type {boolean} */
  truncated;

  /**
   * The second argument is the result of `segment` or `execute` of a Session.
   *
   * @param {[width: number, height: number]} size
   * @param {Answer & { reading?: Reading | null, outcome?: Outcome | null, objects?: Candidate[] }} result
   */
  constructor([width, height], { reading = null, outcome = null, objects = [], ...answer }) {
    this.width = width;
    this.height = height;
    Object.assign(this, answer);
    this.reading = reading && shown(reading);
    this.objects = objects.map(({ noun, chosen, score, area, rings }) => ({ noun, chosen, score, area, rings }));
    this.count = objectCount(outcome);
    this.problem = problemOf(reading, outcome);
  }

  mask(threshold = 0.5) {
    const least = lowest(threshold);
    return this.probability.map((value) => (value >= least ? 255 : 0));
  }

  toImageData(colour = COLOUR, threshold = 0.5) {
    const image = new ImageData(this.width, this.height);
    const [red, green, blue, alpha] = channels(colour);
    const least = lowest(threshold);
    this.probability.forEach((value, index) => {
      if (value >= least) image.data.set([red, green, blue, alpha], 4 * index);
    });
    return image;
  }
}

/**
 * The smallest byte that reaches a threshold. A byte of 0 is a pixel without data, which no threshold reaches.
 *
 * @param {number} threshold
 */
const lowest = (threshold) => Math.max(1, Math.ceil(threshold * 255));

/** @param {Reading} reading */
function shown({ understood, tokens, unread }) {
  return { understood, tokens: tokens.map(labelOf), unread };
}

/**
 * The parts of the phrase that were not executed as requested: `{code, message}`, or null. The codes are the engine's,
 * "notUnderstood" and "partlyUnderstood".
 *
 * @param {Reading | null} reading
 * @param {Outcome | null} outcome
 * @returns {Problem | null}
 */
function problemOf(reading, outcome) {
  if (reading && !reading.understood) {
    const code = reading.executed ? "partlyUnderstood" : "notUnderstood";
    return { code, message: readingRemark(reading) || t("reading.network") };
  }
  if (!outcome?.problem) return null;
  return { code: outcome.problem.kind, message: problemText(outcome) || outcomeText(outcome) };
}

/**
 * Any CSS colour as four bytes, converted by the browser.
 *
 * @param {string} colour
 */
function channels(colour) {
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}
