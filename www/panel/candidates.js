// The objects that a phrase selects from, numbered on the image and in a list, so that the user can choose other
// objects.
import { area, number } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
/**
 * @import { Candidate, Outlines, PlanInfo } from "../../types/engine.js"
 * @import { Find, Layer } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Viewer } from "../view/viewer.js"
 * @import { Messages } from "./messages.js"
 */

/** Maximum objects in the list; the image may show more. */
const LISTED = 100;

export class Candidates {
  #find;
  #doc;
  #scenes;
  #viewer;
  #messages;
  #isOn = false;
  #shown = ""; // what the outlines depend on
  #turn = 0;
  /** @type {Outlines | null} */
  #outlines = null;

  /** @param {Find} find @param {{ doc: Doc, scenes: Scenes, viewer: Viewer, messages: Messages }} page */
  constructor(find, { doc, scenes, viewer, messages }) {
    this.#find = find;
    this.#doc = doc;
    this.#scenes = scenes;
    this.#viewer = viewer;
    this.#messages = messages;
    find("show-candidates").addEventListener("click", () => this.toggle());
    find("reset-candidates").addEventListener("click", () => this.#put(null));
    viewer.addEventListener("candidate", ({ detail }) => this.#pick(detail.place, detail.more));
    doc.addEventListener("layers", ({ detail }) => (!detail?.id || detail.id === doc.selected) && this.#sync());
    for (const type of /** @type {const} */ (["selected", "scene"])) doc.addEventListener(type, () => this.#sync());
    this.#sync();
  }

  toggle() {
    this.#isOn = !this.#isOn;
    this.#shown = "";
    this.#sync();
  }

  #sync() {
    const layer = this.#doc.layer();
    const choice = layer?.state === "done" ? layer.stats?.choice : null;
    const isThere = Boolean(choice && choice.found > 0);
    const button = this.#find("show-candidates");
    button.disabled = !isThere;
    button.setAttribute("aria-pressed", String(this.#isOn && isThere));
    this.#find("reset-candidates").hidden = !(this.#isOn && isThere && choice?.changed);
    if (!this.#isOn || !isThere || !layer?.stats) {
      this.#shown = "";
      this.#turn += 1;
      this.#show(null);
      return;
    }
    // The statistics arrive after the change. Until then the outlines belong to the old choice.
    const { asked, correction, area: pixels, parts } = layer.stats;
    // The outlines of objects follow a corrected mask and change with it.
    const key = JSON.stringify([layer.id, asked, correction, ...(correction ? [pixels, parts] : [])]);
    if (key !== this.#shown) this.#fetch(layer, key);
  }

  /** @param {Layer} layer @param {string} key */
  async #fetch(layer, key) {
    this.#shown = key;
    this.#turn += 1;
    const mine = this.#turn;
    try {
      const outlines = await this.#scenes.outlines(layer.id);
      if (mine === this.#turn) this.#show(outlines, layer);
    } catch {
      // The scene worker stopped, which is reported elsewhere.
      this.#shown = "";
    }
  }

  /** @param {Outlines | null} outlines @param {Layer | null} layer */
  #show(outlines, layer = null) {
    this.#outlines = outlines;
    this.#viewer.candidates = outlines && layer && { ...outlines, colour: layer.colour };
    const list = this.#find("candidates");
    list.hidden = !outlines;
    const objects = (outlines?.objects ?? []).slice(0, LISTED);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.place;
    const hadFocus = list.contains(document.activeElement);
    list.replaceChildren(...(layer ? objects.map((object) => this.#item(object, layer)) : []));
    const again = /** @type {HTMLElement | null} */ (list.querySelector(`[data-place="${focused}"]`));
    if (hadFocus) again?.focus();
    const cut = outlines && (outlines.cut || outlines.objects.length > LISTED);
    this.#find("candidates-note").textContent = cut ? t("candidates.cut", { n: objects.length }) : "";
  }

  /** @param {Candidate} candidate @param {Layer} layer */
  #item({ place, noun, chosen, near, added, score, area: pixels }, layer) {
    const { stepX, stepY } = /** @type {PlanInfo} */ (layer.plan);
    const metres = this.#doc.scene?.georeference?.metresPerPixel ?? 0;
    const inScene = pixels * stepX * stepY;
    const size = metres > 0 ? area(inScene * metres * metres) : t("area.px", { n: number(Math.round(inScene)) });
    const facts = [size, t("candidates.score", { score: score.toFixed(2) })];
    if (near) facts.push(t("candidates.near"));
    if (added) facts.push(t("candidates.added"));
    const name = element("b", {}, `${place + 1} ${noun}`);
    const attributes = { type: "button", class: "candidate", "data-place": place, "aria-pressed": String(chosen) };
    const button = element("button", { ...attributes, disabled: added }, name, element("span", {}, facts.join(" · ")));
    button.addEventListener("click", (event) => this.#pick(place, event.shiftKey));
    return element("li", {}, button);
  }

  /**
   * Toggles whether an object is chosen. If the phrase asks for a single object, the new one replaces the old one
   * unless `more` is set.
   *
   * @param {number} place
   * @param {boolean} more
   */
  #pick(place, more) {
    const layer = this.#doc.layer();
    const choice = layer?.stats?.choice;
    const outlines = this.#outlines;
    const object = outlines?.objects.find((other) => other.place === place);
    if (!choice || !outlines || !object || object.added) return;
    const former = outlines.objects.filter(({ chosen, added }) => chosen && !added).map((other) => other.place);
    const rest = former.filter((other) => other !== place);
    const replaces = choice.single && !more;
    const picked = object.chosen ? rest : replaces ? [place] : [...rest, place];
    this.#put(picked.sort((a, b) => a - b));
    const words = { noun: object.noun, number: place + 1 };
    this.#messages.say(object.chosen ? t("candidates.removed", words) : t("candidates.chosen", words));
  }

  /** @param {number[] | null} picked */
  #put(picked) {
    const { asked } = this.#doc.layer()?.refine ?? {};
    if (!asked) return;
    const refine = { asked: { ...asked, picked } };
    this.#doc.updateLayer(this.#doc.selected, { refine }, { undoable: true, merge: false });
  }
}
