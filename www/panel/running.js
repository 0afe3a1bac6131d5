// The progress card of a run: phrase, tile, remaining time; pause and cancel.
import { span } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { Find } from "../../types/page.js"
 * @import { Run } from "../state/run.js"
 */

export class Running {
  #find;
  #run;
  #clock = 0;
  #begun = 0;

  /** @param {Find} find @param {Run} run */
  constructor(find, run) {
    this.#find = find;
    this.#run = run;
    find("pause").addEventListener("click", () => (run.progress?.state === "paused" ? run.resume() : run.pause()));
    find("cancel").addEventListener("click", () => run.cancel());
    run.addEventListener("progress", () => this.#show());
  }

  #show() {
    const { progress } = this.#run;
    this.#find("running").hidden = !progress;
    this.#find("run").disabled = Boolean(progress);
    if (!progress) {
      clearInterval(this.#clock);
      this.#clock = 0;
      return;
    }
    if (!this.#clock) {
      this.#begun = performance.now();
      this.#clock = setInterval(() => this.#showTime(), 1000);
    }
    const { state, phrase, index, count, done, total } = progress;
    const which = count > 1 ? t("run.of", { index: index + 1, count }) : "";
    const what =
      state === "waiting"
        ? t("run.waiting")
        : total > 1
          ? t("run.tile", { phrase, at: Math.min(done + 1, total), total })
          : t("run.look", { phrase });
    this.#find("run-title").textContent = which + what;
    const bar = this.#find("run-progress");
    if (total > 1) bar.value = done / total;
    else bar.removeAttribute("value");
    this.#find("pause").hidden = total < 2;
    this.#find("pause").textContent = t(state === "paused" ? "run.resume" : "run.pause");
    this.#showTime();
  }

  #showTime() {
    const { state, secondsLeft } = this.#run.progress ?? {};
    const seconds = Math.floor((performance.now() - this.#begun) / 1000);
    const past = seconds > 1 ? t("run.seconds", { n: seconds }) : "";
    const left = secondsLeft ? t("run.left", { time: span(secondsLeft) }) : past;
    this.#find("run-left").textContent = state === "paused" ? t("run.paused") : left;
  }
}
