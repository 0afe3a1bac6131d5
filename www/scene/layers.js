// The layers of a scene: which windows of it the model is to see, and what came of them. The numbers
// themselves are in wasm (Plan, MaskLayer). Runs in the scene worker.
import { PageError } from "../text/errors.js";
import { readPiece } from "./piece.js";

// Longest side of a single look's map.
const WHOLE_SIDE = 2048;

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
    const plan = mode === "whole" ? Plan.whole(window, WHOLE_SIDE) : Plan.tiled(size, window, step, side, overlap);
    const info = plan.info();
    this.#layers.set(id, { plan, info, mask: new MaskLayer(plan), holes: new Map() });
    return info;
  }

  /** What the model is to see of tile `i`: `{width, height, rgba, map, empty}`. */
  async tile(id, i) {
    const { plan, info, holes } = this.get(id);
    const { source, place } = plan.tile(i);
    const { hasData, ...piece } = await readPiece(this.#scene, source, Math.min(info.stepX, info.stepY));
    if (hasData) holes.set(i, { hasData, width: piece.width });
    return { ...piece, map: [place[2], place[3]] };
  }

  /**
   * Takes the probabilities of tile `i`, null for none anywhere. Where the scene has no data they become 0;
   * returns them as they are then.
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

  /** Makes the mask anew; `georeference` may be null. */
  refine(id, options, georeference) {
    const { mask, stats } = this.refined(id, options);
    return { ...stats, areaM2: georeference ? (mask.area(georeference) ?? null) : null };
  }

  /** `{mask, info, stats}` of a layer whose mask is made anew. */
  refined(id, { threshold, smooth, minArea, fillHoles }) {
    const { mask, info } = this.get(id);
    return { mask, info, stats: mask.refine(threshold, smooth, minArea, fillHoles) };
  }

  /** A picture of a layer at the map's size: "mask" or "heat". */
  render(id, kind) {
    const { mask, info } = this.get(id);
    const rgba = mask.rgba(kind);
    const bytes = new Uint8ClampedArray(rgba.buffer, rgba.byteOffset, rgba.length);
    return createImageBitmap(new ImageData(bytes, info.width, info.height));
  }

  /** `{plan, info, mask, holes}` of a layer; `holes` are the tiles under way that lack data somewhere. */
  get(id) {
    const layer = this.#layers.get(id);
    if (!layer) throw new PageError("no-mask", `there is no layer ${id}`);
    return layer;
  }

  remove(id) {
    const layer = this.#layers.get(id);
    this.#layers.delete(id);
    layer?.mask.free();
    layer?.plan.free();
  }

  close() {
    for (const id of [...this.#layers.keys()]) this.remove(id);
  }
}

/** The whole pixels of a rectangle that are in a scene of `size`. */
function inside([x, y, width, height], size) {
  const span = (start, length, limit) => {
    const from = Math.min(limit - 1, Math.max(0, Math.floor(start)));
    return [from, Math.min(limit, Math.max(from + 1, Math.ceil(start + length))) - from];
  };
  const [left, columns] = span(x, width, size[0]);
  const [top, rows] = span(y, height, size[1]);
  return [left, top, columns, rows];
}
