// The display of masks: four looks, opacity, colour, threshold, smoothing, smallest area, holes, compare, undo; none of
// it runs the model again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { countLooks, looks } from "./looks.mjs";
import { decodePng } from "./png.mjs";

let stage;
let page;
let person;
let asked;
/** The probabilities of the layer that these tests use. */
let map;
before(async () => {
  stage = await launch();
  countLooks(stage.server);
  ({ page, person } = await stage.open("", { reducedMotion: "reduce" }));
  await person.waitForModel();
  await person.pickSample(1);
  await person.segment("a building");
  map = decodePng((await person.save("probability-png")).bytes);
  await page.keyboard.press("Escape");
  asked = await looks(page);
});
after(() => stage.close());

const shareOf = (data, level) => data.reduce((count, value) => count + (value >= level ? 1 : 0), 0) / data.length;
const shownShare = async () => Number(await page.locator("#share").getAttribute("data-value"));
const saved = async () => {
  const { data, width, height } = decodePng((await person.save("mask-png")).bytes);
  await page.keyboard.press("Escape");
  return { data, width, height };
};

/**
 * Waits until the share shown is `expected` and stays so: after quick changes, figures of those before it may still
 * arrive. The model's probabilities are bytes, so it is exact.
 */
async function tells(expected, what) {
  let told = NaN;
  for (let i = 0, right = 0; i < 50; i += 1) {
    await person.settles(100);
    told = await shownShare();
    right = Math.abs(told - expected) < 1e-9 ? right + 1 : 0;
    if (right === 3) return;
  }
  assert.fail(`${what}: ${told} is told, ${expected} is right`);
}

/** The number of canvas pixels that differ between two captures. */
function changed(one, other) {
  assert.deepEqual([one.width, one.height], [other.width, other.height]);
  let count = 0;
  for (let i = 0; i < one.data.length; i += 4) {
    if (one.data[i] !== other.data[i] || one.data[i + 1] !== other.data[i + 1] || one.data[i + 2] !== other.data[i + 2]) count += 1;
  }
  return count;
}

/** The threshold at which about `share` of the map is in the mask. */
function thresholdFor(share) {
  const sorted = map.data.toSorted((a, b) => b - a);
  return Math.min(0.99, Math.max(0.01, Math.round((sorted[Math.floor(share * sorted.length)] / 255) * 100) / 100));
}

test("every threshold, live: the share told, the mask drawn and the mask saved are the map's own", async () => {
  await asked.read();
  await page.getByLabel("Show the mask").uncheck({ force: true });
  await person.settles();
  const plain = await person.canvas();
  await page.getByLabel("Show the mask").check({ force: true });
  const drawn = [];
  for (const threshold of [0.99, 0.75, thresholdFor(0.25), thresholdFor(0.6), 0.01]) {
    await person.set("threshold", threshold);
    const expected = shareOf(map.data, Math.ceil(threshold * 255));
    await tells(expected, `threshold ${threshold}`);
    assert.ok(Math.abs(shareOf((await saved()).data, 255) - expected) < 1e-9, "the file is of the same threshold");
    await person.settles();
    drawn.push([expected, changed(plain, await person.canvas())]);
  }
  const [full] = drawn.at(-1).slice(1);
  for (const [share, count] of drawn) {
    // The outline is a line on either side of the edge; the fill is as large as the mask.
    assert.ok(count >= share * full * 0.9 - 50, `${count} pixels drawn of ${full} for a share of ${share}`);
    if (share === 0) assert.equal(count, 0);
  }
  assert.deepEqual(await asked.read(), [], "the model is not asked again");
});

test("overlay, outline, cut-out and probability are four pictures of the same mask", async () => {
  await person.set("threshold", thresholdFor(0.3));
  const pictures = {};
  for (const name of ["Overlay", "Outline", "Cut-out", "Probability"]) {
    await person.look(name);
    pictures[name] = await person.canvas();
  }
  await person.look("Overlay");
  const names = Object.keys(pictures);
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) assert.ok(changed(pictures[one], pictures[other]) > 500, `${one} and ${other}`);
  }
  await page.getByLabel("Show the mask").uncheck({ force: true });
  await person.settles();
  const plain = await person.canvas();
  await page.getByLabel("Show the mask").check({ force: true });
  await person.settles();
  assert.ok(changed(plain, pictures.Outline) < changed(plain, pictures.Overlay), "an outline covers less than a fill");
  assert.deepEqual(await asked.read(), []);
});

test("opacity and colour: the stronger, the further from the image; each colour another picture", async () => {
  const distance = async (opacity) => {
    await person.set("opacity", opacity);
    return person.canvas();
  };
  const none = await distance(0.1);
  const half = await distance(0.5);
  const full = await distance(1);
  const far = (one, other) => one.data.reduce((sum, value, i) => sum + Math.abs(value - other.data[i]), 0);
  assert.ok(far(none, full) > far(none, half) && far(none, half) > 0);
  const magenta = full;
  await page.locator("#colours").getByRole("radio", { name: "Cyan" }).check({ force: true });
  await person.settles();
  const cyan = await person.canvas();
  const red = ({ data }) => data.reduce((sum, value, i) => (i % 4 === 0 ? sum + value : sum), 0);
  assert.ok(red(cyan) < red(magenta), "cyan has less red than magenta");
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press("m");
  await person.settles();
  assert.equal(await page.locator("#visible").isChecked(), false, "M hides it");
  await page.keyboard.press("m");
  await person.settles();
  assert.ok((await person.canvas()).data.equals(cyan.data), "M shows it again");
});

/** The 4-connected components of equal pixels: `[{size, edge}]`. */
function parts(bits, width, height) {
  const seen = new Uint8Array(bits.length);
  const found = [];
  for (let start = 0; start < bits.length; start += 1) {
    if (!bits[start] || seen[start]) continue;
    const stack = [start];
    seen[start] = 1;
    let [size, edge] = [0, false];
    while (stack.length) {
      const at = stack.pop();
      const [x, y] = [at % width, Math.floor(at / width)];
      size += 1;
      edge ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        const [u, v] = [x + dx, y + dy];
        const next = v * width + u;
        if (u < 0 || v < 0 || u >= width || v >= height || !bits[next] || seen[next]) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    found.push({ size, edge });
  }
  return found;
}

test("smallest area, holes and smoothing do to the saved mask what they say, and nothing else", async () => {
  await person.set("threshold", thresholdFor(0.35));
  const before = await saved();
  const { width, height } = before;
  const bits = Uint8Array.from(before.data, (value) => (value ? 1 : 0));
  const whole = parts(bits, width, height);
  const largest = Math.max(...whole.map(({ size }) => size));
  const limit = Math.max(2, Math.min(...whole.map(({ size }) => size)) + 1, Math.round(largest / 3));
  await person.set("min-area", limit);
  await person.settles();
  const kept = parts(Uint8Array.from((await saved()).data, (value) => (value ? 1 : 0)), width, height);
  assert.deepEqual(kept.map(({ size }) => size), whole.filter(({ size }) => size >= limit).map(({ size }) => size));
  await person.set("min-area", 0);

  const holes = parts(bits.map((bit) => 1 - bit), width, height).filter(({ edge }) => !edge);
  await person.set("fill-holes", width * height);
  await person.settles();
  const filled = (await saved()).data.reduce((count, value) => count + (value ? 1 : 0), 0);
  const expected = bits.reduce((sum, bit) => sum + bit, 0) + holes.reduce((sum, { size }) => sum + size, 0);
  assert.equal(filled, expected, `${holes.length} holes`);
  await person.set("fill-holes", 0);

  const borders = ({ data }) => data.reduce((count, value, i) => count + (i % width && value !== data[i - 1] ? 1 : 0), 0);
  await person.set("smooth", 5);
  await person.settles();
  const smooth = await saved();
  assert.ok(borders(smooth) <= borders(before) && !Buffer.from(smooth.data).equals(Buffer.from(before.data)), "edges get shorter");
  await person.set("smooth", 0);
  assert.ok(Buffer.from((await saved()).data).equals(Buffer.from(before.data)), "and all of it can be taken back");
  assert.deepEqual(await asked.read(), []);
});

test("compare: plain on the left of the line, masks on its right; by mouse and by keys", async () => {
  await person.set("threshold", 0.01);
  const masked = await person.canvas();
  await page.locator("#compare").click();
  await person.settles();
  const slider = page.getByRole("slider", { name: /./ }).and(page.locator("#stage *")).first();
  await slider.focus();
  await page.keyboard.press("End");
  await person.settles();
  const plain = await person.canvas();
  assert.ok(changed(masked, plain) > 1000);
  await page.keyboard.press("Home");
  await person.settles();
  assert.ok((await person.canvas()).data.equals(masked.data), "at the left end all is masked");
  assert.match(await slider.getAttribute("aria-valuetext"), /\d+ ?%/);
  const box = await page.locator("#stage").boundingBox();
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  const handle = await slider.boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await person.settles();
  const half = await person.canvas();
  const side = (picture, from, to) => {
    const columns = [Math.round(from * picture.width), Math.round(to * picture.width)];
    return Buffer.concat(Array.from({ length: picture.height }, (_, y) => picture.data.subarray(4 * (y * picture.width + columns[0]), 4 * (y * picture.width + columns[1]))));
  };
  assert.ok(side(half, 0, 0.45).equals(side(plain, 0, 0.45)), "plain on the left");
  assert.ok(side(half, 0.55, 1).equals(side(masked, 0.55, 1)), "masked on the right");
  await page.locator("#compare").click();
});

test("undo and redo, by buttons and by keys", async () => {
  await person.set("threshold", 0.5);
  await person.settles(1200);
  await person.set("threshold", 0.2);
  const becomes = (wanted) => page.waitForFunction((value) => {
    const slider = /** @type {HTMLInputElement} */ (document.getElementById("threshold"));
    return slider.value === value;
  }, wanted, { timeout: 3000 });
  await page.locator("#undo").click();
  await becomes("0.5");
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  for (const [keys, wanted] of [["Control+Shift+Z", "0.2"], ["Control+Z", "0.5"], ["Control+Y", "0.2"]]) {
    await page.keyboard.press(keys);
    await becomes(wanted);
  }
  await tells(shareOf(map.data, Math.ceil(0.2 * 255)), "the mask follows");
  assert.deepEqual(await asked.read(), []);
});

test("a file is of the threshold that is shown, however soon it is asked for", async () => {
  const [first, last] = [thresholdFor(0.2), thresholdFor(0.6)];
  const { bytes } = await person.download(() =>
    page.evaluate((values) => {
      const slider = /** @type {HTMLInputElement} */ (document.getElementById("threshold"));
      for (const value of values) {
        slider.value = value;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      }
      /** @type {HTMLElement} */ (document.querySelector('#export-menu [data-export="mask-png"]')).click();
    }, [first, last]),
  );
  assert.ok(Math.abs(shareOf(decodePng(bytes).data, 255) - shareOf(map.data, Math.ceil(last * 255))) < 1e-9);
  await tells(shareOf(map.data, Math.ceil(last * 255)), "the page agrees");
});

test("keys for layers do nothing where there is none; hiding all others is one step", async () => {
  const { page, person } = await stage.open("", { reducedMotion: "reduce" });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await person.waitForModel();
  await person.rests();
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  for (const key of ["m", "s", "j", "k", "[", "]", "Delete", "e"]) await page.keyboard.press(key);
  await person.settles();
  assert.deepEqual(errors, []);
  await person.type("a building; a road; the water");
  await person.press();
  await person.seesMask("the water");
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  const shown = () => page.locator("#layers .eye input:checked").count();
  assert.equal(await shown(), 3);
  await page.keyboard.press("s");
  assert.equal(await shown(), 1);
  await page.keyboard.press("Control+Z");
  assert.equal(await shown(), 3);
  assert.deepEqual(errors, []);
  await page.context().close();
});
