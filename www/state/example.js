// A layer as an example to learn from.
/**
 * @import { Layer } from "../../types/page.js"
 * @import { ExampleData, Rect } from "../../types/scene.js"
 * @import { Scenes } from "../scene/client.js"
 */

/**
 * The image of a layer's target with its phrase and its mask as it is shown, corrections included:
 *
 * - `image`: RGBA, `width` x `height` px, transparent where the scene has no data;
 * - `mask`: one byte per pixel of the image, 1 inside;
 * - `phrase`: the phrase that the mask belongs to;
 * - `metresPerPixel`: the size of an image pixel on the ground, null if it is not known;
 * - `place`: longitude and latitude of the middle (WGS 84), null if they are not known;
 * - `empty`: whether the mask is empty ("nothing like this here").
 *
 * The pixels are those of the layer's map, at most 1024 along the longer side. From a map in tiles at most 512 are
 * taken: those in the middle of `view`, the visible scene pixels, or in the middle of the map if `view` is null.
 * Rejects with a PageError.
 *
 * @param {Layer} layer
 * @param {{ scenes: Pick<Scenes, "example">, view?: Rect | null }} page
 * @returns {Promise<ExampleData & { phrase: string }>}
 */
export async function correctedExample({ id, phrase, refine }, { scenes, view = null }) {
  return { phrase, ...(await scenes.example(id, refine, view)) };
}
