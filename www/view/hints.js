// Descriptions of the keys for screen readers; the viewer's parts refer to them by id.
import { t } from "../text/text.js";
import { element } from "./dom.js";
/** @import { Tool } from "./viewer.js" */

const TEXTS = {
  "viewer-keys": "view.keys",
  "viewer-draw-keys": "view.draw-keys",
  "viewer-rectangle-keys": "view.rectangle-keys",
  "viewer-correct-keys": "view.correct-keys",
};

/**
 * The ids of the texts that describe the viewer with a tool.
 *
 * @param {Tool} tool
 */
export function hintsOf(tool) {
  if (tool === "correct") return "viewer-correct-keys";
  return tool === "rectangle" ? "viewer-keys viewer-draw-keys" : "viewer-keys";
}

export function hints() {
  return Object.entries(TEXTS).map(([id, key]) => element("p", { id, hidden: true }, t(key)));
}
