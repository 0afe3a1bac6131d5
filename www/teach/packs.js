// The packs kept in this browser, by name. If the browser allows no storage, they last as long as the tab.
/** @import { Bytes } from "../../types/engine.js" */

/** The cache of all packs of this origin. */
const CACHE = "s4eca-packs";
const FOLDER = ".packs/";

export class Packs {
  #folder;
  /** Packs that could not be stored. @type {Map<string, Bytes>} */
  #unkept = new Map();

  /** @param {string} root The URL of the page's folder. */
  constructor(root) {
    this.#folder = new URL(FOLDER, root).href;
  }

  /** The names of all packs, in order. */
  async names() {
    const names = new Set(this.#unkept.keys());
    try {
      // Opening the cache would create it.
      const cache = (await caches.has(CACHE)) ? await caches.open(CACHE) : null;
      for (const { url } of (await cache?.keys()) ?? []) {
        if (url.startsWith(this.#folder)) names.add(decodeURIComponent(url.slice(this.#folder.length)));
      }
    } catch {
      // Without storage, only this tab's own packs exist.
    }
    return [...names].sort();
  }

  /**
   * The file of a pack, or undefined.
   *
   * @param {string} name
   * @returns {Promise<Bytes | undefined>}
   */
  async get(name) {
    const unkept = this.#unkept.get(name);
    if (unkept) return unkept;
    try {
      const kept = await caches.match(this.#key(name), { cacheName: CACHE });
      return kept && new Uint8Array(await kept.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /**
   * Stores a pack; one of the same name is replaced. Returns whether the browser stored it.
   *
   * @param {string} name
   * @param {Bytes} bytes
   */
  async put(name, bytes) {
    try {
      const headers = { "Content-Type": "application/octet-stream", "Content-Length": String(bytes.length) };
      await (await caches.open(CACHE)).put(this.#key(name), new Response(bytes, { headers }));
      this.#unkept.delete(name);
      return true;
    } catch {
      this.#unkept.set(name, bytes);
      return false;
    }
  }

  /** @param {string} name */
  async remove(name) {
    this.#unkept.delete(name);
    try {
      await (await caches.open(CACHE)).delete(this.#key(name));
    } catch {
      // Nothing is stored.
    }
  }

  /** @param {string} name */
  #key(name) {
    return this.#folder + encodeURIComponent(name);
  }
}
