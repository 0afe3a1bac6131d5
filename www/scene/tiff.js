// A TIFF of any size: the directory is read when it is opened, windows and overviews on demand, and the
// whole image is never held in memory. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
import { openImages } from "./blocks.js";
import { Colours, bitmapOf } from "./colours.js";
import { scaled } from "./piece.js";
import { geoTags, samplesOf, tag } from "./tiffheader.js";
import { readPreview } from "./tiffpreview.js";

const MIN_SIDE = 8;
// Maximum pixels that one view reads; without overviews, wider views are taken from the preview.
const VIEW_PIXELS = 24e6;
const REDUCED = 1;
const MASK = 4;

export class TiffScene {
  kind = "tiff";
  format = "TIFF";
  width;
  height;
  bands;
  bits;
  notices = [];
  /** Georeferencing tags as `Georeference.fromFiles` takes them, or null. */
  tags;
  #samples;
  #levels;
  #colours;
  #preview = null;

  /** Opens `file`; `engine()` resolves to the wasm module. Throws a PageError. */
  static async open(file, engine) {
    try {
      return await new TiffScene().#open(file, engine);
    } catch (error) {
      if (error instanceof PageError) throw error;
      // An offset outside the file usually means a truncated file, not a wrong offset.
      if (error instanceof RangeError) throw new PageError("cut-short", error.message);
      throw new PageError("tiff-damaged", textOf(error));
    }
  }

  async #open(file, engine) {
    const images = await openImages(file);
    const [main] = images;
    if (!main) throw new PageError("tiff-damaged", "it has no image directory");
    [this.width, this.height] = [main.getWidth(), main.getHeight()];
    if (Math.min(this.width, this.height) < MIN_SIDE) {
      throw new PageError("too-small", `it has ${this.width} × ${this.height} px`);
    }
    const samples = samplesOf(main);
    this.#samples = samples;
    this.bands = samples.bands;
    this.bits = samples.bits;
    this.tags = geoTags(main);
    main.check(file.size);
    this.#levels = levelsOf(images, samples, file.size);
    this.#note();
    const read = (window) => this.#samplesAt(this.#levels[0], window);
    this.#colours = await Colours.of(samples, await engine(), read, this);
    return this;
  }

  get overviews() {
    return this.#levels.length - 1;
  }

  /**
   * An ImageBitmap of the whole scene, its longer side at most `side` px. `progress(share)` is called while it is read;
   * `signal` aborts it.
   */
  async preview(side, progress, signal) {
    const { bitmap, share } = await readPreview(this, this.#levels, side, progress, signal);
    this.#preview = bitmap;
    const percent = Math.floor(share * 100);
    const isLarge = this.overviews === 0 && this.width * this.height > VIEW_PIXELS;
    if (percent < 100) this.notices.push({ code: "preview-partial", values: { percent } });
    else if (isLarge) this.notices.push({ code: "no-overviews", values: {} });
    // The caller transfers its bitmap to the page; this one serves wide views.
    return createImageBitmap(bitmap);
  }

  /**
   * The coarsest version in the file with at least one pixel per `step` scene px: `window` maps a window in scene px to
   * its own px, `rgba` reads such a window.
   */
  level(step) {
    const level = this.#levelFor(step);
    return { window: (window) => level.window(window), rgba: (window) => this.rgbaAt(level, window) };
  }

  /** The RGBA bytes of a window (scene px, inside the scene) at full resolution. */
  async read(window) {
    return this.rgbaAt(this.#levels[0], window);
  }

  /** Any part at any size, as fine as the file has it; transparent outside the scene. */
  async view([x, y, w, h], width, height) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new PageError("memory", `no canvas of ${width} × ${height} px`);
    context.imageSmoothingEnabled = w > width || h > height;
    context.imageSmoothingQuality = "high";
    context.setTransform(width / w, 0, 0, height / h, (-x * width) / w, (-y * height) / h);
    const inside = this.#inside([x, y, w, h]);
    if (inside) {
      const level = this.#levelFor(Math.min(w / width, h / height));
      const { scaleX, scaleY } = level;
      if ((inside[2] / scaleX) * (inside[3] / scaleY) > VIEW_PIXELS && this.#preview) {
        context.imageSmoothingEnabled = true;
        context.drawImage(this.#preview, 0, 0, this.width, this.height);
      } else {
        const [left, top, columns, rows] = level.window(inside);
        const pixels = await bitmapOf(await this.rgbaAt(level, [left, top, columns, rows]), columns, rows);
        context.drawImage(pixels, left * scaleX, top * scaleY, columns * scaleX, rows * scaleY);
        pixels.close();
      }
    }
    return canvas.transferToImageBitmap();
  }

  close() {
    this.#preview?.close();
    this.#colours?.free();
  }

  /** Every `every`-th pixel of a window, given in the level's own pixels, as RGBA. */
  async rgbaAt(level, window, every = 1) {
    const [width, height] = [window[2], window[3]].map((length) => Math.ceil(length / every));
    const samples = await this.#samplesAt(level, window, every);
    const rgba = this.#colours.rgba(samples, width, height);
    if (level.mask) await hide(rgba, level.mask, window, every);
    return rgba;
  }

  async #samplesAt({ image }, window, every = 1) {
    try {
      return await image.window(this.#samples.use, window, every);
    } catch (error) {
      // A RangeError comes from a decoder that reads beyond its data, unless it reports a lack of memory.
      if (error instanceof PageError || /allocation|out of memory/i.test(textOf(error))) throw error;
      const [x, y] = window;
      throw new PageError("tiff-damaged", `the part at ${x}, ${y} could not be decoded: ${textOf(error)}`);
    }
  }

  #levelFor(step) {
    // Overview sizes may be rounded up or down by one pixel.
    const [across, down] = [this.width / step, this.height / step];
    return this.#levels.findLast(({ width, height }) => width + 1 >= across && height + 1 >= down) ?? this.#levels[0];
  }

  #inside([x, y, w, h]) {
    const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
    const [right, bottom] = [Math.min(this.width, Math.ceil(x + w)), Math.min(this.height, Math.ceil(y + h))];
    return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
  }

  #note() {
    const { bands, use, alpha, bits, kind } = this.#samples;
    const used = use.length - (alpha < 0 ? 0 : 1);
    const left = bands - use.length;
    if (left > 0) this.notices.push({ code: "bands-dropped", values: { bands, used } });
    if (kind !== "u8") this.notices.push({ code: "stretched", values: { bits } });
    if (this.#levels[0].mask) this.notices.push({ code: "mask-band", values: {} });
  }
}

/** The image and its overviews, the finest first, each with its mask if it has one. */
function levelsOf([main, ...others], samples, fileSize) {
  const kindOf = (image) => tag(image, "NewSubfileType", 0);
  const isOverview = (image) =>
    (kindOf(image) & (REDUCED | MASK)) === REDUCED &&
    image.getSamplesPerPixel() === samples.bands &&
    image.getWidth() <= main.getWidth() &&
    image.getHeight() <= main.getHeight() &&
    isWhole(image);
  // An overview or mask that is truncated is skipped: the image does not need it.
  const isWhole = (image) => {
    try {
      image.check(fileSize);
      return true;
    } catch {
      return false;
    }
  };
  const sizeOf = (image) => `${image.getWidth()} × ${image.getHeight()}`;
  const isMask = (image) => (kindOf(image) & MASK) !== 0 && isWhole(image);
  const masks = new Map(others.filter(isMask).map((image) => [sizeOf(image), image]));
  const images = [main, ...others.filter(isOverview).sort((a, b) => b.getWidth() - a.getWidth())];
  return images.map((image) => new Level(image, masks.get(sizeOf(image)) ?? null, main));
}

class Level {
  #main;

  constructor(image, mask, main) {
    this.#main = main;
    this.image = image;
    this.mask = mask;
    this.width = image.getWidth();
    this.height = image.getHeight();
    /** Scene px per pixel of this level. */
    this.scaleX = main.getWidth() / this.width;
    this.scaleY = main.getHeight() / this.height;
  }

  /** The window of this level that corresponds to a window in scene px. */
  window([x, y, width, height]) {
    const [left, columns] = scaled(x, width, this.#main.getWidth(), this.width);
    const [top, rows] = scaled(y, height, this.#main.getHeight(), this.height);
    return [left, top, columns, rows];
  }
}

/** Makes the pixels transparent that the file's own mask excludes. */
async function hide(rgba, mask, window, every) {
  const shown = await mask.window([0], window, every);
  for (let i = 0; i < shown.length; i += 1) if (shown[i] === 0) rgba[i * 4 + 3] = 0;
}
