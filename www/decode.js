// From an image file to full-resolution RGBA for the model and a preview for the screen. Runs in the worker.
import { inspect } from "./imagefile.js";
import { PageError, textOf } from "./messages.js";

// The longest canvas side that Safari, Firefox and Chromium all take.
const MAX_SIDE = 16384;
// The most pixels handed to the model: 400 MB of RGBA, which a tab can hold next to its copy in wasm.
const MAX_PIXELS = 100e6;
// The preview's longer side; also the longest side of a probability map.
const PREVIEW_SIDE = 2048;
const MIN_SIDE = 8;

// The file's own numbers: a colour profile or premultiplied alpha would change what the model sees.
const AS_STORED = { colorSpaceConversion: "none", premultiplyAlpha: "none", imageOrientation: "from-image" };

/**
 * Decodes `blob`. Returns `{width, height, rgba, preview, original}`: `rgba` is a Uint8Array of
 * width × height × 4, `preview` an ImageBitmap, and `original` the file's own size where it had to
 * be scaled down, else null. Throws a PageError.
 */
export async function decode(blob) {
  let bytes;
  try {
    bytes = new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    throw new PageError("undecodable", `the file could not be read: ${textOf(error)}`);
  }
  const header = inspect(bytes);
  bytes = null;
  const bitmap = await decodeBitmap(blob, header);
  try {
    if (Math.min(bitmap.width, bitmap.height) < MIN_SIDE) {
      throw new PageError("too-small", `it has ${bitmap.width} × ${bitmap.height} px`);
    }
    return await draw(bitmap, header);
  } finally {
    bitmap.close();
  }
}

/** The factor that brings an image within `side` and `pixels`; 1 for one that is. */
function fit(width, height, side, pixels) {
  return Math.min(1, side / Math.max(width, height), Math.sqrt(pixels / (width * height)));
}

async function decodeBitmap(blob, header) {
  try {
    return await createImageBitmap(blob, AS_STORED);
  } catch (error) {
    const scale = header.width ? fit(header.width, header.height, MAX_SIDE, MAX_PIXELS) : 1;
    const detail = `${header.format}${header.width ? `, ${header.width} × ${header.height} px` : ""}: ${textOf(error)}`;
    if (scale === 1) throw new PageError("undecodable", detail);
    // Some decoders scale while they decode and so manage what does not fit in memory whole.
    const resizeWidth = Math.max(1, Math.floor(header.width * scale));
    return createImageBitmap(blob, { ...AS_STORED, resizeWidth, resizeQuality: "high" }).catch(() => {
      throw new PageError("too-large", detail);
    });
  }
}

async function draw(bitmap, header) {
  const scale = fit(bitmap.width, bitmap.height, MAX_SIDE, MAX_PIXELS);
  const full = scaled(bitmap, scale);
  let rgba;
  try {
    rgba = new Uint8Array(full.context.getImageData(0, 0, full.width, full.height).data.buffer);
  } catch (error) {
    throw new PageError("too-large", `${bitmap.width} × ${bitmap.height} px: ${textOf(error)}`);
  }
  const previewScale = fit(bitmap.width, bitmap.height, PREVIEW_SIDE, Infinity);
  const preview = scaled(bitmap, previewScale).canvas.transferToImageBitmap();
  const area = header.width * header.height;
  const shrunkInDecoding = area > bitmap.width * bitmap.height;
  const original = shrunkInDecoding ? header : scale < 1 ? bitmap : null;
  return {
    width: full.width,
    height: full.height,
    rgba,
    preview,
    original: original && { width: original.width, height: original.height },
  };
}

function scaled(bitmap, scale) {
  const width = Math.max(1, Math.floor(bitmap.width * scale));
  const height = Math.max(1, Math.floor(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new PageError("too-large", `no canvas of ${width} × ${height} px`);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, context, width, height };
}
