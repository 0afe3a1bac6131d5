// A TIFF of any size, read by the wasm module (Raster) window by window. Long reads go in steps, so that the worker
// handles other messages in between. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
/**
 * @import { Bytes, Engine, Georeference, Raster, Rect, Sidecars } from "../../types/engine.js"
 * @import { Notice } from "../../types/scene.js"
 */

// Maximum pixels that one view reads; without overviews, wider views are taken from the preview.
const VIEW_PIXELS = 24e6;
// Pixels of a view that are read in one step.
const STEP_PIXELS = 1e6;
// Time limit for the preview of a file without overviews, and for one step of it.
const PATIENCE_MS = 20_000;
const STEP_MS = 50;

export class TiffScene {
  /** @type {"tiff"} */
  kind = "tiff";
  format = "TIFF";
  width = 0;
  height = 0;
  bands = 0;
  bits = 0;
  overviews = 0;
  /** @type {Notice[]} */
  notices = [];
  /** Whether the file has georeferencing tags. */
  tags = false;
  /** @type {Raster} */
  #raster;
  /** @type {ImageBitmap | null} */
  #preview = null;
  #closed = false;

  /**
   * Opens `file`; `engine` is the wasm module, `aux` the text of the .aux.xml file beside it. Throws a PageError.
   *
   * @param {File} file
   * @param {Engine} engine
   * @param {string} [aux]
   */
  static open(file, engine, aux) {
    const scene = new TiffScene();
    scene.#raster = read(() => engine.Raster.open(file, aux));
    const { used, stretched, masked, ...facts } = scene.#raster.facts();
    Object.assign(scene, facts);
    scene.tags = scene.#raster.hasTags();
    const { bands, bits } = facts;
    if (bands > used) scene.notices.push({ code: "bands-dropped", values: { bands, used } });
    if (stretched) scene.notices.push({ code: "stretched", values: { bits } });
    if (masked) scene.notices.push({ code: "mask-band", values: {} });
    return scene;
  }

  /**
   * An ImageBitmap of the whole scene, its longer side at most `side` px. `progress(share)` is called while it is read;
   * `signal` aborts it.
   *
   * @param {number} side
   * @param {(share: number) => void} progress
   * @param {AbortSignal} signal
   */
  async preview(side, progress, signal) {
    this.#live.startPreview(side);
    const deadline = performance.now() + PATIENCE_MS;
    for (let more = true; more && performance.now() < deadline; ) {
      await pause();
      if (signal.aborted) throw new PageError("superseded");
      const raster = this.#live;
      const end = performance.now() + STEP_MS;
      while (more && performance.now() < end) more = read(() => raster.advance());
      progress(raster.previewShare());
    }
    const percent = Math.floor(this.#live.previewShare() * 100);
    const { width, height, rgba } = this.#live.takePreview();
    const bitmap = await createImageBitmap(imageOf(rgba, width, height));
    if (this.#closed) {
      bitmap.close();
      throw new PageError("superseded");
    }
    this.#preview = bitmap;
    const isLarge = this.overviews === 0 && this.width * this.height > VIEW_PIXELS;
    if (percent < 100) this.notices.push({ code: "preview-partial", values: { percent } });
    else if (isLarge) this.notices.push({ code: "no-overviews", values: {} });
    // The caller transfers its bitmap to the page; this one serves wide views.
    return createImageBitmap(bitmap);
  }

  /**
   * The Georeference from the file's tags and the texts of the files beside it, `{world, prj, aux}`.
   *
   * @param {Sidecars} beside
   * @returns {Georeference}
   */
  georeference(beside) {
    return this.#raster.georeference(beside);
  }

  /**
   * The model's input from `window` (scene px) for a map of `step` scene px per map px: `{width, height, rgba, empty,
   * hasData}`. `empty` says whether there is no data at all. `hasData` is 0 for each pixel without data and 1 for
   * others, or null if all have data.
   *
   * @param {Rect} window
   * @param {number} step
   */
  piece(window, step) {
    const raster = this.#live;
    return read(() => raster.piece(...window, step));
  }

  /**
   * The RGBA bytes of a window (scene px, inside the scene) at full resolution.
   *
   * @param {Rect} window
   */
  read(window) {
    const raster = this.#live;
    return read(() => raster.rgba(0, ...window));
  }

  /**
   * Any part at any size, as fine as the file has it; transparent outside the scene. Between steps it ends with the
   * PageError "superseded" if `isStale()`.
   *
   * @param {Rect} rect
   * @param {number} width
   * @param {number} height
   * @param {() => boolean} isStale
   */
  async view([x, y, w, h], width, height, isStale = () => false) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context) throw new PageError("memory", `no canvas of ${width} × ${height} px`);
    context.imageSmoothingEnabled = w > width || h > height;
    context.imageSmoothingQuality = "high";
    context.setTransform(width / w, 0, 0, height / h, (-x * width) / w, (-y * height) / h);
    const inside = this.#inside([x, y, w, h]);
    if (inside) {
      const level = this.#live.levelFor(Math.min(w / width, h / height));
      const window = /** @type {Rect} */ ([...this.#live.onLevel(level, ...inside)]);
      if (window[2] * window[3] > VIEW_PIXELS && this.#preview) {
        context.imageSmoothingEnabled = true;
        context.drawImage(this.#preview, 0, 0, this.width, this.height);
      } else {
        await this.#draw(context, level, window, Math.min(w / width, h / height), isStale);
      }
    }
    return canvas.transferToImageBitmap();
  }

  close() {
    this.#closed = true;
    this.#preview?.close();
    this.#raster.free();
  }

  /**
   * Draws a window of a level at its place in the scene; `step` is the size of a pixel of the view in scene px.
   *
   * @param {OffscreenCanvasRenderingContext2D} context
   * @param {number} level
   * @param {Rect} window
   * @param {number} step
   * @param {() => boolean} isStale
   */
  async #draw(context, level, [left, top, columns, rows], step, isStale) {
    const [levelWidth, levelHeight] = this.#live.levelSize(level);
    const [scaleX, scaleY] = [this.width / levelWidth, this.height / levelHeight];
    // The reader returns only as many pixels as the view needs.
    const factor = Math.max(1, Math.floor(step / Math.max(scaleX, scaleY)));
    const [width, height] = [columns, rows].map((length) => Math.ceil(length / factor));
    const part = new OffscreenCanvas(width, height);
    const pixels = part.getContext("2d");
    if (!pixels) throw new PageError("memory", `no canvas of ${width} × ${height} px`);
    const most = factor * Math.max(1, Math.floor(STEP_PIXELS / columns / factor));
    for (let row = 0; row < rows; row += most) {
      if (row > 0) await pause();
      if (isStale()) throw new PageError("superseded");
      const raster = this.#live;
      const count = Math.min(most, rows - row);
      const rgba = read(() => raster.smaller(level, left, top + row, columns, count, factor));
      pixels.putImageData(imageOf(rgba, width, Math.ceil(count / factor)), 0, row / factor);
      }
    // The last squares may extend beyond the scene.
    context.beginPath();
    context.rect(0, 0, this.width, this.height);
    context.clip();
    context.drawImage(part, left * scaleX, top * scaleY, width * factor * scaleX, height * factor * scaleY);
  }

  /** The reader. Throws a PageError if another scene has replaced this one. */
  get #live() {
    if (this.#closed) throw new PageError("superseded");
    return this.#raster;
  }

  /** @param {Rect} rect @returns {Rect | null} */
  #inside([x, y, w, h]) {
    const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
    const [right, bottom] = [Math.min(this.width, Math.ceil(x + w)), Math.min(this.height, Math.ceil(y + h))];
    return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
  }
}

/**
 * Calls the reader; its errors become PageErrors.
 *
 * @template Value
 * @param {() => Value} act
 */
function read(act) {
  try {
    return act();
  } catch (/** @type {any} */ error) {
    // An error without a code is a trap, which the worker reports.
    throw typeof error?.code === "string" ? new PageError(error.code, textOf(error)) : error;
  }
}

/** Lets other messages be handled. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** @param {Bytes} rgba @param {number} width @param {number} height */
function imageOf(rgba, width, height) {
  return new ImageData(new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length), width, height);
}
