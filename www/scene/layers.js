// The layers of a scene: the windows that the model gets, and its answers. The data itself is in wasm
// (Plan, MaskLayer). Runs in the scene worker.
import { PageError } from "../text/errors.js";
import { pictureOf } from "./piece.js";

// Longest side of the picture on which colours are measured.
const LOOKED_AT = 1024;
// Number of recent choices that a layer keeps: users switch back and forth between phrases.
const CHOICES = 3;

export class Layers {
  #engine;
  #scene;
  #layers = new Map();

  constructor(engine, scene) {
    this.#engine = engine;
    this.#scene = scene;
  }

  /** Makes layer `id` from `{mode, region, step, side, overlap}`; `region` null is the whole scene. */
  create(id, { mode, region, step, side, overlap }) {
    const { Plan, MaskLayer } = this.#engine;
    const size = [this.#scene.width, this.#scene.height];
    const window = region ? inside(region, size) : [0, 0, ...size];
    const plan = mode === "whole" ? Plan.whole(window) : Plan.tiled(size, window, step, side, overlap);
    const info = plan.info();
    const layer = { plan, info, mask: new MaskLayer(plan), holes: new Map() };
    this.#layers.set(id, { ...layer, window, maps: new Map(), choices: new Map(), shown: null, applied: "" });
    return info;
  }

  /**
   * Makes layer `id` a composite of other layers, each the answer to a prompt on the same plan. `maps` is
   * `{prompt: id}`; it is added to the maps that the layer already has.
   */
  setMaps(id, maps) {
    for (const [prompt, map] of Object.entries(maps)) this.get(id).maps.set(prompt, map);
  }

  /** The model's input for tile `i`: `{width, height, rgba, map, empty}`. */
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
   * Returns the result.
   */
  add(id, i, probability) {
    const { plan, mask, holes } = this.get(id);
    const { place } = plan.tile(i);
    const hole = holes.get(i);
    holes.delete(i);
    const shown = hole && probability ? mask.hide(i, probability, hole.hasData, hole.width) : probability;
    mask.add(i, shown ?? new Uint8Array(place[2] * place[3]));
    return shown;
  }

  /** Makes the mask; `georeference` may be null. */
  async refine(id, options, georeference) {
    const { mask, stats } = await this.refined(id, options);
    return { ...stats, areaM2: georeference ? (mask.area(georeference) ?? null) : null };
  }

  /**
   * Makes the mask of a layer: `{mask, info, stats}`. If the layer is composed of other layers, `asked` tells what is
   * selected from them: `{phrase, picked}`, or null for the first of them unchanged. `stats` contains it too, and
   * `choice`, the outcome.
   */
  async refined(id, { threshold, smooth, minArea, fillHoles, asked = null }) {
    const layer = this.get(id);
    const { mask, info, maps } = layer;
    const choice = maps.size > 0 && asked ? await this.#choice(layer, asked.phrase) : null;
    // No await from here on, so that calls do not interleave.
    if (choice) this.#apply(layer, choice, asked);
    else if (maps.size > 0) this.#copy(layer);
    const stats = mask.refine(threshold, smooth, minArea, fillHoles);
    return { mask, info, stats: { ...stats, asked, choice: choice?.outcome() ?? null } };
  }

  /** The objects that layer `id` is chosen from, as `Choice.outlines` gives them; null if nothing is chosen. */
  outlines(id) {
    return this.get(id).shown?.outlines() ?? null;
  }

  /** The choice of `phrase` among the maps of a layer. */
  #choice(layer, phrase) {
    const { choices } = layer;
    const known = choices.get(phrase) ?? this.#choose(layer, phrase);
    // The most recently used choice is evicted last.
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

  async #choose({ plan, window, maps }, phrase) {
    const { Choice, read_phrase } = this.#engine;
    const { prompts, looks } = read_phrase(phrase);
    const picture = looks ? await this.#picture(window) : null;
    const choice = new Choice(phrase, plan);
    try {
      for (const prompt of prompts) choice.add(prompt, this.get(maps.get(prompt)).mask);
      if (picture) choice.see(picture.width, picture.height, picture.data);
      choice.run();
      return choice;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) choice.free();
      throw error;
    }
  }

  /** The scene's pixels in `window`, scaled down. */
  async #picture([x, y, width, height]) {
    const scale = Math.min(1, LOOKED_AT / Math.max(width, height));
    const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const bitmap = await this.#scene.view([x, y, width, height], across, down);
    const context = new OffscreenCanvas(across, down).getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0, across, down);
    bitmap.close();
    const { data } = context.getImageData(0, 0, across, down);
    return { width: across, height: down, data: new Uint8Array(data.buffer) };
  }

  #drop(layer, choice) {
    if (layer.shown === choice) layer.shown = null;
    choice.free();
  }

  #apply(layer, choice, { phrase, picked }) {
    const applied = JSON.stringify([phrase, picked]);
    if (layer.shown === choice && layer.applied === applied) return;
    choice.pick(picked ? Uint32Array.from(picked) : undefined);
    layer.mask.clear();
    for (const prompt of choice.ownPrompts()) {
      choice.fill(layer.mask, prompt, this.get(layer.maps.get(prompt)).mask);
    }
    choice.mark(layer.mask);
    layer.shown = choice;
    layer.applied = applied;
  }

  /** Shows the first map unchanged, complete or not. */
  #copy(layer) {
    const [map] = layer.maps.values();
    layer.mask.copy(this.get(map).mask);
    layer.shown = null;
    layer.applied = "";
  }

  /** A picture of a layer at the map's size, of `kind` "mask" or "heat". */
  render(id, kind) {
    const { mask, info } = this.get(id);
    const rgba = mask.rgba(kind);
    const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length);
    return createImageBitmap(new ImageData(bytes, info.width, info.height));
  }

  /** The state of a layer; its `holes` are the pending tiles that contain no-data pixels. */
  get(id) {
    const layer = this.#layers.get(id);
    if (!layer) throw new PageError("no-mask", `there is no layer ${id}`);
    return layer;
  }

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

/** The whole pixels of a rectangle that are inside a scene of `size`. */
function inside([x, y, width, height], size) {
  const span = (start, length, limit) => {
    const from = Math.min(limit - 1, Math.max(0, Math.floor(start)));
    return [from, Math.min(limit, Math.max(from + 1, Math.ceil(start + length))) - from];
  };
  const [left, columns] = span(x, width, size[0]);
  const [top, rows] = span(y, height, size[1]);
  return [left, top, columns, rows];
}
