// The undo and redo steps.
/**
 * @import { Layer, Snapshot } from "../../types/page.js"
 */

/** More steps than anyone undoes; each holds only references. */
const LIMIT = 200;
/** Changes with the same `merge` text within this time, in milliseconds, are one step. */
const MOMENT = 800;

export class History {
  /** @type {Snapshot[]} */
  #past = [];
  /** @type {Snapshot[]} */
  #future = [];
  #merge = "";
  #time = 0;
  #dropped;

  /**
   * `dropped(ids)` is called with the layers that no step can restore.
   *
   * @param {(ids: number[]) => void} dropped
   */
  constructor(dropped) {
    this.#dropped = dropped;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  /** Every state that can be restored. */
  get snapshots() {
    return [...this.#past, ...this.#future];
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * Stores `snapshot`, the state before a change. Changes with the same `merge` text in quick succession are one.
   *
   * @param {Snapshot} snapshot
   * @param {string} merge
   * @param {number} now
   */
  push(snapshot, merge = "", now = Date.now()) {
    const goesOn = merge !== "" && merge === this.#merge && now - this.#time < MOMENT && this.#past.length > 0;
    this.#merge = merge;
    this.#time = now;
    if (goesOn) return;
    const gone = [...this.#future, ...(this.#past.length === LIMIT ? this.#past.splice(0, 1) : [])];
    this.#future = [];
    this.#past.push(snapshot);
    this.#drop(gone);
  }

  /**
   * The state to restore, or null; `now` is the current state.
   *
   * @param {Snapshot} now
   */
  undo(now) {
    return this.#step(this.#past, this.#future, now);
  }

  /** @param {Snapshot} now */
  redo(now) {
    return this.#step(this.#future, this.#past, now);
  }

  clear() {
    this.#past = [];
    this.#future = [];
    this.#merge = "";
  }

  /**
   * Removes a layer from every step, and steps that did nothing else. `present` are the current layers.
   *
   * @param {number} id
   * @param {readonly Layer[]} present
   */
  forget(id, present) {
    /** @param {Snapshot[]} snapshots */
    const without = (snapshots) =>
      snapshots.map((snapshot) => ({ ...snapshot, layers: snapshot.layers.filter((layer) => layer.id !== id) }));
    const past = without(this.#past);
    this.#past = past.filter(({ layers }, i) => {
      const next = past[i + 1]?.layers ?? present;
      return layers.length !== next.length || layers.some((layer, at) => layer !== next[at]);
    });
    this.#future = without(this.#future);
    this.#dropped([id]);
  }

  /** @param {Snapshot[]} from @param {Snapshot[]} to @param {Snapshot} now */
  #step(from, to, now) {
    this.#merge = "";
    if (from.length === 0) return null;
    to.push(now);
    return from.pop();
  }

  /**
   * Reports the layers of the removed steps `gone` that no remaining undo step has.
   *
   * @param {Snapshot[]} gone
   */
  #drop(gone) {
    const kept = new Set(this.#past.flatMap(({ layers }) => layers.map(({ id }) => id)));
    const ids = new Set(gone.flatMap(({ layers }) => layers.map(({ id }) => id)).filter((id) => !kept.has(id)));
    if (ids.size > 0) this.#dropped([...ids]);
  }
}
