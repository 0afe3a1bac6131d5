// The outcome of an executed phrase as text.
import { has, t } from "../text/text.js";
/** @import { Outcome } from "../../types/engine.js" */

/**
 * The sentences for `stats.choice` of a layer, "" if nothing was executed. `things` is the number of things in a
 * corrected mask, or null if the mask is not corrected.
 *
 * @param {Outcome | null | undefined} choice
 * @param {number | null} things
 */
export function outcomeText(choice, things = null) {
  if (!choice) return "";
  if (things !== null) return corrected(choice, things);
  const near = choice.near > 0 ? t("outcome.near", { n: choice.near }) : "";
  const changed = choice.changed ? t("outcome.changed") : "";
  return [counted(choice), problemText(choice), near, changed].filter(Boolean).join(" ");
}

/**
 * How many objects are in the mask, or null if they cannot be counted. `things` is as `outcomeText` takes it.
 *
 * @param {Outcome | null | undefined} choice
 * @param {number | null} things
 */
export function objectCount(choice, things = null) {
  if (!choice || choice.mass || choice.complement) return null;
  return things ?? choice.chosen;
}

/**
 * The count of a corrected mask; "" if the noun is uncountable.
 *
 * @param {Outcome} choice
 * @param {number} things
 */
function corrected(choice, things) {
  if (things === 0) return t("outcome.corrected-none", choice);
  return choice.mass ? "" : t("outcome.corrected", { n: things, noun: named(choice, things) });
}

/**
 * The count, as "7 buildings, 1 chosen."; "" if a reference object is missing or the noun is uncountable.
 *
 * @param {Outcome} choice
 */
function counted(choice) {
  const { question, found, chosen, mass, problem, changed, bare, complement, unknown, one } = choice;
  const things = { ...choice, noun: named(choice, found) };
  if (complement) return excepted(choice);
  if (problem?.kind === "anchorMissing" || problem?.kind === "tooSmall") return "";
  const asks = question === "exists" && !changed;
  if (found === 0 && unknown) return t("outcome.none-like", { one });
  if (found === 0 || (asks && chosen === 0)) return t(asks ? "outcome.no" : "outcome.none", choice);
  if (asks && mass) return t("outcome.yes-mass", choice);
  if (asks) return `${t("outcome.yes", { found: chosen, noun: named(choice, chosen) })}.`;
  if (mass) return "";
  const key = bare && chosen === found ? "outcome.found" : "outcome.chosen";
  return `${t(key, things)}.`;
}

/**
 * What everything else is in the mask but.
 *
 * @param {Outcome} choice
 */
function excepted(choice) {
  const { chosen, mass, one, noun } = choice;
  if (chosen === 0) return t("outcome.all", { one });
  return mass ? t("outcome.all-but-mass", { noun }) : t("outcome.all-but", { chosen, noun: named(choice, chosen) });
}

/**
 * The name of `n` objects. A noun that only the network can know is quoted, and has no other form.
 *
 * @param {Outcome} choice
 * @param {number} n
 */
function named({ one, noun, unknown }, n) {
  if (unknown) return t("outcome.like", { n, noun: one });
  return n === 1 ? one : noun;
}

/**
 * The part of the request that could not be executed; "" if there is no problem, or if the count already shows it.
 *
 * @param {Outcome} choice
 */
export function problemText(choice) {
  const { problem, relation, one, found } = choice;
  switch (problem?.kind) {
    case "anchorMissing":
      return t(has(`missing.${relation}`) ? `missing.${relation}` : "missing.other", problem);
    case "anchorLeftOut":
      return t("outcome.left-out", problem);
    case "closest":
      return t("outcome.closest", { one });
    case "nothingFits":
      return found > 0 ? t("outcome.unfit", { one }) : "";
    case "tooSmall":
      return t("outcome.small", choice);
    case "tooFew":
      return found > 0 ? t("outcome.few", problem) : "";
    case "tooMany":
      return t("outcome.many", problem);
    case "noPixels":
      return t("outcome.pixels");
    case "noMap":
      return t("outcome.map", problem);
    case "tooDeep":
      return t("outcome.deep");
    default:
      return "";
  }
}
