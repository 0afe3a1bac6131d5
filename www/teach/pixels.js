// The pixels of an example. Runs in the worker and on the page.
import { PageError, textOf } from "../text/errors.js";
/** @import { Example, Pixels } from "../../types/teach.js" */

/** Mask values from here on are set: masks are black and white. */
const SET = 128;

/**
 * Decodes an example's image and mask, which have one size.
 *
 * @param {Example} example
 * @returns {Promise<Pixels>}
 */
export async function pixelsOf({ phrase, png, maskPng }) {
  const [image, mask] = await Promise.all([png, maskPng].map((blob) => decoded(blob, phrase)));
  if (image.width !== mask.width || image.height !== mask.height) {
    throw new PageError("examples", `“${phrase}”: the mask has another size than the image`);
  }
  const bits = new Uint8Array(mask.width * mask.height);
  for (let at = 0; at < bits.length; at += 1) bits[at] = mask.data[4 * at] >= SET ? 1 : 0;
  return { width: image.width, height: image.height, rgba: image.data, mask: bits };
}

/** @param {Blob} blob @param {string} phrase */
async function decoded(blob, phrase) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch (error) {
    throw new PageError("examples", `“${phrase}”: ${textOf(error)}`);
  }
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new PageError("teach-memory", "no canvas");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return /** @type {ImageData & { data: Uint8ClampedArray<ArrayBuffer> }} */ (context.getImageData(0, 0, width, height));
}
