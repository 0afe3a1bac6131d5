// Phrases: several at once as layers, their history; and phrases that are empty, too long, or not in English.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { openCounting } from "./looks.mjs";

let stage;
let page;
let person;
let asked;
before(async () => {
  stage = await launch();
  ({ page, person, asked } = await openCounting(stage, { phrases: "auto" }));
  await person.pickSample(0);
});
after(() => stage.close());

const note = () => page.locator("#phrase-note").textContent();

for (const [name, phrase, code] of [
  ["an empty phrase", "", "empty-phrase"],
  ["blanks", "   \u00a0 ", "empty-phrase"],
  ["emoji alone", "🏠🚗", "wordless"],
  ["punctuation alone", "?!…", "wordless"],
  ["Cyrillic", "красная крыша слева", "not-english"],
  ["Chinese", "左边的红色屋顶", "not-english"],
  ["Arabic", "السقف الأحمر", "not-english"],
]) {
  test(`${name}: a message, the field in focus, the page usable`, async () => {
    await person.type(phrase);
    await person.press();
    const { advice } = await person.seesProblem(code);
    assert.match(advice, /such as/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "phrase");
    await person.segment("a road");
    assert.ok(await person.hasNoProblem());
  });
}

test("500 words: a mask, and the page says that only the beginning counted", async () => {
  await person.segment(Array.from({ length: 500 }, (_, i) => `building${i % 7}`).join(" "));
  assert.match(await note(), /500 words, more than the model reads/);
});

test("words with emoji: a mask, and a remark", async () => {
  await person.segment("the red house 🏠");
  assert.match(await note(), /Emoji/);
});

test("markup in a phrase is shown as text", async () => {
  await person.segment("<img src=x onerror=alert(1)> roof");
  assert.equal(await page.locator("#result-phrase img").count(), 0);
});

test("several phrases at once: a layer each, with its name, a colour of its own and its figures", async () => {
  await person.pickSample("Pools"); // 256 px: no closer looks
  await asked.read();
  await person.type("the water; a building ;; the road");
  await page.keyboard.press("Enter");
  await person.seesMask("the road");
  const layers = await person.layers();
  assert.deepEqual(layers.map(({ name }) => name), ["the road", "a building", "the water"], "the newest is on top");
  assert.equal(new Set(layers.map(({ colour }) => colour)).size, 3);
  for (const { figures, state } of layers) {
    assert.equal(state, "done");
    assert.match(figures, /%.*score/);
  }
  assert.deepEqual(await asked.read(), ["the water", "the buildings", "the roads"], "one look a phrase, in order, for all things of its kind");
});

test("what is a layer already is not computed again; another phrase does not read the image again", async () => {
  await asked.read();
  await person.segment("a building");
  assert.deepEqual(await asked.read(), [], "the layer is selected, nothing is asked of the model");
  assert.equal((await person.layers()).find(({ selected }) => selected).name, "a building");
  assert.equal((await person.layers()).length, 3);
  // The model caches its encoding of the window; a window of other pixels has to be encoded first.
  const times = async (phrase) => {
    await person.segment(phrase);
    return page.locator("#time").textContent();
  };
  assert.match(await times("grass"), /\d/);
  assert.deepEqual(await asked.read(), ["the grass"]);
});

test("layers are renamed, recoloured, hidden, deleted; undo and redo bring each step back", async () => {
  const rows = () => person.layers();
  const [first] = await rows();
  const row = page.locator("#layers > li").first();
  await row.getByRole("button", { name: /^Rename/ }).click();
  await page.keyboard.type("roads of the north");
  await page.keyboard.press("Enter");
  assert.equal((await rows())[0].name, "roads of the north");
  await row.locator("input[type=color]").fill("#123456");
  assert.equal((await rows())[0].colour, "#123456");
  await row.getByRole("checkbox", { name: /^Show/ }).uncheck({ force: true });
  await row.getByRole("button", { name: /^Delete/ }).click();
  const count = (await rows()).length;
  await page.locator("#undo").click();
  assert.equal((await rows()).length, count + 1);
  assert.equal(await page.locator("#layers > li").first().getByRole("checkbox", { name: /^Show/ }).isChecked(), false);
  await page.locator("#undo").click();
  assert.equal(await page.locator("#layers > li").first().getByRole("checkbox", { name: /^Show/ }).isChecked(), true);
  await page.locator("#undo").click();
  assert.equal((await rows())[0].colour, first.colour);
  await page.locator("#undo").click();
  assert.equal((await rows())[0].name, first.name);
  await page.locator("#redo").click();
  assert.equal((await rows())[0].name, "roads of the north");
});

test("the history offers what was run, in a later visit too, and can be forgotten", async () => {
  const options = (where) => where.locator("#phrase-history option").evaluateAll((list) => list.map(({ value }) => value));
  assert.ok((await options(page)).includes("a building"));
  const later = await stage.open("", { phrases: "auto", context: page.context() });
  assert.ok((await options(later.page)).includes("a building"));
  await later.page.getByText("Model and engine", { exact: true }).click();
  await later.page.getByRole("button", { name: "Clear phrase history" }).click();
  assert.deepEqual(await options(later.page), []);
  await later.page.close();
});

test("lines that are pasted are phrases", async () => {
  await page.locator("#phrase").fill("");
  await page.locator("#phrase").focus();
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", "the red roof\nthe blue pool\n");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
  });
  assert.match(await page.locator("#phrase").inputValue(), /^the red roof; ?the blue pool/);
});
