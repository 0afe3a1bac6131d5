// Turns phrases into layers, tile by tile and one phrase after the other; can be paused and cancelled.
import { PageError } from "../text/errors.js";
import { Maps } from "./maps.js";
/**
 * @import { Reading } from "../../types/engine.js"
 * @import { EmitterOf } from "../../types/events.js"
 * @import { ModelInfo, Ran } from "../../types/model.js"
 * @import { RunProgress, RunWish } from "../../types/page.js"
 * @import { LayerOptions, Tile } from "../../types/scene.js"
 * @import { Session } from "../model/session.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "./document.js"
 */

/**
 * @typedef {object} RunEvents
 * @property {null} progress
 * @property {{ id: number, phrase: string, ran: Ran, reading: Reading | null }} layer
 * @property {number} same
 * @property {null} cancelled
 * @property {null} end
 *
 * @typedef {object} Job A layer to be made: `count` is its number of tiles, `pixels` the number of its map's pixels.
 * @property {number} id
 * @property {string} phrase
 * @property {string} place
 * @property {LayerOptions} plan
 * @property {number} count
 * @property {number} pixels
 *
 * @typedef {{ layer: number, map: number, prompt: string, count: number, isCloser: boolean }} Work
 */

/** Number of recent tiles whose mean time is used: a machine that heats up gets slower. */
const RECENT = 8;

/** Why an attempt ends early. */
const CANCELLED = "cancelled";
const SCENE_CHANGED = "scene changed";
const LAYER_GONE = "layer gone";

/**
 * Events: "progress" (`progress` has changed), "layer" (detail: `{id, phrase, ran, reading}`, a layer is
 * complete; `reading` is null if phrases are not read), "same" (detail: id of an existing layer with the same result),
 * "cancelled", "end" (nothing is running any more).
 */
export class Run extends /** @type {EmitterOf<RunEvents>} */ (EventTarget) {
  #scenes;
  #session;
  #doc;
  /** @type {AbortController | null} */
  #attempt = null; // AbortController of the current attempt
  /** @type {number | null} */
  #layer = null; // the id of the current layer
  /** @type {((value?: unknown) => void) | null} */
  #resume = null; // resumes a paused run
  /** @type {Promise<unknown> | null} */
  #gate = null; // the promise it waits for
  /** @type {number[]} */
  #recent = [];
  /** @type {RunProgress | null} */
  #progress = null;
  #maps;
  #isRead;

  /**
   * `isRead()` says whether phrases are read and, if understood, executed on the objects that the network finds.
   *
   * @param {{ scenes: Scenes, session: Session, doc: Doc, isRead?: () => boolean }} options
   */
  constructor({ scenes, session, doc, isRead = () => true }) {
    super();
    this.#maps = new Maps({ scenes, doc });
    this.#isRead = isRead;
    this.#scenes = scenes;
    this.#session = session;
    this.#doc = doc;
    doc.addEventListener("scene", ({ detail }) => !detail?.same && this.#abort(SCENE_CHANGED));
    doc.addEventListener("dropped", ({ detail }) => {
      if (this.#layer !== null && detail.ids.includes(this.#layer)) this.#abort(LAYER_GONE);
    });
  }

  /**
   * The progress, or null if nothing is running: `{state: "waiting" | "running" | "paused", phrase, index, count,
   * done, total, secondsLeft}`; `index` of `count` phrases, `done` of `total` tiles.
   */
  get progress() {
    return this.#progress;
  }

  /** Mean time per recent tile in milliseconds, null if not known. */
  get tileTime() {
    return this.#recent.length ? this.#recent.reduce((sum, time) => sum + time, 0) / this.#recent.length : null;
  }

  /**
   * Segments every phrase. `wish()` is called when the model is ready: `{region, resolution}`. If another image
   * is opened before the first tile is done, the phrase is applied to that image. Rejects with a PageError.
   *
   * @param {string[]} phrases
   * @param {() => RunWish} wish
   */
  async start(phrases, wish) {
    if (this.#progress) return;
    try {
      for (let index = 0; index < phrases.length; index += 1) {
        const kept = { phrase: phrases[index], index, count: phrases.length };
        if ((await this.#tryPhrase(kept, wish)) === CANCELLED) {
          this.#tell("cancelled");
          return;
        }
      }
    } finally {
      this.#attempt = null;
      this.resume();
      this.#progress = null;
      this.#tell("progress");
      this.#tell("end");
    }
  }

  pause() {
    if (this.#progress?.state !== "running" || this.#gate) return;
    this.#gate = new Promise((resolve) => (this.#resume = resolve));
    this.#update({ state: "paused" });
  }

  resume() {
    if (!this.#gate) return;
    this.#gate = null;
    this.#resume?.();
    if (this.#progress) this.#update({ state: "running" });
  }

  /** Ends the run; finished tiles stay as a layer. */
  cancel() {
    this.#abort(CANCELLED);
  }

  /**
   * Aborts the current attempt, even if it is paused.
   *
   * @param {string} reason
   */
  #abort(reason) {
    this.#attempt?.abort(reason);
    this.resume();
  }

  /** @param {{ phrase: string, index: number, count: number }} kept @param {() => RunWish} wish */
  async #tryPhrase(kept, wish) {
    for (;;) {
      const attempt = new AbortController();
      this.#attempt = attempt;
      this.#progress = { state: "waiting", ...kept, done: 0, total: 0, secondsLeft: null };
      this.#tell("progress");
      try {
        await this.#phrase(kept.phrase, wish, attempt.signal);
        return "";
      } catch (error) {
        if (!attempt.signal.aborted) throw PageError.from(error, "segment");
        const { reason } = attempt.signal;
        if (reason === LAYER_GONE) return "";
        const fresh = this.#progress.done === 0;
        if (reason !== SCENE_CHANGED || !fresh || !this.#doc.scene) return CANCELLED;
      }
    }
  }

  /** @param {string} phrase @param {() => RunWish} wish @param {AbortSignal} signal */
  async #phrase(phrase, wish, signal) {
    const model = await this.#whenReady(signal);
    const chosen = await this.#scenes.plan({ ...wish(), side: model.input });
    const reading = this.#isRead() ? await this.#scenes.read(phrase, model.reading) : null;
    // A whole phrase means something else in a part of the image, so it gets no closer looks.
    const isWhole = chosen.mode === "closer" && !reading?.executed;
    /** @type {LayerOptions} */
    const plan = isWhole ? { ...chosen, mode: "whole" } : chosen;
    signal.throwIfAborted();
    const pack = model.pack ? `pack ${model.pack.hash}` : "";
    const place = [plan.mode, plan.region ?? "all", plan.step, plan.side, model.backend, pack].join(" ");
    const key = [phrase, place, reading?.executed ? "read" : ""].join(" ");
    const same = this.#doc.layers.find((layer) => layer.key === key && layer.state === "done");
    if (same) {
      this.#doc.select(same.id);
      this.#tell("same", same.id);
      return;
    }
    const { id, plan: info } = await this.#scenes.createLayer(plan);
    if (signal.aborted) {
      this.#scenes.removeLayer(id).catch(() => {});
      throw signal.reason;
    }
    this.#layer = id;
    const isRead = Boolean(reading?.executed);
    this.#doc.addLayer({ id, phrase, key, place, isRead, plan: { ...info, mode: plan.mode } });
    const job = { id, phrase, place, plan, count: info.count, pixels: info.width * info.height };
    try {
      const ran = reading?.executed ? await this.#execute(job, reading, signal) : await this.#ask(job, signal);
      const { refine: former } = this.#doc.layer(id) ?? {};
      const refine = former && { ...former, asked: isRead ? { phrase, picked: null } : null };
      const stats = refine ? await this.#scenes.refine(id, refine) : null;
      this.#doc.updateLayer(id, { progress: 1, state: "done", ...(refine && { refine }), stats, ran });
      this.#tell("layer", { id, phrase, ran, reading });
    } catch (error) {
      // Cleared first, so that forgetting the layer does not abort the run: the error ends it.
      this.#layer = null;
      // A layer with finished tiles stays and is marked as cancelled; a layer without any is removed.
      if (/** @type {RunProgress} */ (this.#progress).done > 0) this.#doc.updateLayer(id, { state: "cancelled" });
      else this.#doc.forgetLayer(id);
      throw error;
    } finally {
      this.#layer = null;
    }
  }

  /**
   * Passes the phrase to the network unchanged.
   *
   * @param {Job} job
   * @param {AbortSignal} signal
   */
  #ask({ id, phrase, count }, signal) {
    this.#update({ state: "running", total: count });
    return this.#tiles({ layer: id, map: id, prompt: phrase, count, isCloser: false }, signal);
  }

  /**
   * Runs the network for those of the phrase's prompts whose maps do not exist yet.
   *
   * @param {Job} job
   * @param {Reading} reading
   * @param {AbortSignal} signal
   */
  async #execute({ id, place, plan, count, pixels }, { prompts }, signal) {
    const known = prompts.filter((prompt) => this.#maps.get(prompt, place));
    const missing = prompts.filter((prompt) => !known.includes(prompt));
    // Closer looks are counted when they turn out to be needed.
    const isCloser = plan.mode === "closer";
    const total = missing.length * (isCloser ? 1 : count);
    this.#update({ state: "running", total });
    const used = this.#maps.use(known, place, id) ?? {};
    // Until the choice is made, a layer shows its first map, the one of the phrase's own objects.
    if (known.includes(prompts[0])) await this.#scenes.setMaps(id, used);
    const earlier = known.map((prompt) => /** @type {Ran} */ (this.#maps.get(prompt, place)?.ran));
    const all = earlier.map((ran) => ({ ...ran, milliseconds: 0 }));
    for (const prompt of missing) {
      const { id: map } = await this.#scenes.createLayer(plan);
      const { complete } = this.#maps.add(prompt, place, { id: map, pixels, user: id });
      await this.#scenes.setMaps(id, { [prompt]: map });
      const ran = await this.#tiles({ layer: id, map, prompt, count, isCloser }, signal);
      complete(ran);
      all.push(ran);
    }
    await this.#scenes.setMaps(id, used);
    return together(all);
  }

  /**
   * Applies a changed phrase to a finished layer if that needs no new run of the network; returns whether it did. The
   * change is an undo step.
   *
   * @param {number} id
   * @param {string} phrase
   */
  async follow(id, phrase) {
    const before = this.#doc.layer(id);
    if (!before?.refine.asked || before.state !== "done" || this.#progress) return false;
    const { executed, prompts } = await this.#scenes.read(phrase, this.#session.info?.reading);
    const maps = executed ? this.#maps.use(prompts, before.place, id) : null;
    if (!maps) return false;
    await this.#scenes.setMaps(id, maps);
    const layer = this.#doc.layer(id);
    if (!layer) return false;
    const name = layer.name === layer.phrase ? phrase : layer.name;
    const refine = { ...layer.refine, asked: { phrase, picked: null } };
    const patch = { phrase, name, key: [phrase, layer.place, "read"].join(" "), refine };
    this.#doc.updateLayer(id, patch, { undoable: true, merge: false });
    return true;
  }

  /**
   * Runs `prompt` tile by tile into layer `map`, and shows the progress on `layer`. After an overview that is enough, it
   * ends.
   *
   * @param {Work} work
   * @param {AbortSignal} signal
   * @returns {Promise<Ran>}
   */
  async #tiles({ layer, map, prompt, count, isCloser }, signal) {
    /** @type {Ran} */
    const ran = { backend: "", software: false, milliseconds: 0, truncated: false, words: 0, unknown: 0, pack: null };
    /** @type {Promise<Tile> | null} */
    let next = this.#fetchTile(map, 0);
    for (let i = 0; i < count; i += 1) {
      const begun = performance.now();
      const tile = await /** @type {Promise<Tile>} */ (next);
      // Reads the next tile while the model works on this one.
      const isOverview = isCloser && i === 0;
      next = i + 1 < count && !isOverview ? this.#fetchTile(map, i + 1) : null;
      const probability = tile.empty ? null : await this.#look(tile, prompt, ran, signal);
      signal.throwIfAborted();
      const isEnough = await this.#scenes.addTile(map, i, probability);
      if (!tile.empty) this.#recent = [...this.#recent.slice(1 - RECENT), performance.now() - begun];
      const progress = /** @type {RunProgress} */ (this.#progress);
      const done = progress.done + 1;
      const total = progress.total + (isOverview && !isEnough ? count - 1 : 0);
      const left = total - done;
      this.#update({ done, total, secondsLeft: left && this.tileTime ? (left * this.tileTime) / 1000 : null });
      if (left > 0) this.#doc.updateLayer(layer, { progress: done / total, ran: { ...ran } });
      if (this.#gate && left > 0) {
        this.#doc.updateLayer(layer, { state: "paused" });
        await this.#gate;
        this.#doc.updateLayer(layer, { state: "running" });
      }
      signal.throwIfAborted();
      if (isEnough) break;
      if (isOverview) next = this.#fetchTile(map, 1);
    }
    return ran;
  }

  /** @param {Tile} tile @param {string} phrase @param {Ran} ran @param {AbortSignal} signal */
  async #look(tile, phrase, ran, signal) {
    const result = await this.#session.segment(tile, phrase, { signal });
    ran.backend = result.backend;
    ran.software = Boolean(this.#session.info?.software);
    ran.milliseconds += result.milliseconds;
    ran.truncated ||= result.truncated;
    ran.words = result.words;
    ran.unknown = result.unknown;
    ran.pack = result.pack ?? ran.pack;
    return result.probability;
  }

  /** @param {number} id @param {number} i */
  #fetchTile(id, i) {
    const tile = this.#scenes.tile(id, i);
    // Awaited one iteration later: until then a rejection must not count as unhandled.
    tile.catch(() => {});
    return tile;
  }

  /**
   * Resolves to the session's `info` once the model has started.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<ModelInfo> | ModelInfo}
   */
  #whenReady(signal) {
    if (this.#session.info) return this.#session.info;
    return new Promise((resolve, reject) => {
      const stop = new AbortController();
      const settle = (/** @type {(value: any) => void} */ how) => (/** @type {any} */ event) => {
        stop.abort();
        how(event.detail ?? signal.reason);
      };
      this.#session.addEventListener("ready", settle(resolve), { signal: stop.signal });
      this.#session.addEventListener("failed", settle(reject), { signal: stop.signal });
      signal.addEventListener("abort", settle(reject), { signal: stop.signal });
    });
  }

  /** @param {Partial<RunProgress>} patch */
  #update(patch) {
    this.#progress = /** @type {RunProgress} */ ({ ...this.#progress, ...patch });
    this.#tell("progress");
  }

  /** @param {string} type @param {unknown} detail */
  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * The totals of several runs of the network.
 *
 * @param {Ran[]} all
 */
function together(all) {
  /** @param {"milliseconds" | "words" | "unknown"} name */
  const sum = (name) => all.reduce((total, ran) => total + ran[name], 0);
  const last = all.findLast(({ backend }) => backend) ?? all[0];
  const truncated = all.some((ran) => ran.truncated);
  const pack = all.find((ran) => ran.pack)?.pack ?? null;
  return { ...last, pack, milliseconds: sum("milliseconds"), truncated, words: sum("words"), unknown: sum("unknown") };
}
