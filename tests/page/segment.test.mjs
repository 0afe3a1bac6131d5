// From a sample and a phrase to a mask, its figures, its display and its files, on the CPU.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answerTo, bundleExists, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU, compareMaps, expectations, noExpectations } from "./compare.mjs";
import { decodePng } from "./png.mjs";

let stage;
before(async () => {
  stage = await launch();
});
after(() => stage.close());

const shareOf = (data, level) => data.reduce((count, value) => count + (value >= level ? 1 : 0), 0) / data.length;

test("a sample and an example phrase, by clicks alone, give a mask whose figures and files agree", async () => {
  const { page, person, foreign } = await stage.open();
  await person.waitForModel();
  await person.pickSample(1);
  const example = page.getByRole("group", { name: "Example phrases" }).getByRole("button").first();
  const phrase = await example.textContent();
  await example.click();
  const mask = await person.seesMask(phrase);
  assert.equal(mask.ranOn, "CPU");
  assert.ok(mask.score >= 0 && mask.score <= 1, `score ${mask.score}`);

  const probability = decodePng((await person.save("probability-png")).bytes);
  const saved = await person.save("mask-png");
  const cut = decodePng(saved.bytes);
  const [width, height] = (await page.locator("#image-name").textContent()).match(/([\d,]+) × ([\d,]+) px/).slice(1).map((n) => Number(n.replaceAll(",", "")));
  const shown = { width, height };
  assert.match(saved.name, /^[\w-]+\.png$/, "a name of the scene and the phrase that every system takes");
  assert.ok(saved.name.includes(phrase.toLowerCase().replaceAll(/\W+/g, "-").slice(0, 12)), saved.name);
  assert.equal(cut.channels, 1, "a mask file has one band");
  assert.deepEqual([cut.width, cut.height], [shown.width, shown.height]);
  assert.deepEqual(new Set([...cut.data, 0, 255]), new Set([0, 255]), "a mask file holds 0 and 255 only");
  assert.ok(Math.abs(shareOf(probability.data, 128) - mask.share) < 1e-9, "the share shown is that of the map");
  assert.ok(Math.abs(shareOf(cut.data, 255) - mask.share) < 1e-9, "the share shown is that of the mask file");

  const overlaid = await person.save("overlay-png");
  assert.notEqual(overlaid.name, saved.name);
  const overlay = decodePng(overlaid.bytes);
  assert.deepEqual([overlay.width, overlay.height], [shown.width, shown.height]);
  assert.deepEqual(foreign, [], "nothing is asked of, or sent to, another host");
  assert.ok(await person.hasNoProblem());
});

test("by keys alone: slash, a phrase, Enter", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press("/");
  await page.keyboard.type("the road");
  await page.keyboard.press("Enter");
  await person.seesMask("the road");
});

test("the same image and phrase give the same map twice; another phrase may give another", async () => {
  const { person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("trees at the top");
  const first = decodePng((await person.save("probability-png")).bytes);
  await person.segment("the largest building");
  await person.segment("trees at the top");
  const again = decodePng((await person.save("probability-png")).bytes);
  assert.equal(compareMaps(first.data, again.data).maxDifference, 0);
});

test("a phrase sent while the weights come in is answered when they are there", async () => {
  const { page, person } = await stage.open();
  await person.pickSample(0);
  const mask = await person.segment("vehicles");
  assert.equal(mask.ranOn, "CPU");
  assert.ok(await page.locator("#loading").isHidden());
});

describe("as the native program answers, on the CPU", () => {
  const cases = expectations("cpu");
  test("there are answers to compare with", { skip: noExpectations }, () => assert.ok(cases.length > 0));
  for (const expected of cases) {
    test(expected.name, { skip: !bundleExists(expected.bundle) && `no weights/${expected.bundle} in the build` }, async () => {
      const { page, person } = await stage.open("&backend=cpu", { bundle: expected.bundle });
      await person.waitForModel();
      const { mask, map } = await answerTo(person, expected);
      assert.equal(mask.ranOn, "CPU");
      const found = compareMaps(map.data, expected.probability);
      assert.ok(found.maxDifference <= MAX_DIFFERENCE, `largest difference ${found.maxDifference} of 255`);
      assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
      assert.ok(Math.abs(mask.share - found.otherShare) <= 0.01, `share ${mask.share}, natively ${found.otherShare}`);
      await page.context().close();
    });
  }
});
