// Where a scene is on the earth, from its own tags or its sidecar files; if neither tells, the size of its
// pixels as entered by the user. Georeference itself is wasm. Runs in the scene worker.
import { textOf } from "../text/errors.js";
import { readProjections, readWorldFile } from "./worldfile.js";

export class Place {
  notices = [];
  #engine;
  #size;
  #onEarth = null;
  #scale = null;

  /** Reads the place of `scene`; `world` is a file or null, `projections` a list of files. */
  static async of(scene, { world, projections }, engine) {
    const place = new Place();
    place.#size = [scene.width, scene.height];
    // An ordinary picture has nothing to compute, so the engine is not needed.
    if (!scene.tags && !world) place.#note("no-crs");
    else await place.#read(scene.tags, world, projections, engine);
    return place;
  }

  /** The georeference's info, with `corners` in degrees, clockwise from the top left; null if nothing is known. */
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

  /** Sets the centimetres per pixel that the user entered; null removes them. */
  setScale(cmPerPixel, engine) {
    this.#scale?.free();
    this.#scale = cmPerPixel ? engine.Georeference.fromScale(cmPerPixel) : null;
  }

  /** Longitude and latitude of a scene pixel, or null. */
  at(georeference, x, y) {
    const degrees = georeference.place(x, y);
    return degrees ? [...degrees] : null;
  }

  close() {
    this.#onEarth?.free();
    this.#scale?.free();
  }

  async #read(tags, world, projections, engine) {
    const { Georeference } = await engine();
    const hasPlace = Boolean(tags?.scale || tags?.transformation || tags?.tiepoints);
    try {
      if (tags && (hasPlace || !world)) {
        this.#onEarth = Georeference.fromTags(tags);
        if (world) this.#note("world-file-unused", { name: world.name });
      } else {
        // The image's own keys name the coordinate system even if the position comes from a world file.
        const epsg = epsgOfKeys(tags?.geoKeys) || (await readProjections(projections));
        this.#fromWorldFile(Georeference, await readWorldFile(world), epsg, world.name);
      }
    } catch (error) {
      // An unreadable world file is an error, not a notice: the user gave it on purpose.
      if (error?.code) throw error;
      this.#note("georeference-unusable", { problem: textOf(error) });
      return;
    }
    const { rotated, problem, name, kind } = this.#onEarth.info(...this.#size);
    if (rotated) this.#note("rotated");
    const said = this.notices.some(({ code }) => code === "world-file-crs" || code === "crs-unknown");
    if (!problem || said) return;
    if (kind === "unknown" && (hasPlace || world)) this.#note("crs-unknown", { name, problem });
    else this.#note("georeference-unusable", { problem });
  }

  #fromWorldFile(Georeference, text, epsg, name) {
    this.#note("world-file-used", { name });
    try {
      this.#onEarth = Georeference.fromWorldFile(text, epsg);
    } catch (error) {
      if (!epsg) throw error;
      // An unsupported coordinate system: the coordinates are still useful.
      this.#note("crs-unknown", { name: `EPSG:${epsg}`, problem: textOf(error) });
      this.#onEarth = Georeference.fromWorldFile(text, 0);
    }
    if (!epsg) this.#note("world-file-crs", { name });
  }

  #note(code, values = {}) {
    this.notices.push({ code, values });
  }
}

/** The EPSG code in GeoKeys: ProjectedCRSGeoKey, else GeodeticCRSGeoKey; 0 if there is none. */
function epsgOfKeys(keys = []) {
  const found = new Map();
  for (let i = 4; i + 3 < keys.length; i += 4) if (keys[i + 1] === 0) found.set(keys[i], keys[i + 3]);
  const code = found.get(3072) ?? found.get(2048) ?? 0;
  return code < 32767 ? code : 0;
}
