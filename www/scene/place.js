// Where a scene is on the earth, from its own tags or its sidecar files; if neither states it, the size of its pixels
// as entered by the user. The class Georeference itself is in the wasm module. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
import { readSidecars } from "./worldfile.js";
/**
 * @import { ControlPoints, Engine, Georeference as OnEarth } from "../../types/engine.js"
 * @import { Notice, PlaceInfo, SceneImage, SortedFiles } from "../../types/scene.js"
 */

export class Place {
  /** @type {Notice[]} */
  notices = [];
  /** @type {[width: number, height: number]} */
  #size;
  /** @type {OnEarth | null} */
  #onEarth = null;
  /** @type {OnEarth | null} */
  #scale = null;

  /**
   * Reads the place of `scene`; `world` is a file or null, `projections` a list of files. Throws a PageError:
   * "needs-full" if only the full module reads it.
   *
   * @param {SceneImage} scene
   * @param {Pick<SortedFiles, "world" | "projections">} files
   * @param {() => Promise<Engine>} engine
   */
  static async of(scene, { world, projections }, engine) {
    const place = new Place();
    place.#size = [scene.width, scene.height];
    // An ordinary picture has nothing to compute, so the engine is not needed.
    const aux = projections.find(({ name }) => /xml$/i.test(name)) ?? null;
    if (!scene.tags && !world && !aux) place.#note("no-crs");
    else await place.#read(scene, { world, projections, aux }, engine);
    return place;
  }

  /**
   * The georeference's info, with `corners` in degrees, clockwise from the top left; null if nothing is known.
   *
   * @returns {PlaceInfo | null}
   */
  get info() {
    const georeference = this.#onEarth ?? this.#scale;
    if (!georeference) return null;
    const [width, height] = this.#size;
    const info = georeference.info(width, height);
    const corners = [[0, 0], [width, 0], [width, height], [0, height]].map(([x, y]) => this.at(georeference, x, y));
    const metresPerPixel = info.metresPerPixel ?? this.#scale?.info(width, height).metresPerPixel ?? null;
    return { ...info, metresPerPixel, corners };
  }

  /** The georeference of the file, or null. */
  get georeference() {
    return this.#onEarth;
  }

  /** The georeference for areas: the file's if it knows metres, else the scale, else the file's, which may be null. */
  get measure() {
    const [width, height] = this.#size;
    const known = this.#onEarth?.info(width, height).metresPerPixel ?? null;
    return known === null ? (this.#scale ?? this.#onEarth) : this.#onEarth;
  }

  /** Whether the scene's place is known in longitude and latitude. */
  get isOnEarth() {
    const [width, height] = this.#size;
    return this.#onEarth !== null && this.at(this.#onEarth, width / 2, height / 2) !== null;
  }

  /**
   * Sets the centimetres per pixel that the user entered; null removes them.
   *
   * @param {number | null} cmPerPixel
   * @param {Engine | null} engine
   */
  setScale(cmPerPixel, engine) {
    this.#scale?.free();
    this.#scale = cmPerPixel && engine ? engine.Georeference.fromScale(cmPerPixel) : null;
  }

  /**
   * Longitude and latitude of a scene pixel, or null.
   *
   * @param {OnEarth} georeference
   * @param {number} x
   * @param {number} y
   */
  at(georeference, x, y) {
    const degrees = georeference.place(x, y);
    return degrees ? [...degrees] : null;
  }

  close() {
    this.#onEarth?.free();
    this.#scale?.free();
  }

  /**
   * @param {SceneImage} scene
   * @param {Pick<SortedFiles, "world" | "projections"> & { aux: File | null }} files
   * @param {() => Promise<Engine>} engine
   */
  async #read(scene, { world, projections, aux }, engine) {
    const { Georeference } = await engine();
    try {
      const beside = await readSidecars(world, projections);
      this.#onEarth = scene.tags ? scene.georeference(beside) : Georeference.fromFiles(beside);
    } catch (/** @type {any} */ error) {
      if (error.code === "needs-full") throw new PageError("needs-full", textOf(error));
      // An unreadable world file is an error, not a notice: the user gave it on purpose.
      if (world) throw new PageError("world-file", `${world.name}: ${textOf(error)}`);
      this.#note("georeference-unusable", { problem: textOf(error) });
      return;
    }
    const { source, rotated, problem, name, kind, controlPoints } = this.#onEarth.info(...this.#size);
    if (world && source === "world-file") this.#note("world-file-used", { name: world.name });
    else if (world && source) this.#note("world-file-unused", { name: world.name });
    if (aux && source === "aux-xml") this.#note("aux-xml-used", { name: aux.name });
    if (controlPoints) this.#notePoints(controlPoints);
    else if (rotated) this.#note("rotated");
    if (!problem) return;
    const isBare = source === "world-file" && projections.length === 0;
    if (world && isBare) this.#note("world-file-crs", { name: world.name });
    else if (source && kind === "unknown") this.#note("crs-unknown", { name, problem });
    else if (!source) this.#note("no-crs");
    else this.#note("georeference-unusable", { problem });
  }

  /**
   * Says what was fitted to ground control points, and how far off it is.
   *
   * @param {ControlPoints} fit
   */
  #notePoints({ method, points, residual, largest, gridResidual, inMetres }) {
    const length = (/** @type {number} */ value) => `${Number(value.toPrecision(2))}${inMetres ? " m" : ""}`;
    const code = method === "affine" ? "control-points" : "control-points-spline";
    this.#note(code, { points, residual: length(residual), largest: length(largest), grid: length(gridResidual) });
  }

  /** @param {string} code @param {Notice["values"]} values */
  #note(code, values = {}) {
    this.notices.push({ code, values });
  }
}
