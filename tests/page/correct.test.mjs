// Correcting a mask by mouse and by keys: brush, lasso, parts, and an empty mask; undo, redo, and the model's mask
// again.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import {
  changes,
  choose,
  click,
  drag,
  has,
  isSame,
  maskOf,
  openCorrecting,
  partAt,
  pixels,
  probabilityOf,
  says,
  tells,
} from "./correcting.mjs";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  ({ page, person } = await openCorrecting(stage));
});
after(() => stage.close());

test("the brush adds by mouse: what it covers, told in pixels, one step of undo", async () => {
  const former = await maskOf(person);
  const { width, height } = former;
  const probability = await probabilityOf(person);
  await choose(person, "Brush", "Add");
  const line = [[width * 0.2, height * 0.6], [width * 0.7, height * 0.75]];
  await drag(person, line, former);
  const said = await says(person, /added/);
  const painted = await maskOf(person);
  const { added, removed } = changes(former, painted);
  assert.equal(removed, 0);
  assert.equal(pixels(said), added, "the number told is that of the pixels");
  for (const share of [0, 0.3, 0.5, 0.8, 1]) {
    const [x, y] = [0, 1].map((i) => line[0][i] + share * (line[1][i] - line[0][i]));
    for (const across of [-4, 0, 4]) assert.ok(has(painted, x, y + across), `${x}, ${y + across} is painted`);
    assert.equal(has(painted, x, y - 12), has(former, x, y - 12), "beside the brush nothing changes");
  }
  await tells(person, painted);
  assert.deepEqual(await probabilityOf(person), probability, "the probability stays");
  assert.equal(await page.locator("#corrected").textContent(), `+${added.toLocaleString("en-GB")} px −0 px`);
  await page.locator("#undo").click();
  await tells(person, former);
  assert.ok(isSame(await maskOf(person), former));
  await page.locator("#redo").click();
  await tells(person, painted);
  assert.ok(isSame(await maskOf(person), painted));
});

test("the brush erases, and its size changes by [ and ]", async () => {
  const former = await maskOf(person);
  const { width, height } = former;
  await page.locator("#stage [role=application]").focus();
  const size = () => page.locator("#correct-size-value").textContent();
  assert.equal(await size(), "12 px");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("]");
  assert.equal(await size(), "25 px");
  await page.keyboard.press("x");
  assert.equal(await page.locator("[name=correct-mode]:checked").getAttribute("value"), "erase");
  const middle = [width * 0.45, height * 0.675];
  await click(person, middle, former);
  const said = await says(person, /erased/);
  const erased = await maskOf(person);
  const { added, removed } = changes(former, erased);
  assert.equal(added, 0);
  assert.equal(removed, pixels(said));
  for (const [dx, dy] of [[0, 0], [11, 0], [-11, 0], [0, 11], [8, -8]]) assert.ok(!has(erased, middle[0] + dx, middle[1] + dy));
  assert.ok(removed <= Math.PI * 12.5 ** 2 + 25);
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("[");
  assert.equal(await size(), "12 px");
  await tells(person, erased);
});

test("a new threshold or smoothing keeps the corrections on top", async () => {
  const { width, height } = await maskOf(person);
  const [painted, erased] = [[width * 0.22, height * 0.605], [width * 0.45, height * 0.675]];
  const threshold = await page.locator("#threshold").inputValue();
  for (const [value, smooth] of [[0.01, 0], [0.99, 0], [0.6, 4]]) {
    await person.set("threshold", value);
    await person.set("smooth", smooth);
    const now = await maskOf(person);
    assert.ok(has(now, painted[0], painted[1]), `painted at threshold ${value}, smoothing ${smooth}`);
    assert.ok(!has(now, erased[0], erased[1]), `erased at threshold ${value}, smoothing ${smooth}`);
    await tells(person, now);
  }
  await person.set("smooth", 0);
  await person.set("threshold", threshold);
});

test("the lasso adds and erases what it goes around; clicks set corners, Escape takes them back", async () => {
  const former = await maskOf(person);
  const { width, height } = former;
  const corners = [[0.3, 0.8], [0.5, 0.8], [0.5, 0.95], [0.3, 0.95]].map(([x, y]) => [x * width, y * height]);
  await choose(person, "Lasso", "Add");
  await drag(person, corners, former);
  await says(person, /added/);
  const added = await maskOf(person);
  assert.equal(changes(former, added).removed, 0);
  assert.ok(has(added, 0.4 * width, 0.87 * height) && has(added, 0.31 * width, 0.82 * height));
  assert.equal(has(added, 0.27 * width, 0.87 * height), has(former, 0.27 * width, 0.87 * height));
  await choose(person, "Lasso", "Erase");
  const inner = [[0.35, 0.83], [0.45, 0.83], [0.45, 0.92]].map(([x, y]) => [x * width, y * height]);
  await page.locator("#stage [role=application]").focus();
  for (const corner of inner) await click(person, corner, former);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#correct-bar").isVisible(), "Escape takes the corners back first");
  for (const corner of [...inner, inner[0]]) await click(person, corner, former);
  await says(person, /erased/);
  const erased = await maskOf(person);
  assert.ok(!has(erased, 0.43 * width, 0.86 * height), "the triangle is erased");
  assert.ok(has(erased, 0.36 * width, 0.91 * height), "beside it nothing is");
  await tells(person, erased);
});

test("a click erases a connected part, or fills a gap", async () => {
  const former = await maskOf(person);
  const { width, height } = former;
  const start = former.data.findIndex((value, i) => value === 255 && i > width * height * 0.4);
  const part = partAt(former, start);
  await choose(person, "Part", "Erase");
  await click(person, [(start % width) + 0.5, Math.floor(start / width) + 0.5], former);
  assert.equal(pixels(await says(person, /erased/)), part.size);
  const erased = await maskOf(person);
  assert.deepEqual(changes(former, erased), { added: 0, removed: part.size });
  assert.ok([...part].every((at) => erased.data[at] === 0));
  await choose(person, "Part", "Add");
  await click(person, [(start % width) + 0.5, Math.floor(start / width) + 0.5], former);
  const gap = partAt(erased, start);
  assert.equal(pixels(await says(person, /added/)), gap.size);
  const filled = await maskOf(person);
  assert.deepEqual(changes(erased, filled), { added: gap.size, removed: 0 });
  const undoable = await page.locator("#undo").isEnabled();
  await click(person, [(start % width) + 0.5, Math.floor(start / width) + 0.5], former);
  await says(person, /Nothing to add/);
  assert.ok(undoable && isSame(await maskOf(person), filled));
  for (const wanted of [erased, former]) {
    await page.locator("#undo").click();
    await tells(person, wanted);
  }
});

test("nothing like this here empties the mask, whatever the threshold; the model's mask comes back by a click", async () => {
  const former = await maskOf(person);
  const { width, height } = former;
  await page.locator("#correct-nothing").click();
  await says(person, /empty/);
  const threshold = await page.locator("#threshold").inputValue();
  assert.equal((await maskOf(person)).area, 0);
  await person.set("threshold", 0.01);
  assert.equal((await maskOf(person)).area, 0);
  await page.locator("#result-note").filter({ hasNotText: "threshold" }).waitFor({ state: "attached" });
  await choose(person, "Brush", "Add");
  await click(person, [width / 2, height * 0.7], former);
  const dab = pixels(await says(person, /added/));
  assert.equal((await maskOf(person)).area, dab, "what is painted after that is the whole mask");
  await person.set("threshold", threshold);
  await page.locator("#correct-back").click();
  await says(person, /model/);
  assert.ok(await page.locator("#correct-back").isDisabled());
  const plain = await maskOf(person);
  const data = await probabilityOf(person);
  assert.ok(plain.data.every((value, i) => (value === 255) === (data[i] >= Math.ceil(Number(threshold) * 255))));
  await page.locator("#undo").click();
  await tells(person, { ...plain, area: dab });
});

test("by keys alone: brush, line, lasso, part, empty mask, undo, and the way out", async () => {
  const { page, person } = await stage.open("", { reducedMotion: "reduce" });
  await person.waitForModel();
  await person.pickSample(1);
  await person.segment("a building");
  const mask = async () => {
    const found = await maskOf(person);
    await page.locator("#stage [role=application]").focus();
    return found;
  };
  const area = async () => (await mask()).area;
  const waits = (pattern) => says(person, pattern);
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  await page.keyboard.press("p");
  await waits(/Correcting a building/);
  assert.ok(await page.locator("#stage [role=application]").evaluate((viewer) => viewer === document.activeElement));
  assert.equal(await page.locator("#correct").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("n");
  await waits(/empty/);
  assert.equal(await area(), 0);

  await page.keyboard.press("Space");
  const dab = pixels(await waits(/added/));
  const middle = await mask();
  assert.equal(middle.area, dab);
  assert.equal(middle.data[(middle.height / 2) * middle.width + middle.width / 2], 255, "the brush starts in the middle of the view");

  await page.keyboard.down("Space");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.up("Space");
  const line = pixels(await waits(/added/));
  assert.ok(line > dab, `a line of ${line} px`);
  await page.keyboard.press("x");
  await waits(/Brush, erase/);
  await page.keyboard.press("Enter");
  for (let i = 0; i < 2; i += 1) await page.keyboard.press("Shift+ArrowUp");
  // A line is one stroke: it is erased at its end.
  await tells(person, { ...middle, area: dab + line });
  await page.keyboard.press("Enter");
  assert.ok(pixels(await waits(/erased/)) > 0);
  await page.keyboard.press("Control+z");
  await person.settles();
  assert.equal(await area(), dab + line);

  await page.keyboard.press("x");
  await page.keyboard.press("l");
  await waits(/Lasso, add/);
  for (const key of ["Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowLeft"]) {
    await page.keyboard.press("Space");
    await page.keyboard.press(key);
    await page.keyboard.press(key);
  }
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  assert.ok(pixels(await waits(/added/)) > 0);
  await page.keyboard.press("f");
  await page.keyboard.press("x");
  await waits(/Part, erase/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await waits(/erased/);
  await page.keyboard.press("u");
  await waits(/model/);
  const readout = page.locator("#stage [role=status]").first();
  await page.keyboard.press("ArrowLeft");
  await person.settles(800);
  assert.match(await readout.textContent(), /\d+, \d+ px/, "the place of the cursor is told");
  await page.keyboard.press("Escape");
  await page.locator("#correct-bar").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#stage [role=application]").getAttribute("data-tool"), "pan");
  await page.context().close();
});
