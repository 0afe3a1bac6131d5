// A promise interface to the teaching worker. The worker exists from `learn` until `end`.
import { PageError } from "../text/errors.js";
/**
 * @import { EmitterOf } from "../../types/events.js"
 * @import { Bytes } from "../../types/engine.js"
 * @import { Example, Learned, PackFacts, TeachProgress, Wish } from "../../types/teach.js"
 */

/** @typedef {{ progress: TeachProgress, broken: PageError }} TeachEvents */
/** @typedef {{ resolve: (value: any) => void, reject: (reason: unknown) => void }} Waiting */

/** Events: "progress" (detail: what the worker reports) and "broken" (detail: PageError, the worker was ended). */
export class TeachSession extends /** @type {EmitterOf<TeachEvents>} */ (EventTarget) {
  #root;
  #weights;
  #startWorker;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();
  #nextId = 1;

  /**
   * `root` is the absolute URL of the folder that contains pkg/; `weights` is the name of a folder under weights/
   * there, or a folder's URL. `startWorker(url, name)` creates the worker.
   *
   * @param {string} root
   * @param {string} weights
   * @param {(url: URL, name: string) => Worker} startWorker
   */
  constructor(root, weights, startWorker = (url, name) => new Worker(url, { type: "module", name })) {
    super();
    this.#root = root;
    this.#weights = new URL(`${weights.replace(/\/$/, "")}/`, new URL("weights/", root)).href;
    this.#startWorker = startWorker;
  }

  /**
   * Learns from examples in a new worker.
   *
   * @param {Example[]} examples
   * @param {Wish} wish
   * @returns {Promise<Learned>}
   */
  learn(examples, wish = {}) {
    this.end();
    const worker = this.#startWorker(new URL("worker.js", import.meta.url), "s4eca teach");
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      // An event without a message means that the script could not be fetched.
      const code = event.message ? "teach" : "engine-missing";
      if (worker === this.#worker) this.#break(new PageError(code, event.message || "the worker did not load"));
    });
    // Some fields that the store adds to its records cannot be passed to a worker.
    const plain = examples.map(({ id, phrase, png, maskPng, imageKey, metresPerPixel, scene }) => {
      return { id, phrase, png, maskPng, imageKey, metresPerPixel, scene };
    });
    return this.#ask({ kind: "learn", root: this.#root, weights: this.#weights, examples: plain, wish });
  }

  /** Halts the work after the current step. */
  pause() {
    this.#worker?.postMessage({ kind: "pause" });
  }

  resume() {
    this.#worker?.postMessage({ kind: "resume" });
  }

  /**
   * The masks of example `at` before and after, a byte of 0 or 1 per pixel.
   *
   * @param {number} at
   * @returns {Promise<[before: Bytes, after: Bytes]>}
   */
  compare(at) {
    return this.#ask({ kind: "compare", at });
  }

  /**
   * The pack's file.
   *
   * @param {PackFacts} facts
   * @returns {Promise<Bytes>}
   */
  pack(facts) {
    return this.#ask({ kind: "pack", facts });
  }

  /** Ends the work and frees its memory. Pending requests are rejected with an AbortError. */
  end() {
    this.#stop(new DOMException("adapting was ended", "AbortError"));
  }

  /** @param {object} request @returns {Promise<any>} */
  #ask(request) {
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new PageError("teach", "nothing was learned yet"));
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request });
    });
  }

  /** @param {any} message */
  #receive({ event, id, value, error, ...rest }) {
    if (event === "progress") {
      this.dispatchEvent(new CustomEvent("progress", { detail: rest }));
    } else if (event === "broken") {
      this.#break(new PageError(rest.code, rest.message));
    } else {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new PageError(error.code, error.message));
      else waiting?.resolve(value);
    }
  }

  /** @param {PageError} error */
  #break(error) {
    this.#stop(error);
    this.dispatchEvent(new CustomEvent("broken", { detail: error }));
  }

  /** @param {unknown} reason */
  #stop(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(reason);
  }
}
