// Offline use: starts the service worker, follows its state and reports it. If the browser denies it, the page still
// works.
import { textOf } from "../text/errors.js";
import { clear, usage } from "./kept.js";
/**
 * @import { EmitterOf } from "../../types/events.js"
 * @import { ModelInfo } from "../../types/model.js"
 */

/** How often an open tab checks for a new version, in milliseconds. */
const LOOK_AGAIN = 3_600_000;

/** Events: "change" (of state or of what is stored), "update" (a new version waits until `takeOver` is called). */
export class Offline extends /** @type {EmitterOf<{ change: null, update: null }>} */ (EventTarget) {
  #root;
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  #started = false;
  #looked = 0;
  #state = { name: "idle", code: "", detail: "" };
  /** @type {boolean | null} */
  #weightsKept = null;

  /**
   * `root` is the page's own URL, ending in "/".
   *
   * @param {string} root
   */
  constructor(root) {
    super();
    this.#root = root;
  }

  /**
   * `{name, code, detail}`: "idle"; "saving"; "ready" (opens offline; with code "partly" the model is not
   * stored); "off", with the reason as code: "unsupported", "insecure", "denied", "quota" or "failed".
   */
  get state() {
    const partly = this.#state.name === "ready" && this.#weightsKept === false;
    return partly ? { ...this.#state, code: "partly" } : this.#state;
  }

  /** Whether a new version waits. */
  get updateWaits() {
    return Boolean(this.#registration?.waiting && this.#registration.active);
  }

  /**
   * Starts to store the page. Call it when the model is loaded, so that nothing competes with its loading; `info` is
   * the session's "ready" detail, or null.
   *
   * @param {ModelInfo | null} info
   */
  async start(info = null) {
    if (info) this.#weightsKept = info.kept;
    if (this.#started) return this.#changed();
    this.#started = true;
    const refusal = await this.#refusal();
    if (refusal) return this.#become("off", refusal);
    try {
      const { serviceWorker } = navigator;
      serviceWorker.addEventListener("message", ({ data }) => this.#hear(data));
      serviceWorker.startMessages();
      const script = new URL("sw.js", this.#root);
      this.#follow(await serviceWorker.register(script, { scope: this.#root, updateViaCache: "none" }));
    } catch (error) {
      this.#become("off", "failed", textOf(error));
    }
  }

  /** `{page, weights, free}` in bytes, see kept.js. */
  usage() {
    return usage(this.#root);
  }

  /** Deletes the stored page and weights; returns the bytes freed. The tab keeps working; the next visit downloads. */
  async clear() {
    const bytes = await clear(this.#root);
    this.#registration = null;
    this.#become("idle");
    return bytes;
  }

  /**
   * Lets the waiting version take over, after which this tab reloads. Returns the number of other open tabs or windows:
   * if there are any, nothing happens, because they use the files of the version they were loaded with.
   *
   * @returns {Promise<number>}
   */
  async takeOver() {
    const waiting = this.#registration?.waiting;
    if (!waiting) return 0;
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise((done) => (port1.onmessage = ({ data }) => done(data.others)));
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage({ kind: "take-over" }, [port2]);
    return answered;
  }

  async #refusal() {
    if (!isSecureContext) return "insecure";
    try {
      if (!navigator.serviceWorker || typeof caches === "undefined") return "unsupported";
      // A browser that denies storage fails here; later calls fail with errors that differ between browsers.
      await caches.keys();
    } catch {
      return "denied";
    }
    return "";
  }

  /** @param {ServiceWorkerRegistration} registration */
  #follow(registration) {
    this.#registration = registration;
    this.#looked = Date.now();
    registration.addEventListener("updatefound", () => this.#followOne(registration.installing));
    addEventListener("visibilitychange", () => this.#look());
    addEventListener("online", () => this.#look());
    if (registration.active) this.#become("ready");
    if (registration.installing) this.#followOne(registration.installing);
    if (this.updateWaits) this.dispatchEvent(new Event("update"));
  }

  /**
   * Follows a version that is being installed: the first one, or one that replaces another.
   *
   * @param {ServiceWorker | null} worker
   */
  #followOne(worker) {
    if (!worker) return;
    if (!this.#registration?.active) this.#become("saving");
    worker.addEventListener("statechange", () => {
      if (worker.state === "installed" && this.updateWaits) this.dispatchEvent(new Event("update"));
      if (worker.state === "activated") this.#become("ready");
      // If the worker failed, it has already reported why; otherwise the browser stopped it.
      if (worker.state === "redundant" && this.#state.name === "saving") this.#become("off", "failed");
    });
  }

  /** @param {any} data */
  #hear(data) {
    if (data?.kind === "not-kept" && data.first) this.#become("off", data.code, data.message);
  }

  #look() {
    if (document.hidden || !this.#registration || Date.now() - this.#looked < LOOK_AGAIN) return;
    this.#looked = Date.now();
    this.#registration.update().catch(() => {});
  }

  /** @param {string} name @param {string} code @param {string} detail */
  #become(name, code = "", detail = "") {
    this.#state = { name, code, detail };
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
