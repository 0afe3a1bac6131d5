// The reading of phrases: parts, execution on what the network finds, candidates, counts, missing references.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { looks, openCounting } from "./looks.mjs";

let stage;
let page;
let person;
let asked;
before(async () => {
  stage = await launch();
  const options = { bundle: "tiny", phrases: "auto", reducedMotion: "reduce" };
  ({ page, person, asked } = await openCounting(stage, options));
  await person.pickSample("Pools");
});
after(() => stage?.close());

const tokens = () => page.locator("#tokens li").allTextContents();
const outcome = () => page.locator("#outcome").textContent();
const said = () => page.locator("#reading-said").textContent();
const candidates = () => page.locator("#candidates button");
const chosen = () => page.locator('#candidates button[aria-pressed="true"]').evaluateAll((list) => list.map(({ dataset }) => dataset.place));

/** Types a phrase and waits until its parts are shown. */
async function reads(phrase, ...labels) {
  await person.type(phrase);
  await page.waitForFunction((labels) => {
    const found = [...document.querySelectorAll("#tokens li")].map(({ textContent }) => textContent);
    return JSON.stringify(found) === JSON.stringify(labels);
  }, labels);
}

/** `[found, chosen]` as the page shows them. */
async function counts() {
  const [, found, taken] = /^(\d+) [\w ]+, (\d+) chosen/.exec(await outcome());
  return [Number(found), Number(taken)];
}

test("a phrase is shown as it was read, while one types, and is told to those who hear", async () => {
  await reads("the largest building", "largest", "building");
  assert.match(await said(), /^Read as: largest, building\.$/);
  await reads("the building left of the road", "building", "left of: road");
  assert.match(await said(), /^Read as: building, left of road\.$/);
  await reads("", ...[]);
  assert.equal(await said(), "");
});

test("the network is asked for the things; one of them is chosen; its share is less than that of all", async () => {
  await asked.read();
  const all = await person.segment("all buildings");
  assert.deepEqual(await asked.read(), ["the buildings"]);
  const found = Number(/^(\d+) building/.exec(await outcome())[1]);
  assert.ok(found > 1, `${found} buildings`);
  assert.match((await person.layers())[0].figures, new RegExp(`^${found} objects · `));
  const largest = await person.segment("the largest building");
  assert.deepEqual(await asked.read(), [], "the map of buildings is there");
  assert.deepEqual(await counts(), [found, 1]);
  assert.ok(largest.share > 0 && largest.share < all.share, `${largest.share} of ${all.share}`);
});

test("a click on a part offers others; the box and the mask follow without the network; undo takes it back", async () => {
  await asked.read();
  const { share } = await person.figures();
  await page.locator("#tokens button", { hasText: "largest" }).click();
  await page.getByRole("menuitem", { name: "smallest" }).click();
  assert.match(await page.locator("#phrase").inputValue(), /smallest building/);
  await page.locator("#result-phrase", { hasText: "smallest" }).waitFor();
  await person.settles();
  const smallest = (await person.figures()).share;
  assert.ok(smallest > 0 && smallest < share, `${smallest} after ${share}`);
  assert.deepEqual(await asked.read(), []);
  await page.locator("#undo").click();
  await person.settles();
  assert.equal((await person.figures()).share, share);
  assert.match(await page.locator("#result-phrase").textContent(), /largest/);
});

test("by keys: Tab to a part, Enter opens, arrows move, Escape closes, Enter removes", async () => {
  await reads("the largest building", "largest", "building");
  await page.locator("#phrase").focus();
  for (let i = 0; i < 3 && !(await page.evaluate(() => document.activeElement.classList.contains("token"))); i += 1) {
    await page.keyboard.press("Tab");
  }
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "largest");
  await page.keyboard.press("Enter");
  await page.locator("#token-menu:popover-open").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("role")), "menuitem");
  await page.keyboard.press("Escape");
  await page.locator("#token-menu:not(:popover-open)").waitFor({ state: "attached" });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "largest", "the focus is back");
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Remove");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.getElementById("tokens").textContent.includes("largest"));
  assert.doesNotMatch(await page.locator("#phrase").inputValue(), /largest/);
});

test("candidates: numbered in a list and on the image; Enter on one chooses it instead; undo brings the first back", async () => {
  await person.segment("the smallest building");
  const [found] = await counts();
  const plain = await page.locator("#stage").screenshot();
  await page.locator("#show-candidates").click();
  await candidates().first().waitFor();
  assert.equal(await candidates().count(), Math.min(found, 100));
  assert.ok(!plain.equals(await page.locator("#stage").screenshot()), "outlines are drawn");
  const [first] = await chosen();
  const other = page.locator('#candidates button[aria-pressed="false"]').first();
  const place = await other.getAttribute("data-place");
  const { share } = await person.figures();
  await other.focus();
  await page.keyboard.press("Enter");
  await page.locator(`#candidates button[data-place="${place}"][aria-pressed="true"]`).waitFor();
  assert.deepEqual(await chosen(), [place], "it takes the place of the former");
  assert.match(await outcome(), /Chosen manually/);
  await person.settles();
  assert.notEqual((await person.figures()).share, share);
  await page.locator("#undo").click();
  await page.locator(`#candidates button[data-place="${first}"][aria-pressed="true"]`).waitFor();
  await person.settles();
  assert.equal((await person.figures()).share, share);
});

test("a click on an object in the image chooses it, with Shift as well", async () => {
  const before = await chosen();
  await person.closeNotices();
  await page.locator("#status").evaluate((status) => (status.textContent = ""));
  const box = await page.locator("#stage").boundingBox();
  // At least one point on a line through the image is on an object; clicks elsewhere do nothing.
  let picked = "";
  await page.keyboard.down("Shift");
  for (let i = 0; i < 300 && !/is chosen/.test(picked); i += 1) {
    const [across, down] = [0.3 + 0.4 * ((i % 20) / 20), 0.15 + 0.7 * (Math.floor(i / 20) / 15)];
    await page.mouse.click(box.x + box.width * across, box.y + box.height * down);
    picked = await page.locator("#status").textContent();
  }
  await page.keyboard.up("Shift");
  const number = Number(/ (\d+) is chosen/.exec(picked)?.[1]);
  await page.locator(`#candidates button[data-place="${number - 1}"][aria-pressed="true"]`).waitFor();
  assert.equal((await chosen()).length, before.length + 1, "the former is chosen still");
  await page.locator("#reset-candidates").click();
  await page.locator(`#candidates button[data-place="${number - 1}"][aria-pressed="false"]`).waitFor();
  assert.deepEqual(await chosen(), before);
  await page.locator("#show-candidates").click();
  assert.equal(await candidates().count(), 0);
});

test("how many: the number is said beside the mask", async () => {
  await person.segment("how many pools?");
  assert.match(await outcome(), /^\d+ (swimming )?pools?\.|^There is no/);
  assert.match((await person.layers())[0].figures, /^\d+ objects? · /);
});

test("what a phrase refers to and is not there: it is said, and the mask is empty", async () => {
  // Which of these the network does not find among houses depends on its weights.
  let missing = "";
  for (const noun of ["ship", "storage tank", "airplane", "soccer field", "roundabout"]) {
    await person.segment(`all ${noun}s`);
    missing = noun;
    if (/^There is no/.test(await outcome())) break;
  }
  await asked.read();
  const { share } = await person.segment(`the buildings left of the ${missing}`);
  assert.deepEqual(await asked.read(), [], "both maps are there");
  assert.equal(await outcome(), `No ${missing} found here, so nothing is left of it.`);
  assert.equal(share, 0);
});

test("what is not understood is marked, said, and goes to the network as it is", async () => {
  await asked.read();
  const phrase = "the building that nobody frobnicates";
  await person.type(phrase);
  await page.locator("#tokens .unread", { hasText: "not understood: nobody frobnicates" }).waitFor();
  await person.segment(phrase);
  assert.deepEqual(await asked.read(), [phrase]);
  assert.match(await page.locator("#phrase-note").textContent(), /Not understood: nobody frobnicates\. The phrase was passed to the network unchanged\./);
});

test("an end that is not understood is left out, and that is said", async () => {
  await asked.read();
  const phrase = "the building frobnicating the road";
  await person.type(phrase);
  await page.locator("#tokens .unread", { hasText: "left out: frobnicating the road" }).waitFor();
  assert.equal(await page.locator("#tokens li").first().textContent(), "building");
  await person.segment(phrase);
  assert.ok(!(await asked.read()).includes(phrase), "the network is asked for the buildings at most");
  assert.match(await page.locator("#phrase-note").textContent(), /“frobnicating the road” was not understood and was left out\./);
});

test("everything except something: the rest of the mask, said so; the part can be removed", async () => {
  await person.segment("all buildings");
  const { share } = await person.figures();
  const found = Number(/^(\d+) building/.exec(await outcome())[1]);
  await reads("everything except buildings", "everything except", "buildings");
  await asked.read();
  const rest = await person.segment("everything except buildings");
  assert.deepEqual(await asked.read(), [], "the map of buildings is there");
  assert.equal(await outcome(), `Everything except ${found} buildings.`);
  assert.ok(Math.abs(share + rest.share - 1) < 1e-6, `${share} and ${rest.share}`);
  assert.doesNotMatch((await person.layers())[0].figures, /object/, "what is left out is not counted");
  await page.locator("#tokens button", { hasText: "everything except" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.waitForFunction(() => document.getElementById("tokens").textContent === "buildings");
  await person.settles();
  assert.equal((await person.figures()).share, share);
  await reads("no buildings", "everything except", "buildings");
});

test("without something is a condition", async () => {
  await reads("buildings without a pool", "buildings", "without: pool");
  await person.segment("all buildings");
  const all = (await person.figures()).share;
  await person.segment("buildings with a pool");
  const { share } = await person.figures();
  await person.segment("buildings without a pool");
  const without = (await person.figures()).share;
  assert.ok(without < all && share + without >= all * 0.99, `${share} with, ${without} without, ${all} in all`);
});

test("a word that is in no list is marked, not inflected, and said to go to the network as it is", async () => {
  await reads("H\u00e4user", "h\u00e4user", "unknown word: H\u00e4user");
  assert.ok(await page.locator("#tokens .unknown", { hasText: "h\u00e4user" }).isVisible());
  assert.match(await said(), /unknown word: H\u00e4user/);
  await asked.read();
  await person.segment("H\u00e4user");
  assert.deepEqual(await asked.read(), ["the h\u00e4user"]);
  assert.match(await outcome(), /^\d+ objects? like \u201ch\u00e4user\u201d\.|^Nothing like \u201ch\u00e4user\u201d/);
  assert.match(await page.locator("#phrase-note").textContent(), /was not read as a word: the network got it as it is/);
});

test("a phrase that is refused does not look understood", async () => {
  await reads("12345", "The phrase contains no words");
  await person.press();
  await person.seesProblem("wordless");
  await page.locator("#problem-close").click();
});

test("a long remark is shortened with an ellipsis, and whole in its title", async () => {
  const phrase = "the building frobnicating the road in a way that nobody could ever possibly describe in so few words";
  await person.type(phrase);
  const remark = page.locator("#tokens .unread", { hasText: "frobnicating" });
  await remark.waitFor();
  const { clipped, inside, ellipsis, title } = await remark.evaluate((chip) => ({
    clipped: chip.scrollWidth > chip.clientWidth,
    inside: chip.getBoundingClientRect().right <= chip.closest("ul").getBoundingClientRect().right + 1,
    ellipsis: getComputedStyle(chip).textOverflow,
    title: chip.title,
  }));
  assert.ok(clipped && inside && ellipsis === "ellipsis");
  assert.match(title, /frobnicating/);
});

test("nothing found is said once", async () => {
  for (const noun of ["ships", "storage tanks", "airplanes", "soccer fields"]) {
    await person.segment(`all ${noun}`);
    if (!/^There is no/.test(await outcome())) continue;
    assert.equal(await page.locator("#result-note").textContent(), "");
    return;
  }
  assert.fail("everything is found on a photograph of pools");
});

test("after a crash of the scene worker masks and choices are back, and phrases need no new look", async () => {
  await person.segment("the second largest building");
  await asked.read();
  const { share } = await person.figures();
  const workers = await Promise.all(page.workers().map(async (worker) => [await worker.evaluate(() => self.name), worker]));
  const [, scene] = workers.find(([name]) => /scene/.test(name));
  // Simulates a trap of the engine.
  await scene.evaluate(() => void Promise.reject(new WebAssembly.RuntimeError("unreachable")));
  await page.locator("#notices", { hasText: "restarted" }).waitFor();
  await person.rests();
  await person.set("threshold", 0.51);
  await person.set("threshold", 0.5);
  assert.equal((await person.figures()).share, share);
  await person.segment("the leftmost building");
  assert.deepEqual(await asked.read(), []);
  assert.equal((await counts())[1], 1);
});

test("a vector file has one feature per object, with its area, score and class; or one for the layer", async () => {
  await person.pickSample("GeoTIFF");
  await person.segment("all trees");
  const { area } = await person.figures();
  const found = Number(/^(\d+) trees?\./.exec(await outcome())[1]);
  const { features } = JSON.parse((await person.save("geojson")).bytes);
  // Parts too small to be counted are in the mask and in the file as well.
  assert.ok(found > 1 && features.length >= found, `${features.length} features, ${found} trees`);
  for (const { properties } of features) {
    assert.equal(properties.class, "tree");
    assert.equal(properties.prompt, "all trees");
    assert.ok(properties.score >= 0.5 && properties.score <= 1 && properties.area_m2 > 0, JSON.stringify(properties));
  }
  const total = features.reduce((sum, { properties }) => sum + properties.area_m2, 0);
  assert.ok(Math.abs(total / area - 1) < 0.01, `${total} m² in the file, ${area} shown`);
  await page.locator("#open-export").click();
  await page.getByLabel("Vector files: one feature per object").uncheck();
  const whole = JSON.parse((await person.save("geojson")).bytes);
  assert.equal(whole.features.length, 1);
  assert.equal(whole.features[0].properties.class, undefined);
  assert.ok(Math.abs(whole.features[0].properties.area_m2 / area - 1) < 0.001);
});

test("network only: nothing is read, every phrase goes as it is; the choice is remembered", async () => {
  await page.getByText("Model and engine", { exact: true }).click();
  await page.locator("#phrases-mode").selectOption("network");
  await asked.read();
  await person.segment("the topmost building");
  assert.deepEqual(await asked.read(), ["the topmost building"]);
  assert.deepEqual(await tokens(), []);
  assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem("s4eca-settings")).phrases), "network");
});

test("weights that state who answers which kind of phrase are followed", async () => {
  const reading = { superlative: "network" };
  stage.server.change("/weights/tiny/manifest.json", (text) => JSON.stringify({ ...JSON.parse(text), reading }));
  const other = await stage.open("", { bundle: "tiny", phrases: "auto", reducedMotion: "reduce" });
  await other.person.waitForModel();
  await other.person.pickSample("Pools");
  const asked = await looks(other.page);
  await other.person.segment("the largest building");
  assert.deepEqual(await asked.read(), ["the largest building"]);
  const passed = other.page.locator("#tokens", { hasText: "passed to the network unchanged" });
  await passed.waitFor();
  await other.person.segment("the building on the left");
  assert.deepEqual(await asked.read(), ["the buildings"]);
  await passed.waitFor({ state: "detached" });
  await other.page.context().close();
});
