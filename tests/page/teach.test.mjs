// Adapting in the tab: examples become a pack, with pause, cancel and a comparison, and all of it in a worker.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { makeExamples } from "./examples.mjs";

const skip = !existsSync(join(DIST, "pkg/s4eca_teach_bg.wasm")) && "no teaching module: ./build.sh makes it";

let stage;
before(async () => {
  stage = await launch();
});
after(() => stage.close());

/** Opens the page and gives it examples: red squares on green, masked as "the sheds". */
async function open(count = 4) {
  const visit = await stage.open();
  await visit.page.evaluate(makeExamples, count);
  return visit;
}

/** Mounts the panel beside the page's own. */
function mount(page, weights) {
  return page.evaluate(async (weights) => {
    const load = (path) => import(path);
    const { mountTeaching } = await load("/www/teach/panel.js");
    const { confinedWorker } = await load("/www/confined.js");
    const { Settings } = await load("/www/state/settings.js");
    const host = document.createElement("section");
    host.className = "part";
    document.getElementById("panel-scroll").prepend(host);
    window.keptPacks = [];
    mountTeaching(host, {
      root: new URL("/", location.href).href,
      weights,
      startWorker: confinedWorker,
      allExamples: async () => window.examples,
      keepPack: async (pack) => void window.keptPacks.push({ name: pack.name, bytes: [...pack.bytes] }),
      settings: new Settings(),
    });
  }, weights);
}

test("a worker learns from examples: the loss falls, the masks change, and a pack comes out", { skip }, async () => {
  const { page, foreign } = await open();
  const found = await page.evaluate(async (weights) => {
    const load = (path) => import(path);
    const { TeachSession } = await load("/www/teach/session.js");
    const { confinedWorker } = await load("/www/confined.js");
    const session = new TeachSession(new URL("/", location.href).href, weights, confinedWorker);
    const losses = [];
    const works = [];
    session.addEventListener("progress", ({ detail }) => {
      if (detail.phase !== "learn") return;
      works.push(detail.done / detail.total);
      if (typeof detail.loss === "number") losses.push(detail.loss);
    });
    const learned = await session.learn(window.examples, { steps: 40, rate: 3e-3 });
    const count = (mask) => mask.reduce((sum, bit) => sum + bit, 0);
    const [before, after] = (await session.compare(0)).map(count);
    const bytes = await session.pack({ name: "valley", licence: "none", credits: ["a mapper"], date: "2026-01-31" });
    session.end();
    return { learned, losses, works, before, after, start: String.fromCharCode(...bytes.slice(0, 8)), size: bytes.length };
  }, BUNDLE);
  const { learned, losses, works } = found;
  assert.equal(losses.length, 80, "40 steps with a place held back, 40 on all");
  const mean = (part) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
  assert.ok(mean(losses.slice(-8)) < 0.8 * mean(losses.slice(40, 48)), `${losses.slice(40, 48)} to ${losses.slice(-8)}`);
  assert.ok(works.every((work, at) => at === 0 || work >= works[at - 1]) && works.at(-1) > 0.98, "progress grows to the end");
  assert.ok(learned.after >= learned.before && learned.phrases[0].phrase === "the sheds");
  const wrong = (pixels) => Math.abs(pixels - 24 * 24);
  assert.ok(wrong(found.after) < wrong(found.before), `${found.before} pixels, then ${found.after}`);
  assert.equal(found.start, "S4ECAPK1");
  assert.ok(found.size < 200_000, `${found.size} bytes`);
  assert.deepEqual(foreign, []);
});

test("examples that cannot be learned from are refused in words", { skip }, async () => {
  const { page } = await open();
  const refused = (change) =>
    page.evaluate(
      async ([weights, change]) => {
        const load = (path) => import(path);
        const { TeachSession } = await load("/www/teach/session.js");
        const { confinedWorker } = await load("/www/confined.js");
        const [one, two, , far] = window.examples;
        const examples = {
          none: [],
          contradiction: [one, { ...one, maskPng: far.maskPng }],
          scales: [{ ...one, metresPerPixel: 0.1 }, { ...two, metresPerPixel: 2 }],
          damaged: [one, { ...two, png: new Blob([new Uint8Array(9)]) }],
        }[change];
        const session = new TeachSession(new URL("/", location.href).href, weights, confinedWorker);
        const error = await session.learn(examples, { steps: 1 }).then(() => null, (error) => error);
        session.end();
        return { code: error?.code, message: error?.message };
      },
      [BUNDLE, change],
    );
  const few = await refused("none");
  assert.equal(few.code, "examples");
  assert.match(few.message, /at least one/);
  const contradiction = await refused("contradiction");
  assert.equal(contradiction.code, "examples");
  assert.match(contradiction.message, /contradict each other: "the sheds"/);
  const scales = await refused("scales");
  assert.equal(scales.code, "examples");
  assert.match(scales.message, /too far apart in scale/);
  const damaged = await refused("damaged");
  assert.equal(damaged.code, "examples");
  assert.match(damaged.message, /the sheds/);
});

test("the panel adapts, pauses, resumes, shows the masks side by side and keeps the pack", { skip }, async () => {
  const { page } = await open();
  await mount(page, BUNDLE);
  const panel = page.getByRole("region", { name: "Adapt to your place" });
  await panel.getByText("4 examples of 1 phrase").waitFor();
  await panel.getByRole("button", { name: "Adapt", exact: true }).click();
  await panel.getByText("Learning, training 1 of 2").waitFor();
  await panel.getByRole("button", { name: "Pause" }).click();
  await panel.getByText("paused").waitFor();
  const bar = panel.getByRole("progressbar");
  await page.waitForTimeout(500);
  const held = await bar.evaluate((element) => /** @type {HTMLProgressElement} */ (element).value);
  await page.waitForTimeout(700);
  assert.equal(await bar.evaluate((element) => /** @type {HTMLProgressElement} */ (element).value), held, "nothing moves");
  await panel.getByRole("button", { name: "Resume" }).click();
  await panel.getByText("On examples that were held back").waitFor();
  await panel.locator("figure").nth(2).waitFor();
  const set = await panel.locator("figure").evaluateAll((all) => all.map((one) => Number(one.dataset.set)));
  assert.equal(set[2], 24 * 24, "the corrected mask");
  assert.notEqual(set[0], set[1], "the mask changed");
  await panel.getByRole("button", { name: "Next example" }).click();
  await panel.getByText("Example 2 of 4").waitFor();
  await panel.getByLabel("Name of the pack").fill("valley");
  await panel.getByRole("button", { name: "Keep pack" }).click();
  await panel.getByText("The pack “valley” is kept").waitFor();
  const kept = await page.evaluate(() => window.keptPacks.map(({ name, bytes }) => [name, bytes.length]));
  assert.equal(kept.length, 1);
  assert.ok(kept[0][0] === "valley" && kept[0][1] > 1000);
});

test("one example alone is learned, and the panel says that nothing could be checked", { skip }, async () => {
  const { page } = await open(1);
  await mount(page, BUNDLE);
  const panel = page.getByRole("region", { name: "Adapt to your place" });
  await panel.getByText("can only be checked with examples of other images").waitFor();
  await panel.getByRole("button", { name: "Adapt", exact: true }).click();
  await panel.getByText("There is only one example, so nothing could be held back").waitFor();
  await panel.getByRole("button", { name: "Keep pack" }).click();
  await panel.getByText("is kept in this browser").waitFor();
});

test("cancelled or interrupted, adapting leaves the examples and can start again", { skip }, async () => {
  const { page } = await open();
  await mount(page, BUNDLE);
  const panel = page.getByRole("region", { name: "Adapt to your place" });
  const start = panel.getByRole("button", { name: "Adapt", exact: true });
  await start.click();
  await panel.getByText("Learning, training 1 of 2").waitFor();
  await panel.getByRole("button", { name: "Cancel" }).click();
  await panel.getByText("Cancelled. The examples are kept.").waitFor();
  await start.click();
  await panel.getByText("Learning, training 1 of 2").waitFor();
  await page.reload();
  // The page's own panel says so.
  await page.locator("#adapting", { hasText: "Adapting was interrupted" }).waitFor({ state: "attached" });
  await page.evaluate(makeExamples, 4);
  await mount(page, BUNDLE);
  assert.ok(await start.isEnabled());
});
