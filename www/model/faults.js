// Classifies faults inside the engine: panics, traps, out of memory, a lost GPU.
import { PageError, textOf } from "../text/errors.js";

/**
 * Whether `error` reports that memory ran out. A stack overflow is a RangeError too.
 *
 * @param {unknown} error
 */
export function outOfMemory(error) {
  const text = textOf(error);
  return (error instanceof RangeError && !/call stack/i.test(text)) || /out of memory|allocation fail/i.test(text);
}

/**
 * Whether the engine is unusable after `error`: a trap leaves it in an undefined state.
 *
 * @param {unknown} error
 */
export function isTrap(error) {
  return error instanceof WebAssembly.RuntimeError || /call stack|too much recursion/i.test(textOf(error));
}

/** Reads the engine's panics from the console: they carry more information than the traps that follow. */
export class Panics {
  #last = "";

  constructor() {
    const log = console.error;
    console.error = (...parts) => {
      const text = parts.map(textOf).join(" ");
      if (/panicked at/.test(text)) this.#last = text.split("\n").slice(0, 2).join(" ");
      log(...parts);
    };
  }

  /**
   * The PageError for a trap on `backend`. Rust aborts without a message if an allocation fails, and with a panic
   * message in all other cases.
   *
   * @param {unknown} error
   * @param {string} backend
   */
  fault(error, backend) {
    const silent = !this.#last && /unreachable/.test(textOf(error));
    if (silent || outOfMemory(error)) return new PageError("memory", textOf(error));
    return new PageError(backend === "webgpu" ? "gpu-lost" : "crash", this.#last || textOf(error));
  }
}
