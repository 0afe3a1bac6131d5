// Fetches a weights bundle with real byte counts, and keeps its files between visits. Runs in the worker.
// Each file is kept under its sha256, so that new weights never mix with old ones; every byte is
// checked by the engine before use, whether it comes from the network or from the cache.
import { PageError, textOf } from "./messages.js";

const CACHE = "s4eca-weights";

/** The browser's cache for weights; without the Cache API (an insecure address, a strict mode) it holds nothing. */
class Shelf {
  static async open(folder) {
    try {
      return new Shelf(await caches.open(CACHE), folder);
    } catch {
      return new Shelf(null, folder);
    }
  }

  constructor(cache, folder) {
    this.cache = cache;
    this.folder = folder;
  }

  key(sha256) {
    return new URL(`.cached/${sha256}`, this.folder).href;
  }

  async get(sha256) {
    try {
      const kept = await this.cache?.match(this.key(sha256));
      return kept && new Uint8Array(await kept.arrayBuffer());
    } catch {
      return undefined;
    }
  }

  /** Keeps a file; returns whether it did: a full disk only costs the next visit a download. */
  async put(sha256, bytes) {
    try {
      await this.cache.put(this.key(sha256), new Response(bytes));
      return true;
    } catch {
      return false;
    }
  }

  async remove(sha256) {
    await this.cache?.delete(this.key(sha256)).catch(() => false);
  }

  /** Removes what this folder's former weights left behind. */
  async keepOnly(hashes) {
    const wanted = new Set(hashes.map((sha256) => this.key(sha256)));
    const prefix = this.key("");
    try {
      for (const request of await this.cache.keys()) {
        if (request.url.startsWith(prefix) && !wanted.has(request.url)) await this.cache.delete(request);
      }
    } catch {
      // Leftovers cost room only.
    }
  }
}

/** Removes all cached weights. Returns whether there were any. */
export async function clearCache() {
  try {
    return await caches.delete(CACHE);
  } catch {
    return false;
  }
}

/**
 * Loads the bundle in `folder` (a URL ending in "/") into a new `WeightsLoader`.
 * `report({received, total, cached, file})` is called as bytes come in.
 * Returns `{loader, total, cached, kept}`; `kept` says whether the next visit finds the files here.
 */
export async function loadWeights(WeightsLoader, folder, report) {
  const manifest = await fetchManifest(folder);
  let loader;
  let files;
  try {
    loader = new WeightsLoader(manifest);
    files = loader.files();
  } catch (error) {
    throw new PageError("manifest", textOf(error));
  }
  const shelf = await Shelf.open(folder);
  const state = { received: 0, total: files.reduce((sum, file) => sum + file.bytes, 0), cached: 0, file: "" };
  let kept = true;
  for (const file of files) {
    state.file = file.name;
    report(state);
    if (await addCached(loader, file, shelf, state)) {
      report(state);
      continue;
    }
    const bytes = await addDownloaded(loader, file, folder, state, report);
    kept = (await shelf.put(file.sha256, bytes)) && kept;
  }
  await shelf.keepOnly(files.map((file) => file.sha256));
  return { loader, total: state.total, cached: state.cached, kept };
}

async function fetchManifest(folder) {
  const url = new URL("manifest.json", folder);
  let response;
  try {
    response = await fetch(url, { cache: "no-cache" });
    if (response.ok) return await response.text();
  } catch (error) {
    throw new PageError("network", `manifest.json: ${textOf(error)}`);
  }
  throw new PageError("manifest-missing", `${url.pathname}: the server answered ${response.status}`);
}

async function addCached(loader, file, shelf, state) {
  const bytes = await shelf.get(file.sha256);
  if (!bytes) return false;
  try {
    loader.add(file.name, bytes);
  } catch {
    // A damaged cache entry is fetched anew.
    await shelf.remove(file.sha256);
    return false;
  }
  state.received += file.bytes;
  state.cached += file.bytes;
  return true;
}

/** Downloads and adds one file; a first copy that fails is fetched once more past the HTTP cache. */
async function addDownloaded(loader, file, folder, state, report) {
  const before = state.received;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const bytes = await download(file, folder, attempt ? "reload" : "default", (got) => {
        state.received = before + got;
        report(state);
      });
      loader.add(file.name, bytes);
      return bytes;
    } catch (error) {
      state.received = before;
      const known = PageError.from(error, "weights-corrupt");
      if (attempt > 0 || known.code === "weights-missing") throw known;
    }
  }
}

async function download(file, folder, cache, progress) {
  let response;
  try {
    response = await fetch(new URL(file.name, folder), { cache });
  } catch (error) {
    throw new PageError("network", `${file.name}: ${textOf(error)}`);
  }
  if (!response.ok) throw new PageError("weights-missing", `${file.name}: the server answered ${response.status}`);
  const bytes = new Uint8Array(file.bytes);
  let got = 0;
  try {
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      if (got + value.length > bytes.length) {
        await reader.cancel();
        throw new PageError("weights-corrupt", `${file.name} is longer than the ${bytes.length} bytes it should have`);
      }
      bytes.set(value, got);
      got += value.length;
      progress(got);
    }
  } catch (error) {
    if (error instanceof PageError) throw error;
    throw new PageError("weights-short", `${file.name}, after ${got} of ${bytes.length} bytes: ${textOf(error)}`);
  }
  if (got < bytes.length) throw new PageError("weights-short", `${file.name}: ${got} of ${bytes.length} bytes arrived`);
  return bytes;
}
