// The line below the image: its name and size, its georeference, and a scale box for images that state no scale.
import { PageError } from "../text/errors.js";
import { number, resolution } from "../text/format.js";
import { t } from "../text/text.js";
/**
 * @import { Find } from "../../types/page.js"
 * @import { Notice, PlaceInfo } from "../../types/scene.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Messages } from "./messages.js"
 */

/** Notices that the line itself makes redundant, because it shows the scale box. */
const SAID_HERE = ["no-crs"];

export class SceneLine {
  #find;
  #doc;
  #scenes;
  #messages;

  /** @param {Find} find @param {{ doc: Doc, scenes: Scenes, messages: Messages }} page */
  constructor(find, { doc, scenes, messages }) {
    this.#find = find;
    this.#doc = doc;
    this.#scenes = scenes;
    this.#messages = messages;
    doc.addEventListener("scene", ({ detail }) => this.#show(!detail?.same));
    find("scale").addEventListener("change", () => this.#setScale());
    // In an input outside a form, Enter has no effect of its own.
    find("scale").addEventListener("keydown", (event) => event.key === "Enter" && this.#setScale());
  }

  /**
   * Shows the notices of a newly opened scene and removes those of the former one.
   *
   * @param {{ notices?: Notice[] }} scene
   */
  notices({ notices = [] }) {
    this.#messages.clearNotices("scene-");
    for (const { code, values } of notices) {
      if (!SAID_HERE.includes(code)) this.#messages.notice(`scene-${code}`, t(`notice.${code}`, values), TONES[code]);
    }
  }

  /** @param {boolean} fresh */
  #show(fresh) {
    const { scene } = this.#doc;
    if (!scene) return;
    const { name, title, width, height, georeference } = scene;
    const shown = title ?? (name || t("scene.pasted"));
    const size = { width: number(width), height: number(height) };
    this.#find("image-name").textContent = t("scene.size", { name: shown, ...size });
    this.#find("image-name").title = shown;
    const placed = georeference && georeference.kind !== "scale";
    const box = this.#find("scale");
    if (fresh) box.value = "";
    // Without a known coordinate system the pixel size is not known either.
    this.#find("scale-box").hidden = box.value === "" && Boolean(georeference?.metresPerPixel);
    const place = this.#find("georeference");
    place.hidden = !placed;
    place.textContent = placed ? placeText(georeference) : "";
    place.title = placed ? (georeference.name ?? "") : "";
    if (placed && georeference.epsg) place.dataset.epsg = String(georeference.epsg);
    else delete place.dataset.epsg;
  }

  async #setScale() {
    const box = this.#find("scale");
    const cm = box.value === "" && !box.validity.badInput ? null : box.valueAsNumber;
    if (cm !== null && !(cm > 0)) {
      this.#messages.problem(new PageError("scale"));
      return;
    }
    this.#messages.clearProblem();
    try {
      const georeference = await this.#scenes.setScale(cm);
      this.#doc.updateScene({ georeference });
      // The masks stay the same; their areas change.
      for (const { id } of this.#doc.layers) {
        // Reads the layer again: its threshold may have changed while another was measured.
        const layer = this.#doc.layer(id);
        if (layer?.stats) this.#doc.updateLayer(id, { stats: await this.#scenes.refine(id, layer.refine) });
      }
    } catch (error) {
      this.#messages.problem(PageError.from(error, "scene"));
    }
  }
}

/** @type {Record<string, string>} */
const TONES = {
  "control-points": "warn",
  "control-points-spline": "warn",
  "crs-unknown": "warn",
  "georeference-unusable": "warn",
  "preview-partial": "warn",
  "scaled-down": "warn",
  "world-file-crs": "warn",
};

/** @param {PlaceInfo} place */
function placeText({ epsg, kind, name, metresPerPixel }) {
  const written = kind === "unknown" ? t("scene.crs-unknown") : name;
  const system = epsg ? t("scene.crs", { epsg: String(epsg), name: name ?? "" }) : written;
  return metresPerPixel ? t("scene.ground", { name: system, ground: resolution(metresPerPixel) }) : system;
}
