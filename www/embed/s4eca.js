// The model for other pages: `import { S4eca } from "./s4eca.js"`. Types and what each part does: s4eca.d.ts.
import { Session } from "../model/session.js";
import { PageError, explain } from "../text/errors.js";
import { Found } from "./found.js";
import { toPixels } from "./pixels.js";

/** The folder that pkg/ and www/ lie in, wherever this file was imported from. */
const ROOT = new URL("../../", import.meta.url).href;
/** Longest side of an answer, in pixels: beyond it the network has no more to say. */
const LONGEST_SIDE = 2048;
/** Who answers a phrase, by the name that `reading` has for it: the method of `Session`. */
const WAYS = { auto: "execute", network: "segment" };

export class S4ecaError extends Error {
  /** Says what is wrong and what to do of any error of the parts; one who aborted gets his own reason back. */
  static from(error) {
    if (error?.name === "AbortError" || error instanceof S4ecaError) return error;
    const known = PageError.from(error, "segment");
    const { title, advice, detail } = explain(known);
    return new S4ecaError(known.code, detail ? `${title}: ${detail}` : title, advice);
  }

  constructor(code, message, advice) {
    super(message);
    this.name = "S4ecaError";
    this.code = code;
    this.advice = advice;
  }
}

export class S4eca {
  #session;

  static async load(weights, { backend = "auto", onProgress, signal } = {}) {
    signal?.throwIfAborted();
    const session = new Session(ROOT, new URL(weights, document.baseURI).href);
    if (onProgress) session.addEventListener("progress", ({ detail }) => onProgress(detail));
    const stop = () => session.stop();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await session.start(backend);
    } catch (error) {
      session.stop();
      signal?.throwIfAborted();
      throw S4ecaError.from(error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    return new S4eca(session);
  }

  /** For `load` only. */
  constructor(session) {
    this.#session = session;
  }

  get info() {
    return this.#session.info;
  }

  async segment(image, phrase, { signal, reading = "auto" } = {}) {
    signal?.throwIfAborted();
    try {
      if (!Object.hasOwn(WAYS, reading)) throw new PageError("segment", `there is no reading "${reading}"`);
      const pixels = await toPixels(image);
      const scale = Math.min(1, LONGEST_SIDE / Math.max(pixels.width, pixels.height));
      const map = [pixels.width, pixels.height].map((side) => Math.max(1, Math.round(side * scale)));
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
