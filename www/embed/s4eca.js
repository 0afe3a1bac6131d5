// The model for other pages: `import { S4eca } from "./s4eca.js"`. Types and documentation are in s4eca.d.ts.
import { Session } from "../model/session.js";
import { packBytes } from "../teach/packfile.js";
import { PageError, explain } from "../text/errors.js";
import { Found } from "./found.js";
import { toPixels } from "./pixels.js";
/** @import { ImageLike, LoadOptions, Progress, SegmentOptions } from "./s4eca.js" */

/** The folder that contains pkg/ and www/, wherever this file was imported from. */
const ROOT = new URL("../../", import.meta.url).href;
/** Longest side of an answer, in pixels: the network gives no more detail beyond it. */
const LONGEST_SIDE = 2048;
/** The method of `Session` that answers a phrase, by the value of `reading`. */
const WAYS = /** @type {const} */ ({ auto: "execute", network: "segment" });

export class S4ecaError extends Error {
  /**
   * Wraps any error with its message and advice; abort errors are returned unchanged.
   *
   * @param {any} error
   */
  static from(error) {
    if (error?.name === "AbortError" || error instanceof S4ecaError) return error;
    const known = PageError.from(error, "segment");
    const { title, advice, detail } = explain(known);
    return new S4ecaError(known.code, detail ? `${title}: ${detail}` : title, advice);
  }

  /** @param {string} code @param {string} message @param {string} advice */
  constructor(code, message, advice) {
    super(message);
    this.name = "S4ecaError";
    this.code = code;
    this.advice = advice;
  }
}

export class S4eca {
  #session;

  /** @param {string | URL} weights @param {LoadOptions} options */
  static async load(weights, { backend = "auto", pack, onProgress, signal } = {}) {
    signal?.throwIfAborted();
    const session = new Session(ROOT, new URL(weights, document.baseURI).href);
    if (onProgress) session.addEventListener("progress", ({ detail }) => onProgress(/** @type {Progress} */ (detail)));
    const stop = () => session.stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await session.start(backend);
      if (pack !== undefined) await session.usePack(await packBytes(pack));
    } catch (error) {
      session.stop();
      signal?.throwIfAborted();
      throw S4ecaError.from(error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    return new S4eca(session);
  }

  /**
   * For `load` only.
   *
   * @param {Session} session
   */
  constructor(session) {
    this.#session = session;
  }

  get info() {
    return this.#session.info;
  }

  /** @param {ImageLike} image @param {string} phrase @param {SegmentOptions} options */
  async segment(image, phrase, { signal, reading = "auto" } = {}) {
    signal?.throwIfAborted();
    try {
      if (!Object.hasOwn(WAYS, reading)) throw new PageError("segment", `there is no reading "${reading}"`);
      const pixels = await toPixels(image);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(pixels.width, pixels.height));
      const [width, height] = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(side * scale)));
      /** @type {[number, number]} */
      const map = [width, height];
      return new Found(map, await this.#session[WAYS[reading]]({ ...pixels, map }, phrase, { signal }));
    } catch (error) {
      signal?.throwIfAborted();
      throw S4ecaError.from(error);
    }
  }

  dispose() {
    this.#session.stop();
  }
}
