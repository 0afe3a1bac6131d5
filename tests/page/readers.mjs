// Independent readers: what GDAL and Pillow find in the test scenes and in files saved by the page.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePng } from "./png.mjs";

const FOLDER = process.env.SCENES_DIR ?? "";
const PYTHON = process.env.PYTHON || "python3";
const CHECK = fileURLToPath(new URL("../scenes/check.py", import.meta.url));

/** Why there are no scenes, or false if there are: for `{skip}`. */
export const noScenes = !(FOLDER && existsSync(join(FOLDER, "catalogue.json"))) && "no scenes: ./build.sh test makes them where GDAL is";

/**
 * By file name: `{width, height, bands, type, affine, epsg, corners, metres_per_pixel, area_m2}`, found by GDAL.
 *
 * @type {Record<string, any>}
 */
export const catalogue = noScenes ? {} : JSON.parse(readFileSync(join(FOLDER, "catalogue.json"), "utf8"));

/**
 * The path of a test scene.
 *
 * @param {string} name
 */
export const scenePath = (name) => resolve(FOLDER, name);
/** @param {string} name */
export const sceneBytes = (name) => readFileSync(scenePath(name));

const work = mkdtempSync(join(tmpdir(), "s4eca-saved-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

/**
 * Writes `{name, bytes}` to the disk and returns its path.
 *
 * @param {{ name: string, bytes: Uint8Array }} file
 */
export function kept({ name, bytes }) {
  const path = join(work, name);
  writeFileSync(path, bytes);
  return path;
}

/** @param {...string} words */
function check(...words) {
  return JSON.parse(execFileSync(PYTHON, [CHECK, ...words], { encoding: "utf8", maxBuffer: 1 << 28 }));
}

/** @param {string} path */
export const raster = (path) => check("raster", path);
/** @param {string} path */
export const picture = (path) => check("picture", path);
/** @param {string} path */
export const vector = (path) => check("vector", path);
/** @param {string} rasterPath @param {string} vectorPath */
export const fit = (rasterPath, vectorPath) => check("fit", rasterPath, vectorPath);
/** @param {string} rasterPath @param {string} vectorPath */
export const bent = (rasterPath, vectorPath) => check("bent", rasterPath, vectorPath);
/** @param {string} path @param {string} otherPath */
export const compare = (path, otherPath) => check("compare", path, otherPath);

/**
 * Checks that GDAL's own programs read the whole file without a warning.
 *
 * @param {string} path
 * @param {string} program
 */
export function readsCleanly(path, program) {
  const words = program === "ogrinfo" ? ["-al", "-so"] : ["-checksum"];
  const { status, stdout, stderr } = spawnSync(program, [...words, path], { encoding: "utf8" });
  assert.equal(status, 0, `${program} ${path}: ${stderr}`);
  assert.equal(stderr.trim(), "", `${program} ${path}`);
  return stdout;
}

/**
 * The distance in metres between two nearby positions `[longitude, latitude]`.
 *
 * @param {number[]} a
 * @param {number[]} b
 */
export function metresBetween([lon, lat], [otherLon, otherLat]) {
  const degree = (Math.PI / 180) * 6_371_000;
  return Math.hypot((lon - otherLon) * degree * Math.cos((lat * Math.PI) / 180), (lat - otherLat) * degree);
}

/**
 * Runs the native program on the same input: paths `{mask, probability}` of its GeoTIFFs.
 *
 * @param {string} scene
 * @param {string} phrase
 * @param {string} bundle
 * @param {...string} more
 */
export function natively(scene, phrase, bundle, ...more) {
  const [mask, probability] = ["native.tif", "native-probability.tif"].map((name) => join(work, name));
  const files = ["--out", mask, "--probability", probability, "--weights", bundle];
  const asked = ["segment", "--reading", "network", scene, "--text", phrase, ...files, "--device", "cpu", ...more];
  execFileSync(resolve(process.env.S4ECA ?? "s4eca"), asked, {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return { mask, probability };
}

/** Why the native program is not there, or false if it is. */
export const noProgram = !process.env.S4ECA && "no native program";

/**
 * The pixels that the native program reads of a scene of up to 768 px: `{width, height, rgb, hidden}`, where `hidden`
 * is 1 for each pixel without data; or `{refusal, notes}` with its message. `notes` are its other messages.
 *
 * @param {string} scene
 * @param {string} bundle
 * @param {...string} more
 */
export function nativePixels(scene, bundle, ...more) {
  const [mask, overlay, probability] = ["mask", "overlay", "probability"].map((name) => join(work, `native-${name}.png`));
  // No component of the mask is that large, so the overlay is the scene itself.
  const files = ["--out", mask, "--overlay", overlay, "--probability", probability, "--min-area", "1e12"];
  const words = ["segment", "--reading", "network", scene, "--text", "a building", ...files, "--weights", bundle];
  const { status, stderr } = spawnSync(resolve(process.env.S4ECA ?? "s4eca"), [...words, "--device", "cpu", ...more], { encoding: "utf8" });
  if (status !== 0) return { refusal: stderr };
  const { width, height, data } = decodePng(readFileSync(overlay));
  // A probability of 0 is a pixel without data.
  const hidden = Uint8Array.from(decodePng(readFileSync(probability)).data, (value) => Number(value === 0));
  return { width, height, rgb: data, hidden, notes: stderr };
}
