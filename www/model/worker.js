// Owns the network and the GPU: everything slow happens here, one request after the other.
// In: {id, kind, ...}, or {kind: "cancel", request}. Out: {id, value} or {id, error: {code, message}, fatal}, and,
// unsolicited, {event: "progress", ...}, {event: "engine", module}, {event: "kept", kept, bytes, cachedBytes} when the
// files that the network started without have arrived or failed, and {event: "broken", code, message}. After "broken",
// and after a fatal error, the worker is unusable.
import { PageError, textOf } from "../text/errors.js";
import { loadEngine } from "./engine.js";
import { execute } from "./execution.js";
import { Panics, isTrap, outOfMemory } from "./faults.js";
import { chooseBackend, watchDevices } from "./gpu.js";
import { Lane, turn } from "./lane.js";
import { beginWeights, loadWeights } from "./weights.js";
/**
 * @import { Bytes, Engine } from "../../types/engine.js"
 * @import { Backend, ModelInfo, ModelWindow, Progress, Wish } from "../../types/model.js"
 * @import { Network, Segmenter } from "../../types/network.js"
 * @typedef {{ kept: boolean, total: number, cached: number }} Rest
 */

/** @type {Network | null} */
let api = null; // the wasm-bindgen module
/** @type {Segmenter | null} */
let segmenter = null;
let site = ""; // the URL of the folder that contains pkg/
/** @type {Promise<Engine> | null} */
let rules = null; // the promise of the module that reads phrases and chooses, on pages without a scene worker
/** @type {Backend | ""} */
let backend = "";
let preparing = false; // whether all weights are there and the network is being started
/** Loads the files that the network started without; null if there are none. @type {(() => Promise<Rest>) | null} */
let rest = null;
/** Resolves when they have arrived; null while they are not being loaded. @type {Promise<void> | null} */
let whole = null;
let awaited = false; // whether a phrase waits for them
const panics = new Panics();

/** @param {string} code @param {string} message */
function broken(code, message) {
  postMessage({ event: "broken", code, message });
}

// A panic inside a future traps in a microtask and leaves its promise pending forever.
/** @param {unknown} error */
function stopped(error) {
  const { code, message } = panics.fault(error, backend);
  broken(code, message);
}
self.addEventListener("unhandledrejection", (event) => stopped(event.reason));
self.addEventListener("error", (event) => stopped(event.error ?? event.message));
watchDevices({ broken, compiling: (shaders) => preparing && progress("prepare", { backend, shaders }) });

let lastProgress = 0;
/** @param {Progress["phase"]} phase @param {Omit<Progress, "phase">} state */
function progress(phase, state = {}) {
  const now = performance.now();
  // At most 25 messages per second, but always the last one.
  const last = state.received !== undefined && state.received === state.total;
  const counted = state.received !== undefined || state.shaders !== undefined;
  if (counted && !last && now - lastProgress < 40) return;
  lastProgress = now;
  postMessage({ event: "progress", phase, ...state });
}

/**
 * @param {{ root: string, weights: string, wish: Wish, module: WebAssembly.Module | null, pack: Bytes | null }} request
 * @returns {Promise<ModelInfo>}
 */
async function start({ root, weights, wish, module, pack }) {
  const choice = await chooseBackend(wish);
  backend = choice.backend;
  site = root;
  const begun = beginWeights(weights, { ahead: true });
  progress("engine");
  const engine = await loadEngine(root, "s4eca", { module, report: (state) => progress("engine", state) });
  api = engine.api;
  postMessage({ event: "engine", module: engine.module });
  const prepared = prepare(api, begun.manifest);
  // Reported when it is waited for; if the weights do not load, that is the error.
  prepared.catch(() => {});
  const bundle = await loadWeights(api.WeightsLoader, weights, (state) => progress("weights", state), begun);
  preparing = true;
  progress("prepare", { backend });
  try {
    await prepared;
    segmenter = await bundle.loader.finish(backend);
  } catch (error) {
    if (isTrap(error) || outOfMemory(error)) throw error;
    throw new PageError(backend === "webgpu" ? "gpu-start" : "weights", textOf(error));
  }
  if (gpuTrouble()) throw new PageError("gpu-start", gpuTrouble());
  const running = segmenter;
  const info = running.info();
  const { rest: load } = bundle;
  // Only a phrase that waits shows how far this is.
  rest = load && (() => load(running, (state) => awaited && progress("weights", state)));
  // After the answer.
  if (rest) setTimeout(() => loadRest().catch(() => {}));
  return {
    ...info,
    pack: pack ? segmenter.use_pack(pack) : null,
    // The browser reports the adapter's name in more detail than the engine can query.
    adapter: choice.adapter || info.adapter,
    software: info.software || choice.software,
    reason: choice.reason,
    bytes: bundle.total,
    cachedBytes: bundle.cached,
    kept: bundle.kept,
    partial: rest !== null,
    offline: bundle.offline,
    engineBytes: engine.bytes,
    engineCached: engine.cached,
  };
}

/**
 * Prepares the device for the bundle with this manifest while its weights still arrive.
 *
 * @param {Network} api
 * @param {Promise<{ text: string }>} manifest
 */
async function prepare(api, manifest) {
  await api.prepare(backend, (await manifest).text);
}

/** Loads the files that the network started without, and reports whether all files are cached now. */
function loadRest() {
  if (!rest) return Promise.resolve();
  whole ??= rest().then(
    ({ kept, total, cached }) => {
      rest = null;
      postMessage({ event: "kept", kept, bytes: total, cachedBytes: cached });
    },
    (error) => {
      // The next phrase that needs them tries again.
      whole = null;
      postMessage({ event: "kept", kept: false, bytes: 0, cachedBytes: 0 });
      throw error;
    },
  );
  return whole;
}

/**
 * Sets the pack to use from now on; null removes it. Returns the pack's facts about itself.
 *
 * @param {{ pack: Bytes | null }} request
 */
async function usePack({ pack }) {
  if (!segmenter) throw new PageError("not-started");
  return segmenter.use_pack(pack ?? undefined);
}

/** @param {ModelWindow & { phrase: string }} request */
async function segment({ width, height, rgba, map: [mapWidth, mapHeight], phrase }) {
  if (!segmenter) throw new PageError("not-started");
  if (segmenter.lacks_words(phrase)) {
    awaited = true;
    await loadRest().finally(() => (awaited = false));
  }
  let result;
  try {
    result = await segmenter.segment(width, height, rgba, phrase, mapWidth, mapHeight);
  } catch (error) {
    if (isTrap(error) || outOfMemory(error)) throw error;
    throw new PageError(gpuTrouble() ? "gpu-lost" : "phrase", gpuTrouble() || textOf(error));
  }
  if (gpuTrouble()) throw new PageError("gpu-lost", gpuTrouble());
  const { probability, score, milliseconds, truncated, words, unknown, pack } = result;
  return { probability, score, milliseconds, truncated, words, unknown, pack, backend: /** @type {Backend} */ (backend) };
}

function gpuTrouble() {
  return backend === "webgpu" ? api?.last_gpu_error() : undefined;
}

/**
 * Reads and executes a phrase. `isCancelled` is checked before each run of the network.
 *
 * @param {ModelWindow & { phrase: string }} request
 * @param {() => boolean} isCancelled
 */
async function executed(request, isCancelled) {
  if (!segmenter) throw new PageError("not-started");
  return execute(await loadRules(), segmenter.info().reading, request, async (prompt) => {
    await turn();
    if (isCancelled()) throw new PageError("segment", "cancelled");
    return segment({ ...request, phrase: prompt });
  });
}

function loadRules() {
  rules ??= loadEngine(site, "s4eca_scene").then((engine) => engine.api);
  // A failed load is tried again on the next request.
  rules.catch(() => (rules = null));
  return rules;
}

/** @type {Record<string, (request: any, isCancelled: () => boolean) => Promise<any>>} */
const HANDLERS = { start, segment, execute: executed, pack: usePack };

/** @param {{ id: number, kind: string }} message @param {() => boolean} isCancelled */
async function answer({ id, kind, ...request }, isCancelled) {
  try {
    const value = await HANDLERS[kind](request, isCancelled);
    postMessage({ id, value }, value?.probability ? [value.probability.buffer] : []);
  } catch (error) {
    const trap = isTrap(error);
    const usual = outOfMemory(error) ? "memory" : "segment";
    const { code, message } = trap ? panics.fault(error, backend) : PageError.from(error, usual);
    postMessage({ id, error: { code, message }, fatal: trap || code === "gpu-lost" });
  }
}

// One request at a time: the segmenter is not reentrant.
const lane = new Lane();
const scope = /** @type {DedicatedWorkerGlobalScope} */ (self);
scope.addEventListener("message", ({ data }) => {
  if (data.kind === "cancel") lane.cancel(data.request);
  else lane.add(data.id, (isCancelled) => answer(data, isCancelled));
});
