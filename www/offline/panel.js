// Shows offline use on the page: what is stored, a button to clear it, and the notice of a new version.
import { megabytes } from "../text/format.js";
import { t } from "../text/text.js";
/** @import { Offline } from "./offline.js" */

/**
 * Fills #cache (with data-state, data-code, and data-page and data-weights in bytes), #cache-note and #update, and
 * listens to #clear-cache. `find(id)` returns an element of the page, or null.
 *
 * @param {Offline} offline
 * @param {(id: string) => HTMLElement | null} find
 */
export function showOffline(offline, find) {
  offline.addEventListener("change", () => showKept(offline, find("cache")));
  offline.addEventListener("update", () => showUpdate(offline, find("update")));
  find("clear-cache")?.addEventListener("click", async () => {
    const bytes = await offline.clear();
    const note = find("cache-note");
    if (note) note.textContent = bytes > 0 ? t("offline.cleared", { size: megabytes(bytes) }) : t("offline.clean");
  });
  showKept(offline, find("cache"));
}

/** @param {Offline} offline @param {HTMLElement | null} place */
async function showKept(offline, place) {
  if (!place) return;
  const { page, weights, free } = await offline.usage();
  const { name, code, detail } = offline.state;
  const sentences = [page + weights > 0
    ? t("offline.usage", { page: megabytes(page), weights: megabytes(weights) })
    : t("offline.nothing")];
  if (name === "ready" || name === "saving") sentences.push(t(`offline.${code || name}`));
  if (name === "off") sentences.push(t(`offline.${code}`, { detail }));
  if (free !== null && name !== "off") sentences.push(t("offline.room", { free: megabytes(free) }));
  place.textContent = sentences.join(" ");
  Object.assign(place.dataset, { state: name, code, page, weights });
}

/** @param {Offline} offline @param {HTMLElement | null} place */
function showUpdate(offline, place) {
  if (!place) return;
  const words = document.createElement("p");
  words.textContent = t("offline.update");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = t("offline.reload");
  button.addEventListener("click", async () => {
    const others = await offline.takeOver();
    if (others > 0) words.textContent = t("offline.others", { n: others });
  });
  place.replaceChildren(words, button);
  place.hidden = false;
}
