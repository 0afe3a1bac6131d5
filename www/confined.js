// Workers under the page's own Content-Security-Policy.

/**
 * Starts the module at `url` as a worker that may ask no more of the network than the page itself.
 *
 * A worker has the policy that its script is served with, and a static host serves none. One that starts from a
 * blob has the policy of who made the blob.
 */
export function confinedWorker(url, name) {
  const script = new Blob([`import ${JSON.stringify(String(url))};`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(script), { type: "module", name });
}
