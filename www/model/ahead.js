// Downloads the files of the weights one after another before they are asked for, while the engine is still loading, so
// that the line never waits. What each file is, and whether its bytes are right, is decided by the engine later.
import { download } from "./download.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { WeightsFile } from "../../types/network.js"
 * @import { Shelf } from "./shelf.js"
 */

/** @typedef {{ bytes: Promise<Bytes>, got: number, progress: (got: number) => void }} Waiting */

export class Ahead {
  #folder;
  /** By sha256. @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** Hashes of the files that were asked for. @type {Set<string>} */
  #asked = new Set();

  /**
   * Begins to download what the manifest names and `shelf` does not have.
   *
   * @param {string} folder
   * @param {Promise<Shelf>} shelf
   * @param {Promise<{ text: string }>} manifest
   */
  constructor(folder, shelf, manifest) {
    this.#folder = folder;
    this.#run(shelf, manifest).catch(() => {});
  }

  /**
   * The bytes of a file whose download has begun; undefined for any other, which is not downloaded here any more. Each
   * can be taken once.
   *
   * @param {WeightsFile} file
   * @param {(got: number) => void} progress
   */
  take({ sha256 }, progress) {
    const waiting = this.#waiting.get(sha256);
    this.#asked.add(sha256);
    this.#waiting.delete(sha256);
    if (!waiting) return undefined;
    waiting.progress = progress;
    if (waiting.got > 0) progress(waiting.got);
    return waiting.bytes;
  }

  /** @param {Promise<Shelf>} opening @param {Promise<{ text: string }>} manifest */
  async #run(opening, manifest) {
    const shelf = await opening;
    for (const file of firstFiles((await manifest).text)) {
      if ((await shelf.has(file.sha256)) || this.#asked.has(file.sha256)) continue;
      const waiting = this.#begin(file);
      // Whoever takes it is told.
      await waiting.bytes.catch(() => {});
    }
  }

  /** @param {WeightsFile} file */
  #begin(file) {
    /** @type {Waiting} */
    const waiting = { bytes: Promise.resolve(new Uint8Array(0)), got: 0, progress: () => {} };
    waiting.bytes = download(file, this.#folder, "default", (got) => {
      waiting.got = got;
      waiting.progress(got);
    });
    this.#waiting.set(file.sha256, waiting);
    return waiting;
  }
}

/**
 * The files that the network starts with, in the order in which the engine takes them; none if this is no manifest,
 * which the engine will say.
 *
 * @param {string} text
 * @returns {WeightsFile[]}
 */
function firstFiles(text) {
  try {
    const { tokenizer, shards, common_words: common } = JSON.parse(text);
    const first = shards.filter((/** @type {WeightsFile} */ { name }) => name !== common?.before);
    return [tokenizer, ...first, ...(common ? [common.file] : [])];
  } catch {
    return [];
  }
}
