// The examples that were kept: the list with small pictures, "Use as example", export, import, remove.
import { examples } from "../examples/store.js";
import { bytesOf, recordOf } from "../examples/record.js";
import { PageError } from "../text/errors.js";
import { megabytes, resolution } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { save } from "./download.js";
import { icon } from "./icon.js";
/**
 * @import { CorrectedExample, ExampleRecord, KeptOutcome } from "../../types/examples.js"
 * @import { Find, Layer } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Messages } from "./messages.js"
 */

/**
 * @typedef {object} Page
 * @property {Doc} doc
 * @property {Scenes} scenes
 * @property {Messages} messages
 * @property {(layer: Layer) => Promise<CorrectedExample>} exampleOf The example that a layer shows.
 */

/** A mask that covers a larger share of its image shows nothing of where things end; `s4eca adapt` refuses it. */
const MOST = 0.98;
/** Decimals of degrees: about 1 m. */
const DECIMALS = 5;
/** How long a message is shown, in milliseconds. */
const TOLD = 12_000;

export class ExamplePanel {
  #find;
  #doc;
  #scenes;
  #messages;
  #exampleOf;
  /** @type {ExampleRecord[]} */
  #shown = [];
  /** @type {Map<string, { item: HTMLElement, remove: HTMLButtonElement, url: string, maskKey: string }>} */
  #rows = new Map();
  #busy = false;
  #turn = 0; // of the list that was read last
  #timer = 0;
  /** @type {(() => Promise<void>) | null} */
  #undo = null;

  /** @param {Find} find @param {Page} page */
  constructor(find, { doc, scenes, messages, exampleOf }) {
    this.#find = find;
    this.#doc = doc;
    this.#scenes = scenes;
    this.#messages = messages;
    this.#exampleOf = exampleOf;
    find("use-example").addEventListener("click", () => this.#use());
    find("example-export").addEventListener("click", () => this.#export());
    find("example-import").addEventListener("click", () => find("example-file").click());
    find("example-clear").addEventListener("click", () => this.#clear());
    find("example-undo").addEventListener("click", () => this.#takeBack());
    find("example-close").addEventListener("click", () => this.#tell(""));
    find("example-file").addEventListener("change", () => {
      const files = [...(find("example-file").files ?? [])];
      find("example-file").value = "";
      if (files.length > 0) this.#import(files);
    });
    for (const type of /** @type {const} */ (["layers", "selected", "scene"])) {
      doc.addEventListener(type, () => this.#enable());
    }
    examples.addEventListener("change", () => this.#load());
    this.#load();
  }

  /**
   * Puts a button next to those for export and import.
   *
   * @param {HTMLElement} button
   */
  addAction(button) {
    this.#find("example-actions").prepend(button);
  }

  // ---- Actions ----

  #use() {
    const layer = this.#doc.layer();
    if (!layer?.stats) return;
    return this.#working("example.keeping", async () => {
      const scene = this.#doc.scene?.name ?? "";
      const record = await recordOf(await this.#exampleOf(layer), { scene, added: new Date().toISOString() });
      if (record.share > MOST) throw new PageError("example-everything");
      const outcome = await examples.keep([record], { replaces: true });
      const { phrase } = record;
      const size = { width: record.width, height: record.height };
      const code = outcome.known ? "example.known" : outcome.replaced.length > 0 ? "example.replaced" : "example.kept";
      const isCut = Math.max(size.width, size.height) < this.#longestSide(layer);
      const text = t(code, { phrase }) + (isCut ? ` ${t("example.part", size)}` : "");
      this.#tell(text, () => undoOf(outcome), outcome.replaced.length > 0);
    });
  }

  #export() {
    return this.#working("example.exporting", async () => {
      const blob = await this.#scenes.packExamples(await examples.all());
      save(blob, "examples.zip");
      this.#tell(t("example.exported", { n: this.#shown.length, size: megabytes(blob.size) }));
    });
  }

  /** @param {File[]} files */
  #import(files) {
    return this.#working("example.importing", async () => {
      const found = [];
      // Nothing is stored until all of them are read.
      for (const file of files) found.push(...(await this.#scenes.unpackExamples(file)));
      const outcome = await examples.keep(found, { replaces: false });
      const { added, known, contradicting } = outcome;
      const texts = [t("example.imported", { n: added.length })];
      if (known > 0) texts.push(t("example.imported-known", { n: known }));
      if (contradicting.length > 0) {
        const [{ phrase }] = contradicting;
        texts.push(t("example.imported-other", { n: contradicting.length, phrase }));
      }
      this.#find("kept-examples").setAttribute("open", "");
      this.#tell(texts.join(" "), added.length > 0 ? () => undoOf(outcome) : null);
    });
  }

  /** @param {string} id */
  #remove(id) {
    return this.#working("", async () => {
      const at = this.#shown.findIndex((example) => example.id === id);
      const hadFocus = this.#rows.get(id)?.item.contains(document.activeElement);
      const [removed] = await examples.remove([id]);
      await this.#load();
      if (removed) this.#tell(t("example.removed", { phrase: removed.phrase }), () => examples.restore([removed]), true);
      if (!hadFocus) return;
      const next = this.#shown[Math.min(at, this.#shown.length - 1)];
      (next ? this.#rows.get(next.id)?.remove : this.#find("example-undo"))?.focus();
    });
  }

  #clear() {
    return this.#working("", async () => {
      const removed = await examples.remove();
      await this.#load();
      this.#tell(t("example.cleared", { n: removed.length }), () => examples.restore(removed), true);
      this.#find("example-undo").focus();
    });
  }

  #takeBack() {
    const undo = this.#undo;
    if (!undo || this.#busy) return;
    return this.#working("", async () => {
      await undo();
      await this.#load();
      this.#tell(t("example.undone"));
      this.#find("example-title").focus();
    });
  }

  // ---- Display ----

  async #load() {
    const turn = (this.#turn += 1);
    try {
      const all = await examples.all();
      if (turn !== this.#turn) return;
      // The newest is at the top, as in the list of layers.
      this.#shown = all.toReversed();
      this.#show();
    } catch (error) {
      this.#messages.problem(PageError.from(error, "examples-read"));
    }
  }

  #show() {
    const shown = this.#shown;
    const list = this.#find("example-list");
    for (const [id, row] of this.#rows) {
      if (shown.some((example) => example.id === id && example.maskKey === row.maskKey)) continue;
      row.item.remove();
      URL.revokeObjectURL(row.url);
      this.#rows.delete(id);
    }
    shown.forEach((example, i) => {
      const { item } = this.#rows.get(example.id) ?? this.#makeRow(example);
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] ?? null);
    });
    const size = megabytes(bytesOf(shown));
    this.#find("example-count").textContent = shown.length > 0 ? t("example.count", { n: shown.length, size }) : "";
    this.#find("example-empty").hidden = shown.length > 0;
    this.#find("example-fleeting").hidden = examples.isLasting;
    this.#enable();
  }

  /** @param {ExampleRecord} example */
  #makeRow(example) {
    const { id, phrase, thumbnail, maskKey, share } = example;
    const url = URL.createObjectURL(thumbnail);
    const picture = element("img", { src: url, alt: "", width: 76, height: 57 });
    const name = element("span", { class: "example-phrase", title: phrase }, phrase);
    const lines = [name, element("span", { class: "example-figures" }, placeText(example))];
    const figures = [
      share === 0 ? t("example.nothing") : "",
      example.metresPerPixel === null ? "" : t("plan.ground", { ground: resolution(example.metresPerPixel) }),
      megabytes(bytesOf([example])),
    ];
    lines.push(element("span", { class: "example-figures" }, figures.filter(Boolean).join(" · ")));
    const label = t("example.remove", { phrase });
    const remove = element("button", { type: "button", class: "icon-button", "aria-label": label }, icon("delete"));
    remove.addEventListener("click", () => this.#remove(id));
    const about = element("div", { class: "example-about" }, ...lines);
    const item = element("li", { class: "example", "data-example": id }, picture, about, remove);
    const row = { item, remove, url, maskKey };
    this.#rows.set(id, row);
    return row;
  }

  #enable() {
    const layer = this.#doc.layer();
    this.#find("use-example").disabled = this.#busy || !layer?.stats || layer.state !== "done";
    this.#find("example-import").disabled = this.#busy;
    for (const id of /** @type {const} */ (["example-export", "example-clear"])) {
      this.#find(id).disabled = this.#busy || this.#shown.length === 0;
    }
  }

  /**
   * Shows what happened; with `undo` there is a button that reverts it. A message that `stays` has to be closed.
   *
   * @param {string} text
   * @param {(() => Promise<void>) | null} undo
   * @param {boolean} stays
   */
  #tell(text, undo = null, stays = false) {
    clearTimeout(this.#timer);
    this.#undo = undo;
    // The text is set after its element is shown, because a screen reader only reads changes.
    this.#find("example-told").hidden = !text;
    this.#find("example-undo").hidden = !undo;
    this.#find("example-note").textContent = text;
    if (!stays) this.#timer = setTimeout(() => (this.#find("example-told").hidden = true), TOLD);
  }

  /**
   * Longest side of the area of a layer, in scene pixels.
   *
   * @param {Layer} layer
   */
  #longestSide({ plan }) {
    const { width = 0, height = 0 } = this.#doc.scene ?? {};
    if (!plan) return 0;
    return Math.max(Math.min(width, plan.width * plan.stepX), Math.min(height, plan.height * plan.stepY));
  }

  /** @param {string} text What is going on, by its key, or "". @param {() => Promise<void>} act */
  async #working(text, act) {
    if (this.#busy) return;
    this.#busy = true;
    this.#enable();
    this.#tell("");
    this.#messages.clearProblem();
    this.#messages.working(text ? t(text) : "");
    try {
      await act();
    } catch (error) {
      this.#messages.problem(PageError.from(error, "examples-store"));
    } finally {
      this.#busy = false;
      this.#messages.working("");
      this.#enable();
    }
  }
}

/**
 * Removes examples that were just stored.
 *
 * @param {KeptOutcome} outcome
 */
async function undoOf({ added, replaced }) {
  await examples.remove(added.map(({ id }) => id));
  await examples.restore(replaced);
}

/** @param {ExampleRecord} example */
function placeText({ place, scene }) {
  if (!place) return scene || t("example.no-place");
  const [longitude, latitude] = place;
  const north = t(latitude < 0 ? "view.south" : "view.north", { degrees: Math.abs(latitude).toFixed(DECIMALS) });
  const east = t(longitude < 0 ? "view.west" : "view.east", { degrees: Math.abs(longitude).toFixed(DECIMALS) });
  return `${north} ${east}`;
}
