// The progress of the model's start: bytes loaded, their source, and the current step.
import { megabytes } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { Find } from "../../types/page.js"
 * @import { Progress } from "../../types/model.js"
 */

export class Loading {
  #find;

  /** @param {Find} find */
  constructor(find) {
    this.#find = find;
  }

  /**
   * Shows a progress event of the session.
   *
   * @param {Progress} progress
   */
  show({ phase, received, total = 0, cached = 0, known = true, backend, shaders = 0 }) {
    this.#find("loading").hidden = false;
    if (phase === "prepare") {
      const doing = backend === "webgpu" ? t("loading.shaders") : t("loading.prepare");
      this.#set(doing, shaders > 0 ? t("loading.compiled", { n: shaders }) : "", undefined);
    } else if (received === undefined) {
      this.#set(t("loading.engine"), "", undefined);
    } else if (phase === "engine") {
      const figures = known ? outOf(received, total) : megabytes(received);
      const title = cached ? "loading.engine-cache" : "loading.engine";
      this.#set(t(title), figures, known ? received / total : undefined);
    } else {
      const bytes = Number(cached);
      const fromCache = bytes > 0 && bytes === received;
      const partly = bytes > 0 && !fromCache ? t("loading.partly", { cached: megabytes(bytes) }) : "";
      // The source is not known before the first byte arrives.
      const title = received === 0 ? "loading.some" : fromCache ? "loading.cache" : "loading.weights";
      this.#set(t(title), outOf(received, total) + partly, received / total);
    }
  }

  /** Hides the card when loading has ended. */
  hide() {
    this.#find("loading").hidden = true;
  }

  /** @param {string} title @param {string} figures @param {number | undefined} fraction */
  #set(title, figures, fraction) {
    this.#find("loading-title").textContent = title;
    this.#find("loading-bytes").textContent = figures;
    const bar = this.#find("progress");
    if (fraction === undefined) bar.removeAttribute("value");
    else bar.value = fraction;
  }
}

/** @param {number} received @param {number} total */
function outOf(received, total) {
  return t("loading.of", { received: (received / 1e6).toFixed(1), total: megabytes(total) });
}
