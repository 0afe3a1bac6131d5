// The model and engine card, and the badge that shows what the page runs on.
import { cpuReason } from "../text/errors.js";
import { megabytes, number } from "../text/format.js";
import { t } from "../text/text.js";
import { element } from "../view/dom.js";
/**
 * @import { ModelInfo } from "../../types/model.js"
 * @import { Find } from "../../types/page.js"
 */

/**
 * Sets the badge in the header; `state` is "busy", "ready", "slow" or "failed".
 *
 * @param {Find} find
 * @param {string} text
 * @param {string} state
 * @param {string} why
 */
export function showBadge(find, text, state, why = "") {
  find("backend-text").textContent = text;
  find("backend").dataset.state = state;
  find("backend").title = why;
}

/**
 * Sets the badge for the model's `info`. Returns a remark on the backend, or "".
 *
 * @param {Find} find
 * @param {ModelInfo} info
 */
export function showBackend(find, info) {
  const gpu = info.backend === "webgpu";
  const asked = !info.reason || info.reason.code === "asked";
  const onCpu = gpu || asked || !info.reason ? "" : cpuReason(info.reason);
  const remark = gpu && info.software ? t("software-gpu", { adapter: info.adapter }) : onCpu;
  const text = gpu ? t("badge.gpu", { adapter: info.adapter }) : t("badge.cpu");
  showBadge(find, text, gpu && !info.software ? "ready" : "slow", remark);
  return remark;
}

/**
 * Fills the card from the "ready" event's detail.
 *
 * @param {Find} find
 * @param {ModelInfo} info
 */
export function showModel(find, info) {
  const adapter = info.adapter || t("fact.unnamed");
  const size = megabytes(info.bytes);
  const origin = info.cachedBytes === info.bytes ? "fact.cached" : info.cachedBytes ? "fact.partly" : "fact.downloaded";
  const facts = {
    model: t("fact.model.value", info),
    input: t("fact.input.value", { n: info.input }),
    parameters: t("fact.parameters.value", { n: number(info.parameters / 1e6, 1), precision: info.precision }),
    weights: t(origin, { size }) + (info.kept ? "" : t("fact.not-kept")),
    engine: info.backend === "webgpu" ? t("fact.engine.gpu", { adapter }) : t("fact.engine.cpu"),
    licence: info.licence,
  };
  /** @param {[name: string, text: string]} fact */
  const row = ([name, text]) => [element("dt", {}, t(`fact.${name}`)), element("dd", {}, text)];
  find("facts").replaceChildren(...Object.entries(facts).flatMap(row));
  find("engine-why").textContent = info.reason ? `${cpuReason(info.reason)} (${info.reason.message})` : "";
  find("credits").replaceChildren(...info.credits.map((credit) => element("li", {}, credit)));
}
