// What went wrong inside the engine: a panic, a trap, no memory left, a GPU that is gone.
import { PageError, textOf } from "../text/errors.js";

/** Whether `error` says that memory could not be had. A stack that overflows is a RangeError too. */
export function outOfMemory(error) {
  const text = textOf(error);
  return (error instanceof RangeError && !/call stack/i.test(text)) || /out of memory|allocation fail/i.test(text);
}

/** Whether the engine is of no more use after `error`: a trap leaves it in no known state. */
export function isTrap(error) {
  return error instanceof WebAssembly.RuntimeError || /call stack|too much recursion/i.test(textOf(error));
}

/** Reads the engine's panics from the console: they say more than the traps that follow them. */
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
   * What a trap means on `backend`. Rust ends without a word where memory cannot be had, and with a panic's text
   * everywhere else.
   */
  fault(error, backend) {
    const silent = !this.#last && /unreachable/.test(textOf(error));
    if (silent || outOfMemory(error)) return new PageError("memory", textOf(error));
    return new PageError(backend === "webgpu" ? "gpu-lost" : "crash", this.#last || textOf(error));
  }
}
