// A static file server for the page's tests, which can misbehave on purpose.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, request } from "node:http";
import { join, normalize } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { typeOf } from "../../scripts/types.mjs";
/**
 * @import { OutgoingHttpHeaders, ServerResponse } from "node:http"
 * @import { AddressInfo } from "node:net"
 */

/**
 * @typedef {{ status: number, body: Buffer, cutAt?: number, bytesPerSecond?: number }} Fault
 * @typedef {(bytes: Buffer) => Fault} Misbehaviour
 * @typedef {Awaited<ReturnType<typeof serve>>} Server
 */

/** How a path can misbehave: each takes the real bytes and returns `{status, body, cutAt, bytesPerSecond}`. */
export const faults = {
  missing: () => ({ status: 404, body: Buffer.from("not found") }),
  /** The first half only, as a complete answer. */
  truncated: (/** @type {Buffer} */ bytes) => ({ status: 200, body: bytes.subarray(0, bytes.length >> 1) }),
  /** One bit flipped in the middle. */
  corrupt: (/** @type {Buffer} */ bytes) => {
    const body = Buffer.from(bytes);
    body[body.length >> 1] ^= 1;
    return { status: 200, body };
  },
  /** The connection breaks halfway through the announced length. */
  cut: (/** @type {Buffer} */ bytes) => ({ status: 200, body: bytes, cutAt: bytes.length >> 1 }),
  /** @type {(bytesPerSecond: number) => Misbehaviour} */
  slow: (bytesPerSecond) => (bytes) => ({ status: 200, body: bytes, bytesPerSecond }),
  /** @type {(change: (text: string) => string) => Misbehaviour} */
  replaced: (change) => (bytes) => ({ status: 200, body: Buffer.from(change(bytes.toString("utf8"))) }),
};

/**
 * Serves `root` on 127.0.0.1. Returns `{url, port, requests, fault, change, heal, close}`: `requests` lists the
 * requested paths, `fault(path, how)` makes a path ("/weights/tiny/x.bpk") misbehave, `change(path, edit)` edits the
 * text that is served, `heal()` undoes all of that.
 *
 * @param {string} root
 * @param {number} port
 */
export async function serve(root, port = 0) {
  /** @type {Map<string, Misbehaviour>} */
  const broken = new Map();
  /** @type {string[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "", "http://localhost").pathname);
    requests.push(path);
    const file = join(root, normalize(path.endsWith("/") ? `${path}index.html` : path));
    const headers = { "Content-Type": typeOf(file), "Cache-Control": "no-cache" };
    try {
      const info = await stat(file);
      if (!info.isFile()) throw new Error("not a file");
      const how = broken.get(path);
      if (how) {
        await misbehave(response, headers, how(await readFile(file)));
        return;
      }
      response.writeHead(200, { ...headers, "Content-Length": info.size });
      createReadStream(file).pipe(response);
    } catch {
      if (!response.headersSent) response.writeHead(404, { "Content-Type": "text/plain" });
      response.end("not found");
    }
  });
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = /** @type {AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    port: address.port,
    requests,
    fault: (/** @type {string} */ path, /** @type {Misbehaviour} */ how) => broken.set(path, how),
    change: (/** @type {string} */ path, /** @type {(text: string) => string} */ edit) =>
      broken.set(path, faults.replaced(edit)),
    heal: () => broken.clear(),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * A proxy that forwards requests to `port` of this machine and refuses all others; `asked` lists the requested hosts
 * with their ports. It sees every TCP connection of a browser behind it, whichever browser process opens it.
 *
 * @param {number} port
 */
export async function recordingProxy(port) {
  /** @type {string[]} */
  const asked = [];
  const proxy = createServer((incoming, outgoing) => {
    const { hostname, port: wanted, pathname, search } = new URL(incoming.url ?? "", "http://unknown");
    const host = `${hostname}:${wanted || 80}`;
    asked.push(host);
    if (host !== `127.0.0.1:${port}`) return outgoing.writeHead(502).end();
    const { method, headers } = incoming;
    const onward = request({ hostname, port, method, headers, path: pathname + search }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    return incoming.pipe(onward);
  });
  proxy.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  await new Promise((/** @type {(value?: unknown) => void} */ resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = /** @type {AddressInfo} */ (proxy.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    close: () => {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** @param {ServerResponse} response @param {OutgoingHttpHeaders} headers @param {Fault} fault */
async function misbehave(response, headers, { status, body, cutAt, bytesPerSecond }) {
  response.writeHead(status, { ...headers, "Content-Length": body.length });
  if (cutAt !== undefined) {
    response.write(body.subarray(0, cutAt), () => response.destroy());
    return;
  }
  const step = bytesPerSecond ? Math.max(1, Math.floor(bytesPerSecond / 20)) : body.length;
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    if (bytesPerSecond) await wait(50);
  }
  response.end();
}

// `node tests/page/server.mjs [FOLDER]` serves a folder for manual use.
if (process.argv[1] === import.meta.filename) {
  const { url } = await serve(process.argv[2] ?? "dist");
  console.log(url);
}
