// Makes the record of an example: PNGs of bounded size, and what identifies it.
import { png } from "../scene/png.js";
import { hashOf, hashOfText } from "./hash.js";
import { drawn, scaledMask, sourceOf, thumbnailOf } from "./pixels.js";
/**
 * @import { CorrectedExample, ExampleRecord } from "../../types/examples.js"
 * @import { Size } from "../../types/scene.js"
 */

/** Longest side of an example in pixels. */
export const SIDE = 1024;
/** Largest PNG in bytes: an image with more is scaled down. */
const MOST = 2e6;
/** A smaller image is not scaled further. */
const SMALLEST = 256;

/**
 * The record of `example`, a part of the file `scene`. A `file` that holds the same pixels as a PNG is stored as it
 * is, if it is small enough.
 *
 * @param {CorrectedExample} example
 * @param {{ scene: string, added: string, file?: Blob | null }} about
 * @returns {Promise<ExampleRecord>}
 */
export async function recordOf(example, { scene, added, file = null }) {
  const phrase = example.phrase.trim();
  const source = sourceOf(example.image, example);
  const fitting = SIDE / Math.max(example.width, example.height);
  let scale = Math.min(1, fitting);
  let size = sized(example, scale);
  let picture = drawn(source, size);
  let made = scale === 1 && file && file.size <= MOST ? file : await picture.canvas.convertToBlob({ type: "image/png" });
  while (made.size > MOST && Math.max(size.width, size.height) > SMALLEST) {
    scale *= Math.max(0.5, 0.95 * Math.sqrt(MOST / made.size));
    size = sized(example, scale);
    picture = drawn(source, size);
    made = await picture.canvas.convertToBlob({ type: "image/png" });
  }
  const mask = scaledMask(example.mask, example, size);
  const { width, height } = size;
  const maskPng = await png(width, height, 1, (y, count) => {
    return mask.slice(y * width, (y + count) * width).map((value) => 255 * value);
  });
  const imageKey = hashOfText(`${width} ${height} ${hashOf(picture.image)}`);
  return {
    id: hashOfText(`${imageKey} ${phrase}`),
    phrase,
    png: made,
    maskPng,
    thumbnail: await thumbnailOf(picture.canvas, mask),
    ...size,
    metresPerPixel: example.metresPerPixel === null ? null : example.metresPerPixel * (example.width / width),
    place: example.place,
    scene,
    added,
    share: mask.reduce((sum, value) => sum + value, 0) / mask.length,
    imageKey,
    maskKey: hashOf(mask),
  };
}

/** @param {Size} size @param {number} scale @returns {Size} */
function sized({ width, height }, scale) {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Number of bytes that examples take.
 *
 * @param {ExampleRecord[]} examples
 */
export function bytesOf(examples) {
  return examples.reduce((sum, { png, maskPng, thumbnail }) => sum + png.size + maskPng.size + thumbnail.size, 0);
}
