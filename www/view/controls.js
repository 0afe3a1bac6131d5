// The viewer's own buttons: zoom in, zoom out, fit.
import { t } from "../text/text.js";
import { element } from "./dom.js";

/** @type {Record<string, string>} */
const ICONS = {
  "zoom-in": "M10 4v12M4 10h12",
  "zoom-out": "M4 10h12",
  fit: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
};

/**
 * Creates a group of buttons; `actions` maps names of ICONS to functions.
 *
 * @param {Record<string, () => void>} actions
 */
export function controls(actions) {
  const buttons = Object.entries(actions).map(([name, action]) => {
    const label = t(`view.${name}`);
    const attributes = { class: "viewer-button", type: "button", "aria-label": label, title: label };
    const button = element("button", attributes, icon(name));
    button.addEventListener("click", action);
    return button;
  });
  return element("div", { class: "viewer-controls", role: "group", "aria-label": t("view.controls") }, ...buttons);
}

/** @param {string} name */
function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
