// The example that a layer shows.
/**
 * @import { CorrectedExample } from "../../types/examples.js"
 * @import { Layer } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Viewer } from "../view/viewer.js"
 */

/**
 * The image part of `layer` with the mask that is shown.
 *
 * @param {Layer} layer
 * @param {{ scenes: Scenes, viewer: Viewer }} page
 * @returns {Promise<CorrectedExample>}
 */
export async function correctedExample({ id, phrase, refine }, { scenes, viewer }) {
  return { phrase, ...(await scenes.example(id, refine, viewer.visibleRect())) };
}
