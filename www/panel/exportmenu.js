// The export menu: every kind of file with a line on its purpose; and copying the overlay to the clipboard.
import { PageError } from "../text/errors.js";
import { has, t } from "../text/text.js";
import { element } from "../view/dom.js";
import { save } from "./download.js";
/**
 * @import { Find, Layer } from "../../types/page.js"
 * @import { Session } from "../model/session.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Settings } from "../state/settings.js"
 * @import { Messages } from "./messages.js"
 */

/** @typedef {{ doc: Doc, scenes: Scenes, session: Session, messages: Messages, settings: Settings }} Page */

/** Kinds by group. Kinds in ONE_LAYER export the selected layer, the others all visible layers. */
const GROUPS = {
  pictures: ["mask-png", "cutout-png", "overlay-png", "probability-png"],
  gis: ["geojson", "kml", "geopackage", "geotiff", "probability-geotiff", "world-file"],
};
const ONE_LAYER = ["probability-png", "geotiff", "probability-geotiff"];
/** How long the note on the saved file is shown, in milliseconds. */
const TOLD = 12_000;

export class ExportMenu {
  #find;
  #doc;
  #scenes;
  #session;
  #messages;
  #settings;
  #busy = false;
  #timer = 0;

  /** @param {Find} find @param {Page} page */
  constructor(find, { doc, scenes, session, messages, settings }) {
    this.#find = find;
    this.#doc = doc;
    this.#scenes = scenes;
    this.#session = session;
    this.#messages = messages;
    this.#settings = settings;
    this.#build();
    find("copy").addEventListener("click", () => this.#copy());
    const types = /** @type {const} */ (["layers", "selected", "scene"]);
    for (const type of types) doc.addEventListener(type, () => this.#show());
  }

  /** Opens or closes the menu. */
  toggle() {
    if (!this.#find("open-export").disabled) this.#find("export-menu").togglePopover();
  }

  #build() {
    const groups = Object.entries(GROUPS).map(([group, kinds]) => {
      const id = `export-${group}`;
      const items = kinds.map((kind) => {
        const about = element("span", { id: `about-${kind}`, class: "export-for" }, t(`export.${kind}.for`));
        const attributes = { type: "button", "data-export": kind, "aria-describedby": about.id };
        const button = element("button", attributes, t(`export.${kind}`));
        button.addEventListener("click", () => this.#save(kind));
        const layers = ONE_LAYER.includes(kind) ? "export.note-selected" : "export.note-visible";
        const which = element("span", { class: "export-which" }, t(layers));
        return element("li", { class: "export-item" }, button, kind === "world-file" ? "" : which, about);
      });
      const list = element("ul", { "aria-labelledby": id }, ...items);
      return element("div", {}, element("h2", { id }, t(`export.${group}`)), list);
    });
    const note = element("p", { class: "note warn", id: "export-needs" }, t("export.needs-place"));
    const objects = element("input", { type: "checkbox", id: "export-objects" });
    objects.checked = this.#settings.get("objects");
    objects.addEventListener("change", () => this.#settings.set("objects", objects.checked));
    const label = element("span", {}, t("export.objects"));
    const option = element("label", { class: "switch", for: objects.id }, objects, label);
    this.#find("export-menu").append(...groups, option, note);
  }

  #show() {
    const ready = this.#doc.layers.some(({ stats }) => stats);
    const buttons = [this.#find("open-export"), this.#find("copy")];
    for (const button of buttons) button.disabled = !ready || this.#busy;
    const { georeference } = this.#doc.scene ?? {};
    const placed = Boolean(georeference && georeference.kind !== "scale");
    const menu = this.#find("export-menu");
    for (const kind of GROUPS.gis) {
      const button = /** @type {HTMLButtonElement} */ (menu.querySelector(`[data-export="${kind}"]`));
      button.disabled = !placed;
    }
    this.#find("export-needs").hidden = placed;
  }

  /**
   * The layers that a file of `kind` contains.
   *
   * @param {string} kind
   * @returns {Layer[]}
   */
  #layers(kind) {
    const selected = this.#doc.layer();
    const visible = this.#doc.layers.filter((layer) => layer.visible && layer.stats);
    if (ONE_LAYER.includes(kind)) return selected ? [selected] : visible.slice(-1);
    return visible.length > 0 || !selected ? visible : [selected];
  }

  /** @param {string} kind */
  #make(kind) {
    const layers = this.#layers(kind);
    // The packs that answered are part of the model.
    const packs = new Set(layers.map(({ ran }) => ran?.pack).filter(Boolean));
    const meta = {
      model: [this.#session.info?.name ?? "", ...packs].join(" + "),
      objects: this.#settings.get("objects"),
      layers: layers.map(({ phrase, name, colour, opacity, refine }) => ({ phrase, name, colour, opacity, refine })),
    };
    return this.#scenes.exportFile(kind, layers.map(({ id }) => id), meta);
  }

  /** @param {string} kind */
  async #save(kind) {
    this.#find("export-menu").hidePopover();
    await this.#working(async () => {
      const { blob, name, note } = await this.#make(kind);
      save(blob, name);
      const more = note && has(`file.${note.code}`) ? ` ${t(`file.${note.code}`, note.values)}` : "";
      this.#note(t("export.done", { name }) + more);
    }, "save");
  }

  async #copy() {
    await this.#working(async () => {
      // Passes the promise itself: awaiting it first would outlast the permission given by the click.
      const picture = this.#make("overlay-png").then(({ blob }) => blob);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
      this.#note(t("copy.done"));
    }, "clipboard");
  }

  /**
   * Shows what was saved, for a limited time.
   *
   * @param {string} text
   */
  #note(text) {
    clearTimeout(this.#timer);
    this.#find("export-note").textContent = text;
    this.#timer = setTimeout(() => (this.#find("export-note").textContent = ""), TOLD);
  }

  /** @param {() => Promise<void>} act @param {string} code */
  async #working(act, code) {
    if (this.#busy) return;
    this.#busy = true;
    this.#show();
    this.#messages.clearProblem();
    this.#messages.working(t("run.exporting"));
    try {
      await act();
    } catch (error) {
      this.#note("");
      this.#messages.problem(PageError.from(error, code));
    } finally {
      this.#busy = false;
      this.#messages.working("");
      this.#show();
    }
  }
}
