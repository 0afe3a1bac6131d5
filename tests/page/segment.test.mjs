// From a sample and a phrase to a mask, its figures, its look and its files, on the CPU.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answerTo, bundleExists, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU, compareMaps, expectations } from "./compare.mjs";
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

  const probability = decodePng((await person.save("Probability PNG")).bytes);
  const saved = await person.save("Mask PNG");
  const cut = decodePng(saved.bytes);
  const shown = await page.locator("#image").evaluate(({ width, height }) => ({ width, height }));
  assert.match(saved.name, /-mask\.png$/);
  assert.equal(cut.channels, 1, "a mask file has one band");
  assert.deepEqual([cut.width, cut.height], [shown.width, shown.height]);
  assert.deepEqual(new Set([...cut.data, 0, 255]), new Set([0, 255]), "a mask file holds 0 and 255 only");
  assert.ok(Math.abs(shareOf(probability.data, 128) - mask.share) < 1e-9, "the share shown is that of the map");
  assert.ok(Math.abs(shareOf(cut.data, 255) - mask.share) < 1e-9, "the share shown is that of the mask file");

  const overlay = decodePng((await person.save("Overlay PNG")).bytes);
  assert.deepEqual([overlay.width, overlay.height], [shown.width, shown.height]);
  assert.deepEqual(foreign, [], "nothing is asked of, or sent to, another host");
  assert.ok(await person.hasNoProblem());
});

test("threshold, opacity, colour and visibility act on the mask", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("a building");
  const inMask = () =>
    page.locator("#mask").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const seen = { count: 0, alphas: new Set(), red: 0 };
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 0) continue;
        seen.count += 1;
        seen.alphas.add(data[i + 3]);
        seen.red = Math.max(seen.red, data[i]);
      }
      return { share: (seen.count * 4) / data.length, alphas: [...seen.alphas], red: seen.red };
    });
  const share = async () => Number(await page.locator("#share").getAttribute("data-value"));
  const settle = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const { data } = decodePng((await person.save("Probability PNG")).bytes);
  for (const threshold of ["0.99", "0.75", "0.5", "0.25", "0.01"]) {
    await page.getByLabel("Threshold").fill(threshold);
    await settle();
    const expected = shareOf(data, Math.ceil(Number(threshold) * 255));
    assert.ok(Math.abs((await share()) - expected) < 1e-9, `threshold ${threshold}: the share told is not the map's`);
    assert.ok(Math.abs((await inMask()).share - expected) < 1e-9, `threshold ${threshold}: the share painted is not the map's`);
  }
  // The lowest is set now: something is in the mask.
  assert.ok((await share()) > 0);

  await page.getByLabel("Opacity").fill("0.8");
  await settle();
  assert.ok((await inMask()).alphas.includes(204), "an opacity of 80 % is an alpha of 204");
  const magenta = (await inMask()).red;
  await page.getByRole("radio", { name: "Cyan" }).check();
  await settle();
  assert.ok((await inMask()).red < magenta, "cyan has less red than magenta");
  await page.getByLabel("Show the mask").uncheck();
  await settle();
  assert.ok(await page.locator("#mask").isHidden());
  await page.locator("#visible").blur();
  await page.keyboard.press("m");
  await settle();
  assert.ok(await page.locator("#mask").isVisible(), "M shows it again");
});

test("by keys alone: slash, a phrase, Enter", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await page.locator("h1").click();
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
  const first = decodePng((await person.save("Probability PNG")).bytes);
  await person.segment("the largest building");
  await person.segment("trees at the top");
  const again = decodePng((await person.save("Probability PNG")).bytes);
  assert.equal(compareMaps(first.data, again.data).maxDifference, 0);
});

test("a phrase sent while the weights come in is answered when they are there", async () => {
  const { page, person } = await stage.open();
  await person.pickSample(0);
  const mask = await person.segment("vehicles");
  assert.ok(mask.share >= 0);
  assert.ok(await page.locator("#loading").isHidden());
});

describe("as the native program answers, on the CPU", () => {
  const cases = expectations("cpu");
  test("there are answers to compare with", { skip: cases.length === 0 && "EXPECTED_DIR has none" }, () => {});
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
