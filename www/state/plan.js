// How an area is processed: in one pass, or in tiles at a ground resolution.
import { PageError } from "../text/errors.js";
import { number, resolution as asGround } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { PlanRequest, PlanSummary } from "../../types/page.js"
 * @import { LayerOptions, Rect } from "../../types/scene.js"
 */

// The rules of src/cli/segment/choice.rs.
/** Up to this longest side, in metres, an area is passed to the model in one piece. Without a scale, and in scenes
 * coarser than `COARSEST`, the next two limits apply, in scene px. */
const ONE_LOOK = 192;
const ONE_LOOK_UNKNOWN = 768;
const ONE_LOOK_COARSE = 1536;
/** Metres per px up to which objects look as they did in training. */
const COARSEST = 1;
/** Default metres per map pixel: that of the model's training views. */
const GROUND = 0.3;
/** Scene px per map pixel if the ground resolution is not known. */
const STEP = 2;
/** Scenes coarser than `GROUND` are enlarged for the model, up to this factor. */
const MOST_ENLARGED = 2;
/** How many map px of probabilities, labels and pictures a browser tab can hold. */
const MAP_LIMIT = 36e6;

/**
 * The plan for `region` ([x, y, width, height] in scene px, null for all) of a scene of `width` x
 * `height` px: `{mode: "whole" | "tiles", region, step, side, overlap}` as `Scenes.createLayer` takes it,
 * and `about: {width, height, tiles, step, ground}` for display (`step` only in tiles). `resolution` is in cm per map
 * px or null, `metresPerPixel` the scene's or null, `side` the model's input in px.
 *
 * Throws a PageError if the request cannot be met.
 *
 * @param {PlanRequest} request
 * @returns {LayerOptions & { about: PlanSummary }}
 */
export function choosePlan({ width, height, region, resolution, metresPerPixel, side }) {
  /** @type {Rect} */
  const area = region ? inside(region, width, height) : [0, 0, width, height];
  const [, , wide, high] = area;
  const longest = Math.max(wide, high);
  if (resolution !== null && metresPerPixel === null) throw new PageError("no-scale");
  if (resolution === null && isOneLook(longest, metresPerPixel)) {
    const about = { width: wide, height: high, tiles: 1, ground: metresPerPixel };
    return { mode: "whole", region: region && area, step: 1, side, overlap: 0, about };
  }
  const wanted = resolution === null ? GROUND : resolution / 100;
  const exact = metresPerPixel === null ? STEP : wanted / metresPerPixel;
  const step = Math.max(1, exact);
  const tile = tileSide(side, exact, metresPerPixel);
  const overlap = Math.min(Math.round(tile / 4 / 8) * 8, Math.ceil(tile / 2) - 1);
  const ground = metresPerPixel === null ? null : step * metresPerPixel;
  if ((wide / step) * (high / step) > MAP_LIMIT) {
    throw new PageError("too-many-pixels", fitting(area, step, metresPerPixel));
  }
  /** @param {number} start @param {number} length @param {number} whole */
  const along = (start, length, whole) => tilesAlong(start / step, length / step, whole / step, tile, tile - overlap);
  const tiles = along(area[0], wide, width) * along(area[1], high, height);
  const about = { width: Math.round(wide / step), height: Math.round(high / step), tiles, step, ground };
  return { mode: "tiles", region: region && area, step, side: tile, overlap, about };
}

/** @param {number} longest @param {number | null} metresPerPixel */
function isOneLook(longest, metresPerPixel) {
  if (metresPerPixel === null) return longest <= ONE_LOOK_UNKNOWN;
  return metresPerPixel > COARSEST ? longest <= ONE_LOOK_COARSE : longest * metresPerPixel <= ONE_LOOK;
}

/**
 * Side of a tile in map px: the model's input, or less if the scene is coarser than the wanted resolution, so that
 * each tile is enlarged to the input.
 *
 * @param {number} side
 * @param {number} step
 * @param {number | null} metresPerPixel
 */
function tileSide(side, step, metresPerPixel) {
  const isKnown = metresPerPixel !== null && metresPerPixel <= COARSEST;
  const enlarged = isKnown ? Math.min(MOST_ENLARGED, Math.max(1, 1 / step)) : 1;
  return Math.min(side, Math.max(8, Math.round(side / enlarged / 8) * 8));
}

/**
 * Whole pixels of `region` that are inside the scene; throws if there are none.
 *
 * @param {Rect} region
 * @param {number} sceneWidth
 * @param {number} sceneHeight
 * @returns {Rect}
 */
function inside([x, y, width, height], sceneWidth, sceneHeight) {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const right = Math.min(sceneWidth, Math.ceil(x + width));
  const bottom = Math.min(sceneHeight, Math.ceil(y + height));
  if (right <= left || bottom <= top) throw new PageError("no-view");
  return [left, top, right - left, bottom - top];
}

/**
 * How many tiles of the scene's grid intersect an interval along one axis; all in map px.
 *
 * @param {number} start
 * @param {number} length
 * @param {number} whole
 * @param {number} side
 * @param {number} stride
 */
function tilesAlong(start, length, whole, side, stride) {
  const last = Math.max(0, Math.ceil((whole - side) / stride));
  const first = Math.max(0, Math.floor((start - side) / stride) + 1);
  const end = Math.floor((start + length - 1e-6) / stride);
  return Math.max(1, Math.min(end, last) - Math.min(first, last) + 1);
}

/**
 * A text that tells which resolution or area would fit.
 *
 * @param {Rect} area
 * @param {number} step
 * @param {number | null} metresPerPixel
 */
function fitting([, , width, height], step, metresPerPixel) {
  const side = number(Math.floor((Math.sqrt(MAP_LIMIT) * step) / 100) * 100);
  if (metresPerPixel === null) return t("fit.area", { side });
  const ground = roundedUp(Math.sqrt((width * height) / MAP_LIMIT) * metresPerPixel);
  return t("fit.ground", { ground: asGround(ground), side });
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
