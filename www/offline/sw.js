// The service worker: keeps the page's own files, so that it opens without a network. It lies at the root of dist/,
// where scripts/shell.mjs puts it with the list of those files. Weights are none of its business: model/shelf.js keeps
// them. Files lie under their sha256: an update fetches what has changed and nothing else, and the version that is
// in use keeps all of its own until no tab uses it any more.
const SHELL = { version: "", files: [] };

const CACHE = "s4eca-page";
const ROOT = new URL("./", self.location);
const KEPT = { "X-S4eca-Kept": "yes" };
const FETCHES_AT_ONCE = 4;

const keyOf = ({ sha256 }) => new URL(`.kept/${sha256}`, ROOT).href;
const byPath = new Map(SHELL.files.map((file) => [new URL(file.path, ROOT).pathname, file]));
byPath.set(ROOT.pathname, byPath.get(new URL("index.html", ROOT).pathname));

// ---- Answers ----

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== ROOT.origin) return;
  const file = byPath.get(pathname);
  if (file) event.respondWith(answer(file, event.request));
  // What this version consists of, for whoever asks within the page.
  else if (pathname === new URL("shell.json", ROOT).pathname) event.respondWith(shell());
});

function shell() {
  return new Response(JSON.stringify(SHELL), { headers: { "Content-Type": "application/json" } });
}

async function answer(file, request) {
  const kept = await caches.match(keyOf(file), { cacheName: CACHE }).catch(() => undefined);
  // The browser or the person may have cleared the cache under a page that is open.
  return kept ?? fetch(request);
}

// ---- A new version comes ----

self.addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  const first = !self.registration.active;
  const added = [];
  try {
    const cache = await caches.open(CACHE);
    const known = new Set((await cache.keys()).map((request) => request.url));
    const missing = SHELL.files.filter((file) => !known.has(keyOf(file)));
    const lanes = Array.from({ length: FETCHES_AT_ONCE }, () => keepAll(cache, missing, added));
    // All of them have ended before anything is cleared up.
    const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  } catch (error) {
    // Half of a version is worth something to the next try, but not where there is no room for the rest.
    const code = error.name === "QuotaExceededError" ? "quota" : "failed";
    if (code === "quota") await forget(added);
    await tell({ kind: "not-kept", first, code, message: error.message });
    throw error;
  }
}

/** Keeps the `missing` files, of which other lanes take some; the first that fails ends all lanes. */
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

/** The bytes of `file`; a copy in the HTTP cache that is of another version is passed by. */
async function download({ path, sha256 }) {
  for (const cache of ["default", "reload"]) {
    const response = await fetch(new URL(path, ROOT), { cache });
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    const body = await response.arrayBuffer();
    if ((await hash(body)) === sha256) return body;
  }
  throw new Error(`${path} on the server is not the file this version was built with`);
}

async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function forget(keys) {
  const cache = await caches.open(CACHE);
  await Promise.all(keys.map((key) => cache.delete(key)));
}

async function tell(message) {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const tab of tabs) tab.postMessage(message);
}

// ---- It takes over ----

self.addEventListener("activate", (event) => event.waitUntil(activate()));

async function activate() {
  // No tab is left that uses the former version, so its files can go.
  const wanted = new Set(SHELL.files.map(keyOf));
  const cache = await caches.open(CACHE);
  const mine = (await cache.keys()).filter(({ url }) => url.startsWith(new URL(".kept/", ROOT).href));
  await forget(mine.map(({ url }) => url).filter((url) => !wanted.has(url)));
  // The first visit's tab has come from the server: from here on it needs it no more.
  const tabs = await self.clients.matchAll({ type: "window" });
  if (tabs.length === 0) await self.clients.claim();
}

// A waiting version takes over when the person says so, and never under a tab that still uses the former one.
self.addEventListener("message", (event) => {
  if (event.data?.kind === "take-over") event.waitUntil(takeOver(event.source, event.ports[0]));
});

async function takeOver(asking, port) {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const others = tabs.filter(({ id, url }) => id !== asking.id && url.startsWith(ROOT.href)).length;
  port.postMessage({ others });
  if (others === 0) await self.skipWaiting();
}
