// All that a browser sends, and on whose behalf: a proxy that it cannot pass by sees what leaves, and the browser's own
// log of its network stack says who asked. Neither needs a list of what some version of a browser asks for itself.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { recordingProxy, serve } from "./server.mjs";

/** What the log names as the initiator of a request that no page, frame or worker has asked for. */
const NOBODY = "not an origin";
/** The origins of the browser's own pages, such as a new tab's; no site can have one of them. */
const BUILT_IN = /^(chrome|chrome-[a-z]+|devtools):/;
const PORTS = { "http:": 80, "ws:": 80, "https:": 443, "wss:": 443 };

/**
 * What the net log at `path` has, written in full when its browser is closed: `{requests, datagrams}`. A request is
 * `{url, host, initiator}`, one entry for each redirect too: `host` has its port, `initiator` is the origin that asked.
 * A datagram is the address it went to.
 */
export function readNetLog(path) {
  const { constants, events } = JSON.parse(readFileSync(path, "utf8"));
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
 * Tells the requests of the page at `home`, of its frames and of its workers from the browser's own, by the log and by
 * the hosts that the proxy was `asked` for. What went to the page's own host is left out. `{page, browser, unexplained}`:
 * addresses that an origin has asked for, and the page's is the only one that is open; hosts that the browser asked for
 * itself, as its log says of every request there; and what no request accounts for, such as a connection made ahead or
 * a datagram, of which nobody can say that it is not the page's.
 */
export function attribute({ requests, datagrams }, asked, home) {
  const { host: own, origin } = new URL(home);
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
 * Serves `root` to a browser that is watched, has `act({stage, site, proxy})` done in it, closes it and gives what
 * `attribute` finds, with `asked`: the hosts of all requests that the proxy saw, one for each.
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
      // The test's own proxy is asked for loopback addresses too, which browsers leave out otherwise.
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
