// The document: the open scene, its layers, and how they are shown. The panel and the viewer read it and
// listen to its events; it is the only copy of this state.
import { History } from "./history.js";
/**
 * @import { EmitterOf } from "../../types/events.js"
 * @import { DocEvents, Layer, LayerPatch, Look, NewLayer, Scene, Snapshot } from "../../types/page.js"
 * @import { Refine } from "../../types/scene.js"
 */

/**
 * The fields of a layer that undo and redo restore. All other fields (figures, progress) belong to the run, not to the
 * user.
 *
 * @type {(keyof Layer)[]}
 */
const UNDOABLE = ["phrase", "key", "name", "colour", "visible", "opacity", "refine"];

/** @type {Look[]} */
export const LOOKS = ["overlay", "outline", "cutout", "probability"];

/** Chosen to stand out against vegetation, soil, water and roofs, and from each other. */
export const COLOURS = [
  ["magenta", "#ec1da6"],
  ["cyan", "#00c8e6"],
  ["yellow", "#facc15"],
  ["orange", "#f97316"],
  ["blue", "#3b5bff"],
  ["lime", "#84e01e"],
  ["violet", "#a855f7"],
  ["red", "#ef2b2b"],
];

/** @type {Readonly<Refine>} */
const DEFAULT_REFINE = Object.freeze({ threshold: 0.5, smooth: 0, minArea: 0, fillHoles: 0, correction: 0, asked: null });

/**
 * Events: "scene"; "layers" (if one layer changed, detail.id is its id and detail.keys its changed fields); "selected";
 * "look" (look or compare); "history"; "dropped" (detail.ids: layers that not even undo can restore, so that
 * their pixels can be freed).
 *
 * A layer is a frozen object `{id, phrase, name, colour, visible, opacity, refine: {threshold, smooth,
 * minArea, fillHoles, correction, asked}, stats, plan, progress, state, note}`. Areas in `refine` are in map pixels.
 * `correction` is the number of the user's correction in the scene worker, or 0. `asked` is the request of a phrase
 * that was read, `{phrase, picked}`, which selects from its maps, or null.
 */
export class Doc extends /** @type {EmitterOf<DocEvents>} */ (EventTarget) {
  /** @type {Scene | null} */
  #scene = null;
  /** @type {readonly Layer[]} */
  #layers = [];
  /** @type {number | null} */
  #selected = null;
  /** @type {Look} */
  #look = "overlay";
  /** @type {number | null} */
  #compare = null;
  /** @type {Map<number, Layer>} */
  #latest = new Map(); // id: the latest state of a layer, including layers that only undo or redo can restore
  #history = new History((ids) => this.#drop(ids));

  get scene() {
    return this.#scene;
  }

  get layers() {
    return this.#layers;
  }

  /** The id of the layer whose figures and controls are shown, or null. */
  get selected() {
    return this.#selected;
  }

  get look() {
    return this.#look;
  }

  /** The position of the compare slider, 0 (all masked) to 1 (all plain), or null while it is off. */
  get compare() {
    return this.#compare;
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /**
   * The layer of that id, by default the selected one; null if there is none.
   *
   * @param {number | null} id
   */
  layer(id = this.#selected) {
    return this.#layers.find((layer) => layer.id === id) ?? null;
  }

  /**
   * The numbers of the corrections of a layer that are shown or that undo and redo can restore.
   *
   * @param {number} id
   */
  corrections(id) {
    const states = [...this.#history.snapshots, this.#snapshot()].flatMap(({ layers }) => layers);
    const latest = this.#latest.get(id);
    const mine = [...states, ...(latest ? [latest] : [])].filter((layer) => layer.id === id);
    return [...new Set(mine.map(({ refine }) => refine.correction))].filter((number) => number !== 0);
  }

  /** The first of the colours that the fewest layers use. */
  freeColour() {
    const used = this.#layers.map(({ colour }) => colour);
    const times = COLOURS.map(([, colour]) => used.filter((other) => other === colour).length);
    return COLOURS[times.indexOf(Math.min(...times))][1];
  }

  /**
   * Replaces the scene and removes the former scene's layers. The scene worker frees their pixels.
   *
   * @param {Scene | null} scene
   */
  setScene(scene) {
    this.#scene = scene;
    this.#layers = [];
    this.#selected = null;
    this.#compare = null;
    this.#latest.clear();
    this.#history.clear();
    for (const type of /** @type {const} */ (["scene", "layers", "selected", "look", "history"])) this.#tell(type);
  }

  /**
   * Updates fields of the same scene, such as its scale.
   *
   * @param {Partial<Scene>} patch
   */
  updateScene(patch) {
    if (!this.#scene) return;
    this.#scene = { ...this.#scene, ...patch };
    this.#tell("scene", { same: true });
  }

  /**
   * Adds a layer and selects it; fields that `layer` omits have defaults.
   *
   * @param {NewLayer} layer
   */
  addLayer(layer) {
    this.#remember();
    const whole = /** @type {Layer} */ (Object.freeze({
      name: layer.phrase,
      colour: this.freeColour(),
      visible: true,
      opacity: 0.45,
      refine: DEFAULT_REFINE,
      stats: null,
      plan: null,
      progress: 0,
      state: "running",
      note: "",
      ...layer,
    }));
    this.#latest.set(layer.id, whole);
    this.#layers = [...this.#layers, whole];
    this.#tell("layers");
    this.select(layer.id);
  }

  /**
   * Changes fields of a layer. With `undoable` the change is an undo step of its own, except that changes
   * of the same fields in quick succession (a dragged slider) are one step, unless `merge` is false. A layer that was
   * undone or deleted still receives updates from its run, in case it is restored.
   *
   * @param {number | null} id
   * @param {LayerPatch} patch
   * @param {{ undoable?: boolean, merge?: boolean }} options
   */
  updateLayer(id, patch, { undoable = false, merge = true } = {}) {
    const former = this.#latest.get(/** @type {number} */ (id));
    if (!former) return;
    const known = /** @type {(keyof Layer)[]} */ (Object.keys(patch));
    const keys = known.filter((key) => !same(former[key], patch[key]));
    if (keys.length === 0) return;
    if (undoable) this.#remember(merge ? `${id} ${keys}` : "");
    const changed = /** @type {Layer} */ ({ ...former, ...patch });
    if (patch.refine) changed.refine = Object.freeze({ ...former.refine, ...patch.refine });
    this.#replace(Object.freeze(changed));
    if (this.layer(id)) this.#tell("layers", { id: former.id, keys });
  }

  /**
   * Shows the layers with these ids and hides all others, as one undo step.
   *
   * @param {(number | null)[]} ids
   */
  showOnly(ids) {
    const changed = this.#layers.filter(({ id, visible }) => visible !== ids.includes(id));
    if (changed.length === 0) return;
    this.#remember();
    for (const layer of changed) this.#replace(Object.freeze({ ...layer, visible: !layer.visible }));
    this.#tell("layers");
  }

  /** @param {number | null} id */
  removeLayer(id) {
    const at = this.#layers.findIndex((layer) => layer.id === id);
    if (at < 0) return;
    this.#remember();
    this.#layers = this.#layers.filter((layer) => layer.id !== id);
    this.#tell("layers");
    if (this.#selected === id) this.select((this.#layers[at] ?? this.#layers[at - 1])?.id ?? null);
  }

  /**
   * Removes a layer and all its history, such as one whose run failed before its first tile.
   *
   * @param {number} id
   */
  forgetLayer(id) {
    this.#layers = this.#layers.filter((layer) => layer.id !== id);
    this.#history.forget(id, this.#layers);
    this.#tell("layers");
    this.#tell("history");
    if (this.#selected === id) this.select(this.#layers.at(-1)?.id ?? null);
  }

  /** @param {number | null} id */
  select(id) {
    if (this.#selected === id) return;
    this.#selected = id;
    this.#tell("selected");
  }

  /** @param {Look} look */
  setLook(look) {
    if (!LOOKS.includes(look) || look === this.#look) return;
    this.#look = look;
    this.#tell("look");
  }

  /** @param {number | null} compare */
  setCompare(compare) {
    if (compare === this.#compare) return;
    this.#compare = compare;
    this.#tell("look");
  }

  undo() {
    this.#restore(this.#history.undo(this.#snapshot()));
  }

  redo() {
    this.#restore(this.#history.redo(this.#snapshot()));
  }

  /** @param {Layer} layer */
  #replace(layer) {
    this.#latest.set(layer.id, layer);
    this.#layers = this.#layers.map((other) => (other.id === layer.id ? layer : other));
  }

  /** @param {number[]} ids */
  #drop(ids) {
    for (const id of ids) this.#latest.delete(id);
    this.#tell("dropped", { ids });
  }

  #snapshot() {
    return { layers: this.#layers, selected: this.#selected };
  }

  #remember(merge = "") {
    this.#history.push(this.#snapshot(), merge);
    this.#tell("history");
  }

  /** @param {Snapshot | null | undefined} snapshot */
  #restore(snapshot) {
    if (!snapshot) return;
    this.#layers = snapshot.layers.map((kept) => {
      const back = Object.fromEntries(UNDOABLE.map((key) => [key, kept[key]]));
      const layer = /** @type {Layer} */ (Object.freeze({ ...this.#latest.get(kept.id), ...back }));
      this.#latest.set(layer.id, layer);
      return layer;
    });
    const there = this.#layers.some(({ id }) => id === snapshot.selected);
    this.#selected = there ? snapshot.selected : (this.#layers.at(-1)?.id ?? null);
    for (const type of /** @type {const} */ (["layers", "selected", "history"])) this.#tell(type);
  }

  /** @param {keyof DocEvents} type @param {DocEvents[keyof DocEvents]} detail */
  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * Whether `next` changes nothing in `now`: equal, or an object (possibly partial) whose fields are all equal.
 *
 * @param {any} now
 * @param {any} next
 */
function same(now, next) {
  if (Object.is(now, next)) return true;
  if (!now || !next || typeof now !== "object" || typeof next !== "object") return false;
  return Object.keys(next).every((key) => Object.is(now[key], next[key]));
}
