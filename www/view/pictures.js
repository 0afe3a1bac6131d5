// The layers' masks and heat maps as bitmaps. Asks the scene worker again when a layer's refinement or progress
// has changed, one request at a time: the next request covers all changes since, so that a slider stays live.
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Layer } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Painted } from "./painter.js"
 */

/**
 * @typedef {"stats" | "mask" | "heat"} Kind
 * @typedef {object} Entry The pictures of a layer.
 * @property {Partial<Record<Kind, string | null>>} done The settings that each picture was made with.
 * @property {number} notBefore
 * @property {number} [progress]
 * @property {ImageBitmap | null} [mask]
 * @property {number} [correction] The correction that `mask` was made with.
 * @property {ImageBitmap | null} [heat]
 */

/** Minimum pause between renderings of a layer while tiles arrive: in ms, and as a multiple of the last duration. */
const PAUSE_MS = 400;
const PAUSE_SHARE = 4;

export class Pictures {
  #scenes;
  #doc;
  #changed;
  #failed;
  /** @type {Map<number, Entry>} */
  #entries = new Map();
  #working = false;
  #timer = 0;

  /**
   * `changed()` is called when there is a new bitmap, `failed(error)` when one cannot be made.
   *
   * @param {Scenes} scenes
   * @param {Doc} doc
   * @param {() => void} changed
   * @param {(error: unknown) => void} failed
   */
  constructor(scenes, doc, changed, failed) {
    this.#scenes = scenes;
    this.#doc = doc;
    this.#changed = changed;
    this.#failed = failed;
    const types = /** @type {const} */ (["layers", "selected", "look"]);
    for (const type of types) doc.addEventListener(type, () => this.#sync());
    this.#sync();
  }

  /**
   * The visible layers with their available pictures, as the painter takes them.
   *
   * @returns {Painted[]}
   */
  get painted() {
    return this.#doc.layers
      .filter(({ visible, plan }) => visible && plan)
      .map(({ id, colour, opacity, plan }) => {
        const { originX, originY, stepX, stepY, width, height } = /** @type {PlanInfo} */ (plan);
        const { mask = null, heat = null } = this.#entries.get(id) ?? {};
        return { rect: [originX, originY, width * stepX, height * stepY], colour, opacity, mask, heat };
      });
  }

  /**
   * The correction that the layer's mask is drawn with; null if no mask is drawn.
   *
   * @param {number} id
   */
  correctionOf(id) {
    const { mask = null, correction = 0 } = this.#entries.get(id) ?? {};
    return mask && correction;
  }

  /** @param {number} id */
  #entry(id) {
    return /** @type {Entry} */ (this.#entries.get(id));
  }

  #sync() {
    const ids = new Set(this.#doc.layers.map(({ id }) => id));
    for (const [id, entry] of this.#entries) {
      if (ids.has(id)) continue;
      close(entry, "mask");
      close(entry, "heat");
      this.#entries.delete(id);
    }
    for (const layer of this.#doc.layers) {
      if (!this.#entries.has(layer.id)) this.#entries.set(layer.id, { done: {}, notBefore: 0 });
      const entry = this.#entry(layer.id);
      // Only visible pictures keep their bitmaps: in a large scene each takes tens of megabytes.
      for (const kind of /** @type {const} */ (["mask", "heat"])) {
        if (!this.#isSeen(layer, kind)) close(entry, kind);
      }
    }
    this.#work();
  }

  /** @param {Layer} layer @param {Kind} kind */
  #isSeen(layer, kind) {
    const heat = this.#doc.look === "probability";
    return layer.visible && (heat ? kind === "heat" && layer.id === this.#doc.selected : kind === "mask");
  }

  async #work() {
    if (this.#working) return;
    this.#working = true;
    clearTimeout(this.#timer);
    for (let layer = this.#next(); layer; layer = this.#next()) await this.#renew(layer);
    this.#working = false;
    this.#wake();
  }

  /** The layer that is out of date and may be renewed now, the selected one first; null if there is none. */
  #next() {
    const now = performance.now();
    return this.#outdated().find((layer) => !this.#isGrowing(layer) || now >= this.#entry(layer.id).notBefore);
  }

  #outdated() {
    const { layers, selected } = this.#doc;
    return layers
      .filter((layer) => layer.progress > 0 && this.#kinds(layer).some((kind) => !this.#isDone(layer, kind)))
      .sort((a, b) => Number(b.id === selected) - Number(a.id === selected));
  }

  /** @param {Layer} layer */
  #kinds(layer) {
    const kinds = /** @type {Kind[]} */ (["stats", "mask", "heat"]);
    return kinds.filter((kind) => kind === "stats" || this.#isSeen(layer, kind));
  }

  /** @param {Layer} layer @param {Kind} kind */
  #isDone(layer, kind) {
    return this.#entry(layer.id).done[kind] === keyOf(layer, kind);
  }

  /**
   * Whether only new tiles have arrived since the last time. These may wait, but a user's change may not.
   *
   * @param {Layer} layer
   */
  #isGrowing(layer) {
    const { done, progress = 0 } = this.#entry(layer.id);
    const before = { ...layer, progress };
    return layer.state === "running" && this.#kinds(layer).every((kind) => done[kind] === keyOf(before, kind));
  }

  /** @param {Layer} layer */
  async #renew(layer) {
    const entry = this.#entry(layer.id);
    const kinds = this.#kinds(layer).filter((kind) => !this.#isDone(layer, kind));
    const begun = performance.now();
    // Marked in advance: a failure is reported once and not retried until something changes.
    for (const kind of kinds) entry.done[kind] = keyOf(layer, kind);
    entry.progress = layer.progress;
    try {
      for (const kind of kinds) {
        if (kind !== "stats") {
          this.#take(layer, entry, kind, await this.#scenes.render(layer.id, kind));
          continue;
        }
        const stats = await this.#scenes.refine(layer.id, layer.refine);
        this.#doc.updateLayer(layer.id, { stats }, { undoable: false });
      }
    } catch (error) {
      if (this.#entries.get(layer.id) === entry) this.#failed(error);
    }
    const end = performance.now();
    entry.notBefore = end + Math.max(PAUSE_MS, PAUSE_SHARE * (end - begun));
  }

  /** @param {Layer} made @param {Entry} entry @param {"mask" | "heat"} kind @param {ImageBitmap} bitmap */
  #take({ id, refine }, entry, kind, bitmap) {
    const layer = this.#doc.layers.find((layer) => layer.id === id);
    if (this.#entries.get(id) !== entry || !layer || !this.#isSeen(layer, kind)) {
      bitmap.close();
      entry.done[kind] = null;
      return;
    }
    entry[kind]?.close();
    entry[kind] = bitmap;
    if (kind === "mask") entry.correction = refine.correction;
    this.#changed();
  }

  /** Schedules work for when the first pause is over. */
  #wake() {
    const times = this.#outdated().map(({ id }) => this.#entry(id).notBefore);
    if (times.length === 0) return;
    this.#timer = setTimeout(() => this.#work(), Math.max(1, Math.min(...times) - performance.now()));
  }
}

/**
 * The settings that the picture depends on.
 *
 * @param {Layer} layer
 * @param {Kind} kind
 */
function keyOf({ progress, refine }, kind) {
  const { threshold, smooth, minArea, fillHoles, correction, asked } = refine;
  const values = `${progress} ${asked ? JSON.stringify([asked.phrase, asked.picked]) : ""}`;
  return kind === "heat" ? values : [values, threshold, smooth, minArea, fillHoles, correction].join(" ");
}

/** @param {Entry} entry @param {"mask" | "heat"} kind */
function close(entry, kind) {
  entry[kind]?.close();
  entry[kind] = null;
  entry.done[kind] = null;
}
