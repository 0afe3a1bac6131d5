// How an area is processed: in one pass, or in tiles at a ground resolution. The rule itself is in wasm, since the
// native program has the same. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
import { number, resolution as asGround } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { Engine, Fitting } from "../../types/engine.js"
 * @import { AreaWish, Size } from "../../types/scene.js"
 */

/**
 * The plan for `region` ([x, y, width, height] in scene px, null for all) of a scene of `width` x
 * `height` px: `{mode: "whole" | "closer" | "tiles", region, step, side, overlap}` as `Layers.create` takes it,
 * and `about: {width, height, tiles, step, ground}` for display (`step` only in tiles). `resolution` is in cm per map
 * px or null, `metresPerPixel` the scene's or null, `side` the model's input in px.
 *
 * Throws a PageError if the request cannot be met.
 *
 * @param {Pick<Engine, "coverage">} engine
 * @param {Size & AreaWish & { metresPerPixel: number | null }} request
 */
export function choosePlan(engine, { width, height, region, resolution, metresPerPixel, side }) {
  const metres = metresPerPixel ?? undefined;
  try {
    return engine.coverage([width, height], region ?? undefined, resolution ?? undefined, metres, side);
  } catch (/** @type {any} */ error) {
    if (!error?.code) throw error;
    throw new PageError(error.code, error.fit ? fitting(error.fit) : WORDED.has(error.code) ? "" : textOf(error));
  }
}

/** Errors that the page's own texts explain completely. */
const WORDED = new Set(["no-scale", "no-view", "resolution"]);

/**
 * A text that says which resolution or area would fit.
 *
 * @param {Fitting} fit
 */
function fitting({ side, ground }) {
  if (ground === null) return t("fit.area", { side: number(side) });
  return t("fit.ground", { ground: asGround(roundedUp(ground)), side: number(side) });
}

/**
 * Rounds up to the three digits that are shown: a value rounded down would not fit.
 *
 * @param {number} value
 */
function roundedUp(value) {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return (Math.floor(value / unit) + 1) * unit;
}
