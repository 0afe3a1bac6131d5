// The selected layer: its figures, and the controls that refine and show it without running the model again.
import { areaBoth, duration, number, percent } from "../text/format.js";
import { phraseRemarks } from "../text/errors.js";
import { t } from "../text/text.js";
import { COLOURS } from "../state/document.js";
import { element } from "../view/dom.js";
import { changesText } from "./corrected.js";
import { onceAFrame } from "./icon.js";
import { outcomeText } from "./outcome.js";
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Ran } from "../../types/model.js"
 * @import { Find, Layer, LayerPatch } from "../../types/page.js"
 * @import { Refine } from "../../types/scene.js"
 * @import { Doc } from "../state/document.js"
 */

/**
 * @typedef {"min-area" | "fill-holes"} AreaControl
 * @typedef {AreaControl | "visible" | "opacity" | "threshold" | "smooth"} Control
 */

export class Selected {
  #find;
  #doc;

  /** @param {Find} find @param {Doc} doc */
  constructor(find, doc) {
    this.#find = find;
    this.#doc = doc;
    this.#listColours();
    /** @param {Partial<Refine>} patch */
    const refine = (patch) => this.#change({ refine: { ...this.#doc.layer()?.refine, ...patch } });
    this.#listen("visible", () => this.#change({ visible: find("visible").checked }));
    this.#listen("opacity", () => this.#change({ opacity: find("opacity").valueAsNumber }));
    this.#listen("threshold", () => refine({ threshold: find("threshold").valueAsNumber }));
    this.#listen("smooth", () => refine({ smooth: find("smooth").valueAsNumber }));
    this.#listen("min-area", () => refine({ minArea: this.#mapPixels("min-area") }));
    this.#listen("fill-holes", () => refine({ fillHoles: this.#mapPixels("fill-holes") }));
    const show = onceAFrame(() => this.#show());
    doc.addEventListener("layers", ({ detail }) => (!detail?.id || detail.id === doc.selected) && show());
    for (const type of /** @type {const} */ (["selected", "scene"])) doc.addEventListener(type, show);
    // The final figures of a layer must be shown by the time its run ends.
    this.showNow = () => this.#show();
  }

  /**
   * Changes the threshold by `change`.
   *
   * @param {number} change
   */
  step(change) {
    const layer = this.#doc.layer();
    if (!layer) return;
    const threshold = Math.min(0.99, Math.max(0.01, Math.round((layer.refine.threshold + change) * 100) / 100));
    this.#change({ refine: { ...layer.refine, threshold } });
  }

  /** @param {Control} id @param {() => void} act */
  #listen(id, act) {
    this.#find(id).addEventListener("input", () => this.#doc.layer() && act());
  }

  /** @param {LayerPatch} patch */
  #change(patch) {
    this.#doc.updateLayer(this.#doc.selected, patch, { undoable: true });
  }

  /** Square metres per map pixel, or null if the scale is not known. */
  #unit() {
    const plan = this.#doc.layer()?.plan;
    const metres = this.#doc.scene?.georeference?.metresPerPixel;
    return plan && metres && metres > 0 ? plan.stepX * plan.stepY * metres * metres : null;
  }

  /** @param {AreaControl} id */
  #mapPixels(id) {
    const value = this.#find(id).valueAsNumber;
    return value > 0 ? Math.round(value / (this.#unit() ?? 1)) : 0;
  }

  #show() {
    const layer = this.#doc.layer();
    this.#find("result").hidden = !layer;
    if (!layer) return;
    const { name, phrase, refine, opacity, colour, visible } = layer;
    this.#find("result-phrase").textContent = name === phrase ? `“${phrase}”` : `${name}: “${phrase}”`;
    this.#showFigures(layer);
    this.#find("visible").checked = visible;
    this.#set("opacity", opacity, percentOf(opacity));
    this.#set("threshold", refine.threshold, refine.threshold.toFixed(2));
    this.#set("smooth", refine.smooth, refine.smooth ? t("smooth.value", { n: refine.smooth }) : t("smooth.off"));
    this.#setArea("min-area", refine.minArea);
    this.#setArea("fill-holes", refine.fillHoles);
    const unit = t(this.#unit() ? "unit.m2" : "unit.px");
    for (const place of this.#find("result").querySelectorAll("[data-unit]")) place.textContent = unit;
    for (const radio of this.#find("colours").querySelectorAll("input")) radio.checked = radio.value === colour;
  }

  /** @param {Layer} layer */
  #showFigures(layer) {
    const { stats, ran, state, progress, phrase, plan, isRead, refine } = layer;
    const { areaM2 = null, area = 0, share = 0, score = NaN } = stats ?? {};
    const place = this.#find("area");
    if (areaM2 === null) delete place.dataset.value;
    else place.dataset.value = String(areaM2);
    const [m2, ha] = areaM2 === null ? [] : areaBoth(areaM2);
    const { stepX, stepY } = /** @type {PlanInfo} */ (plan);
    const pixels = number(Math.round(area * stepX * stepY));
    const measured = areaM2 === null ? t("area.px", { n: pixels }) : t("area.m2", { m2 });
    this.#find("area-main").textContent = stats ? measured : "–";
    const hint = this.#doc.scene?.georeference?.metresPerPixel ? "" : t("area.no-scale");
    this.#find("area-also").textContent = !stats ? "" : areaM2 === null ? hint : t("area.ha", { ha });
    this.#find("share").textContent = stats ? percent(share) : "–";
    if (stats) this.#find("share").dataset.value = String(share);
    else delete this.#find("share").dataset.value;
    this.#find("score").textContent = Number.isFinite(score) ? score.toFixed(2) : "–";
    this.#find("time").textContent = ran?.milliseconds ? duration(ran.milliseconds) : "–";
    this.#find("ran-on").textContent = ran?.backend ? backendName(ran) : "–";
    const { choice = null } = stats ?? {};
    const outcome = state === "done" ? outcomeText(choice, stats?.things) : "";
    this.#find("outcome").textContent = outcome;
    this.#find("corrected").textContent = changesText(layer, this.#doc.scene);
    const isCut = state === "cancelled";
    const isCloser = layer.plan?.mode === "closer";
    // The outcome already explains why the mask is empty.
    const isExplained = refine.correction !== 0 || outcome !== "";
    const isEmpty = stats && share === 0 && state === "done" && !isExplained;
    const remarks = [
      isCut ? (isCloser ? t("result.unfinished") : t("result.partial", { percent: percent(progress) })) : "",
      isCut && isRead ? t("result.unchosen") : "",
      isEmpty ? t("result.empty") : "",
      ran ? phraseRemarks(phrase, ran) : "",
    ];
    this.#find("result-note").textContent = remarks.filter(Boolean).join(" ");
  }

  /** @param {Control} id @param {number} value @param {string} text */
  #set(id, value, text) {
    this.#find(id).value = String(value);
    this.#find(`${id}-value`).textContent = text;
  }

  /**
   * Does not change the field while it has the focus.
   *
   * @param {AreaControl} id
   * @param {number} pixels
   */
  #setArea(id, pixels) {
    const box = this.#find(id);
    if (box !== document.activeElement) box.value = String(Number((pixels * (this.#unit() ?? 1)).toPrecision(4)));
  }

  #listColours() {
    const choices = COLOURS.map(([name, colour]) => {
      const label = t(`colour.${name}`);
      const radio = element("input", { type: "radio", name: "colour", value: colour, "aria-label": label });
      radio.style.setProperty("--swatch", colour);
      radio.addEventListener("change", () => this.#change({ colour }));
      return element("label", { title: label }, radio);
    });
    this.#find("colours").append(...choices);
  }
}

/**
 * The backend's short name and the pack's, as shown with a mask's figures.
 *
 * @param {Ran} ran
 */
function backendName({ backend, software, pack }) {
  const engine = backend === "cpu" ? t("ran.cpu") : t(software ? "ran.software" : "ran.gpu");
  return pack ? t("ran.pack", { engine, pack }) : engine;
}

/** @param {number} share */
function percentOf(share) {
  return `${Math.round(share * 100)} %`;
}
