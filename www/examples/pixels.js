// Pixels of examples: pictures decoded as stored, masks scaled, small pictures for the list.
/**
 * @import { Bytes, Rgba } from "../../types/engine.js"
 * @import { DecodedExample } from "../../types/examples.js"
 * @import { Size } from "../../types/scene.js"
 */

/** What the network sees where there is no data. */
const NO_DATA = "rgb(128 128 128)";
/** Longest side of a small picture in pixels. */
const SMALL = 192;
/** The first mask colour of the page. */
const COLOUR = [236, 29, 166];
/** How much of the colour fills a mask. */
const FILL = 0.25;

/**
 * An opaque canvas of that size with a context.
 *
 * @param {number} width
 * @param {number} height
 */
function canvasOf(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const options = { alpha: false, willReadFrequently: true };
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  context.fillStyle = NO_DATA;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  return { canvas, context };
}

/**
 * The pixels of `source` at `size`, made opaque, and a canvas that holds them.
 *
 * @param {ImageBitmap | OffscreenCanvas} source
 * @param {Size} size
 */
export function drawn(source, { width, height }) {
  const { canvas, context } = canvasOf(width, height);
  context.drawImage(source, 0, 0, width, height);
  return { canvas, image: context.getImageData(0, 0, width, height).data };
}

/**
 * RGBA pixels as a source to draw.
 *
 * @param {Rgba} image
 * @param {Size} size
 */
export function sourceOf(image, { width, height }) {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(new ImageData(new Uint8ClampedArray(image), width, height), 0, 0);
  return canvas;
}

/**
 * A picture's pixels as stored, without its colour profile.
 *
 * @param {Blob} blob
 * @returns {Promise<Size & { image: Uint8ClampedArray<ArrayBuffer> }>}
 */
export async function decoded(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const { width, height } = bitmap;
  const { image } = drawn(bitmap, { width, height });
  bitmap.close();
  return { width, height, image };
}

/**
 * 1 where a mask picture is not black, 0 elsewhere.
 *
 * @param {Rgba} image
 */
export function maskOf(image) {
  const mask = new Uint8Array(image.length / 4);
  for (let i = 0; i < mask.length; i += 1) mask[i] = image[4 * i] | image[4 * i + 1] | image[4 * i + 2] ? 1 : 0;
  return mask;
}

/**
 * A mask at another size, by nearest neighbour.
 *
 * @param {Bytes} mask
 * @param {Size} from
 * @param {Size} to
 */
export function scaledMask(mask, from, to) {
  if (from.width === to.width && from.height === to.height) return mask;
  const scaled = new Uint8Array(to.width * to.height);
  for (let y = 0; y < to.height; y += 1) {
    const row = Math.floor(((y + 0.5) * from.height) / to.height) * from.width;
    for (let x = 0; x < to.width; x += 1) {
      scaled[y * to.width + x] = mask[row + Math.floor(((x + 0.5) * from.width) / to.width)];
    }
  }
  return scaled;
}

/**
 * A small picture of an example, with the outline of its mask.
 *
 * @param {OffscreenCanvas} picture
 * @param {Bytes} mask
 */
export async function thumbnailOf(picture, mask) {
  const scale = SMALL / Math.max(picture.width, picture.height);
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  const size = { width, height };
  const { canvas, image } = drawn(picture, size);
  const small = scaledMask(mask, picture, size);
  /** @param {number} x @param {number} y */
  const isIn = (x, y) => x >= 0 && y >= 0 && x < width && y < height && small[y * width + x] === 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!isIn(x, y)) continue;
      // The outline is two pixels wide.
      const isInner = [[-2, 0], [2, 0], [0, -2], [0, 2]].every(([dx, dy]) => isIn(x + dx, y + dy));
      const share = isInner ? FILL : 1;
      for (let band = 0; band < 3; band += 1) {
        const at = 4 * (y * width + x) + band;
        image[at] = Math.round(image[at] * (1 - share) + COLOUR[band] * share);
      }
    }
  }
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(new ImageData(image, width, height), 0, 0);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}

/**
 * The pixels of a stored example.
 *
 * @param {{ png: Blob, maskPng: Blob }} example
 * @returns {Promise<DecodedExample>}
 */
export async function decodeExample({ png, maskPng }) {
  const [picture, mask] = await Promise.all([decoded(png), decoded(maskPng)]);
  return { ...picture, mask: maskOf(mask.image) };
}
