// The weights that the browser keeps between visits. Each file lies under its sha256, so that new weights never mix
// with old ones, and an update fetches only what has changed; the manifest goes last, when all its files are there.

/** The cache of all weights of this origin. */
export const WEIGHTS_CACHE = "s4eca-weights";
const FOLDER = ".cached/";

/** One weights folder's part of the cache; without the Cache API, or where it is denied, it holds nothing. */
export class Shelf {
  #cache;
  #folder;

  /** The shelf of `folder`, the URL of a weights folder. */
  static async open(folder) {
    try {
      return new Shelf(await caches.open(WEIGHTS_CACHE), folder);
    } catch {
      return new Shelf(null, folder);
    }
  }

  constructor(cache, folder) {
    this.#cache = cache;
    this.#folder = folder;
  }

  #key(name) {
    return new URL(FOLDER + name, this.#folder).href;
  }

  /** The bytes of the file with that hash, or undefined. */
  async get(sha256) {
    try {
      const kept = await this.#cache?.match(this.#key(sha256));
      return kept && new Uint8Array(await kept.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /** Keeps a file; returns whether it did: a full disk only costs the next visit a download. */
  put(sha256, bytes) {
    return this.#put(sha256, bytes, bytes.length, "application/octet-stream");
  }

  async remove(name) {
    await this.#cache?.delete(this.#key(name)).catch(() => false);
  }

  /** The manifest whose files are all here, or undefined. */
  async manifest() {
    try {
      return await (await this.#cache?.match(this.#key("manifest.json")))?.text();
    } catch {
      return undefined;
    }
  }

  /** Keeps the manifest: to be called when all its files are here. */
  putManifest(text) {
    return this.#put("manifest.json", text, new TextEncoder().encode(text).length, "application/json");
  }

  /** Removes what this folder's former weights left behind: all but the manifest and these hashes. */
  async keepOnly(hashes) {
    const wanted = new Set([...hashes, "manifest.json"].map((name) => this.#key(name)));
    const prefix = this.#key("");
    try {
      for (const request of await this.#cache.keys()) {
        if (request.url.startsWith(prefix) && !wanted.has(request.url)) await this.#cache.delete(request);
      }
    } catch {
      // Leftovers cost room only.
    }
  }

  async #put(name, body, length, type) {
    try {
      const headers = { "Content-Type": type, "Content-Length": String(length) };
      await this.#cache.put(this.#key(name), new Response(body, { headers }));
      return true;
    } catch {
      return false;
    }
  }
}
