// The pixels of any kind of image that a page may have.
import { PageError, textOf } from "../text/errors.js";
/** @import { ImageLike, Pixels } from "./s4eca.js" */

/**
 * `{width, height, rgba}` of a Blob, an element, a bitmap, ImageData or `{width, height, rgba}` itself.
 *
 * @param {ImageLike} image
 */
export async function toPixels(image) {
  const given = /** @type {Pixels | null | undefined} */ (image);
  if (given?.rgba) return { width: given.width, height: given.height, rgba: given.rgba };
  if (typeof ImageData !== "undefined" && image instanceof ImageData) {
    return { width: image.width, height: image.height, rgba: image.data };
  }
  const bitmap = await toBitmap(image);
  const { width, height } = bitmap;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const options = { willReadFrequently: true };
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
    context.drawImage(bitmap, 0, 0);
    return { width, height, rgba: context.getImageData(0, 0, width, height).data };
  } catch (/** @type {any} */ error) {
    // A canvas too large for the browser, or an image of another origin without CORS.
    throw new PageError(error.name === "SecurityError" ? "image-origin" : "too-large", textOf(error));
  } finally {
    if (bitmap !== image) bitmap.close();
  }
}

const KINDS = [Blob, HTMLImageElement, HTMLCanvasElement, OffscreenCanvas];

/** @param {ImageLike} image @returns {Promise<ImageBitmap>} */
async function toBitmap(image) {
  if (image instanceof ImageBitmap) return image;
  if (!KINDS.some((Kind) => image instanceof Kind)) {
    const wanted = "a Blob, an img or canvas element, an ImageBitmap, ImageData or {width, height, rgba}";
    throw new PageError("not-image", `what was given is none of ${wanted}`);
  }
  try {
    if (image instanceof HTMLImageElement) await image.decode();
    return await createImageBitmap(/** @type {ImageBitmapSource} */ (image));
  } catch (error) {
    throw new PageError("undecodable", textOf(error));
  }
}
