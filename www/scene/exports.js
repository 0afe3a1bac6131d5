// Exports: pictures of masks at the scene's own size, and GIS files, which wasm writes. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
import { fileName } from "./filename.js";
import { png } from "./png.js";
/**
 * @import { Bytes, Engine, PlanInfo, VectorExport } from "../../types/engine.js"
 * @import { ExportedFile, ExportMeta, Notice, PlaceInfo, RefinedLayer, SceneImage } from "../../types/scene.js"
 * @import { Place } from "./place.js"
 */

/**
 * @typedef {{ name: string, scene: SceneImage, place: Place }} Opened The open scene and its file's name.
 *
 * @typedef {object} Grid The pixel grid of a picture, in scene px; `note` unless it is the scene's own.
 * @property {number} originX
 * @property {number} originY
 * @property {number} stepX
 * @property {number} stepY
 * @property {number} width
 * @property {number} height
 * @property {Notice | null} note
 *
 * @typedef {object} Export
 * @property {RefinedLayer[]} layers
 * @property {ExportMeta} meta
 * @property {Engine} engine
 * @property {Grid} grid
 * @property {Notice} [first] A note that the file holds only the first of several layers.
 * @typedef {Export & Opened} Job
 *
 * @typedef {(y: number, count: number) => Bytes | Promise<Bytes>} Band Makes `count` rows of a picture from row `y` on.
 * @typedef {{ columns: Int32Array, rows: Int32Array, width: number }} Places
 */

// Maximum pixels of a picture at the scene's size; larger scenes are exported on the mask's own grid.
const MAX_PIXELS = 100e6;

/** @type {Record<string, string>} */
const TYPES = {
  txt: "text/plain",
  geojson: "application/geo+json",
  gpkg: "application/geopackage+sqlite3",
  kml: "application/vnd.google-earth.kml+xml",
  tif: "image/tiff",
};

/**
 * Makes a file of `layers` (`{mask, info, stats}`), or of the first layer if the file format holds only one: `{blob,
 * name, note}`. `meta` is as `Scenes.exportFile` takes it, `opened` is `{name, scene, place}`. Throws a PageError.
 *
 * @param {string} kind
 * @param {RefinedLayer[]} layers
 * @param {ExportMeta} meta
 * @param {Opened} opened
 * @param {Engine} engine
 * @returns {Promise<ExportedFile>}
 */
export async function exportFile(kind, layers, meta, opened, engine) {
  const make = KINDS[kind];
  if (!make || layers.length === 0) throw new PageError("no-mask", kind);
  const { name, scene, place } = opened;
  const job = { layers, meta, engine, name, scene, place, grid: gridOf(scene, layers) };
  try {
    return await make(job);
  } catch (error) {
    if (error instanceof PageError || error instanceof WebAssembly.RuntimeError) throw error;
    throw new PageError("save", textOf(error));
  }
}

/** @type {Record<string, (job: Job) => ExportedFile | Promise<ExportedFile>>} */
const KINDS = {
  "mask-png": (job) => picture(job, "", 1, maskBand(job)),
  "probability-png": (job) => picture(firstOf(job), "probability", 1, probabilityBand(firstOf(job))),
  "cutout-png": (job) => picture(job, "cutout", 4, cutoutBand(job)),
  "overlay-png": (job) => picture(job, "overlay", 4, overlayBand(job)),
  "world-file": worldFile,
  geojson: (job) => vectors(job, "geojson"),
  kml: (job) => vectors(job, "kml"),
  geopackage: geoPackage,
  geotiff: (job) => geoTiff(firstOf(job), "mask"),
  "probability-geotiff": (job) => geoTiff(firstOf(job), "probability"),
};

/**
 * The pixel grid of a picture to write, in scene px: the scene's own, or, if that has too many pixels, a grid over all
 * of the layers' maps, as fine as the finest of them. For a single layer that is its map's grid.
 *
 * @param {SceneImage} scene
 * @param {RefinedLayer[]} layers
 * @returns {Grid}
 */
function gridOf({ width, height }, layers) {
  if (width * height <= MAX_PIXELS) return { originX: 0, originY: 0, stepX: 1, stepY: 1, width, height, note: null };
  const maps = layers.map(({ info }) => info);
  const [originX, columns, fineX] = span(maps.map((map) => [map.originX, map.stepX, map.width]));
  const [originY, rows, fineY] = span(maps.map((map) => [map.originY, map.stepY, map.height]));
  const coarser = Math.max(1, Math.sqrt((columns * rows) / MAX_PIXELS));
  const size = { width: Math.ceil(columns / coarser), height: Math.ceil(rows / coarser) };
  const note = { code: "map-size", values: size };
  return { originX, originY, stepX: fineX * coarser, stepY: fineY * coarser, ...size, note };
}

/**
 * Start, count and step of pixels along one axis that cover all of `[start, step, count]`.
 *
 * @param {[start: number, step: number, count: number][]} stretches
 */
function span(stretches) {
  const first = Math.min(...stretches.map(([start]) => start));
  const end = Math.max(...stretches.map(([start, step, count]) => start + step * count));
  const finest = Math.min(...stretches.map(([, step]) => step));
  return [first, Math.ceil((end - first) / finest - 1e-6), finest];
}

/** @param {Job} job @returns {Job} */
function firstOf(job) {
  if (job.layers.length === 1) return job;
  const layers = job.layers.slice(0, 1);
  const meta = { ...job.meta, layers: job.meta.layers.slice(0, 1) };
  const grid = gridOf(job.scene, layers);
  return { ...job, layers, meta, grid, first: { code: "first-layer", values: { phrase: meta.layers[0].phrase } } };
}

/**
 * @param {Job} job
 * @param {Blob} blob
 * @param {string} ending
 * @param {{ suffix?: string, note?: Notice | null }} options
 * @returns {ExportedFile}
 */
function result({ name, meta, grid, first }, blob, ending, { suffix = "", note = first } = {}) {
  const phrases = meta.layers.map(({ phrase, name: title }) => title || phrase);
  return { blob, name: fileName(name, phrases, ending, suffix), note: note ?? grid.note };
}

/** @param {Job} job @param {string} suffix @param {1 | 4} bands @param {Band} band */
async function picture(job, suffix, bands, band) {
  const { width, height } = job.grid;
  return result(job, await png(width, height, bands, band), "png", { suffix });
}

/**
 * The map pixel of a layer at the centre of each row and column of `grid`, -1 outside the map.
 *
 * @param {Grid} grid
 * @param {PlanInfo} info
 * @returns {Places}
 */
function places(grid, info) {
  /**
   * @param {number} count
   * @param {number} origin
   * @param {number} step
   * @param {number} mapOrigin
   * @param {number} mapStep
   * @param {number} limit
   */
  const along = (count, origin, step, mapOrigin, mapStep, limit) =>
    Int32Array.from({ length: count }, (_, i) => {
      const at = Math.floor((origin + (i + 0.5) * step - mapOrigin) / mapStep);
      return at >= 0 && at < limit ? at : -1;
    });
  return {
    columns: along(grid.width, grid.originX, grid.stepX, info.originX, info.stepX, info.width),
    rows: along(grid.height, grid.originY, grid.stepY, info.originY, info.stepY, info.height),
    width: info.width,
  };
}

/**
 * Calls `each(i, value)` for each pixel of the `count` rows from `y` on where the map's value is not 0.
 *
 * @param {Places} places
 * @param {Bytes} values
 * @param {number} y
 * @param {number} count
 * @param {(i: number, value: number) => void} each
 */
function visit({ columns, rows, width }, values, y, count, each) {
  for (let row = 0, i = 0; row < count; row += 1) {
    const from = rows[y + row] * width;
    for (let x = 0; x < columns.length; x += 1, i += 1) {
      const value = from < 0 || columns[x] < 0 ? 0 : values[from + columns[x]];
      if (value) each(i, value);
    }
  }
}

/** @param {Job} job @returns {(y: number, count: number) => Bytes} */
function maskBand({ grid, layers }) {
  const maps = layers.map(({ mask, info }) => /** @type {const} */ ([places(grid, info), mask.mask()]));
  return (y, count) => {
    const band = new Uint8Array(grid.width * count);
    for (const [place, values] of maps) visit(place, values, y, count, (i, value) => (band[i] = value));
    return band;
  };
}

/** @param {Job} job @returns {Band} */
function probabilityBand({ grid, layers: [{ mask, info }] }) {
  const [place, values] = [places(grid, info), mask.probability()];
  return (y, count) => {
    const band = new Uint8Array(grid.width * count);
    visit(place, values, y, count, (i, value) => (band[i] = value));
    return band;
  };
}

/** @param {Job} job @returns {Band} */
function cutoutBand(job) {
  const mask = maskBand(job);
  return async (y, count) => {
    const pixels = await sceneBand(job, y, count);
    const inside = mask(y, count);
    for (let i = 0; i < inside.length; i += 1) if (!inside[i]) pixels.fill(0, i * 4, i * 4 + 4);
    return pixels;
  };
}

/** @param {Job} job @returns {Band} */
function overlayBand(job) {
  const maps = job.layers.map(({ mask, info }, i) => {
    const { colour, opacity } = job.meta.layers[i];
    const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    return { place: places(job.grid, info), values: mask.mask(), rgb, opacity };
  });
  return async (y, count) => {
    const pixels = await sceneBand(job, y, count);
    for (const { place, values, rgb, opacity } of maps) {
      visit(place, values, y, count, (i) => {
        for (let band = 0; band < 3; band += 1) {
          pixels[i * 4 + band] = Math.round(pixels[i * 4 + band] * (1 - opacity) + rgb[band] * opacity);
        }
      });
    }
    return pixels;
  };
}

/**
 * The RGBA bytes of `count` rows of the picture to write.
 *
 * @param {Job} job
 * @param {number} y
 * @param {number} count
 * @returns {Promise<Bytes>}
 */
async function sceneBand({ scene, grid }, y, count) {
  const { originX, originY, stepX, stepY, width } = grid;
  if (!grid.note) return scene.read([0, y, width, count]);
  const bitmap = await scene.view([originX, originY + y * stepY, width * stepX, count * stepY], width, count);
  const canvas = new OffscreenCanvas(width, count);
  const options = { willReadFrequently: true };
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Uint8Array(context.getImageData(0, 0, width, count).data.buffer);
}

/** @param {Job} job */
function onEarth({ place }) {
  if (!place.georeference || !place.isOnEarth) throw new PageError("no-place", place.info?.problem ?? "");
  return place.georeference;
}

/** @param {Job} job */
function positioned({ place }) {
  if (!place.georeference) throw new PageError("no-place");
  return place.georeference;
}

/**
 * A vector file as text; `kind` is both its extension and the name of the method that writes it.
 *
 * @param {Job} job
 * @param {"geojson" | "kml"} kind
 */
function vectors(job, kind) {
  const text = exported(job, (vector) => vector[kind]());
  return result(job, new Blob([text], { type: TYPES[kind] }), kind, { note: null });
}

/**
 * The result of `write` for a VectorExport of all layers, each as a whole or split into objects.
 *
 * @template Value
 * @param {Job} job
 * @param {(vector: VectorExport) => Value} write
 * @returns {Value}
 */
function exported(job, write) {
  const { engine, name, meta, layers } = job;
  const vector = new engine.VectorExport(onEarth(job), name, meta.model);
  try {
    layers.forEach(({ mask, stats }, i) => {
      const { phrase, colour, refine } = meta.layers[i];
      if (meta.objects) vector.addObjects(mask, phrase, colour, refine.threshold);
      else vector.add(mask, phrase, colour, stats.score, refine.threshold);
    });
    return write(vector);
  } finally {
    vector.free();
  }
}

/** @param {Job} job @param {"mask" | "probability"} kind */
function geoTiff(job, kind) {
  const { layers: [{ mask }], engine, grid } = job;
  const [width, height] = grid.note ? [0, 0] : [grid.width, grid.height];
  const bytes = engine.geotiff(mask, positioned(job), kind, width, height);
  const suffix = kind === "mask" ? "" : kind;
  return result(job, new Blob([bytes], { type: TYPES.tif }), "tif", { suffix });
}

/** @param {Job} job */
function worldFile(job) {
  const { originX, originY, stepX, stepY } = job.grid;
  const georeference = positioned(job);
  const { name } = /** @type {PlaceInfo} */ (job.place.info);
  let text;
  try {
    text = job.engine.world_file(georeference, originX, originY, stepX, stepY);
  } catch (error) {
    throw new PageError("no-place", textOf(error));
  }
  const note = { code: "world-file-beside", values: { name } };
  return result(job, new Blob([text], { type: TYPES.txt }), "pgw", { note });
}

/** @param {Job} job */
async function geoPackage(job) {
  // Imported on demand: its database engine is large and rarely needed.
  const { writeGeoPackage } = await import("./geopackage.js");
  const [rows, shapes] = exported(job, (vector) => /** @type {const} */ ([vector.attributes(), vector.wkb()]));
  const features = rows.map(({ layer, class: kind, score, area }, i) => {
    const { phrase, colour, refine } = job.meta.layers[layer];
    return { phrase, kind, colour, score, area, threshold: refine.threshold, wkb: shapes[i] };
  });
  const bytes = await writeGeoPackage(features, { source: job.name, model: job.meta.model });
  return result(job, new Blob([bytes], { type: TYPES.gpkg }), "gpkg", { note: null });
}
