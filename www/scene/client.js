// The main thread's client of the scene worker, which holds the open scene. If the worker crashes, it is
// restarted and scene and layers are restored.
import { confinedWorker } from "../confined.js";
import { PageError } from "../text/errors.js";
/**
 * @import { Bytes, Ways } from "../../types/engine.js"
 * @import { EmitterOf } from "../../types/events.js"
 * @import { ExampleRecord } from "../../types/examples.js"
 * @import { AreaWish, ExportMeta, KeptLayer, LayerOptions, Rect, Refine } from "../../types/scene.js"
 * @import { SceneAnswer, SceneArguments, SceneCall, SceneEvents, SceneRequest } from "../../types/scene.js"
 * @import { Stroke, Stroked } from "../../types/scene.js"
 */

// If more crashes than this happen within the window, the scene is not restored.
const CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;
// A worker that reads a file and stays silent for more ticks than this hangs: damaged data can do that to a decoder.
const TICK_MS = 5_000;
const SILENT_TICKS = 5;
// Requests done in short steps. Other requests may legitimately take long.
const WATCHED = new Set(["open", "view", "tile", "ping"]);

/**
 * Events: "engine" when the wasm module is loaded, "progress" (detail `{done, total}`) while a large file is read for
 * its preview, "restarted" (detail: a PageError) after a crash if scene and layers are restored, "lost" (detail: a
 * PageError) if they are not.
 */
export class Scenes extends /** @type {EmitterOf<SceneEvents>} */ (EventTarget) {
  /** @type {Worker} */
  #worker;
  /** @type {Map<number, SceneCall>} */
  #calls = new Map();
  #nextCall = 0;
  #nextLayer = 0;
  #nextCorrection = 0;
  /** @type {File[] | null} */
  #files = null;
  /** @type {number | null} */
  #scale = null;
  /** @type {Map<number, KeptLayer>} */
  #layers = new Map();
  /** @type {number[]} */
  #crashes = [];
  /** @type {Promise<void> | null} */
  #restoring = null;
  #isReady = false;
  #silent = 0;
  /** @type {ReturnType<typeof setInterval> | null} */
  #watch = null;

  constructor() {
    super();
    this.#start();
  }

  /**
   * Opens an image, optionally with its world file and .prj. Resolves to the scene:
   * `{name, kind, format, width, height, bands, bits, overviews, preview, georeference, notices}`.
   * If that fails, the former scene stays open.
   *
   * @param {Iterable<File>} files
   */
  async open(files) {
    await this.#restoring;
    const list = [...files];
    const info = await this.#send("open", [list]);
    this.#files = list;
    this.#scale = null;
    this.#layers.clear();
    return info;
  }

  /**
   * Sets the centimetres per pixel of an image without a scale; null removes them. Resolves to its georeference.
   *
   * @param {number | null} cmPerPixel
   */
  async setScale(cmPerPixel) {
    const georeference = await this.#ask("setScale", [cmPerPixel]);
    this.#scale = cmPerPixel;
    return georeference;
  }

  /**
   * An ImageBitmap of `rect` (scene px) at width × height; null if a later call has superseded this one.
   *
   * @param {Rect} rect
   * @param {number} width
   * @param {number} height
   */
  view(rect, width, height) {
    return this.#ask("view", [rect, width, height]);
  }

  /**
   * `{mode: "whole" | "closer" | "tiles", region, step, side, overlap}` to `{id, plan}`.
   *
   * @param {LayerOptions} options
   */
  async createLayer(options) {
    const id = (this.#nextLayer += 1);
    const plan = await this.#ask("createLayer", [id, options]);
    this.#layers.set(id, { options, tiles: new Map(), maps: {}, refine: null, strokes: [] });
    return { id, plan };
  }

  /** Whether the wasm module is loaded, so that `read` answers at once. */
  get isReady() {
    return this.#isReady;
  }

  /**
   * Resolves `{region, resolution, side}` to the plan for that area, as `choosePlan` (scene/plan.js) returns it.
   *
   * @param {AreaWish} wish
   */
  plan(wish) {
    return this.#ask("plan", [wish]);
  }

  /**
   * How a phrase is read: the result of the engine's `read_phrase`. `ways` is `reading` of the weights' manifest.
   *
   * @param {string} phrase
   * @param {Ways | null} [ways]
   */
  read(phrase, ways) {
    return this.#ask("read", [phrase, ways]);
  }

  /**
   * Makes layer `id` a composite of other layers: `{prompt: id}`, added to those that it already has.
   *
   * @param {number} id
   * @param {Record<string, number>} maps
   */
  async setMaps(id, maps) {
    await this.#ask("setMaps", [id, maps]);
    const layer = this.#layers.get(id);
    if (layer) layer.maps = { ...layer.maps, ...maps };
  }

  /**
   * The objects that layer `id` is chosen from: `{objects, anchors, cut}`, or null if nothing is chosen.
   *
   * @param {number} id
   */
  outlines(id) {
    return this.#ask("outlines", [id]);
  }

  /**
   * The model's input for tile `i`: `{width, height, rgba, map, empty}`.
   *
   * @param {number} id
   * @param {number} i
   */
  tile(id, i) {
    return this.#ask("tile", [id, i]);
  }

  /**
   * Stores a tile's answer, null for an empty tile. Returns whether the layer needs no further tiles.
   *
   * @param {number} id
   * @param {number} i
   * @param {Bytes | null} probability
   */
  async addTile(id, i, probability) {
    const { shown, isEnough } = await this.#ask("addTile", [id, i, probability]);
    this.#layers.get(id)?.tiles.set(i, shown);
    return isEnough;
  }

  /**
   * `{threshold, smooth, minArea, fillHoles, asked}`, map px, to `{area, share, score, parts, areaM2, asked, choice}`.
   * `asked` is `{phrase, picked}`, the request that selects from a layer's maps, or null.
   *
   * @param {number} id
   * @param {Refine} options
   */
  async refine(id, options) {
    const stats = await this.#ask("refine", [id, options]);
    const layer = this.#layers.get(id);
    if (layer) layer.refine = options;
    return stats;
  }

  /**
   * Corrects the mask of layer `id`, made with `options`, by a stroke. To show, measure and export the result, put the
   * new correction's number into the `correction` of the layer's `refine`.
   *
   * @param {number} id
   * @param {Refine} options
   * @param {Stroke} stroke
   * @returns {Promise<Stroked>}
   */
  async stroke(id, options, stroke) {
    const to = (this.#nextCorrection += 1);
    const { added, removed } = await this.#ask("stroke", [id, options, to, stroke]);
    const isMade = added + removed > 0 || stroke.kind === "nothing";
    if (isMade) this.#layers.get(id)?.strokes.push({ options, to, stroke });
    return { correction: isMade ? to : null, added, removed };
  }

  /**
   * Frees all corrections of layer `id` but those of these numbers.
   *
   * @param {number} id
   * @param {number[]} numbers
   */
  async keepCorrections(id, numbers) {
    const layer = this.#layers.get(id);
    const needed = new Set(numbers);
    // Each correction is recomputed from the one before it.
    for (const { to, options } of layer?.strokes.toReversed() ?? []) if (needed.has(to)) needed.add(options.correction);
    if (layer) layer.strokes = layer.strokes.filter(({ to }) => needed.has(to));
    await this.#ask("keepCorrections", [id, numbers]);
  }

  /**
   * A part of the scene and its mask, as an example to learn from; `view` is the visible part of the scene or null.
   *
   * @param {number} id
   * @param {Refine} options
   * @param {Rect | null} view
   */
  example(id, options, view) {
    return this.#ask("example", [id, options, view]);
  }

  /**
   * An ImageBitmap of the map's size, of `kind` "mask" (white, to be coloured) or "heat".
   *
   * @param {number} id
   * @param {string} kind
   */
  render(id, kind) {
    return this.#ask("render", [id, kind]);
  }

  /** @param {number} id */
  async removeLayer(id) {
    this.#layers.delete(id);
    await this.#ask("removeLayer", [id]);
  }

  /**
   * A file to save: `{blob, name, note}`, `note` being `{code, values}` or null. `kind` is mask-png,
   * cutout-png, overlay-png, probability-png, world-file, geojson, kml, geopackage, geotiff or
   * probability-geotiff; `meta` is `{model, objects, layers: [{phrase, name, colour, opacity, refine}]}`, one entry per
   * id; with `objects` vector files have one feature per object.
   * The masks are made with these settings, not with those of the last call of `refine`.
   *
   * @param {string} kind
   * @param {number[]} ids
   * @param {ExportMeta} meta
   */
  exportFile(kind, ids, meta) {
    if (ids.length === 0) return Promise.reject(new PageError("no-mask"));
    return this.#ask("exportFile", [kind, ids, meta]);
  }

  /**
   * Examples as a zip, a Blob.
   *
   * @param {ExampleRecord[]} examples
   */
  packExamples(examples) {
    return this.#ask("packExamples", [examples]);
  }

  /**
   * The examples in a zip. Rejects if anything in it is wrong.
   *
   * @param {File} file
   */
  unpackExamples(file) {
    return this.#ask("unpackExamples", [file]);
  }

  /**
   * @template {SceneRequest} Kind
   * @param {Kind} kind
   * @param {SceneArguments<Kind>} args
   * @returns {SceneAnswer<Kind>}
   */
  async #ask(kind, args) {
    await this.#restoring;
    return this.#send(kind, args);
  }

  /**
   * @template {SceneRequest} Kind
   * @param {Kind} kind
   * @param {SceneArguments<Kind>} args
   * @returns {SceneAnswer<Kind>}
   */
  #send(kind, args) {
    return new Promise((resolve, reject) => {
      const id = (this.#nextCall += 1);
      // Throws if there is no memory for the copy of the pixels; no answer follows in that case.
      this.#worker.postMessage({ id, kind, args });
      this.#calls.set(id, { kind, resolve, reject });
      this.#watch ??= setInterval(() => this.#tick(), TICK_MS);
    });
  }

  // Counts ticks, not time: after the computer has slept, the worker must not count as hanging.
  #tick() {
    const kinds = [...this.#calls.values()].map(({ kind }) => kind);
    if (kinds.length === 0) {
      clearInterval(this.#watch ?? undefined);
      this.#watch = null;
    } else if (!kinds.every((kind) => WATCHED.has(kind))) {
      this.#silent = 0;
    } else if ((this.#silent += 1) > SILENT_TICKS) {
      const seconds = (SILENT_TICKS * TICK_MS) / 1000;
      this.#crashed(new PageError("scene-crash", `it has not answered for ${seconds} s`));
    } else if (!kinds.includes("ping")) {
      this.#send("ping", []).catch(() => {});
    }
  }

  #start() {
    const worker = confinedWorker(new URL("worker.js", import.meta.url), "s4eca scene");
    worker.addEventListener("message", ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const said = event.message ?? "its script did not load";
      if (worker === this.#worker) this.#crashed(new PageError("scene-crash", said));
    });
    this.#worker = worker;
  }

  /** @param {any} message */
  #receive({ event, id, value, error, done, total, code, message }) {
    this.#silent = 0;
    if (event === "engine") {
      this.#isReady = true;
      this.dispatchEvent(new CustomEvent("engine"));
    }
    if (event === "progress") this.dispatchEvent(new CustomEvent("progress", { detail: { done, total } }));
    if (event === "broken") this.#crashed(new PageError(code, message));
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    if (error) call.reject(new PageError(error.code, error.message));
    else call.resolve(value);
  }

  /** @param {PageError} error */
  #crashed(error) {
    this.#worker.terminate();
    this.#silent = 0;
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((then) => now - then < CRASH_WINDOW_MS), now];
    const pending = [...this.#calls.values()];
    this.#calls.clear();
    this.#start();
    // A crash while the scene is being restored ends that attempt, through the call that now fails.
    if (!this.#restoring) {
      const mayTry = this.#crashes.length <= CRASHES;
      this.#restoring = (mayTry ? this.#restore(error) : this.#lose(error)).finally(() => (this.#restoring = null));
    }
    for (const { reject } of pending) reject(error);
  }

  /** @param {PageError} cause */
  async #restore(cause) {
    if (!this.#files) return;
    try {
      const { preview } = await this.#send("open", [this.#files]);
      preview.close();
      if (this.#scale) await this.#send("setScale", [this.#scale]);
      for (const [id, { options, tiles }] of this.#layers) {
        await this.#send("createLayer", [id, options]);
        for (const [i, probability] of tiles) await this.#send("addTile", [id, i, probability]);
      }
      // All layers exist before this: a layer may be composed of layers with higher numbers.
      for (const [id, { maps, refine, strokes }] of this.#layers) {
        await this.#send("setMaps", [id, maps]);
        for (const { options, to, stroke } of strokes) await this.#send("stroke", [id, options, to, stroke]);
        if (refine) await this.#send("refine", [id, refine]);
      }
      this.dispatchEvent(new CustomEvent("restarted", { detail: cause }));
    } catch (error) {
      await this.#lose(error);
    }
  }

  /** @param {unknown} error */
  async #lose(error) {
    this.#files = null;
    this.#layers.clear();
    this.dispatchEvent(new CustomEvent("lost", { detail: error }));
  }
}
