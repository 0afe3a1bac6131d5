// A static server for dist/, for this machine only: `node scripts/serve.mjs [PORT] [FOLDER]`. Tests import serve().
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { typeOf } from './types.mjs';
/**
 * @import { IncomingMessage, ServerResponse } from "node:http"
 * @import { AddressInfo } from "node:net"
 */

/** @param {string} root @param {IncomingMessage} request @param {ServerResponse} response */
async function answer(root, request, response) {
  /** @param {number} status @param {string} text */
  const refuse = (status, text) => response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'GET and HEAD only');
  let path;
  try {
    path = decodeURIComponent(new URL(request.url ?? '', 'http://localhost').pathname);
  } catch {
    return refuse(400, 'not a path');
  }
  let file = join(root, normalize(path));
  if (path.includes('\0') || (file !== root && !file.startsWith(root + sep))) return refuse(403, 'outside the folder');
  let found = await stat(file).catch(() => null);
  if (found?.isDirectory()) {
    file = join(file, 'index.html');
    found = await stat(file).catch(() => null);
  }
  if (!found?.isFile()) return refuse(404, `${path} is not here`);
  // The client asks again each time, and a file is sent again only if it has changed, as with static hosts.
  const etag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  const headers = { etag, 'cache-control': 'no-cache' };
  if (request.headers['if-none-match'] === etag) return response.writeHead(304, headers).end();
  response.writeHead(200, { ...headers, 'content-type': typeOf(file), 'content-length': found.size });
  if (request.method === 'HEAD') return response.end();
  pipeline(createReadStream(file), response, () => {});
}

/**
 * Serves `folder` on localhost; port 0 takes any free one. Resolves to { url, close() }.
 *
 * @param {string} folder
 * @param {number} port
 */
export async function serve(folder, port = 0) {
  const root = resolve(folder);
  const server = createServer((request, response) => answer(root, request, response));
  await new Promise((/** @type {(value?: unknown) => void} */ done, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', done);
  });
  const close = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
  return { url: `http://localhost:${/** @type {AddressInfo} */ (server.address()).port}/`, close };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const port = Number(process.argv[2] ?? 8000);
  const folder = process.argv[3] ?? 'dist';
  try {
    const { url } = await serve(folder, port);
    console.log(`\nThe page is at ${url} (Ctrl-C ends it)`);
  } catch (/** @type {any} */ error) {
    const busy = error.code === 'EADDRINUSE' ? 'it is in use; name another one: ./build.sh serve PORT' : error.message;
    console.error(`Cannot serve on port ${process.argv[2] ?? 8000}: ${busy}`);
    process.exitCode = 1;
  }
}
