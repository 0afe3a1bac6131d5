// The steps that undo and redo walk along.

/** More steps than a person walks back; each holds references only. */
const LIMIT = 200;
/** Changes of the same thing that follow each other this fast, in milliseconds, are one step. */
const MOMENT = 800;

export class History {
  #past = [];
  #future = [];
  #merge = "";
  #time = 0;
  #dropped;

  /** `dropped(ids)` is called with the layers that no step can bring back. */
  constructor(dropped) {
    this.#dropped = dropped;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Keeps `snapshot`, the state before a change; changes with the same `merge` text in quick succession are one. */
  push(snapshot, merge = "", now = Date.now()) {
    const goesOn = merge !== "" && merge === this.#merge && now - this.#time < MOMENT && this.#past.length > 0;
    this.#merge = merge;
    this.#time = now;
    if (goesOn) return;
    const gone = [...this.#future, ...(this.#past.length === LIMIT ? [this.#past.shift()] : [])];
    this.#future = [];
    this.#past.push(snapshot);
    this.#drop(gone);
  }

  /** The state to go back to, or null; `now` is the present one. */
  undo(now) {
    return this.#step(this.#past, this.#future, now);
  }

  redo(now) {
    return this.#step(this.#future, this.#past, now);
  }

  clear() {
    this.#past = [];
    this.#future = [];
    this.#merge = "";
  }

  /** Takes a layer out of every step; a step that did nothing else is none any more. `present`: the layers now. */
  forget(id, present) {
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

  #step(from, to, now) {
    this.#merge = "";
    if (from.length === 0) return null;
    to.push(now);
    return from.pop();
  }

  /** Layers of the steps that are `gone` which no other step has. */
  #drop(gone) {
    const kept = new Set(this.#past.flatMap(({ layers }) => layers.map(({ id }) => id)));
    const ids = new Set(gone.flatMap(({ layers }) => layers.map(({ id }) => id)).filter((id) => !kept.has(id)));
    if (ids.size > 0) this.#dropped([...ids]);
  }
}
