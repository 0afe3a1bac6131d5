// Records everything that a browser sends, and on whose behalf: a proxy that it cannot bypass sees all traffic, and the
// browser's own network log names the origin of each request. Neither needs a list of the requests that a browser
// version makes on its own.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { recordingProxy, serve } from "./server.mjs";
/** @import { Server } from "./server.mjs" */

/**
 * @typedef {{ url: string, host: string, initiator: string }} Sent A request in the log, with the origin that made it.
 * @typedef {Awaited<ReturnType<typeof launch>>} Stage
 * @typedef {{ stage: Stage, site: Server, proxy: Awaited<ReturnType<typeof recordingProxy>> }} Watch
 */

/** The log's initiator of a request that no page, frame or worker has made. */
const NOBODY = "not an origin";
/** The origins of the browser's own pages, such as a new tab; no site can have one of them. */
const BUILT_IN = /^(chrome|chrome-[a-z]+|devtools):/;
/** @type {Record<string, number>} */
const PORTS = { "http:": 80, "ws:": 80, "https:": 443, "wss:": 443 };

/**
 * Reads the net log at `path`, which is complete once its browser is closed: `{requests, datagrams}`. A request is
 * `{url, host, initiator}`, with one entry for each redirect: `host` includes the port, `initiator` is the origin that
 * made the request. A datagram is the address it was sent to.
 *
 * @param {string} path
 */
function readNetLog(path) {
  /** @type {{ constants: any, events: any[] }} */
  const { constants, events } = JSON.parse(readFileSync(path, "utf8"));
  /** @param {string} name @returns {any[]} */
  const paramsOf = (name) => {
    const type = constants.logEventTypes[name];
    assert.ok(type !== undefined, `the net log of this browser knows no ${name}`);
    return events.filter((event) => event.type === type && event.params).map(({ params }) => params);
  };
  const requests = [];
  for (const { url, initiator } of paramsOf("URL_REQUEST_START_JOB")) {
    if (!url) continue;
    const { protocol, hostname, port } = new URL(url);
    if (!PORTS[protocol]) continue;
    requests.push({ url, host: `${hostname}:${port || PORTS[protocol]}`, initiator });
  }
  return { requests, datagrams: paramsOf("UDP_BYTES_SENT").map(({ address }) => address) };
}

/**
 * Separates the requests of the page at `home`, its frames and its workers from the browser's own, by the log and by
 * the hosts in `asked`, which the proxy has seen. Requests to the page's own host are omitted. Returns `{page, browser,
 * unexplained}`. `page` are the addresses that an origin requested; only the page's origin is open. `browser` are hosts
 * whose requests, according to the log, were all made by the browser itself. `unexplained` is traffic that no request
 * accounts for, such as a preconnection or a datagram, which may be the page's.
 *
 * @param {{ requests: Sent[], datagrams: string[] }} log
 * @param {string[]} asked
 * @param {string} home
 */
export function attribute({ requests, datagrams }, asked, home) {
  const { host: own, origin } = new URL(home);
  /** @param {Sent} request */
  const isBrowsers = ({ initiator }) => initiator === NOBODY || BUILT_IN.test(initiator);
  assert.ok(requests.some(({ host, initiator }) => host === own && initiator === origin), "the log names who asks");
  const abroad = requests.filter(({ host }) => host !== own);
  const logged = new Set(abroad.map(({ host }) => host));
  const page = abroad.filter((request) => !isBrowsers(request));
  const pages = new Set(page.map(({ host }) => host));
  const seen = [...new Set(asked)].filter((host) => host !== own);
  return {
    page: [...new Set(page.map(({ url }) => url))],
    browser: seen.filter((host) => logged.has(host) && !pages.has(host)),
    unexplained: [...seen.filter((host) => !logged.has(host)), ...new Set(datagrams)],
  };
}

/**
 * Serves `root` to a watched browser, runs `act({stage, site, proxy})` in it and closes it. Returns the result of
 * `attribute` and `asked`: the hosts of all requests that the proxy saw, one entry per request.
 *
 * @param {string} root
 * @param {(watch: Watch) => Promise<void>} act
 */
export async function watched(root, act) {
  const folder = mkdtempSync(join(tmpdir(), "s4eca-net-log-"));
  const log = join(folder, "log.json");
  const site = await serve(root);
  const proxy = await recordingProxy(site.port);
  try {
    const stage = await launch({
      root,
      args: [`--log-net-log=${log}`],
      // Sends loopback addresses through the test's proxy too, which browsers bypass by default.
      proxy: { server: proxy.url, bypass: "<-loopback>" },
    });
    try {
      await act({ stage, site, proxy });
    } finally {
      await stage.close();
    }
    return { asked: proxy.asked, ...attribute(readNetLog(log), proxy.asked, site.url) };
  } finally {
    await proxy.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
