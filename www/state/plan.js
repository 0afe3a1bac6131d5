// How an area is looked at: at once, or in tiles at a ground resolution.
import { PageError } from "../text/errors.js";
import { number, resolution as asGround } from "../text/format.js";
import { t } from "../text/text.js";

/** Up to this longest side, in scene px, an area is given to the model in one look. */
const ONE_LOOK = 1536;
/** Metres a map pixel where nothing else is asked for: what the model's training views have. */
const GROUND = 0.3;
/** Scene px a map pixel where the ground resolution is not known. */
const STEP = 2;
/** What a browser's tab holds of probabilities, labels and pictures, in map px. */
const MAP_LIMIT = 36e6;

/**
 * The plan for `region` ([x, y, width, height] in scene px, null for all) of a scene of `width` x
 * `height` px: `{mode: "whole" | "tiles", region, step, side, overlap}` as `Scenes.createLayer` takes it,
 * and `about: {width, height, tiles, ground}` for a person. `resolution` is in cm a map px or null,
 * `metresPerPixel` the scene's or null, `side` the model's input in px.
 *
 * Throws a PageError where the wish cannot be met.
 */
export function choosePlan({ width, height, region, resolution, metresPerPixel, side }) {
  const area = region ? inside(region, width, height) : [0, 0, width, height];
  const [, , wide, high] = area;
  const longest = Math.max(wide, high);
  if (resolution !== null && metresPerPixel === null) throw new PageError("no-scale");
  if (resolution === null && longest <= ONE_LOOK) {
    const about = { width: wide, height: high, tiles: 1, ground: metresPerPixel };
    return { mode: "whole", region: region && area, step: 1, side, overlap: 0, about };
  }
  const wanted = resolution === null ? GROUND : resolution / 100;
  const step = Math.max(1, metresPerPixel === null ? STEP : wanted / metresPerPixel);
  const overlap = Math.round(side / 4 / 8) * 8;
  const ground = metresPerPixel === null ? null : step * metresPerPixel;
  if ((wide / step) * (high / step) > MAP_LIMIT) {
    throw new PageError("too-many-pixels", fitting(area, step, metresPerPixel));
  }
  const along = (start, length, whole) => tilesAlong(start / step, length / step, whole / step, side, side - overlap);
  const tiles = along(area[0], wide, width) * along(area[1], high, height);
  const about = { width: Math.round(wide / step), height: Math.round(high / step), tiles, step, ground };
  return { mode: "tiles", region: region && area, step, side, overlap, about };
}

/** Whole pixels of `region` that lie in the scene; throws where none do. */
function inside([x, y, width, height], sceneWidth, sceneHeight) {
  const left = Math.max(0, Math.floor(x));
  const top = Math.max(0, Math.floor(y));
  const right = Math.min(sceneWidth, Math.ceil(x + width));
  const bottom = Math.min(sceneHeight, Math.ceil(y + height));
  if (right <= left || bottom <= top) throw new PageError("no-view");
  return [left, top, right - left, bottom - top];
}

/** How many tiles of the scene's own grid touch a stretch of it; all in map px. */
function tilesAlong(start, length, whole, side, stride) {
  const last = Math.max(0, Math.ceil((whole - side) / stride));
  const first = Math.max(0, Math.floor((start - side) / stride) + 1);
  const end = Math.floor((start + length - 1e-6) / stride);
  return Math.max(1, Math.min(end, last) - Math.min(first, last) + 1);
}

/** What would fit instead. */
function fitting([, , width, height], step, metresPerPixel) {
  const side = number(Math.floor((Math.sqrt(MAP_LIMIT) * step) / 100) * 100);
  if (metresPerPixel === null) return t("fit.area", { side });
  const ground = roundedUp(Math.sqrt((width * height) / MAP_LIMIT) * metresPerPixel);
  return t("fit.ground", { ground: asGround(ground), side });
}

/** To the three digits that are shown: a number rounded down would not fit. */
function roundedUp(value) {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return (Math.floor(value / unit) + 1) * unit;
}
