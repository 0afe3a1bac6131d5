// The panel "Adapt": starts adapting to the kept examples, shows its progress and result, and keeps or discards the
// pack. Everything happens in this tab.
import { PageError, explain } from "../text/errors.js";
import { span } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { Comparison } from "./comparison.js";
import { Curve } from "./curve.js";
import { button } from "./button.js";
import { Pace } from "./pace.js";
import { TeachSession } from "./session.js";
/**
 * @import { Settings } from "../state/settings.js"
 * @import { Bytes } from "../../types/engine.js"
 * @import { Example, Learned, TeachProgress } from "../../types/teach.js"
 */

/** Less than in the native program: one thread then learns from 10 examples in about five minutes. */
const WISH = { steps: 90, side: 256 };
/** The default name of a pack. */
const NAME = "my-place";

/**
 * @typedef {object} TeachOptions
 * @property {string} root The URL of the folder that contains pkg/.
 * @property {string} weights The folder of the weights.
 * @property {(url: URL, name: string) => Worker} [startWorker]
 * @property {() => Promise<Example[]>} allExamples The kept examples.
 * @property {(pack: { name: string, bytes: Bytes }) => Promise<void>} keepPack Stores a pack and switches it on.
 * @property {Settings} settings
 *
 * Mounts the panel into `host`. The returned function shows the current number of examples; call it after a change.
 *
 * @param {HTMLElement} host
 * @param {TeachOptions} options
 */
export function mountTeaching(host, options) {
  const panel = new TeachPanel(host, options);
  panel.update();
  return () => panel.update();
}

class TeachPanel {
  #options;
  #session;
  #pace = new Pace();
  #paused = false;
  /** @type {Example[]} The examples that were learned from. */
  #taught = [];
  /** @type {Partial<TeachProgress>} */
  #progress = {};

  #note = element("p", { class: "note" });
  #start = button("teach.start", () => this.#learn());
  #card = element("div", { class: "teach-work" });
  #title = element("span", { class: "cut" });
  #left = element("span", { class: "figures" });
  #bar = document.createElement("progress");
  #pause = button("teach.pause", () => this.#togglePause());
  #curve = new Curve();
  #result = element("div", { class: "teach-result" });
  #say = element("p", { class: "note" });

  /** @param {HTMLElement} host @param {TeachOptions} options */
  constructor(host, options) {
    this.#options = options;
    const { root, weights, startWorker } = options;
    this.#session = new TeachSession(root, weights, startWorker);
    this.#session.addEventListener("progress", ({ detail }) => this.#show(detail));
    this.#build(host);
  }

  /** @param {HTMLElement} host */
  #build(host) {
    const heading = element("h2", {}, t("teach.title"));
    heading.id = "teach-title";
    host.setAttribute("aria-labelledby", heading.id);
    this.#title.id = "teach-work";
    this.#bar.setAttribute("aria-labelledby", this.#title.id);
    const row = element("p", { class: "progress-row" });
    row.append(this.#title, this.#left);
    const controls = element("div", { class: "run-row" });
    controls.append(this.#bar, this.#pause, button("teach.cancel", () => this.#cancel()));
    this.#card.append(row, controls, this.#curve.element);
    this.#card.hidden = true;
    this.#result.hidden = true;
    this.#say.setAttribute("role", "status");
    this.#start.dataset.teach = "start";
    host.replaceChildren(heading, this.#note, this.#start, this.#card, this.#result, this.#say);
    setInterval(() => this.#showTime(), 1000);
  }

  /** Shows the number of examples. */
  async update() {
    const examples = await this.#options.allExamples().catch(() => []);
    const phrases = new Set(examples.map(({ phrase }) => phrase)).size;
    const counts = { n: examples.length, phrases: t("teach.phrases", { n: phrases }) };
    this.#note.textContent = examples.length === 0 ? t("teach.few") : t("teach.ready", counts);
    this.#start.disabled = examples.length === 0;
    // The tab was closed while it learned: the examples are still there.
    if (this.#options.settings.get("teaching") && this.#card.hidden) {
      this.#options.settings.set("teaching", false);
      this.#say.textContent = t("teach.interrupted");
    }
  }

  async #learn() {
    this.#taught = await this.#options.allExamples();
    this.#begin();
    try {
      const learned = await this.#session.learn(this.#taught, WISH);
      this.#showResult(learned);
    } catch (/** @type {any} */ error) {
      this.#session.end();
      this.#say.textContent = error.name === "AbortError" ? t("teach.cancelled") : problem(error);
    } finally {
      this.#options.settings.set("teaching", false);
      this.#card.hidden = true;
      this.#start.hidden = !this.#result.hidden;
    }
  }

  #begin() {
    this.#options.settings.set("teaching", true);
    this.#paused = false;
    this.#progress = {};
    this.#pace = new Pace();
    this.#curve.clear();
    this.#say.textContent = "";
    this.#result.hidden = true;
    this.#start.hidden = true;
    this.#card.hidden = false;
    this.#pause.textContent = t("teach.pause");
    this.#title.textContent = t("teach.loading");
    this.#bar.removeAttribute("value");
    this.#pause.focus();
  }

  #togglePause() {
    this.#paused = !this.#paused;
    if (this.#paused) this.#session.pause();
    else this.#session.resume();
    this.#pace.hold(this.#paused);
    this.#pause.textContent = t(this.#paused ? "teach.resume" : "teach.pause");
    this.#showTime();
  }

  #cancel() {
    this.#session.end();
    this.#start.hidden = false;
    this.#start.focus();
  }

  /** @param {TeachProgress} progress */
  #show(progress) {
    this.#progress = progress;
    const { phase, done = 0, total = 0, part = 0, parts = 0, loss, received = 0 } = progress;
    if (phase !== "learn") {
      this.#title.textContent = t("teach.loading");
      if (total > 0) this.#bar.value = received / total;
      return;
    }
    this.#title.textContent = part === 0 ? t("teach.looking") : t("teach.part", { part, parts });
    this.#bar.value = done / total;
    if (typeof loss === "number") this.#curve.add(loss, part);
    this.#pace.note(done);
    this.#showTime();
  }

  #showTime() {
    const { done = 0, total = 0 } = this.#progress;
    const seconds = this.#pace.secondsFor(total - done);
    this.#left.textContent = this.#paused
      ? t("teach.paused")
      : seconds === null
        ? ""
        : t("teach.left", { time: span(seconds) });
  }

  /** @param {Learned} learned */
  #showResult(learned) {
    const { before, after } = learned;
    const name = document.createElement("input");
    name.type = "text";
    name.value = NAME;
    name.maxLength = 60;
    const label = element("label", { class: "field" });
    label.append(element("span", {}, t("teach.name")), name);
    const buttons = element("div", { class: "row" });
    const keep = button("teach.keep", () => this.#keep(name.value), "primary");
    buttons.append(keep, button("teach.save", () => this.#save(name.value)), button("teach.discard", () => this.#discard()));
    const comparison = new Comparison(this.#taught, (at) => this.#session.compare(at));
    this.#result.replaceChildren(
      element("p", { class: "teach-gain" }, gainText(learned, this.#taught.length)),
      ...(before !== null && after !== null && after <= before ? [element("p", { class: "note warn" }, t("teach.no-gain"))] : []),
      ...learned.phrases.map(({ phrase, count, before, after }) =>
        element("p", { class: "figures" }, t("teach.phrase", { phrase, count, before: figure(before), after: figure(after) })),
      ),
      comparison.element,
      label,
      buttons,
    );
    this.#result.hidden = false;
    this.#say.textContent = t("teach.done");
    comparison.show();
    keep.focus();
  }

  /** @param {string} name */
  async #pack(name) {
    const plain = name.trim() || NAME;
    const date = new Date().toISOString().slice(0, 10);
    const bytes = await this.#session.pack({ name: plain, licence: t("teach.licence"), credits: [], date });
    return { name: plain, bytes };
  }

  /** @param {string} name */
  async #keep(name) {
    try {
      const pack = await this.#pack(name);
      await this.#options.keepPack(pack);
      this.#close(t("teach.kept", { name: pack.name }));
    } catch (error) {
      this.#say.textContent = problem(error);
    }
  }

  /** @param {string} name */
  async #save(name) {
    try {
      const pack = await this.#pack(name);
      const link = document.createElement("a");
      link.download = `${pack.name.replace(/[^\w.-]+/g, "-")}.s4pack`;
      link.href = URL.createObjectURL(new Blob([pack.bytes]));
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (error) {
      this.#say.textContent = problem(error);
    }
  }

  #discard() {
    this.#close(t("teach.discarded"));
  }

  /** @param {string} said */
  #close(said) {
    this.#session.end();
    this.#result.hidden = true;
    this.#result.replaceChildren();
    this.#start.hidden = false;
    this.#start.focus();
    this.#say.textContent = said;
  }
}

/** @param {Learned} learned @param {number} examples Their number. */
function gainText({ before, after }, examples) {
  if (before === null || after === null) return t("teach.untested", { n: examples });
  return t("teach.gain", { before: figure(before), after: figure(after) });
}

/** @param {number} percent */
function figure(percent) {
  return percent.toFixed(1);
}

/** @param {unknown} error */
function problem(error) {
  const { title, advice, detail } = explain(PageError.from(error, "teach"));
  return [`${title}.`, detail, advice].filter(Boolean).join(" ");
}
