// Loading the weights: progress, the cache between visits, and everything that can be wrong with them.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { faults } from "./server.mjs";
/** @import { Misbehaviour } from "./server.mjs" */

const FOLDER = `/weights/${BUNDLE}/`;
const SHARD = `${FOLDER}${readdirSync(`${DIST}${FOLDER}`).find((name) => name.endsWith(".bpk"))}`;
const SHARD_BYTES = statSync(`${DIST}${SHARD}`).size;

let stage;
before(async () => {
  stage = await launch();
});
afterEach(() => stage.server.heal());
after(() => stage.close());

test("progress tells real bytes", async () => {
  // About two seconds for the shard.
  stage.server.fault(SHARD, faults.slow(SHARD_BYTES / 2));
  const { page, person } = await stage.open();
  const seen = [];
  await page.exposeFunction("note", (text, value) => seen.push([text, value]));
  await page.evaluate(() => {
    const bar = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));
    const look = () => window.note(document.getElementById("loading-bytes").textContent, bar.value);
    new MutationObserver(look).observe(document.getElementById("loading-bytes"), { childList: true, characterData: true, subtree: true });
  });
  await page.locator("#loading-title", { hasText: "Downloading weights" }).waitFor();
  assert.equal(await page.locator("#backend").getAttribute("data-state"), "busy");
  await person.waitForModel();
  const part = seen.map(([text, value]) => [/^([\d.]+) of ([\d.]+) MB$/.exec(text), value]).filter(([found]) => found);
  assert.ok(part.length >= 3, `only ${part.length} steps were told`);
  assert.ok(part.some(([, value]) => value > 0.2 && value < 0.9), "the bar was seen half-way");
  assert.ok(await page.locator("#loading").isHidden(), "the bar goes when the model is ready");
});

test("a second visit takes the weights from the cache, until that is cleared", async () => {
  const { page, person } = await stage.open();
  const context = page.context();
  await person.waitForModel();
  assert.match(await page.locator("#facts").textContent(), /downloaded/);
  const asked = () => stage.server.requests.filter((path) => path === SHARD).length;
  const before = asked();

  const second = await stage.open("", { context });
  await second.person.waitForModel();
  assert.equal(asked(), before, "the shard was not asked for again");
  assert.match(await second.page.locator("#facts").textContent(), /from this browser's cache/);
  await second.person.pickSample(0);
  await second.person.segment("a building");

  await second.page.getByText("Model and engine", { exact: true }).click();
  await second.page.getByRole("button", { name: "Clear cached weights" }).click();
  await second.page.getByText("Cleared").waitFor();
  const third = await stage.open("", { context });
  await third.person.waitForModel();
  assert.equal(asked(), before + 1, "after clearing it is downloaded");
});

test("a damaged cached file is fetched again", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  const damaged = await page.evaluate(async () => {
    const cache = await caches.open("s4eca-weights");
    const keys = await cache.keys();
    for (const key of keys) await cache.put(key, new Response(new Uint8Array(100)));
    return keys.length;
  });
  assert.ok(damaged >= 2);
  const second = await stage.open("", { context: page.context() });
  await second.person.waitForModel();
  assert.match(await second.page.locator("#facts").textContent(), /downloaded/);
});

test("without the Cache API the page works and says that nothing is kept", async () => {
  stage.server.change("/www/model/worker.js", (text) => `delete self.caches; Object.defineProperty(self, "caches", { value: undefined });\n${text}`);
  const { page, person } = await stage.open();
  await person.waitForModel();
  assert.match(await page.locator("#facts").textContent(), /not stored in this browser/);
});

/** This bundle's manifest with the model of the other preset. */
function asOtherPreset(text) {
  const other = JSON.parse(readFileSync(`${DIST}/weights/${BUNDLE === "tiny" ? "micro" : "tiny"}/manifest.json`, "utf8"));
  return JSON.stringify({ ...JSON.parse(text), model: other.model, preset: other.preset });
}

/** This bundle's manifest as if its network had the adapters of a baseline. */
function asBaseline(text) {
  const { model, ...rest } = JSON.parse(text);
  return JSON.stringify({ ...rest, model: { ...model, tuning: "detris" } });
}

const shard = SHARD.slice(FOLDER.length);
/** @type {[name: string, path: string, how: Misbehaviour, codes: string[], mention: string][]} */
const BROKEN = [
  ["a shard missing", SHARD, faults.missing, ["weights-missing"], shard],
  ["a shard truncated", SHARD, faults.truncated, ["weights-short"], shard],
  ["a shard with a flipped bit", SHARD, faults.corrupt, ["weights-corrupt"], shard],
  ["a shard whose connection breaks", SHARD, faults.cut, ["weights-short", "network"], shard],
  ["no manifest", `${FOLDER}manifest.json`, faults.missing, ["manifest-missing"], "manifest.json"],
  ["a manifest that is no JSON", `${FOLDER}manifest.json`, faults.truncated, ["manifest"], ""],
  [
    "a manifest of another preset",
    `${FOLDER}manifest.json`,
    faults.replaced(asOtherPreset),
    ["manifest", "weights"],
    "",
  ],
  ["a manifest of a baseline", `${FOLDER}manifest.json`, faults.replaced(asBaseline), ["manifest"], "only the native program"],
  ["the engine missing", "/pkg/s4eca_bg.wasm", faults.missing, ["engine-missing"], "s4eca_bg.wasm"],
  ["the engine truncated", "/pkg/s4eca_bg.wasm", faults.truncated, ["engine"], ""],
];
for (const [name, path, how, codes, mention] of BROKEN) {
  test(`${name}: a message that names it, and Try again works once it is mended`, async () => {
    stage.server.fault(path, how);
    const { page, person } = await stage.open();
    const { title, advice, detail } = await person.seesProblem();
    const code = await page.locator("#problem").getAttribute("data-code");
    assert.ok(codes.includes(code), `${code}: ${title} / ${detail}`);
    assert.ok(detail.includes(mention), `“${detail}” names ${mention}`);
    assert.ok(advice.length > 20);
    assert.equal(await page.locator("#backend-text").textContent(), "Not ready");
    await person.pickSample(0);
    await person.type("a roof");
    await person.press();
    await person.seesProblem(code);
    stage.server.heal();
    await page.getByRole("button", { name: "Try again" }).click();
    await person.waitForModel();
    await person.segment("a roof");
    assert.ok(await person.hasNoProblem());
  });
}

test("a name of weights that leads elsewhere is not followed", async () => {
  const { page } = await stage.open("", { bundle: "../pkg" });
  await page.locator("#backend:not([data-state=busy])").waitFor();
  assert.equal(stage.server.requests.filter((path) => path === "/pkg/manifest.json").length, 0);
});
