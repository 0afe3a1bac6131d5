// The help sheet: four steps, and every key.
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
import { icon } from "./icon.js";
import { CORRECT_KEYS, PAGE_KEYS } from "./keys.js";
/**
 * @import { Find } from "../../types/page.js"
 * @import { Settings } from "../state/settings.js"
 */

const STEPS = ["help.step.1", "help.step.2", "help.step.3", "help.step.4"];

/**
 * Fills the dialog and returns a function that opens it.
 *
 * @param {Find} find
 * @param {Settings} settings
 */
export function makeHelp(find, settings) {
  const sheet = find("help");
  const attributes = { type: "button", class: "icon-button", "aria-label": t("help.close") };
  const close = element("button", attributes, icon("close"));
  close.addEventListener("click", () => sheet.close());
  const single = element("input", { type: "checkbox", id: "single-keys" });
  single.checked = settings.get("singleKeys");
  single.addEventListener("change", () => settings.set("singleKeys", single.checked));
  sheet.append(
    element("div", { class: "sheet-head" }, element("h2", { id: "help-title" }, t("help.title")), close),
    element("h3", {}, t("help.steps")),
    element("ol", {}, ...STEPS.map((key) => element("li", {}, t(key)))),
    element("h3", {}, t("help.keys")),
    element("dl", { class: "keys" }, ...PAGE_KEYS.flatMap(([keys, text]) => row(keys, text))),
    element("label", { class: "switch", for: "single-keys" }, single, element("span", {}, t("help.single"))),
    element("h3", {}, t("help.view")),
    element("dl", { class: "keys" }, ...viewKeys()),
    element("h3", {}, t("help.correct")),
    element("dl", { class: "keys" }, ...correctKeys()),
  );
  const open = () => sheet.open || sheet.showModal();
  // A click on the backdrop around the sheet closes it.
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  find("open-help").addEventListener("click", open);
  return open;
}

function viewKeys() {
  return [
    ...row([t("key.drag"), t("key.arrows")], "key.pan"),
    ...row([t("key.wheel"), "+", "−"], "key.zoom"),
    ...row(["0"], "key.fit"),
    ...row(["1"], "key.actual"),
    ...row(["Enter"], "key.begin-rectangle"),
  ];
}

function correctKeys() {
  return [
    ...CORRECT_KEYS.flatMap(([keys, text]) => row(keys, text)),
    ...row([t("key.arrows")], "key.correct-move"),
    ...row([t("key.space")], "key.correct-paint"),
    ...row(["Enter"], "key.correct-line"),
    ...row([t("key.space-drag")], "key.correct-pan"),
    ...row(["Esc"], "key.correct-escape"),
  ];
}

/** @param {string[]} keys @param {string} text */
function row(keys, text) {
  const shown = keys.flatMap((key, i) => [i > 0 ? " " : "", element("kbd", {}, key)]);
  return [element("dt", {}, ...shown), element("dd", {}, t(text))];
}
