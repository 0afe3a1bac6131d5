// Writes a GeoPackage of mask polygons: an SQLite database with the tables of the OGC standard
// (https://www.geopackage.org/spec130/), made with sql.js. Runs in the scene worker.
import { PageError, textOf } from "../text/errors.js";
/** @import { Bytes } from "../../types/engine.js" */

/**
 * @typedef {[west: number, south: number, east: number, north: number]} Box
 *
 * @typedef {object} Feature
 * @property {string} phrase
 * @property {string | null} kind
 * @property {number} score
 * @property {number} threshold
 * @property {string} colour
 * @property {number | null} area
 * @property {Bytes} wkb
 *
 * @typedef {object} Database A database of sql.js.
 * @property {(sql: string) => void} exec
 * @property {(sql: string, values: (string | number | Uint8Array | null)[]) => void} run
 * @property {() => Bytes} export
 * @property {() => void} close
 */

const WGS84 = 4326;
const TABLE = "masks";
const VENDOR = new URL("../../vendor/sql.js/", import.meta.url);
const WGS84_WKT =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],' +
  'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],' +
  'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]';

// Tables, columns and constraints as in the standard's annex C.
const SCHEMA = `
  PRAGMA application_id = ${0x47504b47};
  PRAGMA user_version = 10300;
  CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
  CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
  CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
  CREATE TABLE ${TABLE} (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, prompt TEXT, class TEXT, score REAL,
    area_m2 REAL, area_ha REAL, threshold REAL, colour TEXT, source TEXT, model TEXT);`;

/** @type {Promise<{ Database: new () => Database }> | null} */
let database = null;

/**
 * The bytes of a GeoPackage with one row per feature: `{phrase, kind, score, threshold, colour, area, wkb}`. `kind` is
 * the class of a single object or null, `wkb` a MultiPolygon in longitude and latitude, `area` is in m² or null.
 *
 * @param {Feature[]} features
 * @param {{ source: string, model: string }} origin
 * @returns {Promise<Bytes>}
 */
export async function writeGeoPackage(features, { source, model }) {
  const { Database } = await load();
  const db = new Database();
  try {
    db.exec(SCHEMA);
    const systems = [
      ["WGS 84 geodetic", WGS84, "EPSG", WGS84, WGS84_WKT, "longitude and latitude in degrees"],
      ["Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"],
      ["Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"],
    ];
    for (const row of systems) db.run("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", row);
    const boxes = features.map(({ wkb }) => boxOf(wkb));
    const none = /** @type {Box | null} */ (null);
    const all = boxes.filter((box) => box !== null).reduce(union, none) ?? [null, null, null, null];
    db.run(
      "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, " +
        "srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)",
      [TABLE, TABLE, `Masks of ${source}`, ...all, WGS84],
    );
    db.run("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)", [TABLE, WGS84]);
    features.forEach(({ phrase, kind, score, threshold, colour, area, wkb }, i) => {
      const hectares = area === null ? null : area / 10_000;
      const row = [geometry(wkb, boxes[i]), phrase, kind, score, area, hectares, threshold, colour, source, model];
      db.run(
        `INSERT INTO ${TABLE} (geom, prompt, class, score, area_m2, area_ha, threshold, colour, source, model) ` +
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.map((value) => value ?? null),
      );
    });
    return db.export();
  } finally {
    db.close();
  }
}

/** Loads sql.js. Its script is a CommonJS module: it assigns itself to `module.exports`. */
async function load() {
  database ??= (async () => {
    const exports = {};
    const scope = /** @type {{ exports?: {}, module?: any }} */ (globalThis);
    Object.assign(scope, { exports, module: { exports } });
    try {
      await import(new URL("sql-wasm-browser.js", VENDOR).href);
      return await scope.module.exports({ locateFile: (/** @type {string} */ name) => new URL(name, VENDOR).href });
    } finally {
      delete scope.exports;
      delete scope.module;
    }
  })();
  try {
    return await database;
  } catch (error) {
    database = null;
    throw new PageError("geopackage", textOf(error));
  }
}

/**
 * The bounds of a little-endian WKB MultiPolygon, `[west, south, east, north]`; null if it is empty.
 *
 * @param {Bytes} wkb
 */
function boxOf(wkb) {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength);
  let box = null;
  let at = 9;
  for (let polygons = view.getUint32(5, true); polygons > 0; polygons -= 1) {
    const rings = view.getUint32(at + 5, true);
    at += 9;
    for (let ring = 0; ring < rings; ring += 1) {
      const points = view.getUint32(at, true);
      at += 4;
      for (let point = 0; point < points; point += 1, at += 16) {
        const [x, y] = [view.getFloat64(at, true), view.getFloat64(at + 8, true)];
        box = union(box, [x, y, x, y]);
      }
    }
  }
  return box;
}

/** @param {Box | null} a @param {Box} b @returns {Box} */
function union(a, b) {
  if (!a) return b;
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/**
 * A geometry as GeoPackage stores it: "GP", version 0, flags, SRS id, bounds, WKB.
 *
 * @param {Bytes} wkb
 * @param {Box | null} box
 */
function geometry(wkb, box) {
  const header = new DataView(new ArrayBuffer(box ? 40 : 8));
  header.setUint16(0, 0x4750);
  // Little-endian; with bounds in x and y, or empty.
  header.setUint8(3, box ? 0b0000_0011 : 0b0001_0001);
  header.setInt32(4, WGS84, true);
  // The order of these bounds is west, east, south, north.
  if (box) [box[0], box[2], box[1], box[3]].forEach((value, i) => header.setFloat64(8 + i * 8, value, true));
  const bytes = new Uint8Array(header.byteLength + wkb.length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(wkb, header.byteLength);
  return bytes;
}
