// A promise interface to the model worker that recovers from faults: a new worker takes over the pending requests, on
// the CPU if the GPU was at fault. Their pixels stay here until they are answered.
import { PageError, textOf } from "../text/errors.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { EmitterOf } from "../../types/events.js"
 * @import { PackInfo } from "../../types/network.js"
 * @import { Answer, ExecutedAnswer, ModelInfo, ModelRequest, ModelWindow } from "../../types/model.js"
 * @import { Progress, Reason, Wish } from "../../types/model.js"
 */

/** Faults of a GPU, after which the CPU takes over the pending requests. */
const OF_GPU = ["gpu-lost", "gpu-memory"];

/**
 * @typedef {object} SessionEvents
 * @property {Progress} progress
 * @property {ModelInfo} ready
 * @property {PackInfo | null} pack
 * @property {PageError} failed
 * @property {PageError} recovered
 * @property {null} kept
 * @property {null} stopped
 *
 * @typedef {(url: URL, name: string) => Worker} StartWorker
 * @typedef {{ request: ModelRequest, resolve: (value: any) => void, reject: (reason: unknown) => void }} Pending
 */

/**
 * Events: "progress" (detail: the worker's progress), "ready" (detail: what `Segmenter.info()` returns, with `reason`,
 * `bytes`, `cachedBytes`, `kept`, `partial`, `offline`, `engineBytes`, `engineCached`), "kept" (the files that were
 * missing are there; `info` is new), "pack" (detail: what the
 * pack in use says about itself, or null), "failed" (detail: PageError, the model did
 * not start), "recovered" (detail: PageError, the worker was replaced), "stopped" (by `stop`).
 */
export class Session extends /** @type {EmitterOf<SessionEvents>} */ (EventTarget) {
  #root;
  #weights;
  #startWorker;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #nextId = 1;
  /** @type {Promise<ModelInfo> | null} */
  #started = null;
  /** @type {Wish} */
  #wish = "auto";
  /** @type {Reason | null} */
  #why = null;
  /** @type {WebAssembly.Module | null} */
  #module = null; // the compiled engine, for a replaced worker
  /** @type {ModelInfo | null} */
  #info = null;
  /** @type {Bytes | null} */
  #pack = null; // the file of the pack in use, for a replaced worker
  /** @type {PageError | null} */
  #failure = null;

  /**
   * `root` is the absolute URL of the folder that contains pkg/; `weights` is the name of a folder under weights/
   * there, or a folder's URL. `startWorker(url, name)` creates the worker; the default is a plain one.
   *
   * @param {string} root
   * @param {string} weights
   * @param {StartWorker} startWorker
   */
  constructor(root, weights, startWorker = plainWorker) {
    super();
    this.#startWorker = startWorker;
    this.#root = root;
    this.#weights = new URL(`${weights.replace(/\/$/, "")}/`, new URL("weights/", root)).href;
  }

  /** Information on the running model, as in "ready"; null while there is none. */
  get info() {
    return this.#info;
  }

  /**
   * Starts the model on "auto", "webgpu" or "cpu"; if the GPU fails to start, the CPU is used.
   *
   * @param {Wish} wish
   * @returns {Promise<ModelInfo>}
   */
  start(wish = "auto") {
    this.#why = null;
    return this.#boot(wish);
  }

  /** Stops the model or its loading and aborts pending requests. `start` starts it again. */
  stop() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#info = null;
    this.#rejectAll(new DOMException("the model was stopped", "AbortError"));
    this.dispatchEvent(new Event("stopped"));
  }

  /**
   * Sets the pack to use from now on, given by its file; null removes it. The pack answers the phrases that it was
   * taught. Waits for a model that is still loading. Rejects with a PageError if the pack cannot be used; the previous
   * pack stays in use.
   *
   * @param {Bytes | null} file
   * @returns {Promise<PackInfo | null>}
   */
  async usePack(file) {
    await this.#started;
    if (!this.#worker) throw this.#failure ?? new PageError("not-started");
    const pack = await this.#ask({ kind: "pack", pack: file });
    this.#pack = file;
    if (this.#info) this.#info = { ...this.#info, pack };
    this.dispatchEvent(new CustomEvent("pack", { detail: pack }));
    return pack;
  }

  /**
   * The probability map of `phrase` on the window `{width, height, rgba, map: [width, height]}`: `{probability, score,
   * milliseconds, truncated, words, unknown, backend}`. Waits for a model that is still loading. When `signal` is
   * aborted it rejects at once with the signal's reason; work that has not started is never computed.
   *
   * @param {ModelWindow} window
   * @param {string} phrase
   * @param {{ signal?: AbortSignal }} options
   * @returns {Promise<Answer>}
   */
  async segment(window, phrase, { signal } = {}) {
    return this.#answer("segment", window, phrase, signal);
  }

  /**
   * Like `segment`, but the phrase is read and, if it is fully understood, executed. Returns what `execute` of
   * execution.js returns.
   *
   * @param {ModelWindow} window
   * @param {string} phrase
   * @param {{ signal?: AbortSignal }} options
   * @returns {Promise<ExecutedAnswer>}
   */
  async execute(window, phrase, { signal } = {}) {
    return this.#answer("execute", window, phrase, signal);
  }

  /**
   * @param {"segment" | "execute"} kind
   * @param {ModelWindow} window
   * @param {string} phrase
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  #answer(kind, { width, height, rgba, map }, phrase, signal) {
    signal?.throwIfAborted();
    if (rgba.length !== 4 * width * height) {
      throw new PageError("image", `${width} x ${height} px need ${4 * width * height} bytes, not ${rgba.length}`);
    }
    if (!this.#worker) throw this.#failure ?? new PageError("not-started");
    return this.#ask({ kind, width, height, rgba, map, phrase }, signal);
  }

  /** @param {Wish} wish @returns {Promise<ModelInfo>} */
  #boot(wish) {
    this.#wish = wish;
    this.#info = null;
    this.#failure = null;
    const interrupted = [...this.#pending];
    const worker = this.#replaceWorker();
    /** @type {ModelRequest} */
    const start = { kind: "start", root: this.#root, weights: this.#weights, wish, module: this.#module, pack: this.#pack };
    const started = this.#ask(start).then(
      (/** @type {ModelInfo} */ info) => {
        const running = { ...info, reason: this.#why ?? info.reason };
        this.#info = running;
        this.dispatchEvent(new CustomEvent("ready", { detail: running }));
        return running;
      },
      (error) => {
        if (error.name === "AbortError") throw error;
        // Another start has replaced this one: callers wait for its result.
        if (worker !== this.#worker) return /** @type {Promise<ModelInfo>} */ (this.#started);
        if (error.code === "gpu-start" || OF_GPU.includes(error.code)) {
          return this.#onCpu(error.code === "gpu-memory" ? "gpu-memory" : "gpu-start", error.message);
        }
        this.#worker?.terminate();
        this.#worker = null;
        this.#failure = error;
        this.#rejectAll(error);
        this.dispatchEvent(new CustomEvent("failed", { detail: error }));
        throw error;
      },
    );
    this.#started = started;
    // The "failed" event has already reported it.
    started.catch(() => {});
    for (const [id, { request, reject }] of interrupted) {
      if (request.kind !== "start") {
        this.#post(id, request);
        continue;
      }
      this.#pending.delete(id);
      reject(new PageError("segment", "it was restarted"));
    }
    return started;
  }

  /** @param {string} code @param {string} message */
  #onCpu(code, message) {
    this.#why = { code, message };
    return this.#boot("cpu");
  }

  #replaceWorker() {
    this.#worker?.terminate();
    const worker = this.#startWorker(new URL("worker.js", import.meta.url), "s4eca model");
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      // An event without a message means that the script could not be fetched.
      const code = event.message ? "crash" : "engine-missing";
      if (worker === this.#worker) this.#recover(new PageError(code, event.message || "the worker did not load"));
    });
    return worker;
  }

  /** @param {ModelRequest} request @param {AbortSignal} [signal] @returns {Promise<any>} */
  #ask(request, signal) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      const abort = () => {
        this.#pending.delete(id);
        this.#worker?.postMessage({ kind: "cancel", request: id });
        reject(signal?.reason);
      };
      const settled = (/** @type {(result: any) => void} */ settle) => (/** @type {unknown} */ result) => {
        signal?.removeEventListener("abort", abort);
        settle(result);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#pending.set(id, { request, resolve: settled(resolve), reject: settled(reject) });
      try {
        this.#post(id, request);
      } catch (error) {
        // There was no memory for the copy of the pixels.
        this.#pending.delete(id);
        settled(reject)(new PageError("memory", textOf(error)));
      }
    });
  }

  /**
   * Posts a request. Pixels are copied, not transferred: they may be needed again.
   *
   * @param {number} id
   * @param {ModelRequest} request
   */
  #post(id, request) {
    this.#worker?.postMessage({ id, ...request });
  }

  /** @param {any} message */
  #receive({ event, id, value, error, fatal, ...rest }) {
    if (event === "progress") {
      this.dispatchEvent(new CustomEvent("progress", { detail: rest }));
    } else if (event === "engine") {
      this.#module = rest.module;
    } else if (event === "kept") {
      this.#addRest(rest);
      this.dispatchEvent(new Event("kept"));
    } else if (event === "broken") {
      this.#recover(new PageError(rest.code, rest.message));
    } else if (fatal) {
      this.#recover(new PageError(error.code, error.message), id);
    } else {
      // An answer without a pending request belongs to one that was cancelled.
      const waiting = this.#pending.get(id);
      this.#pending.delete(id);
      if (error) waiting?.reject(new PageError(error.code, error.message));
      else waiting?.resolve(value);
    }
  }

  /**
   * Adds what has arrived after the start to `info`.
   *
   * @param {{ kept: boolean, bytes: number, cachedBytes: number }} rest
   */
  #addRest({ kept, bytes, cachedBytes }) {
    const info = this.#info;
    if (!info) return;
    this.#info = { ...info, kept, partial: false, bytes: info.bytes + bytes, cachedBytes: info.cachedBytes + cachedBytes };
  }

  /**
   * Replaces the worker. After a GPU fault the CPU takes over all pending requests. After a crash the request that was
   * being computed (`id`, by default the oldest) fails, since it could crash again.
   *
   * @param {PageError} error
   * @param {number} [id]
   */
  #recover(error, id = this.#pending.keys().next().value) {
    const starting = [...this.#pending].find(([, { request }]) => request.kind === "start");
    if (starting) {
      this.#pending.delete(starting[0]);
      starting[1].reject(error);
      return;
    }
    if (OF_GPU.includes(error.code)) {
      this.#onCpu(error.code, error.message);
    } else {
      if (id !== undefined) {
        this.#pending.get(id)?.reject(error);
        this.#pending.delete(id);
      }
      this.#boot(error.code === "memory" ? this.#wish : "cpu");
    }
    this.dispatchEvent(new CustomEvent("recovered", { detail: error }));
  }

  /** @param {unknown} error */
  #rejectAll(error) {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(error);
  }
}

/** @param {URL} url @param {string} name */
function plainWorker(url, name) {
  try {
    return new Worker(url, { type: "module", name });
  } catch (error) {
    // Only possible if the module is embedded from another origin.
    throw new PageError("embed-origin", textOf(error));
  }
}
