// Never stuck: progress is shown in bytes and steps, everything can be cancelled, the page survives every failure.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { after, afterEach, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";
import { faults } from "./server.mjs";

const ENGINE = "/pkg/s4eca_bg.wasm";

let stage;
before(async () => {
  stage = await launch();
});
afterEach(() => stage.server.heal());
after(() => stage.close());

/** Records every text of the loading card from now on, each once, with the bar's value at that moment. */
async function watch(page) {
  const seen = [];
  await page.exposeFunction("noteLoading", (title, figures, value) => seen.push({ title, figures, value }));
  await page.addInitScript(() => {
    addEventListener("DOMContentLoaded", () => {
      const look = () =>
        window.noteLoading(
          document.getElementById("loading-title").textContent,
          document.getElementById("loading-bytes").textContent,
          document.getElementById("progress").getAttribute("value"),
        );
      new MutationObserver(look).observe(document.getElementById("loading"), { subtree: true, childList: true, characterData: true, attributes: true });
    });
  });
  return seen;
}

test("engine and weights in bytes, then the preparing; a second visit says that they are from the cache", async () => {
  stage.server.fault(ENGINE, faults.slow(statSync(`${DIST}${ENGINE}`).size / 2));
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
  const first = await context.newPage();
  const seen = await watch(first);
  await first.goto(`${stage.server.url}?weights=${BUNDLE}`);
  await first.locator("#backend[data-state=ready], #backend[data-state=slow]").waitFor({ timeout: 240_000 });
  const titles = [...new Set(seen.map(({ title }) => title))];
  for (const title of [/engine/i, /[Dd]ownloading weights/, /[Pp]reparing/]) assert.ok(titles.some((one) => title.test(one)), `${title} in ${titles}`);
  const engine = seen.filter(({ title }) => /engine/i.test(title)).map(({ figures }) => Number(/^([\d.]+) of ([\d.]+) MB/.exec(figures)?.[1]));
  assert.ok(new Set(engine.filter(Number.isFinite)).size > 3, `bytes of the engine, as they come: ${engine}`);
  assert.ok(seen.some(({ value }) => value > 0.2 && value < 0.9), "the bar was seen half-way");
  stage.server.heal();

  const second = await context.newPage();
  const again = await watch(second);
  await second.goto(`${stage.server.url}?weights=${BUNDLE}`);
  await second.locator("#backend[data-state=ready], #backend[data-state=slow]").waitFor({ timeout: 240_000 });
  assert.ok(again.some(({ title }) => /from cache/.test(title)), JSON.stringify([...new Set(again.map(({ title }) => title))]));
  assert.ok(!again.some(({ title }) => /[Dd]ownloading weights/.test(title)), "what is not downloaded is not called so");
  await context.close();
});

test("a wait for weights that never come can be cancelled, and the phrase is kept", async () => {
  const folder = `/weights/${BUNDLE}/`;
  const shard = `${folder}${readdirSync(`${DIST}${folder}`).find((name) => name.endsWith(".bpk"))}`;
  stage.server.fault(shard, faults.slow(1000));
  const { page, person } = await stage.open();
  await person.pickSample(0);
  await person.type("a building");
  await person.press();
  await page.locator("#running", { hasText: /[Ww]aiting/ }).waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.locator("#running").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#phrase").inputValue(), "a building");
  assert.equal((await person.layers()).length, 0);
  await page.context().close();
});

test("out of memory: words that say what to do, and the page goes on", async () => {
  stage.server.change("/www/model/worker.js", (text) => `addEventListener("message", ({ data }) => {
      if (data.kind === "segment") Promise.reject(new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory"));
    });\n${text}`);
  const { page, person } = await stage.open("&backend=cpu");
  await person.waitForModel();
  await person.pickSample(0);
  stage.server.heal();
  await person.type("a building");
  await person.press();
  const { advice } = await person.seesProblem("memory");
  assert.match(advice, /[Cc]lose other tabs|smaller/);
  await person.waitForModel();
  await person.segment("a building");
  await page.context().close();
});

test("the image reader crashes: it is started again with image and layers", { skip: noScenes }, async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.chooseFiles(scenePath("cog.tif"));
  await person.seesImage("cog.tif");
  const before = await person.segment("the water");
  const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
  const scene = page.workers()[names.indexOf("s4eca scene")];
  assert.ok(scene, `a scene worker: ${names}`);
  // Simulates a trap of the engine.
  await scene.evaluate(() => void Promise.reject(new WebAssembly.RuntimeError("unreachable")));
  await page.locator("#notices", { hasText: "restarted" }).waitFor();
  await person.rests();
  assert.match(await page.locator("#image-name").textContent(), /cog\.tif/);
  await person.set("threshold", 0.4);
  await person.segment("a field");
  await page.locator("#layers .layer-main", { hasText: "the water" }).click();
  await person.set("threshold", 0.5);
  await person.settles();
  assert.ok(Math.abs((await person.figures()).share - before.share) < 1e-9, "the former layer has its pixels again");
  await page.context().close();
});

test("an image that comes while another is read is the one that stays", { skip: noScenes }, async () => {
  const { page, person } = await stage.open();
  await person.chooseFiles(scenePath("large.tif"));
  await person.chooseFiles(scenePath("deflate.tif"));
  await person.seesImage("deflate.tif");
  await person.settles(1500);
  assert.match(await page.locator("#image-name").textContent(), /deflate\.tif/);
  assert.ok(await person.hasNoProblem());
  await page.context().close();
});

test("diagnostics are copied: engine, browser, storage and errors; no phrase, no file name, no pixel", async () => {
  const context = await stage.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const { page, person } = await stage.open("", { context });
  await person.waitForModel();
  await person.choose("secret-site.png", Buffer.from("nothing"));
  await person.seesProblem();
  const picture = { mimeType: "image/png", buffer: Buffer.from("nothing") };
  const several = ["secret-1.png", "secret-2.png"].map((name) => ({ name, ...picture }));
  await page.getByLabel("Choose an image").setInputFiles(several);
  await person.seesProblem("several-images");
  await person.pickSample(0);
  await person.segment("a secret building");
  await page.getByText("Model and engine", { exact: true }).click();
  await page.bringToFront();
  await page.locator("#diagnostics").click();
  await page.locator("#cache-note, #status, #export-note").filter({ hasText: "Copied" }).first().waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(text, /backend: cpu/);
  assert.match(text, /Chrome|HeadlessChrome/);
  assert.match(text, /not-image[^]*several-images/, "the errors that were met");
  assert.ok(!/secret/.test(text), text);
  await context.close();
});

describe("no WebGPU", () => {
  test("the message names the browsers that have it", async () => {
    stage.server.change("/www/model/worker.js", (text) => `Object.defineProperty(navigator, "gpu", { value: undefined });\n${text}`);
    const { page, person } = await stage.open("&backend=webgpu");
    await person.waitForModel();
    const said = await page.locator("#notices").textContent();
    for (const browser of ["Chrome", "Edge", "Firefox", "Safari"]) assert.match(said, new RegExp(`${browser}.*\\d+`));
    await page.context().close();
  });
});
