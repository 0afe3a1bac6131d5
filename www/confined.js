// Workers under the page's own Content-Security-Policy.

/**
 * Starts the module at `url` as a worker with the page's own network restrictions.
 *
 * A worker has the policy that its script is served with, and a static host serves none. A worker started from a
 * blob inherits the policy of the blob's creator.
 *
 * @param {URL} url
 * @param {string} name
 */
export function confinedWorker(url, name) {
  const script = new Blob([`import ${JSON.stringify(String(url))};`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script), { type: "module", name });
}
