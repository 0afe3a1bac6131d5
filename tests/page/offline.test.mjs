// Offline use: the service worker, its updates, and its behaviour if storage is denied or full.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, test } from "node:test";
import { BUNDLE, DIST, launch, visit } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";

describe("offline", () => {
  let stage;
  afterEach(async () => {
    await stage?.close();
  });

  test("after one visit the server is stopped: the page reloads, opens a scene and segments", async () => {
    stage = await launch();
    const { page, person } = await stage.open();
    await person.waitForModel();
    await person.isKept();
    await stage.server.close();
    await assert.rejects(fetch(stage.server.url), "nobody answers any more");
    await page.reload();
    assert.match(await person.waitForModel(), /CPU|WebGPU/);
    assert.match(await page.locator("#facts").textContent(), /from this browser's cache/);
    await person.pickSample(0);
    await person.segment("a building");
    assert.match((await person.save("mask-png")).name, /\.png$/);
    if (!noScenes) {
      await person.chooseFiles(scenePath("deflate.tif"));
      await person.seesImage("deflate.tif");
      await person.segment("the water");
      for (const kind of ["geojson", "geotiff", "geopackage"]) assert.ok((await person.save(kind)).bytes.length > 100, kind);
      // This one needs the full module.
      await person.chooseFiles(scenePath("own-albers.tif"));
      await person.seesImage("own-albers.tif");
    }
    assert.ok(await person.hasNoProblem());
  });

  test("it can be installed: a manifest with name, icons and start", async () => {
    stage = await launch();
    const { page } = await stage.open();
    const href = await page.locator('link[rel="manifest"]').getAttribute("href");
    const manifest = await (await fetch(new URL(href, stage.server.url))).json();
    assert.ok(manifest.name && manifest.start_url && manifest.display === "standalone");
    for (const { src, sizes } of manifest.icons) {
      const icon = await fetch(new URL(src, new URL(href, stage.server.url)));
      assert.equal(icon.status, 200, src);
      assert.match(sizes, /\d+x\d+|any/);
    }
    const session = await page.context().newCDPSession(page);
    const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
    const other = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
    assert.deepEqual(other, []);
  });

  test("below a path, as on a project's pages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "s4eca-path-"));
    try {
      cpSync(DIST, join(folder, "project"), { recursive: true });
      stage = await launch({ root: folder });
      const context = await stage.browser.newContext();
      const { page, person } = await visit(context, `${stage.server.url}project/?weights=${BUNDLE}`);
      await person.waitForModel();
      await person.isKept();
      await stage.server.close();
      await page.reload();
      await person.waitForModel();
      await person.pickSample(0);
      await person.segment("a building");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("what is kept is told with its size, and can be cleared", async () => {
    stage = await launch();
    const { page, person } = await stage.open();
    await person.waitForModel();
    await person.isKept();
    await page.getByText("Model and engine", { exact: true }).click();
    const cache = page.locator("#cache");
    assert.match(await cache.textContent(), /page and engine \d+\.\d MB, weights \d+\.\d MB/);
    assert.ok(Number(await cache.getAttribute("data-page")) > 1e6 && Number(await cache.getAttribute("data-weights")) > 1e4);
    await page.locator("#clear-cache").click();
    await page.locator("#cache-note", { hasText: "Cleared" }).waitFor();
    assert.equal(await cache.getAttribute("data-weights"), "0");
    assert.deepEqual(await page.evaluate(() => caches.keys()), []);
    assert.equal(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length)), 0);
    await person.pickSample(0);
    await person.segment("a building");
  });
});

describe("updates", () => {
  let folder;
  let stage;
  after(async () => {
    await stage?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test("while a tab is open: it goes on with what it has, says so, and takes the new version when told; only changes are fetched", async () => {
    folder = mkdtempSync(join(tmpdir(), "s4eca-update-"));
    cpSync(DIST, folder, { recursive: true });
    stage = await launch({ root: folder });
    const { page, person } = await stage.open();
    await person.waitForModel();
    await person.isKept();
    await person.pickSample(0);

    // A new version: one text of the page is changed, and the build's script hashes the file.
    const words = join(folder, "www/text/en.js");
    writeFileSync(words, readFileSync(words, "utf8").replace('undo: "Undo"', 'undo: "Take back"'));
    await rebuildShell(folder);
    stage.server.requests.length = 0;
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
    await page.locator("#update", { hasText: "new version" }).waitFor();
    const fetched = stage.server.requests.filter((path) => !path.endsWith("sw.js"));
    assert.deepEqual(fetched, ["/www/text/en.js"], "only what has changed is fetched");

    await person.segment("a building");
    assert.equal(await page.locator("#undo").getAttribute("aria-label"), "Undo", "the open tab goes on with its own files");
    const other = await stage.open("", { context: page.context() });
    await other.person.waitForModel();
    assert.equal(await other.page.locator("#undo").getAttribute("aria-label"), "Undo", "so does a second tab");
    await page.getByRole("button", { name: "Reload now" }).click();
    await page.locator("#update", { hasText: "other tab" }).waitFor();
    await other.page.close();
    await page.getByRole("button", { name: "Reload now" }).click();
    await page.locator('#undo[aria-label="Take back"]').waitFor();
    await person.waitForModel();
  });

  test("new weights: only the changed shards are fetched", async () => {
    const { page, person } = await stage.open("", { bundle: "tiny" });
    await person.waitForModel();
    await person.isKept();
    const weights = join(folder, "weights/tiny");
    const manifest = JSON.parse(readFileSync(join(weights, "manifest.json"), "utf8"));
    const shards = readdirSync(weights).filter((name) => name.endsWith(".bpk"));
    assert.ok(shards.length >= 2, "more than one shard");
    // The shards stay the same; one more credit makes a new manifest.
    manifest.credits = [...(manifest.credits ?? []), "a new training"];
    writeFileSync(join(weights, "manifest.json"), JSON.stringify(manifest));
    stage.server.requests.length = 0;
    const later = await stage.open("", { bundle: "tiny", context: page.context() });
    await later.person.waitForModel();
    await later.person.isKept();
    const asked = stage.server.requests.filter((path) => path.startsWith("/weights/tiny/"));
    assert.deepEqual(asked, ["/weights/tiny/manifest.json"], "no shard has changed, and none is fetched");
    await later.page.close();

    // An incomplete set: one of the large files is no longer in the browser's cache.
    await page.evaluate(async () => {
      const cache = await caches.open("s4eca-weights");
      for (const request of await cache.keys()) {
        const { size } = await (await cache.match(request)).blob();
        if (size > 1e6) {
          await cache.delete(request);
          break;
        }
      }
    });
    stage.server.requests.length = 0;
    const third = await stage.open("", { bundle: "tiny", context: page.context() });
    await third.person.waitForModel();
    await third.person.isKept();
    assert.equal(stage.server.requests.filter((path) => path.endsWith(".bpk")).length, 1, "one shard is fetched, the other kept");
    assert.match(await third.page.locator("#facts").textContent(), /partly from cache/);
  });
});

/** Writes the list of files with their hashes into sw.js, as scripts/dist.sh does at its end. */
async function rebuildShell(folder) {
  const { execFileSync } = await import("node:child_process");
  execFileSync(process.execPath, ["scripts/shell.mjs", folder], { stdio: "ignore" });
}

describe("a browser that keeps nothing", () => {
  let stage;
  afterEach(() => stage?.close());

  /** Opens the page; `code` runs in it, and in its model worker if `change`, before anything else. */
  async function opens(code, change = true) {
    stage = await launch();
    if (change) stage.server.change("/www/model/worker.js", (text) => `${code}\n${text}`);
    const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(code);
    return stage.open("", { context });
  }

  async function works({ page, person }, word) {
    await person.waitForModel();
    await page.locator("#cache", { hasText: word }).waitFor({ state: "attached" });
    await person.pickSample(0);
    await person.segment("a building");
    assert.ok(await person.hasNoProblem());
  }

  test("a private window that denies caches, service workers and localStorage: the page works, and says so", async () => {
    await works(
      await opens(`for (const name of ["caches", "localStorage"]) {
        Object.defineProperty(globalThis, name, { get() { throw new DOMException("denied", "SecurityError"); } });
      }
      if (globalThis.ServiceWorkerContainer) ServiceWorkerContainer.prototype.register =
        () => Promise.reject(new DOMException("denied", "SecurityError"));`),
      /no storage|cannot store|private/,
    );
  });

  test("no room left: the page works, and says that it could not be kept", async () => {
    stage = await launch();
    const { page, person } = await stage.open();
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(stage.server.url);
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 200_000 });
    await page.reload();
    await works({ page, person }, /[Nn]ot enough space|could not be stored|cannot store/);
  });

  test("two tabs at once: both start, both segment, one download", async () => {
    stage = await launch();
    const context = await stage.browser.newContext();
    const tabs = await Promise.all([stage.open("", { context }), stage.open("", { context })]);
    for (const { person } of tabs) await person.waitForModel();
    for (const [i, { page, person }] of tabs.entries()) {
      await page.bringToFront();
      await person.pickSample(i);
      await person.segment("a building");
      assert.ok(await person.hasNoProblem());
    }
    await tabs[0].person.isKept();
    await stage.server.close();
    for (const { page, person } of tabs) {
      await page.reload();
      await person.waitForModel();
    }
  });
});
