// The service worker: stores the page's own files, so that the page opens offline. scripts/shell.mjs writes it to the
// root of dist/, with the list of those files. It does not handle weights: model/shelf.js stores them. Files are stored
// under their sha256: an update fetches only what has changed, and the version in use keeps all its files until no tab
// uses it any more.

/** @typedef {{ path: string, bytes: number, type: string, sha256: string }} ShellFile */

/** @type {{ version: string, files: ShellFile[] }} */
const SHELL = { version: "", files: [] };

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const CACHE = "s4eca-page";
const ROOT = new URL("./", worker.location.href);
const KEPT = { "X-S4eca-Kept": "yes" };
const FETCHES_AT_ONCE = 4;

/** @param {ShellFile} file */
const keyOf = ({ sha256 }) => new URL(`.kept/${sha256}`, ROOT).href;
/** @type {Map<string, ShellFile | undefined>} */
const byPath = new Map(SHELL.files.map((file) => [new URL(file.path, ROOT).pathname, file]));
byPath.set(ROOT.pathname, byPath.get(new URL("index.html", ROOT).pathname));

// ---- Responses ----

worker.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== ROOT.origin) return;
  const file = byPath.get(pathname);
  if (file) event.respondWith(answer(file, event.request));
  // The list of this version's files.
  else if (pathname === new URL("shell.json", ROOT).pathname) event.respondWith(shell());
});

function shell() {
  return new Response(JSON.stringify(SHELL), { headers: { "Content-Type": "application/json" } });
}

/** @param {ShellFile} file @param {Request} request */
async function answer(file, request) {
  const kept = await caches.match(keyOf(file), { cacheName: CACHE }).catch(() => undefined);
  // The browser or the user may have cleared the cache while the page is open.
  return kept ?? fetch(request);
}

// ---- Installing a new version ----

worker.addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  const first = !worker.registration.active;
  /** @type {string[]} */
  const added = [];
  try {
    const cache = await caches.open(CACHE);
    const known = new Set((await cache.keys()).map((request) => request.url));
    const missing = SHELL.files.filter((file) => !known.has(keyOf(file)));
    const lanes = Array.from({ length: FETCHES_AT_ONCE }, () => keepAll(cache, missing, added));
    // Waits for all of them before cleaning up.
    const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === "rejected");
    if (failed) throw failed.reason;
  } catch (/** @type {any} */ error) {
    // Files already stored help the next attempt, except if there is no space for the rest.
    const code = error.name === "QuotaExceededError" ? "quota" : "failed";
    if (code === "quota") await forget(added);
    await tell({ kind: "not-kept", first, code, message: error.message });
    throw error;
  }
}

/**
 * Stores the `missing` files, a list shared with other lanes; the first failure ends all lanes.
 *
 * @param {Cache} cache
 * @param {ShellFile[]} missing
 * @param {string[]} added
 */
async function keepAll(cache, missing, added) {
  try {
    for (let file; (file = missing.pop()); ) {
      const body = await download(file);
      const headers = { "Content-Type": file.type, "Content-Length": String(body.byteLength), ...KEPT };
      added.push(keyOf(file));
      await cache.put(keyOf(file), new Response(body, { headers }));
    }
  } catch (error) {
    missing.length = 0;
    throw error;
  }
}

/**
 * The bytes of `file`; a copy of another version in the HTTP cache is skipped.
 *
 * @param {ShellFile} file
 */
async function download({ path, sha256 }) {
  for (const cache of /** @type {const} */ (["default", "reload"])) {
    const response = await fetch(new URL(path, ROOT), { cache });
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    const body = await response.arrayBuffer();
    if ((await hash(body)) === sha256) return body;
  }
  throw new Error(`${path} on the server is not the file this version was built with`);
}

/** @param {ArrayBuffer} bytes */
async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string[]} keys */
async function forget(keys) {
  const cache = await caches.open(CACHE);
  await Promise.all(keys.map((key) => cache.delete(key)));
}

/** @param {object} message */
async function tell(message) {
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const tab of tabs) tab.postMessage(message);
}

// ---- Taking over ----

worker.addEventListener("activate", (event) => event.waitUntil(activate()));

async function activate() {
  // No tab uses the former version any more, so its files can be deleted.
  const wanted = new Set(SHELL.files.map(keyOf));
  const cache = await caches.open(CACHE);
  const mine = (await cache.keys()).filter(({ url }) => url.startsWith(new URL(".kept/", ROOT).href));
  await forget(mine.map(({ url }) => url).filter((url) => !wanted.has(url)));
  // On the first visit the tab was loaded from the server: from now on this worker serves it.
  const tabs = await worker.clients.matchAll({ type: "window" });
  if (tabs.length === 0) await worker.clients.claim();
}

// A waiting version takes over when the user asks for it, and never while another tab still uses the former one.
worker.addEventListener("message", (event) => {
  if (event.data?.kind === "take-over") event.waitUntil(takeOver(/** @type {Client} */ (event.source), event.ports[0]));
});

/** @param {Client} asking @param {MessagePort} port */
async function takeOver(asking, port) {
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const others = tabs.filter(({ id, url }) => id !== asking.id && url.startsWith(ROOT.href)).length;
  port.postMessage({ others });
  if (others === 0) await worker.skipWaiting();
}
