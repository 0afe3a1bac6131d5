// Turns offline use off: served in place of sw.js, it removes the service worker and everything the page has stored
// from every browser that visits, and reloads open tabs from the server. See docs/embedding.md.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const root = new URL("./", worker.location.href).href;
  for (const name of ["s4eca-page", "s4eca-weights"]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) if (url.startsWith(root)) await cache.delete(url);
    if ((await cache.keys()).length === 0) await caches.delete(name);
  }
  await worker.registration.unregister();
  for (const tab of await worker.clients.matchAll({ type: "window" })) await tab.navigate(tab.url);
}
