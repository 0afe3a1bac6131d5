// The list of layers: show, colour, select, rename, delete; with the size and score of each.
import { area, percent } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { icon } from "./icon.js";
import { objectCount } from "./outcome.js";
/**
 * @import { Find, Layer, LayerPatch } from "../../types/page.js"
 * @import { Doc } from "../state/document.js"
 * @import { Messages } from "./messages.js"
 */

/**
 * @typedef {object} Row The elements of a layer.
 * @property {HTMLElement} item
 * @property {HTMLInputElement} eye
 * @property {HTMLInputElement} swatch
 * @property {HTMLElement} name
 * @property {HTMLElement} figures
 * @property {HTMLButtonElement} main
 * @property {HTMLButtonElement} rename
 * @property {HTMLButtonElement} remove
 */

export class LayerList {
  #find;
  #doc;
  #messages;
  /** @type {Map<number | null, Row>} */
  #rows = new Map();

  /** @param {Find} find @param {Doc} doc @param {Messages} messages */
  constructor(find, doc, messages) {
    this.#find = find;
    this.#doc = doc;
    this.#messages = messages;
    doc.addEventListener("layers", () => this.#show());
    doc.addEventListener("selected", () => {
      this.#show();
      this.#rows.get(doc.selected)?.item.scrollIntoView({ block: "nearest" });
    });
    this.#show();
  }

  /**
   * Deletes a layer, announces it, and moves the focus to the next one.
   *
   * @param {number | null} id
   */
  remove(id) {
    const layer = this.#doc.layer(id);
    if (!layer) return;
    const hadFocus = this.#rows.get(id)?.item.contains(document.activeElement);
    this.#doc.removeLayer(id);
    this.#messages.say(t("layer.removed", { name: layer.name }));
    if (hadFocus) (this.#rows.get(this.#doc.selected)?.main ?? this.#find("phrase")).focus();
  }

  #show() {
    const { layers } = this.#doc;
    for (const [id, row] of this.#rows) {
      if (layers.some((layer) => layer.id === id)) continue;
      row.item.remove();
      this.#rows.delete(id);
    }
    // The newest layer is at the top, as on the image.
    layers.toReversed().forEach((layer, i) => {
      const row = this.#rows.get(layer.id) ?? this.#makeRow(layer.id);
      const list = this.#find("layers");
      // Inserts only rows that are not in place: moving an element would lose its focus.
      if (list.children[i] !== row.item) list.insertBefore(row.item, list.children[i] ?? null);
      this.#fill(row, layer);
    });
    this.#find("layers-empty").hidden = layers.length > 0;
    this.#find("layers-count").textContent = layers.length > 1 ? t("layers.count", { n: layers.length }) : "";
  }

  /** @param {Row} row @param {Layer} layer */
  #fill(row, layer) {
    const { id, name, colour, visible, state, progress } = layer;
    const selected = id === this.#doc.selected;
    row.item.classList.toggle("selected", selected);
    row.item.dataset.state = state;
    row.item.style.setProperty("--done", `${Math.round(progress * 100)}%`);
    row.eye.checked = visible;
    if (row.swatch.value !== colour) row.swatch.value = colour;
    row.main.setAttribute("aria-pressed", String(selected));
    setText(row.name, name);
    setText(row.figures, figures(layer));
    row.eye.setAttribute("aria-label", t("layer.show", { name }));
    row.swatch.setAttribute("aria-label", t("layer.colour", { name }));
    row.rename.setAttribute("aria-label", t("layer.rename", { name }));
    row.remove.setAttribute("aria-label", t("layer.delete", { name }));
  }

  /** @param {number} id @returns {Row} */
  #makeRow(id) {
    const eye = element("input", { type: "checkbox" });
    const swatch = element("input", { type: "color", class: "swatch" });
    const name = element("span", { class: "layer-name" });
    const figures = element("span", { class: "layer-figures" });
    const main = element("button", { type: "button", class: "layer-main", "aria-pressed": "false" }, name, figures);
    const rename = element("button", { type: "button", class: "icon-button" }, icon("rename"));
    const remove = element("button", { type: "button", class: "icon-button" }, icon("delete"));
    const sight = element("label", { class: "eye" }, eye, icon("eye"), icon("eye-off"));
    const item = element("li", { class: "layer", "data-layer": id }, sight, swatch, main, rename, remove);
    /** @param {LayerPatch} patch */
    const change = (patch) => this.#doc.updateLayer(id, patch, { undoable: true });
    eye.addEventListener("change", () => change({ visible: eye.checked }));
    swatch.addEventListener("input", () => change({ colour: swatch.value }));
    main.addEventListener("click", () => this.#doc.select(id));
    main.addEventListener("dblclick", () => this.#rename(id));
    rename.addEventListener("click", () => this.#rename(id));
    remove.addEventListener("click", () => this.remove(id));
    const row = { item, eye, swatch, name, figures, main, rename, remove };
    this.#rows.set(id, row);
    return row;
  }

  /** @param {number} id */
  #rename(id) {
    const row = this.#rows.get(id);
    const layer = this.#doc.layer(id);
    if (!row || !layer) return;
    const { main, rename } = row;
    const { name } = layer;
    const attributes = { type: "text", class: "layer-rename", maxlength: 120, value: name };
    const input = element("input", { ...attributes, "aria-label": t("layer.name") });
    let open = true;
    /** @param {boolean} keep */
    const end = (keep) => {
      if (!open) return;
      open = false;
      const wanted = input.value.trim();
      const hadFocus = input === document.activeElement;
      input.replaceWith(main);
      if (keep && wanted) this.#doc.updateLayer(id, { name: wanted }, { undoable: true });
      if (hadFocus) rename.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
    });
    input.addEventListener("blur", () => end(true));
    main.replaceWith(input);
    input.focus();
    input.select();
  }
}

/**
 * Object count, area, share and score of a layer in one line; for an unfinished layer also its progress.
 *
 * @param {Layer} layer
 */
function figures({ stats, state, progress }) {
  const how = { running: "layer.running", paused: "layer.paused", cancelled: "layer.cancelled", done: "" }[state];
  const parts = how ? [t(how, { percent: percent(progress) })] : [];
  if (stats) {
    const count = objectCount(stats.choice, stats.things);
    if (count !== null) parts.push(t("layer.objects", { n: count }));
    if (stats.areaM2 !== null && stats.areaM2 !== undefined) parts.push(area(stats.areaM2));
    parts.push(percent(stats.share));
    if (stats.correction) parts.push(t("layer.corrected"));
    if (Number.isFinite(stats.score)) parts.push(t("layer.score", { score: stats.score.toFixed(2) }));
  }
  return parts.join(" · ");
}

/**
 * Sets the text only if it differs: otherwise a screen reader would read it again.
 *
 * @param {HTMLElement} target
 * @param {string} text
 */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
