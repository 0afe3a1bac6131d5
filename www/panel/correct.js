// Correcting the selected layer's mask: its button, the toolbar above the image, the keys, and a message about each
// stroke.
import { t } from "../text/text.js";
import { lengthText } from "../view/scalebar.js";
import { areaText } from "./corrected.js";
/**
 * @import { Find, Layer } from "../../types/page.js"
 * @import { Stroke, Stroked } from "../../types/scene.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { CorrectTool, Drawn } from "../view/correct.js"
 * @import { Viewer } from "../view/viewer.js"
 * @import { Messages } from "./messages.js"
 */

/** Diameters of the brush in map pixels. */
const SIZES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200];
const FIRST_SIZE = SIZES.indexOf(12);

export class Correct {
  #find;
  #doc;
  #scenes;
  #viewer;
  #messages;
  #isOn = false;
  /** @type {CorrectTool} */
  #tool = "brush";
  #adds = true;
  #size = FIRST_SIZE;
  /** @type {Promise<void>} */
  #queue = Promise.resolve(); // strokes follow each other: each changes what the one before it has left

  /** @param {Find} find @param {{ doc: Doc, scenes: Scenes, viewer: Viewer, messages: Messages }} page */
  constructor(find, { doc, scenes, viewer, messages }) {
    this.#find = find;
    this.#doc = doc;
    this.#scenes = scenes;
    this.#viewer = viewer;
    this.#messages = messages;
    find("correct-size").max = String(SIZES.length - 1);
    find("correct").addEventListener("click", () => this.toggle());
    find("correct-done").addEventListener("click", () => this.#end());
    find("correct-nothing").addEventListener("click", () => this.#nothing());
    find("correct-back").addEventListener("click", () => this.#back());
    find("correct-size").addEventListener("input", () => this.#resize(find("correct-size").valueAsNumber));
    find("correct-bar").addEventListener("change", ({ target }) => {
      const { name, value } = /** @type {HTMLInputElement} */ (target);
      if (name === "correct-tool") this.#tool = /** @type {CorrectTool} */ (value);
      if (name === "correct-mode") this.#adds = value === "add";
      this.#sync();
    });
    viewer.addEventListener("stroke", ({ detail }) => this.#draw(detail));
    viewer.addEventListener("tool", ({ detail }) => detail !== "correct" && this.#end());
    doc.addEventListener("layers", ({ detail }) => (!detail?.id || detail.id === doc.selected) && this.#sync());
    for (const type of /** @type {const} */ (["selected", "scene"])) doc.addEventListener(type, () => this.#sync());
    this.#sync();
  }

  /** Whether a mask is being corrected. */
  get isOn() {
    return this.#isOn;
  }

  toggle() {
    if (this.#isOn) this.#end();
    else if (this.#layer()) this.#begin();
  }

  /**
   * Handles a key while a mask is corrected: b, l and f choose a tool, x swaps adding and erasing, n makes the mask
   * empty, u restores the model's mask, and the brackets change the brush's size.
   *
   * @param {string} key
   */
  press(key) {
    if (!this.#isOn) return;
    /** @type {Record<string, () => void>} */
    const acts = {
      b: () => (this.#tool = "brush"),
      l: () => (this.#tool = "lasso"),
      f: () => (this.#tool = "part"),
      x: () => (this.#adds = !this.#adds),
      n: () => this.#nothing(),
      u: () => this.#back(),
      "[": () => this.#resize(this.#size - 1),
      "]": () => this.#resize(this.#size + 1),
    };
    acts[key]?.();
    this.#sync();
    if ("blfx".includes(key)) this.#messages.say(t(`correct.now-${this.#tool}-${this.#adds ? "add" : "erase"}`));
    if ("[]".includes(key)) this.#messages.say(t("correct.size-said", { size: this.#sizeText() }));
  }

  /** Cancels the stroke in progress; if there is none, ends correcting. */
  escape() {
    if (!this.#viewer.escape()) this.#end();
  }

  /** The selected layer, if its mask can be corrected. */
  #layer() {
    const layer = this.#doc.layer();
    return layer?.stats && (layer.state === "done" || layer.state === "cancelled") ? layer : null;
  }

  #begin() {
    const layer = /** @type {Layer} */ (this.#layer());
    this.#isOn = true;
    // The corrected mask must be visible.
    if (this.#doc.look === "probability" || this.#doc.look === "cutout") this.#doc.setLook("overlay");
    if (!layer.visible) this.#doc.updateLayer(layer.id, { visible: true }, { undoable: true });
    this.#sync();
    this.#viewer.tool = "correct";
    this.#viewer.focus();
    this.#messages.say(t("correct.begun", { name: layer.name }));
  }

  #end() {
    if (!this.#isOn) return;
    const hadFocus = this.#find("correct-bar").contains(document.activeElement);
    this.#isOn = false;
    if (this.#viewer.tool === "correct") {
      this.#viewer.tool = this.#find("target").value === "rectangle" ? "rectangle" : "pan";
    }
    this.#sync();
    if (hadFocus) this.#find("correct").focus();
  }

  #sync() {
    const layer = this.#layer();
    if (this.#isOn && !layer) this.#end();
    this.#find("correct").disabled = !layer;
    this.#find("correct").setAttribute("aria-pressed", String(this.#isOn));
    this.#find("correct-bar").hidden = !this.#isOn;
    this.#find("looks").hidden = this.#isOn;
    this.#find("correct-back").disabled = !layer?.refine.correction;
    for (const radio of this.#find("correct-bar").querySelectorAll("input")) {
      if (radio.name === "correct-tool") radio.checked = radio.value === this.#tool;
      if (radio.name === "correct-mode") radio.checked = radio.value === (this.#adds ? "add" : "erase");
    }
    const size = this.#find("correct-size");
    size.value = String(this.#size);
    size.disabled = this.#tool !== "brush";
    size.setAttribute("aria-valuetext", this.#sizeText());
    this.#find("correct-size-value").textContent = this.#sizeText();
    const { plan = null, colour = "" } = layer ?? {};
    const options = { tool: this.#tool, adds: this.#adds, size: SIZES[this.#size], colour };
    this.#viewer.correcting = this.#isOn && plan ? { plan, ...options } : null;
  }

  /** @param {number} size */
  #resize(size) {
    this.#size = Math.max(0, Math.min(SIZES.length - 1, size));
    this.#sync();
  }

  /** The brush's size in map pixels and on the ground. */
  #sizeText() {
    const size = SIZES[this.#size];
    const metres = this.#doc.scene?.georeference?.metresPerPixel ?? 0;
    const step = this.#doc.layer()?.plan?.stepX ?? 0;
    const pixels = t("correct.pixels", { n: size });
    return metres * step > 0 ? `${pixels} · ${lengthText(size * step * metres)}` : pixels;
  }

  #nothing() {
    this.#draw({ kind: "nothing", adds: false, radius: 0, points: new Float64Array() });
  }

  #back() {
    const { refine } = this.#doc.layer() ?? {};
    if (!refine?.correction) return;
    this.#doc.updateLayer(this.#doc.selected, { refine: { correction: 0 } }, { undoable: true, merge: false });
    this.#messages.say(t("correct.is-back"));
  }

  /** @param {Stroke | Drawn} stroke */
  #draw(stroke) {
    const id = this.#doc.selected;
    this.#queue = this.#queue.then(() => this.#correct(id, stroke));
  }

  /**
   * Corrects layer `id` by a stroke: one step of undo.
   *
   * @param {number | null} id
   * @param {Stroke | Drawn} drawn
   */
  async #correct(id, drawn) {
    const { kind, adds, radius, points } = drawn;
    /** @type {Stroked} */
    let done = { correction: null, added: 0, removed: 0 };
    try {
      for (let layer = this.#doc.layer(id); layer; layer = this.#doc.layer(id)) {
        const { correction } = layer.refine;
        done = await this.#scenes.stroke(layer.id, layer.refine, { kind, adds, radius, points });
        // If something was undone in the meantime, the stroke is applied to the remaining correction.
        if (this.#doc.layer(id)?.refine.correction === correction) break;
      }
      const layer = this.#doc.layer(id);
      if (layer && done.correction !== null) {
        const refine = { correction: done.correction };
        this.#doc.updateLayer(id, { refine }, { undoable: true, merge: false });
        await this.#scenes.keepCorrections(layer.id, this.#doc.corrections(layer.id));
      }
      if (layer) this.#messages.say(this.#outcome(kind, adds, done, layer));
    } catch (error) {
      this.#messages.problem(error);
    }
    if ("plan" in drawn) this.#viewer.endStroke(drawn, done.correction);
  }

  /**
   * The effect of a stroke, in words.
   *
   * @param {Stroke["kind"]} kind
   * @param {boolean} adds
   * @param {Stroked} stroked
   * @param {Layer} layer
   */
  #outcome(kind, adds, { added, removed }, layer) {
    if (kind === "nothing") return t("correct.is-empty");
    if (added > 0) return t("correct.added", { area: areaText(added, layer, this.#doc.scene) });
    if (removed > 0) return t("correct.removed", { area: areaText(removed, layer, this.#doc.scene) });
    return t(adds ? "correct.all-there" : "correct.none-there");
  }
}
