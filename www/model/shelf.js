// The weights cached in the browser between visits. Each file is stored under its sha256, so that new weights never mix
// with old ones and an update fetches only what has changed. The manifest is stored last, after all its files.
/** @import { Bytes } from "../../types/engine.js" */

/** The cache of all weights of this origin. */
export const WEIGHTS_CACHE = "s4eca-weights";
const FOLDER = ".cached/";

/** One weights folder's part of the cache. It stays empty if the Cache API is missing or denied. */
export class Shelf {
  #cache;
  #folder;

  /**
   * The shelf of `folder`, the URL of a weights folder.
   *
   * @param {string} folder
   */
  static async open(folder) {
    try {
      return new Shelf(await caches.open(WEIGHTS_CACHE), folder);
    } catch {
      return new Shelf(null, folder);
    }
  }

  /** @param {Cache | null} cache @param {string} folder */
  constructor(cache, folder) {
    this.#cache = cache;
    this.#folder = folder;
  }

  /** @param {string} name */
  #key(name) {
    return new URL(FOLDER + name, this.#folder).href;
  }

  /**
   * The bytes of the file with this hash, or undefined.
   *
   * @param {string} sha256
   */
  async get(sha256) {
    try {
      const kept = await this.#cache?.match(this.#key(sha256));
      return kept && new Uint8Array(await kept.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /**
   * Whether the file with this hash is stored.
   *
   * @param {string} sha256
   */
  async has(sha256) {
    return Boolean(await this.#cache?.match(this.#key(sha256)).catch(() => undefined));
  }

  /**
   * Stores a file. Returns whether it succeeded; if the disk is full, the next visit downloads the file again.
   *
   * @param {string} sha256
   * @param {Bytes} bytes
   */
  put(sha256, bytes) {
    return this.#put(sha256, bytes, bytes.length, "application/octet-stream");
  }

  /** @param {string} name */
  async remove(name) {
    await this.#cache?.delete(this.#key(name)).catch(() => false);
  }

  /** The text of the stored manifest, whose files are all stored, or undefined. */
  async manifest() {
    try {
      return await (await this.#cache?.match(this.#key("manifest.json")))?.text();
    } catch {
      return undefined;
    }
  }

  /**
   * Stores the manifest. Call it after all its files are stored.
   *
   * @param {string} text
   */
  putManifest(text) {
    return this.#put("manifest.json", text, new TextEncoder().encode(text).length, "application/json");
  }

  /**
   * Removes files of this folder's former weights: all except the manifest and these hashes.
   *
   * @param {string[]} hashes
   */
  async keepOnly(hashes) {
    const wanted = new Set([...hashes, "manifest.json"].map((name) => this.#key(name)));
    const prefix = this.#key("");
    const cache = this.#cache;
    try {
      for (const request of (await cache?.keys()) ?? []) {
        if (request.url.startsWith(prefix) && !wanted.has(request.url)) await cache?.delete(request);
      }
    } catch {
      // Files that remain only take up space.
    }
  }

  /** @param {string} name @param {BodyInit} body @param {number} length @param {string} type */
  async #put(name, body, length, type) {
    if (!this.#cache) return false;
    try {
      const headers = { "Content-Type": type, "Content-Length": String(length) };
      await this.#cache.put(this.#key(name), new Response(body, { headers }));
      return true;
    } catch {
      return false;
    }
  }
}
