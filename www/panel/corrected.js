// The effect of a mask's corrections, in words.
import { area, number } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Layer, Scene } from "../../types/page.js"
 */

/**
 * The area of a number of map pixels: in square metres if the scene's scale is known, otherwise in scene pixels.
 *
 * @param {number} pixels
 * @param {Layer} layer
 * @param {Scene | null} scene
 */
export function areaText(pixels, { plan }, scene) {
  const { stepX, stepY } = /** @type {PlanInfo} */ (plan);
  const metres = scene?.georeference?.metresPerPixel ?? 0;
  const inScene = pixels * stepX * stepY;
  return metres > 0 ? area(inScene * metres * metres) : t("area.px", { n: number(Math.round(inScene)) });
}

/**
 * What all corrections of a layer add to the model's mask and remove from it; "" if there are none.
 *
 * @param {Layer} layer
 * @param {Scene | null} scene
 */
export function changesText(layer, scene) {
  const { correction = 0, added = 0, removed = 0 } = layer.stats ?? {};
  if (!correction) return "";
  return t("correct.changes", { added: areaText(added, layer, scene), removed: areaText(removed, layer, scene) });
}
