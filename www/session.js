// The worker as promises, and what happens when it breaks: a new one takes over, on the CPU if the
// GPU was at fault, with the same image and the requests that were under way.
import { PageError } from "./messages.js";

/**
 * Events: "progress" (detail: the worker's progress), "ready" (detail: what `Segmenter.info()` says,
 * with `reason`, `bytes`, `cachedBytes`, `kept`), "failed" (detail: PageError, the model did not
 * start), "recovered" (detail: PageError, the worker was replaced).
 */
export class Session extends EventTarget {
  #root;
  #weights;
  #worker = null;
  #pending = new Map();
  #nextId = 1;
  #blob = null;
  #started = null;
  #why = null;

  /** `root` is the page's own URL, `weights` the name of a folder under weights/. */
  constructor(root, weights) {
    super();
    this.#root = root;
    this.#weights = weights;
  }

  /** Starts the model on "auto", "webgpu" or "cpu"; a GPU that fails its start is followed by the CPU. */
  start(wish) {
    this.#why = null;
    return this.#boot(wish);
  }

  /** Decodes `blob` and makes it the current image: `{width, height, original, preview}`. */
  async setImage(blob) {
    const image = await this.#ask({ kind: "image", blob });
    this.#blob = blob;
    return image;
  }

  /** The probability map of `phrase` on the current image; waits for a model that is still loading. */
  async segment(phrase) {
    await this.#whenStarted();
    return this.#ask({ kind: "segment", phrase });
  }

  /** Removes the cached weights; true where there were any. */
  clearCache() {
    return this.#ask({ kind: "clear" });
  }

  /** Follows restarts: resolves once the model that is there now has started. */
  async #whenStarted() {
    for (let seen = null; seen !== this.#started; ) {
      seen = this.#started;
      try {
        await seen;
      } catch (error) {
        if (seen === this.#started) throw error;
      }
    }
  }

  #boot(wish) {
    const worker = this.#replaceWorker();
    const interrupted = [...this.#pending];
    this.#started = this.#ask({ kind: "start", root: this.#root, weights: this.#weights, wish }).then(
      (info) => {
        const ready = { ...info, reason: this.#why ?? info.reason };
        this.dispatchEvent(new CustomEvent("ready", { detail: ready }));
        return ready;
      },
      (error) => {
        // Another start came between: what it gives is what everyone waits for.
        if (worker !== this.#worker) return this.#started;
        if (error.code === "gpu-start" || error.code === "gpu-lost") return this.#onCpu("gpu-start", error.message);
        this.dispatchEvent(new CustomEvent("failed", { detail: error }));
        throw error;
      },
    );
    // The "failed" event has told it already.
    this.#started.catch(() => {});
    if (this.#blob) this.#post(this.#nextId++, { kind: "image", blob: this.#blob });
    for (const [id, { request, reject }] of interrupted) {
      if (request.kind !== "start") {
        this.#post(id, request);
        continue;
      }
      this.#pending.delete(id);
      reject(new PageError("segment", "started anew"));
    }
    return this.#started;
  }

  #onCpu(code, message) {
    this.#why = { code, message };
    return this.#boot("cpu");
  }

  #replaceWorker() {
    this.#worker?.terminate();
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module", name: "s4eca" });
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => worker === this.#worker && this.#receive(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#recover(new PageError("crash", event.message || "the worker did not load"));
    });
    return worker;
  }

  #ask(request) {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#pending.set(id, { request, resolve, reject });
      this.#post(id, request);
    });
  }

  #post(id, request) {
    this.#worker.postMessage({ id, ...request });
  }

  #receive({ event, id, value, error, ...rest }) {
    if (event === "progress") {
      this.dispatchEvent(new CustomEvent("progress", { detail: rest }));
    } else if (event === "broken") {
      this.#recover(new PageError(rest.code, rest.message));
    } else if (error && (error.code === "gpu-lost" || error.code === "crash")) {
      this.#recover(new PageError(error.code, error.message));
    } else {
      // An answer that nobody waits for belongs to an image that was sent again after a restart.
      const waiting = this.#pending.get(id);
      this.#pending.delete(id);
      if (error) waiting?.reject(new PageError(error.code, error.message));
      else waiting?.resolve(value);
    }
  }

  /** A lost GPU: the CPU does what was under way. A crash: the same request could crash again, so it fails. */
  #recover(error) {
    const waiting = [...this.#pending.values()];
    const starting = waiting.find(({ request }) => request.kind === "start");
    if (starting) {
      starting.reject(error);
      return;
    }
    if (error.code === "gpu-lost") {
      this.#onCpu("gpu-lost", error.message);
    } else {
      this.#pending.clear();
      this.#boot("cpu");
      for (const { reject } of waiting) reject(error);
    }
    this.dispatchEvent(new CustomEvent("recovered", { detail: error }));
  }
}
