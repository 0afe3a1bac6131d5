// The layers' masks and heat maps as bitmaps. Asks the scene worker again when a layer's refinement or progress
// has changed, one request at a time: the next request covers all changes since, so that a slider stays live.

/** Minimum pause between renderings of a layer while tiles arrive: in ms, and as a multiple of the last duration. */
const PAUSE_MS = 400;
const PAUSE_SHARE = 4;

export class Pictures {
  #scenes;
  #doc;
  #changed;
  #failed;
  #entries = new Map();
  #working = false;
  #timer = 0;

  /** `changed()` is called when there is a new bitmap, `failed(error)` when one cannot be made. */
  constructor(scenes, doc, changed, failed) {
    this.#scenes = scenes;
    this.#doc = doc;
    this.#changed = changed;
    this.#failed = failed;
    for (const type of ["layers", "selected", "look"]) doc.addEventListener(type, () => this.#sync());
    this.#sync();
  }

  /** The layer's available pictures: `{mask, heat}`, bitmaps or null. */
  of(id) {
    const { mask = null, heat = null } = this.#entries.get(id) ?? {};
    return { mask, heat };
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
      const entry = this.#entries.get(layer.id);
      // Only visible pictures keep their bitmaps: in a large scene each takes tens of megabytes.
      for (const kind of ["mask", "heat"]) {
        if (!this.#isSeen(layer, kind)) close(entry, kind);
      }
    }
    this.#work();
  }

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
    return this.#outdated().find((layer) => !this.#isGrowing(layer) || now >= this.#entries.get(layer.id).notBefore);
  }

  #outdated() {
    const { layers, selected } = this.#doc;
    return layers
      .filter((layer) => layer.progress > 0 && this.#kinds(layer).some((kind) => !this.#isDone(layer, kind)))
      .sort((a, b) => Number(b.id === selected) - Number(a.id === selected));
  }

  #kinds(layer) {
    return ["stats", "mask", "heat"].filter((kind) => kind === "stats" || this.#isSeen(layer, kind));
  }

  #isDone(layer, kind) {
    return this.#entries.get(layer.id).done[kind] === keyOf(layer, kind);
  }

  /** Whether only new tiles have arrived since the last time: they may wait, a user's change may not. */
  #isGrowing(layer) {
    const { done, progress } = this.#entries.get(layer.id);
    const before = { ...layer, progress };
    return layer.state === "running" && this.#kinds(layer).every((kind) => done[kind] === keyOf(before, kind));
  }

  async #renew(layer) {
    const entry = this.#entries.get(layer.id);
    const kinds = this.#kinds(layer).filter((kind) => !this.#isDone(layer, kind));
    const begun = performance.now();
    // Marked in advance: a failure is reported once and not retried until something changes.
    for (const kind of kinds) entry.done[kind] = keyOf(layer, kind);
    entry.progress = layer.progress;
    try {
      for (const kind of kinds) {
        if (kind !== "stats") {
          this.#take(layer.id, entry, kind, await this.#scenes.render(layer.id, kind));
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

  #take(id, entry, kind, bitmap) {
    const layer = this.#doc.layers.find((layer) => layer.id === id);
    if (this.#entries.get(id) !== entry || !layer || !this.#isSeen(layer, kind)) {
      bitmap.close();
      entry.done[kind] = null;
      return;
    }
    entry[kind]?.close();
    entry[kind] = bitmap;
    this.#changed();
  }

  /** Schedules work for when the first pause is over. */
  #wake() {
    const times = this.#outdated().map(({ id }) => this.#entries.get(id).notBefore);
    if (times.length === 0) return;
    this.#timer = setTimeout(() => this.#work(), Math.max(1, Math.min(...times) - performance.now()));
  }
}

/** What the picture depends on. */
function keyOf({ progress, refine }, kind) {
  const { threshold, smooth, minArea, fillHoles, asked } = refine;
  const values = `${progress} ${asked ? JSON.stringify([asked.phrase, asked.picked]) : ""}`;
  return kind === "heat" ? values : [values, threshold, smooth, minArea, fillHoles].join(" ");
}

function close(entry, kind) {
  entry[kind]?.close();
  entry[kind] = null;
  entry.done[kind] = null;
}
