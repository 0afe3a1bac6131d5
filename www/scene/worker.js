// Holds the open scene and its layers; reads windows and makes masks, pictures and files, so that the page
// stays responsive. There are two wasm modules: a small one, which reads most files, and a full one, which is loaded when a
// file needs it. In: {id, kind, args}. Out: {id, value} or {id, error: {code, message}}, and, unsolicited,
// {event: "ready"}, {event: "engine"} when the wasm module is loaded, {event: "progress", done, total} and
// {event: "broken", code, message}. After "broken" the worker is unusable.
import { packExamples, unpackExamples } from "../examples/archive.js";
import { loadEngine } from "../model/engine.js";
import { Panics, isTrap, outOfMemory } from "../model/faults.js";
import { PageError, textOf } from "../text/errors.js";
import { exampleOf } from "./example.js";
import { exportFile } from "./exports.js";
import { inspect } from "./imagefile.js";
import { Layers } from "./layers.js";
import { Picture } from "./picture.js";
import { Place } from "./place.js";
import { choosePlan } from "./plan.js";
import { TiffScene } from "./tiff.js";
import { placesPixels, readSidecars, sortFiles } from "./worldfile.js";
/**
 * @import { Engine } from "../../types/engine.js"
 * @import { SceneModule } from "../../types/model.js"
 * @import { ImageHeader, SceneActions, SceneImage, SceneInfo, SceneRequest, SortedFiles } from "../../types/scene.js"
 * @import { Opened } from "./exports.js"
 */

const PREVIEW_SIDE = 2048;
const ROOT = new URL("../../", import.meta.url);

const panics = new Panics();
/** @type {Map<SceneModule, Promise<Engine>>} */
const modules = new Map();
/** @type {(Opened & { layers: Layers | null, engine: () => Promise<Engine> }) | null} */
let opened = null; // {name, scene, place, layers, engine}
/** @type {AbortController | null} */
let opening = null; // the AbortController of the opening in progress
let latestView = 0;

/** @param {unknown} error */
function broken(error) {
  const { code, message } = panics.fault(error, "cpu");
  postMessage({ event: "broken", code: code === "memory" ? "memory" : "scene-crash", message });
}
self.addEventListener("unhandledrejection", (event) => broken(event.reason));
self.addEventListener("error", (event) => broken(event.error ?? event.message));

/**
 * A wasm module.
 *
 * @param {SceneModule} name
 * @returns {Promise<Engine>}
 */
function load(name) {
  const known = modules.get(name);
  if (known) return known;
  const loading = loadEngine(ROOT, name).then(({ api }) => {
    postMessage({ event: "engine" });
    return api;
  });
  modules.set(name, loading);
  // A failed load is tried again on the next call.
  loading.catch(() => modules.delete(name));
  return loading;
}

/** The module of the open scene: its objects belong to that one. */
function engine() {
  return opened ? opened.engine() : load("s4eca_scene");
}

/** @param {File[]} files @returns {Promise<SceneInfo>} */
async function open(files) {
  opening?.abort();
  const { signal } = (opening = new AbortController());
  const sorted = sortFiles(files);
  const name = modules.has("s4eca_scene_full") ? "s4eca_scene_full" : "s4eca_scene";
  const header = await inspect(sorted.image, async (bytes) => (await load(name)).jpegProblem(bytes) ?? null);
  try {
    return await openWith(name, sorted, header, signal);
  } catch (/** @type {any} */ error) {
    if (error.code !== "needs-full") throw error;
  }
  return openWith("s4eca_scene_full", sorted, header, signal);
}

/**
 * Opens a scene with that module. Throws a PageError "needs-full" if only the full one reads it.
 *
 * @param {SceneModule} module
 * @param {SortedFiles} sorted
 * @param {ImageHeader} header
 * @param {AbortSignal} signal
 * @returns {Promise<SceneInfo>}
 */
async function openWith(module, sorted, header, signal) {
  const engine = () => load(module);
  const scene = await openScene(sorted, header, engine);
  let place = null;
  try {
    if ((await engine()).isTooSmall(scene.width, scene.height)) {
      throw new PageError("too-small", `it has ${scene.width} × ${scene.height} px`);
    }
    place = await Place.of(scene, sorted, engine);
    const progress = (/** @type {number} */ done) => postMessage({ event: "progress", done, total: 1 });
    const preview = await scene.preview(PREVIEW_SIDE, progress, signal);
    if (signal.aborted) {
      preview.close();
      throw new PageError("superseded");
    }
    opened?.layers?.close();
    opened?.place.close();
    opened?.scene.close();
    opened = { name: sorted.image.name, scene, place, layers: null, engine };
    const notices = [...scene.notices, ...place.notices];
    for (const { name } of sorted.others) notices.push({ code: "sidecar-unknown", values: { name } });
    const { kind, format, width, height, bands, bits, overviews } = scene;
    const facts = { name: opened.name, kind, format, width, height, bands, bits, overviews };
    return { ...facts, preview, georeference: place.info, notices };
  } catch (error) {
    if (opened?.scene !== scene) {
      place?.close();
      scene.close();
    }
    throw error;
  }
}

/**
 * @param {Pick<SortedFiles, "image" | "world" | "projections">} files
 * @param {ImageHeader} header
 * @param {() => Promise<Engine>} engine
 * @returns {Promise<SceneImage>}
 */
async function openScene({ image, world, projections }, header, engine) {
  if (header.format !== "TIFF") {
    return Picture.open(image, header, { stored: await placesPixels({ world, projections }) });
  }
  const { aux } = await readSidecars(null, projections);
  return TiffScene.open(image, await engine(), aux);
}

function current() {
  if (!opened) throw new PageError("no-image");
  return opened;
}

async function layers() {
  const api = await engine();
  const scene = current();
  scene.layers ??= new Layers(api, scene.scene);
  return scene.layers;
}

/** @type {SceneActions} */
const ACTIONS = {
  open,
  ping: () => {},
  setScale: async (cmPerPixel) => {
    const { place } = current();
    place.setScale(cmPerPixel, cmPerPixel ? await engine() : null);
    return place.info;
  },
  view: async (rect, width, height) => {
    const turn = (latestView += 1);
    const { scene } = current();
    // Lets a later call arrive, which supersedes this one.
    await new Promise((resolve) => setTimeout(resolve));
    if (turn !== latestView) return null;
    const isStale = () => turn !== latestView;
    try {
      const bitmap = await scene.view(rect, width, height, isStale);
      if (!isStale()) return bitmap;
      bitmap.close();
      return null;
    } catch (/** @type {any} */ error) {
      if (error.code === "superseded") return null;
      throw error;
    }
  },
  plan: async (wish) => {
    const api = await engine();
    const { scene, place } = current();
    const { width, height } = scene;
    return choosePlan(api, { ...wish, width, height, metresPerPixel: place.info?.metresPerPixel ?? null });
  },
  createLayer: async (id, options) => (await layers()).create(id, options),
  tile: async (id, i) => (await layers()).tile(id, i),
  addTile: async (id, i, probability) => (await layers()).add(id, i, probability),
  read: async (phrase, ways) => (await engine()).read_phrase(phrase, ways),
  setMaps: async (id, maps) => (await layers()).setMaps(id, maps),
  outlines: async (id) => (await layers()).outlines(id),
  refine: async (id, options) => (await layers()).refine(id, options, current().place.measure),
  render: async (id, kind) => (await layers()).render(id, kind),
  stroke: async (id, options, to, stroke) => (await layers()).stroke(id, options, to, stroke),
  keepCorrections: async (id, numbers) => (await layers()).keepCorrections(id, numbers),
  example: async (id, options, view) => exampleOf(await (await layers()).refined(id, options), view, current()),
  removeLayer: async (id) => (await layers()).remove(id),
  exportFile: async (kind, ids, meta) => {
    const all = await layers();
    const api = await engine();
    const chosen = [];
    for (const [i, id] of ids.entries()) chosen.push(await all.refined(id, meta.layers[i].refine));
    return exportFile(kind, chosen, meta, current(), api);
  },
  packExamples: async (examples) => packExamples(await engine(), examples),
  unpackExamples: async (file) => unpackExamples(await engine(), file),
};

/**
 * The objects that can be transferred instead of copied.
 *
 * @param {any} value
 */
function handedOver(value) {
  if (value instanceof ImageBitmap) return [value];
  if (value?.preview instanceof ImageBitmap) return [value.preview];
  if (value?.image && value.mask) return [value.image.buffer, value.mask.buffer];
  return value?.rgba ? [value.rgba.buffer] : [];
}

const scope = /** @type {DedicatedWorkerGlobalScope} */ (self);
scope.addEventListener("message", async ({ data: { id, kind, args } }) => {
  try {
    const act = /** @type {(...args: unknown[]) => unknown} */ (ACTIONS[/** @type {SceneRequest} */ (kind)]);
    const value = await act(...args);
    postMessage({ id, value }, handedOver(value));
  } catch (error) {
    if (isTrap(error)) {
      broken(error);
      return;
    }
    const code = outOfMemory(error) ? "memory" : "scene";
    const { code: known, message } = error instanceof PageError ? error : new PageError(code, textOf(error));
    postMessage({ id, error: { code: known, message } });
  }
});
postMessage({ event: "ready" });
// Loaded in advance; an error is reported by the first call that needs it.
engine().catch(() => {});
