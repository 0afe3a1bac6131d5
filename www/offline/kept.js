// Measures and clears the page's storage in this browser: its own files (sw.js) and the weights (model/shelf.js).
import { WEIGHTS_CACHE } from "../model/shelf.js";

/** The cache that sw.js fills. */
const PAGE_CACHE = "s4eca-page";

/**
 * Bytes that the page at `root` stores: `{page, weights, free}`. `free` is the space that the browser still allows, or
 * null if the browser does not state it. `page` and `weights` are 0 if storage is denied.
 *
 * @param {string} root
 */
export async function usage(root) {
  const [page, weights, estimate] = await Promise.all([
    sizeOf(PAGE_CACHE, root),
    sizeOf(WEIGHTS_CACHE, root),
    navigator.storage?.estimate?.().catch(() => null),
  ]);
  const free = estimate?.quota === undefined ? null : Math.max(0, estimate.quota - (estimate.usage ?? 0));
  return { page, weights, free };
}

/**
 * Removes all of it and the service worker; other pages of the same host keep theirs. Returns the bytes freed.
 *
 * @param {string} root
 */
export async function clear(root) {
  const { page, weights } = await usage(root);
  await unregister(root).catch(() => false);
  for (const name of [PAGE_CACHE, WEIGHTS_CACHE]) await empty(name, root).catch(() => false);
  return page + weights;
}

/** @param {string} name @param {string} root */
async function sizeOf(name, root) {
  try {
    if (!(await caches.has(name))) return 0;
    const cache = await caches.open(name);
    const sizes = (await keysUnder(cache, root)).map(async (request) => length(await cache.match(request)));
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

/** @param {Response | undefined} response */
async function length(response) {
  return Number(response?.headers.get("Content-Length")) || ((await response?.blob())?.size ?? 0);
}

/** @param {Cache} cache @param {string} root */
async function keysUnder(cache, root) {
  return (await cache.keys()).filter(({ url }) => url.startsWith(root));
}

/** @param {string} name @param {string} root */
async function empty(name, root) {
  const cache = await caches.open(name);
  for (const request of await keysUnder(cache, root)) await cache.delete(request);
  if ((await cache.keys()).length === 0) await caches.delete(name);
}

/** @param {string} root */
async function unregister(root) {
  const registration = await navigator.serviceWorker?.getRegistration(root);
  if (registration?.scope === root) await registration.unregister();
}
