// The area to segment and its ground resolution, and the resulting plan.
import { PageError, explain } from "../text/errors.js";
import { resolution as asGround, number, span } from "../text/format.js";
import { t } from "../text/text.js";
import { onceAFrame } from "./icon.js";
/**
 * @import { CoverageFigures } from "../../types/engine.js"
 * @import { Find, RunWish } from "../../types/page.js"
 * @import { Rect } from "../../types/scene.js"
 * @import { Session } from "../model/session.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Run } from "../state/run.js"
 * @import { Viewer } from "../view/viewer.js"
 */

/** Up to this longest side, in px, the default area is the whole scene, otherwise the view. */
const WHOLE = 4096;

export class Target {
  #find;
  #doc;
  #viewer;
  #session;
  #scenes;
  #run;
  #update;
  #planning = false; // whether a plan is being made
  #stale = false; // whether what it is made for has changed since

  /** @param {Find} find @param {{ doc: Doc, viewer: Viewer, session: Session, scenes: Scenes, run: Run }} page */
  constructor(find, { doc, viewer, session, scenes, run }) {
    this.#find = find;
    this.#doc = doc;
    this.#viewer = viewer;
    this.#session = session;
    this.#scenes = scenes;
    this.#run = run;
    const update = onceAFrame(() => this.#showPlan());
    this.#update = update;
    find("target").addEventListener("change", () => this.#choose(find("target").value));
    find("draw-rectangle").addEventListener("click", () => this.toggleRectangle());
    find("resolution").addEventListener("input", update);
    viewer.addEventListener("view", update);
    viewer.addEventListener("rectangle", update);
    viewer.addEventListener("tool", update);
    doc.addEventListener("scene", ({ detail }) => (detail?.same ? update() : this.#choose(this.#default())));
    session.addEventListener("ready", update);
    run.addEventListener("end", update);
    scenes.addEventListener("restarted", update);
  }

  /**
   * `{region, resolution}` as `Run.start` takes it; throws a PageError if something is missing.
   *
   * @returns {RunWish}
   */
  wish() {
    return { region: this.#region(), resolution: this.#resolution() };
  }

  /** Turns the rectangle tool on or off. */
  toggleRectangle() {
    this.#choose(this.#find("target").value === "rectangle" ? this.#default() : "rectangle");
    if (this.#find("target").value === "rectangle") this.#viewer.focus();
  }

  /** @param {string} target */
  #choose(target) {
    this.#find("target").value = target;
    // The rectangle is shown while it is the target.
    this.#viewer.tool = target === "rectangle" ? "rectangle" : "pan";
    this.#find("draw-rectangle").setAttribute("aria-pressed", String(target === "rectangle"));
    this.#update();
  }

  /** @returns {Rect | null} */
  #region() {
    const which = this.#find("target").value;
    if (which === "whole") return null;
    if (which === "view") return this.#viewer.visibleRect() ?? fail("no-view");
    return this.#viewer.rectangle ?? fail("no-rectangle");
  }

  /** Centimetres, or null for automatic. */
  #resolution() {
    const box = this.#find("resolution");
    if (box.value === "" && !box.validity.badInput) return null;
    if (!(box.valueAsNumber > 0)) throw new PageError("resolution");
    return box.valueAsNumber;
  }

  #default() {
    const { width = 0, height = 0 } = this.#doc.scene ?? {};
    return Math.max(width, height) <= WHOLE ? "whole" : "view";
  }

  /** Shows in advance what Segment would do. One plan is made at a time. */
  async #showPlan() {
    this.#stale = this.#planning;
    if (this.#planning) return;
    this.#planning = true;
    const { tone, text } = await this.#planned();
    const note = this.#find("plan-note");
    note.dataset.tone = tone;
    if (note.textContent !== text) note.textContent = text;
    this.#planning = false;
    if (this.#stale) this.#update();
  }

  /** The plan in words: `{tone, text}`. */
  async #planned() {
    if (!this.#doc.scene) return { tone: "info", text: "" };
    try {
      const side = this.#session.info?.input ?? 384;
      const { mode, about } = await this.#scenes.plan({ ...this.wish(), side });
      const size = { width: number(about.width), height: number(about.height) };
      return { tone: "info", text: mode === "tiles" ? this.#tiles(about) : t(`plan.${mode}`, size) };
    } catch (/** @type {any} */ error) {
      if (error.code === "no-rectangle") return { tone: "info", text: t("plan.no-rectangle") };
      const { title, detail } = explain(error);
      return { tone: "warn", text: `${title}. ${detail}` };
    }
  }

  /** @param {CoverageFigures} about */
  #tiles({ tiles, ground, step }) {
    const coarseness = () => t("plan.step", { n: Math.round((step ?? 1) * 10) / 10 });
    const fineness = ground ? t("plan.ground", { ground: asGround(ground) }) : coarseness();
    const text = t("plan.tiles", { n: tiles, ground: fineness });
    const { tileTime } = this.#run;
    return tileTime && tiles > 1 ? `${text} ${t("plan.time", { time: span((tiles * tileTime) / 1000) })}` : text;
  }
}

/** @param {string} code @returns {never} */
function fail(code) {
  throw new PageError(code);
}
