// Compares probability maps: the same bundle, image and phrase must give the same answer everywhere.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { decodePng } from "./png.mjs";

/**
 * @typedef {object} Expectation
 * @property {string} name
 * @property {string} bundle
 * @property {string} imagePath
 * @property {string} phrase
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array} probability
 */

/**
 * Tolerances between platforms: the largest difference (2e-2 is 5.1 of 255, and rounding on either side adds one)
 * and the smallest intersection over union.
 */
export const MAX_DIFFERENCE = 6;
export const MIN_IOU = 0.99;

/**
 * `{maxDifference, iou, share, otherShare}` of two byte maps; `level` is the smallest value in the mask. Two empty
 * masks agree: their IoU is 1.
 *
 * @param {ArrayLike<number>} map
 * @param {ArrayLike<number>} other
 * @param {number} level
 */
export function compareMaps(map, other, level = 128) {
  if (map.length !== other.length) throw new Error(`maps of ${map.length} and ${other.length} pixels cannot be compared`);
  let [maxDifference, both, either, count, otherCount] = [0, 0, 0, 0, 0];
  for (let i = 0; i < map.length; i += 1) {
    maxDifference = Math.max(maxDifference, Math.abs(map[i] - other[i]));
    const [a, b] = [map[i] >= level, other[i] >= level];
    both += a && b ? 1 : 0;
    either += a || b ? 1 : 0;
    count += a ? 1 : 0;
    otherCount += b ? 1 : 0;
  }
  return {
    maxDifference,
    iou: either === 0 ? 1 : both / either,
    share: count / map.length,
    otherShare: otherCount / map.length,
  };
}

/** Why there are no answers to compare with, or false if there have to be: for `{skip}`. */
export const noExpectations = !process.env.EXPECTED_DIR && "no EXPECTED_DIR: ./build.sh test makes the answers";

/**
 * The native program's answers in EXPECTED_DIR with which `backend` ("cpu" or "webgpu") has to agree:
 * `[{name, bundle, imagePath, phrase, width, height, probability}]`; empty without EXPECTED_DIR.
 * Each is a JSON file `{weights, image, phrase, width, height, probability_path, backends?}`: the
 * bundle's folder, the image, a file of width × height bytes (or an 8-bit grey PNG), with paths relative to it.
 *
 * @param {string} backend
 * @param {string} [folder]
 * @returns {Expectation[]}
 */
export function expectations(backend, folder = process.env.EXPECTED_DIR) {
  if (!folder || !existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(folder, name), "utf8")) }))
    .filter(({ backends }) => !backends || backends.includes(backend))
    .map((entry) => ({
      ...entry,
      bundle: basename(entry.weights),
      imagePath: resolve(folder, entry.image),
      probability: readMap(resolve(folder, entry.probability_path), entry),
    }));
}

/** @param {string} path @param {{ name: string, width: number, height: number }} entry */
function readMap(path, { name, width, height }) {
  const bytes = readFileSync(path);
  const map = path.endsWith(".png") ? decodePng(bytes) : { width, height, data: bytes };
  if (map.width !== width || map.height !== height || map.data.length !== width * height) {
    throw new Error(`${name}: ${path} is not a map of ${width} × ${height} px`);
  }
  return map.data;
}
