// A picture that the browser itself decodes: PNG, JPEG, WebP, AVIF, GIF, BMP. Held as one bitmap, from
// which windows are read. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { ImageHeader, Notice, Rect, Size } from "../../types/scene.js"
 */

// The longest canvas side that Safari, Firefox and Chromium all support.
const MAX_SIDE = 16384;
// Maximum pixels of a bitmap: 400 MB, which a tab can hold. GeoTIFFs have no such limit.
const MAX_PIXELS = 100e6;

// Pixel values as stored: a colour profile or premultiplied alpha would change what the model sees.
/** @type {ImageBitmapOptions} */
const AS_STORED = { colorSpaceConversion: "none", premultiplyAlpha: "none", imageOrientation: "from-image" };

export class Picture {
  /** @type {"picture"} */
  kind = "picture";
  /**
   * The name of the format, from `inspect`.
   *
   * @type {string}
   */
  format;
  bands = 3;
  bits = 8;
  overviews = 0;
  /** @type {Notice[]} */
  notices = [];
  /**
   * Whether the file has georeferencing tags: a picture never has.
   *
   * @type {false}
   */
  tags = false;
  /** @type {ImageBitmap} */
  #bitmap;

  /**
   * Decodes `file`, whose header `inspect` has read. `stored` ignores the EXIF orientation: a world file refers to the
   * pixels as stored. A WebP's is always ignored, because browsers differ there.
   *
   * @param {File} file
   * @param {ImageHeader} header
   * @param {{ stored?: boolean }} options
   */
  static async open(file, header, { stored = false } = {}) {
    const picture = new Picture();
    picture.format = header.format;
    const asStored = stored || header.format === "WebP";
    // AVIF stores the orientation in its coded data, so it cannot be ignored.
    if (stored && header.orientation === 0) throw new PageError("avif-turned");
    if (asStored && header.orientation > 1) {
      picture.notices.push({ code: stored ? "exif-ignored" : "exif-webp", values: {} });
    }
    const source = asStored ? withoutExif(file, header) : file;
    const bitmap = await decode(source, header);
    const decoded = { width: bitmap.width, height: bitmap.height };
    picture.#bitmap = await within(bitmap);
    picture.#noteScaling(header, decoded);
    return picture;
  }

  get width() {
    return this.#bitmap.width;
  }

  get height() {
    return this.#bitmap.height;
  }

  /**
   * An ImageBitmap of the whole picture, its longer side at most `side` px.
   *
   * @param {number} side
   */
  async preview(side) {
    const scale = Math.min(1, side / Math.max(this.width, this.height));
    const [width, height] = [this.width, this.height].map((length) => Math.max(1, Math.round(length * scale)));
    return this.view([0, 0, this.width, this.height], width, height);
  }

  /**
   * Any part at any size; transparent outside the picture, pixels without interpolation if enlarged.
   *
   * @param {Rect} rect
   * @param {number} width
   * @param {number} height
   */
  async view([x, y, w, h], width, height) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new PageError("memory", `no canvas of ${width} × ${height} px`);
    context.imageSmoothingEnabled = w > width || h > height;
    context.imageSmoothingQuality = "high";
    context.setTransform(width / w, 0, 0, height / h, (-x * width) / w, (-y * height) / h);
    context.drawImage(this.#bitmap, 0, 0);
    return canvas.transferToImageBitmap();
  }

  /**
   * The RGBA bytes of a window for the model, as in the native program. Colours are composited over black. Alpha is 0
   * where the picture is fully transparent, which counts as no data, and 255 elsewhere.
   *
   * @param {Rect} window
   */
  async forModel(window) {
    return overBlack(await this.read(window));
  }

  /**
   * The RGBA bytes of a window inside the picture.
   *
   * @param {Rect} window
   */
  async read([x, y, width, height]) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new PageError("memory", `no canvas of ${width} × ${height} px`);
    context.drawImage(this.#bitmap, -x, -y);
    try {
      return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
    } catch (error) {
      throw new PageError("memory", `${width} × ${height} px: ${textOf(error)}`);
    }
  }

  close() {
    this.#bitmap.close();
  }

  /** @param {ImageHeader} header @param {Size} decoded */
  #noteScaling(header, decoded) {
    const shrunkInDecoding = header.width * header.height > decoded.width * decoded.height;
    const from = shrunkInDecoding ? header : decoded;
    if (from.width * from.height === this.width * this.height) return;
    const values = { width: from.width, height: from.height, toWidth: this.width, toHeight: this.height };
    this.notices.push({ code: "scaled-down", values });
  }
}

/**
 * The scale factor that brings an image within the limits; 1 if it already is.
 *
 * @param {number} width
 * @param {number} height
 */
function fit(width, height) {
  return Math.min(1, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)));
}

/** @param {Blob} blob @param {ImageHeader} header */
async function decode(blob, header) {
  try {
    return await createImageBitmap(blob, AS_STORED);
  } catch (error) {
    const scale = header.width ? fit(header.width, header.height) : 1;
    const size = header.width ? `, ${header.width} × ${header.height} px` : "";
    const detail = `${header.format}${size}: ${textOf(error)}`;
    if (scale === 1) throw new PageError("undecodable", detail);
    // Some decoders scale while decoding, and so can read an image that does not fit in memory at full size.
    const resizeWidth = Math.max(1, Math.floor(header.width * scale));
    return createImageBitmap(blob, { ...AS_STORED, resizeWidth, resizeQuality: "high" }).catch(() => {
      throw new PageError("too-large", detail);
    });
  }
}

/** @param {ImageBitmap} bitmap */
async function within(bitmap) {
  const scale = fit(bitmap.width, bitmap.height);
  if (scale === 1) return bitmap;
  const resizeWidth = Math.max(1, Math.floor(bitmap.width * scale));
  const resizeHeight = Math.max(1, Math.floor(bitmap.height * scale));
  try {
    return await createImageBitmap(bitmap, { ...AS_STORED, resizeWidth, resizeHeight, resizeQuality: "high" });
  } catch (error) {
    throw new PageError("too-large", `${bitmap.width} × ${bitmap.height} px: ${textOf(error)}`);
  } finally {
    bitmap.close();
  }
}

/**
 * The same picture without its EXIF data.
 *
 * @param {File} file
 * @param {ImageHeader} header
 */
function withoutExif(file, { format, exif }) {
  if (exif.length === 0) return file;
  const parts = [];
  let at = 0;
  for (const [start, end] of exif) {
    parts.push(file.slice(at, start));
    // A WebP states its own length, so the chunk is not removed but renamed to one that decoders skip.
    if (format === "WebP") parts.push("NONE");
    at = end;
  }
  return new Blob([...parts, file.slice(at)], { type: file.type });
}

/**
 * Composites RGBA over black in place; alpha becomes 255 unless it is 0.
 *
 * @param {Bytes} rgba
 */
function overBlack(rgba) {
  for (let at = 3; at < rgba.length; at += 4) {
    const alpha = rgba[at];
    if (alpha === 255) continue;
    for (let band = at - 3; band < at; band += 1) rgba[band] = Math.floor((rgba[band] * alpha + 127) / 255);
    if (alpha > 0) rgba[at] = 255;
  }
  return rgba;
}
