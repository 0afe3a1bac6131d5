// The layers of a scene: the windows that the model gets, and its answers. The data itself is in wasm
// (Plan, MaskLayer). Runs in the scene worker.
import { PageError } from "../text/errors.js";
import { pictureOf } from "./piece.js";
/**
 * @import { Bytes, Choice, Engine, Georeference } from "../../types/engine.js"
 * @import { Asked, LayerOptions, LayerStats, Rect, Refine, RefinedLayer } from "../../types/scene.js"
 * @import { SceneImage, Stroke, Tile, WorkerLayer } from "../../types/scene.js"
 */

// Longest side of the picture on which colours are measured.
const LOOKED_AT = 1024;
// Number of recent choices that a layer keeps: users switch back and forth between phrases.
const CHOICES = 3;

export class Layers {
  #engine;
  #scene;
  /** @type {Map<number, WorkerLayer>} */
  #layers = new Map();

  /** @param {Engine} engine @param {SceneImage} scene */
  constructor(engine, scene) {
    this.#engine = engine;
    this.#scene = scene;
  }

  /**
   * Makes layer `id` from `{mode, region, step, side, overlap}`; `region` null is the whole scene.
   *
   * @param {number} id
   * @param {LayerOptions} options
   */
  create(id, { mode, region, step, side, overlap }) {
    const { Plan, MaskLayer } = this.#engine;
    /** @type {[number, number]} */
    const size = [this.#scene.width, this.#scene.height];
    /** @type {Rect} */
    const window = region ? inside(region, size) : [0, 0, ...size];
    const plans = {
      whole: () => Plan.whole(window),
      closer: () => Plan.closer(window),
      tiles: () => Plan.tiled(size, window, step, side, overlap),
    };
    const plan = plans[mode]();
    const info = plan.info();
    const layer = { plan, info, mask: new MaskLayer(plan), holes: new Map() };
    this.#layers.set(id, { ...layer, window, maps: new Map(), choices: new Map(), shown: null, applied: "", made: "" });
    return info;
  }

  /**
   * Makes layer `id` a composite of other layers, each the answer to a prompt on the same plan. `maps` is
   * `{prompt: id}`; it is added to the maps that the layer already has.
   *
   * @param {number} id
   * @param {Record<string, number>} maps
   */
  setMaps(id, maps) {
    const layer = this.get(id);
    layer.made = "";
    for (const [prompt, map] of Object.entries(maps)) layer.maps.set(prompt, map);
  }

  /**
   * The model's input for tile `i`: `{width, height, rgba, map, empty}`.
   *
   * @param {number} id
   * @param {number} i
   * @returns {Promise<Tile>}
   */
  async tile(id, i) {
    const { plan, info, holes } = this.get(id);
    const { source, place } = plan.tile(i);
    const scene = this.#scene;
    const step = Math.min(info.stepX, info.stepY);
    const made = scene.kind === "tiff" ? scene.piece(source, step) : await pictureOf(scene, this.#engine, source);
    const { hasData, ...piece } = made;
    if (hasData) holes.set(i, { hasData, width: piece.width });
    return { ...piece, map: [place[2], place[3]] };
  }

  /**
   * Adds the probabilities of tile `i`; null means 0 everywhere. They are set to 0 where the scene has no data.
   * Returns the result, and whether the map is complete without further tiles.
   *
   * @param {number} id
   * @param {number} i
   * @param {Bytes | null} probability
   */
  add(id, i, probability) {
    const layer = this.get(id);
    const { plan, mask, holes } = layer;
    const { place } = plan.tile(i);
    layer.made = "";
    const hole = holes.get(i);
    holes.delete(i);
    const shown = hole && probability ? mask.hide(i, probability, hole.hasData, hole.width) : probability;
    mask.add(i, shown ?? new Uint8Array(place[2] * place[3]));
    return { shown, isEnough: mask.isEnough() };
  }

  /**
   * Makes the mask; `georeference` may be null.
   *
   * @param {number} id
   * @param {Refine} options
   * @param {Georeference | null} georeference
   * @returns {Promise<LayerStats>}
   */
  async refine(id, options, georeference) {
    const { mask, stats } = await this.refined(id, options);
    return { ...stats, areaM2: georeference ? (mask.area(georeference) ?? null) : null };
  }

  /**
   * Makes the mask of a layer, corrected: `{mask, info, stats}`. If the layer is composed of other layers, `asked` is
   * the request that selects from them: `{phrase, picked}`, or null for the unchanged first layer. The layer's `stats`
   * contains it as well, together with `choice`, the outcome.
   *
   * @param {number} id
   * @param {Refine} options
   * @returns {Promise<RefinedLayer>}
   */
  async refined(id, options) {
    const layer = this.get(id);
    return this.#made(layer, await this.#chosen(layer, options), options);
  }

  /**
   * Makes correction `to` by applying a stroke to the mask made with `options`: `{added, removed}`, in map px. If the
   * stroke changes nothing, no correction is made.
   *
   * @param {number} id
   * @param {Refine} options
   * @param {number} to
   * @param {Stroke} stroke
   */
  async stroke(id, options, to, { kind, adds, radius, points }) {
    const layer = this.get(id);
    const choice = await this.#chosen(layer, options);
    // Usually the mask already exists: in a large map, making it takes longer than the stroke.
    if (layer.made !== JSON.stringify(options)) this.#made(layer, choice, options);
    return layer.mask.stroke(to, kind, adds, radius, points);
  }

  /**
   * Drops all corrections of layer `id` but those of these numbers.
   *
   * @param {number} id
   * @param {number[]} numbers
   */
  keepCorrections(id, numbers) {
    this.get(id).mask.keepCorrections(Uint32Array.from(numbers));
  }

  /**
   * The choice that a layer's mask is made by, or null.
   *
   * @param {WorkerLayer} layer
   * @param {Refine} options
   */
  async #chosen(layer, { asked }) {
    return layer.maps.size > 0 && asked ? this.#choice(layer, asked.phrase) : null;
  }

  /**
   * The mask made with `options`. This function does not await anything, so that calls do not interleave.
   *
   * @param {WorkerLayer} layer
   * @param {Choice | null} choice
   * @param {Refine} options
   * @returns {RefinedLayer}
   */
  #made(layer, choice, options) {
    const { threshold, smooth, minArea, fillHoles, correction = 0, asked = null } = options;
    const { mask, info, maps } = layer;
    if (choice && asked) this.#apply(layer, choice, asked);
    else if (maps.size > 0) this.#copy(layer);
    mask.correct(correction);
    const stats = mask.refine(threshold, smooth, minArea, fillHoles);
    layer.made = JSON.stringify(options);
    return { mask, info, stats: { ...stats, correction, asked, choice: choice?.outcome() ?? null } };
  }

  /**
   * The objects that layer `id` is chosen from, as `Choice.outlines` gives them; null if nothing is chosen.
   *
   * @param {number} id
   */
  outlines(id) {
    const { shown, mask } = this.get(id);
    return shown?.outlines(mask) ?? null;
  }

  /**
   * The choice of `phrase` among the maps of a layer.
   *
   * @param {WorkerLayer} layer
   * @param {string} phrase
   */
  #choice(layer, phrase) {
    const { choices } = layer;
    const known = choices.get(phrase) ?? this.#choose(layer, phrase);
    // The least recently used choice is evicted first.
    choices.delete(phrase);
    choices.set(phrase, known);
    known.catch(() => choices.delete(phrase));
    for (const [old, choice] of choices) {
      if (choices.size <= CHOICES) break;
      choices.delete(old);
      choice.then((choice) => this.#drop(layer, choice)).catch(() => {});
    }
    return known;
  }

  /** @param {WorkerLayer} layer @param {string} phrase */
  async #choose({ plan, window, maps }, phrase) {
    const { Choice, read_phrase } = this.#engine;
    const { prompts, looks } = read_phrase(phrase);
    const picture = looks ? await this.#picture(window) : null;
    const choice = new Choice(phrase, plan);
    try {
      for (const prompt of prompts) choice.add(prompt, this.get(/** @type {number} */ (maps.get(prompt))).mask);
      if (picture) choice.see(picture.width, picture.height, picture.data);
      choice.run();
      return choice;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) choice.free();
      throw error;
    }
  }

  /**
   * The scene's pixels in `window`, scaled down.
   *
   * @param {Rect} window
   */
  async #picture([x, y, width, height]) {
    const scale = Math.min(1, LOOKED_AT / Math.max(width, height));
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const bitmap = await this.#scene.view([x, y, width, height], across, down);
    const canvas = new OffscreenCanvas(across, down);
    const options = { willReadFrequently: true };
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
    context.drawImage(bitmap, 0, 0, across, down);
    bitmap.close();
    const { data } = context.getImageData(0, 0, across, down);
    return { width: across, height: down, data: new Uint8Array(data.buffer) };
  }

  /** @param {WorkerLayer} layer @param {Choice} choice */
  #drop(layer, choice) {
    if (layer.shown === choice) layer.shown = null;
    choice.free();
  }

  /** @param {WorkerLayer} layer @param {Choice} choice @param {Asked} asked */
  #apply(layer, choice, { phrase, picked }) {
    const applied = JSON.stringify([phrase, picked]);
    if (layer.shown === choice && layer.applied === applied) return;
    choice.pick(picked ? Uint32Array.from(picked) : undefined);
    layer.mask.clear();
    for (const prompt of choice.ownPrompts()) {
      choice.fill(layer.mask, prompt, this.get(/** @type {number} */ (layer.maps.get(prompt))).mask);
    }
    choice.finish(layer.mask);
    choice.mark(layer.mask);
    layer.shown = choice;
    layer.applied = applied;
  }

  /**
   * Shows the first map unchanged, complete or not.
   *
   * @param {WorkerLayer} layer
   */
  #copy(layer) {
    const [map] = layer.maps.values();
    layer.mask.copy(this.get(map).mask);
    layer.shown = null;
    layer.applied = "";
  }

  /**
   * A picture of a layer at the map's size, of `kind` "mask" or "heat".
   *
   * @param {number} id
   * @param {string} kind
   */
  render(id, kind) {
    const { mask, info } = this.get(id);
    const rgba = mask.rgba(kind);
    const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length);
    return createImageBitmap(new ImageData(bytes, info.width, info.height));
  }

  /**
   * The state of a layer; its `holes` are the pending tiles that contain no-data pixels.
   *
   * @param {number} id
   */
  get(id) {
    const layer = this.#layers.get(id);
    if (!layer) throw new PageError("no-mask", `there is no layer ${id}`);
    return layer;
  }

  /** @param {number} id */
  remove(id) {
    const layer = this.#layers.get(id);
    this.#layers.delete(id);
    for (const choice of layer?.choices.values() ?? []) choice.then((choice) => choice.free()).catch(() => {});
    layer?.mask.free();
    layer?.plan.free();
  }

  close() {
    for (const id of [...this.#layers.keys()]) this.remove(id);
  }
}

/**
 * The whole pixels of a rectangle that are inside a scene of `size`.
 *
 * @param {Rect} region
 * @param {number[]} size
 * @returns {Rect}
 */
function inside([x, y, width, height], size) {
  /** @param {number} start @param {number} length @param {number} limit */
  const span = (start, length, limit) => {
    const from = Math.min(limit - 1, Math.max(0, Math.floor(start)));
    return [from, Math.min(limit, Math.max(from + 1, Math.ceil(start + length))) - from];
  };
  const [left, columns] = span(x, width, size[0]);
  const [top, rows] = span(y, height, size[1]);
  return [left, top, columns, rows];
}
