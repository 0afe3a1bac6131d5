// Phrases that are none, too long, or not in the model's language.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  ({ page, person } = await stage.open());
  await person.waitForModel();
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
