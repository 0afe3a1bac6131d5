// Fetches a weights bundle, reports real byte counts, and caches its files between visits. Runs in the worker. The
// engine checks every byte before use, whether it comes from the network or from the cache.
import { PageError, textOf } from "../text/errors.js";
import { Ahead } from "./ahead.js";
import { download } from "./download.js";
import { isTrap, outOfMemory } from "./faults.js";
import { Shelf } from "./shelf.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { WeightsProgress } from "../../types/model.js"
 * @import { BundleFiles, WeightsFile } from "../../types/network.js"
 */

/** @typedef {(state: WeightsProgress) => void} Report */
/** @typedef {{ add(name: string, bytes: Bytes): void }} Taker */
/** @typedef {Promise<{ text: string, offline: boolean }>} ManifestText */
/** @typedef {{ shelf: Promise<Shelf>, manifest: ManifestText, ahead: Ahead | null }} Begun */

/** How long to wait for the server's manifest if weights are cached, in milliseconds. */
const PATIENCE = 4000;

/**
 * Begins to fetch the bundle in `folder` (a URL ending in "/"), which needs no engine; `ahead`: its files too, and not
 * the manifest alone.
 *
 * @param {string} folder
 * @param {{ ahead?: boolean }} options
 * @returns {Begun}
 */
export function beginWeights(folder, { ahead = false } = {}) {
  const shelf = Shelf.open(folder);
  const manifest = shelf.then((opened) => findManifest(folder, opened));
  // `loadWeights` reports what went wrong.
  manifest.catch(() => {});
  return { shelf, manifest, ahead: ahead ? new Ahead(folder, shelf, manifest) : null };
}

/**
 * Loads the bundle in `folder` (a URL ending in "/") into a new `WeightsLoader`, as `beginWeights` began to fetch it.
 * `report({received, total, cached, file})` is called as bytes arrive; `cached` counts those from the cache.
 * Returns `{loader, total, cached, kept, offline, rest}`; `kept` tells whether the files are cached for the next visit,
 * `offline` whether the server could not be reached. `rest` is null if these are all files. Otherwise `rest(taker, report)`
 * loads the others into `taker`, which is the network or the loader, and resolves to `{total, cached, kept}`; `kept` tells whether
 * all files are cached.
 *
 * @template {BundleFiles} Loader
 * @param {new (manifest: string) => Loader} WeightsLoader
 * @param {string} folder
 * @param {Report} report
 * @param {Begun} begun
 */
export async function loadWeights(WeightsLoader, folder, report, begun = beginWeights(folder)) {
  const shelf = await begun.shelf;
  const manifest = await begun.manifest;
  try {
    return await loadBundle(WeightsLoader, folder, shelf, manifest, report, begun.ahead);
  } catch (/** @type {any} */ error) {
    if (!["weights-corrupt", "weights-missing", "weights-short"].includes(error.code)) throw error;
    // New weights may have replaced these on the server during loading.
    const again = await findManifest(folder, shelf);
    if (again.text === manifest.text) throw error;
    return loadBundle(WeightsLoader, folder, shelf, again, report).catch((second) => {
      throw second.code === error.code ? new PageError("weights-changed", textOf(second)) : second;
    });
  }
}

/**
 * The server's manifest, or the cached one if the server cannot be reached: `{text, offline}`.
 *
 * @param {string} folder
 * @param {Shelf} shelf
 */
async function findManifest(folder, shelf) {
  const kept = await shelf.manifest();
  try {
    return { text: await fetchManifest(folder, kept ? AbortSignal.timeout(PATIENCE) : undefined), offline: false };
  } catch (/** @type {any} */ error) {
    if (kept && error.code === "network") return { text: kept, offline: true };
    if (error.code === "network" && navigator.onLine === false) throw new PageError("offline", error.message);
    throw error;
  }
}

/** @param {string} folder @param {AbortSignal | undefined} signal */
async function fetchManifest(folder, signal) {
  const url = new URL("manifest.json", folder);
  let response;
  try {
    response = await fetch(url, { cache: "no-cache", signal });
    if (response.ok) return await response.text();
  } catch (error) {
    throw new PageError("network", `manifest.json: ${textOf(error)}`);
  }
  const code = response.status >= 500 ? "network" : "manifest-missing";
  throw new PageError(code, `${url.pathname}: the server answered ${response.status}`);
}

/**
 * @template {BundleFiles} Loader
 * @param {new (manifest: string) => Loader} WeightsLoader
 * @param {string} folder
 * @param {Shelf} shelf
 * @param {{ text: string, offline: boolean }} manifest
 * @param {Report} report
 * @param {Ahead | null} ahead
 */
async function loadBundle(WeightsLoader, folder, shelf, { text, offline }, report, ahead = null) {
  let loader;
  let files;
  try {
    loader = new WeightsLoader(text);
    files = loader.files();
  } catch (error) {
    throw new PageError("manifest", textOf(error));
  }
  const hashes = files.map((file) => file.sha256);
  const following = files.filter(({ follows }) => follows);
  /** @param {Taker} taker @param {WeightsFile[]} some @param {Report} report */
  const load = async (taker, some, report) => {
    const state = { received: 0, total: some.reduce((sum, file) => sum + file.bytes, 0), cached: 0, file: "" };
    let kept = true;
    for (const file of some) {
      state.file = file.name;
      report(state);
      if (await addCached(taker, file, shelf, state)) {
        report(state);
        continue;
      }
      const bytes = await addDownloaded(taker, file, folder, state, report, ahead);
      kept = (await keep(shelf, file, bytes, hashes)) && kept;
    }
    return { ...state, kept };
  };
  const finish = async (/** @type {boolean} */ stored) => {
    const kept = stored && (offline || (await shelf.putManifest(text)));
    // A stored manifest means that all its files are stored.
    if (!kept) await shelf.remove("manifest.json");
    await shelf.keepOnly(hashes);
    return kept;
  };
  const { total, cached, kept } = await load(
    loader,
    files.filter(({ follows }) => !follows),
    report,
  );
  if (following.length === 0) return { loader, total, cached, kept: await finish(kept), offline, rest: null };
  const rest = async (/** @type {Taker} */ taker, /** @type {Report} */ reportRest) => {
    const more = await load(taker, following, reportRest);
    return { ...more, kept: await finish(kept && more.kept) };
  };
  return { loader, total, cached, kept, offline, rest };
}

/**
 * Stores a file; if there is no space, deletes the weights of former versions first.
 *
 * @param {Shelf} shelf
 * @param {WeightsFile} file
 * @param {Bytes} bytes
 * @param {string[]} hashes
 */
async function keep(shelf, file, bytes, hashes) {
  if (await shelf.put(file.sha256, bytes)) return true;
  await shelf.keepOnly(hashes);
  return shelf.put(file.sha256, bytes);
}

/** @param {Taker} loader @param {WeightsFile} file @param {Shelf} shelf @param {WeightsProgress} state */
async function addCached(loader, file, shelf, state) {
  const bytes = await shelf.get(file.sha256);
  if (!bytes) return false;
  try {
    loader.add(file.name, bytes);
  } catch (error) {
    if (isTrap(error)) throw error;
    // A damaged cache entry is downloaded again.
    await shelf.remove(file.sha256);
    return false;
  }
  state.received += file.bytes;
  state.cached += file.bytes;
  return true;
}

/**
 * Downloads and adds one file, or adds what was downloaded ahead. If the first attempt fails, it is fetched once more,
 * bypassing the HTTP cache.
 *
 * @param {Taker} loader
 * @param {WeightsFile} file
 * @param {string} folder
 * @param {WeightsProgress} state
 * @param {Report} report
 * @param {Ahead | null} ahead
 */
async function addDownloaded(loader, file, folder, state, report, ahead) {
  const before = state.received;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const progress = (/** @type {number} */ got) => {
        state.received = before + got;
        report(state);
      };
      const waiting = attempt ? null : ahead?.take(file, progress);
      const bytes = await (waiting ?? download(file, folder, attempt ? "reload" : "default", progress));
      loader.add(file.name, bytes);
      return bytes;
    } catch (error) {
      if (isTrap(error)) throw error;
      state.received = before;
      const known = PageError.from(error, outOfMemory(error) ? "memory" : "weights-corrupt");
      if (attempt > 0 || ["weights-missing", "memory"].includes(known.code)) throw known;
    }
  }
}
