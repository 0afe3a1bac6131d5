// Accessibility: no axe-core violations, keyboard, touch at 360 px, no layout shifts; all texts in one file.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DIST, launch } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let stage;
before(async () => {
  stage = await launch();
});
after(() => stage.close());

/** axe-core's violations as `rule: element` lines. The debugger evaluates it, so the page's policy does not apply. */
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
  });
}

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    test(`axe-core finds nothing: ${colorScheme}, ${viewport.width} px, in each state`, async () => {
      const { page, person } = await stage.open("", { phrases: "auto", viewport, colorScheme, reducedMotion: "reduce" });
      const finds = async (state) => assert.deepEqual(await violations(page), [], state);
      await person.waitForModel();
      await finds("ready, without an image");
      await person.pickSample(0);
      await finds("an image");
      await person.type("the largest building; the road");
      await page.locator("#tokens button").first().waitFor();
      await finds("a phrase that is read");
      await page.locator("#tokens button").first().click();
      await finds("the menu of a part");
      await page.keyboard.press("Escape");
      await person.press();
      await person.seesMask("the road");
      await finds("two layers");
      if (await page.locator("#show-candidates:enabled").count()) await page.locator("#show-candidates").click();
      await finds("candidates");
      await page.locator("#correct").click();
      await page.locator("#correct-bar").waitFor();
      await finds("correcting a mask");
      await page.locator("#correct-done").click();
      // A mask of everything is refused.
      await person.set("threshold", 0.9);
      await page.locator("#use-example").click();
      await page.locator("#example-told").waitFor();
      await page.locator("#example-title").click();
      await page.locator("#example-list img").waitFor();
      await finds("an example, and the message about it");
      await page.locator("#example-close").click();
      await page.getByText("Model and engine", { exact: true }).click();
      await finds("model and engine");
      await page.locator("#open-export").click();
      await finds("the export menu");
      await page.keyboard.press("Escape");
      await page.locator("#open-help").click();
      await page.locator("#help").waitFor();
      await finds("the help sheet");
      await page.keyboard.press("Escape");
      await page.locator("#compare").click();
      await page.locator("#draw-rectangle").click();
      await finds("compare, and the rectangle tool");
      await person.type("  ");
      await page.evaluate(() => /** @type {HTMLFormElement} */ (document.getElementById("form")).requestSubmit());
      await person.seesProblem("empty-phrase");
      await finds("a problem");
      await page.context().close();
    });
  }
}

describe("by keys alone", () => {
  test("from nothing to a saved file: open by Tab, phrase, mask, refine, export", async () => {
    const { page, person } = await stage.open("", { phrases: "auto" });
    await person.waitForModel();
    const pressUntil = async (key, id) => {
      for (let i = 0; i < 120; i += 1) {
        await page.keyboard.press(key);
        if (await page.evaluate((id) => document.activeElement.matches(id), id)) return;
      }
      assert.fail(`${id} is not reached by ${key}`);
    };
    await page.keyboard.press("Tab");
    assert.match(await page.evaluate(() => document.activeElement.textContent), /phrase/i, "first comes the way past the rest");
    await pressUntil("Tab", "#samples button");
    await page.keyboard.press("Enter");
    await person.rests();
    await page.keyboard.press("/");
    await page.keyboard.type("a building");
    await page.keyboard.press("Enter");
    await person.seesMask("a building");
    await pressUntil("Tab", "#threshold");
    const before = await page.locator("#threshold").inputValue();
    await page.keyboard.press("ArrowLeft");
    assert.notEqual(await page.locator("#threshold").inputValue(), before);
    await pressUntil("Tab", "#open-export");
    await page.keyboard.press("Enter");
    await pressUntil("Tab", '[data-export="mask-png"]');
    const { name } = await person.download(() => page.keyboard.press("Enter"));
    assert.match(name, /\.png$/);
    await page.context().close();
  });

  test("the keys of the help sheet are those that work, and none works while one types", async () => {
    const { page, person } = await stage.open("", { phrases: "auto" });
    await person.waitForModel();
    await person.pickSample(0);
    await person.segment("a building");
    const blur = () => page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await blur();
    await page.keyboard.press("?");
    await page.locator("#help[open]").waitFor();
    const help = await page.locator("#help").textContent();
    for (const word of ["Undo", "Compare", "Export", "rectangle", "Threshold", "Esc"]) assert.match(help, new RegExp(word, "i"));
    await page.keyboard.press("Escape");
    await page.locator("#help").waitFor({ state: "hidden" });
    await blur();
    await page.keyboard.press("c");
    assert.equal(await page.locator("#compare").getAttribute("aria-pressed"), "true");
    await page.keyboard.press("c");
    await page.keyboard.press("r");
    assert.equal(await page.locator("#draw-rectangle").getAttribute("aria-pressed"), "true");
    await page.keyboard.press("r");
    await page.locator("#phrase").focus();
    await page.keyboard.press("End");
    await page.keyboard.type(" c r m ?");
    assert.equal(await page.locator("#phrase").inputValue(), "a building c r m ?");
    assert.ok(await page.locator("#visible").isChecked());
    assert.equal(await page.locator("#help").isVisible(), false);
    await page.context().close();
  });

  test("a rectangle is drawn, moved and resized by keys, and its size is read out", async () => {
    const { page, person } = await stage.open("", { phrases: "auto", reducedMotion: "reduce" });
    await person.waitForModel();
    await person.pickSample(0);
    await page.locator("#draw-rectangle").focus();
    await page.keyboard.press("Enter");
    const rectangle = page.locator("#stage .viewer-rectangle");
    if (!(await rectangle.isVisible())) {
      await page.locator("#stage [role=application]").focus();
      await page.keyboard.press("Enter");
    }
    await rectangle.waitFor();
    await rectangle.focus();
    const label = () => rectangle.getAttribute("aria-label");
    const before = await label();
    await page.keyboard.press("Shift+ArrowRight");
    await person.settles();
    assert.notEqual(await label(), before);
    assert.match(await label(), /\d+ × \d+ px/);
    await person.settles(800);
    assert.match(await page.locator("#stage [role=status]").first().textContent(), /\d+ × \d+ px/);
    assert.equal(await page.locator("#target").inputValue(), "rectangle");
    await person.segment("a building");
    await page.context().close();
  });
});

test("live regions: progress, results and problems are told to those who do not see them", async () => {
  const { page, person } = await stage.open("", { phrases: "auto" });
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("a building");
  await page.locator("#status", { hasText: "a building" }).waitFor({ state: "attached" });
  assert.match(await page.locator("#status").textContent(), /%/);
  for (const [id, role] of [["problem", "alert"], ["notices", "status"], ["phrase-note", "status"], ["status", "status"]]) {
    assert.equal(await page.locator(`#${id}`).getAttribute("role"), role);
  }
  assert.match(await page.locator("#stage [role=application]").getAttribute("aria-label"), /\S/);
  await page.context().close();
});

test("a phone of 360 px by touch: open, segment, zoom by two fingers, save; targets of 44 px", async () => {
  const { page, person } = await stage.open("", { phrases: "auto", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
  await person.waitForModel();
  await page.locator("#samples button").first().tap();
  await person.rests();
  await page.locator("#phrase").tap();
  await page.keyboard.type("a building");
  await page.getByRole("button", { name: "Segment", exact: true }).tap();
  await person.seesMask("a building");
  const [wide, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.equal(wide, there, "no sideways scrolling");
  const before = await person.canvas();
  const session = await page.context().newCDPSession(page);
  const box = await page.locator("#stage").boundingBox();
  const fingers = (gap) => [-gap, gap].map((x, id) => ({ x: box.x + box.width / 2 + x, y: box.y + box.height / 2, id }));
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: fingers(20) });
  for (const gap of [35, 50, 70]) await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: fingers(gap) });
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await person.settles(800);
  assert.ok(!(await person.canvas()).data.equals(before.data), "two fingers zoom");
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=range], [type=checkbox], [type=radio], [type=color], .hidden-input), label.button, summary")]
      .filter((control) => control.checkVisibility() && control.getClientRects().length > 0)
      .map((control) => ({ what: control.id || control.className || control.textContent, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && (box.height < 43.5 || box.width < 43.5))
      .map(({ what, box }) => `${what}: ${box.width} × ${box.height}`),
  );
  assert.deepEqual(small, [], "nothing to touch is smaller than 44 px");
  await page.locator("#open-export").tap();
  const { name } = await person.download(() => page.locator('[data-export="mask-png"]').tap());
  assert.match(name, /\.png$/);
  await page.context().close();
});

test("no layout jumps: from the first paint over loading, an image, a mask and a notice", async () => {
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of /** @type {any[]} */ (list.getEntries())) {
        if (!hadRecentInput) window.shifts.push({ value, what: sources.map(({ node }) => node?.id || node?.className || node?.nodeName) });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const { page, person } = await stage.open("", { phrases: "auto", context });
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("a building");
  await person.segment("the road 🏠");
  await person.settles(600);
  const shifts = await page.evaluate(() => window.shifts);
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  // Web Vitals rates values up to 0.1 as good; a page that is used all day should be steadier.
  assert.ok(sum < 0.02, `layout shift ${sum}: ${JSON.stringify(shifts)}`);
  await context.close();
});

test("every word is in one file: no sentence in the page's markup or modules", () => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const body = html.slice(html.indexOf("<body")).replace(/<!--.*?-->/gs, "").replace(/<symbol.*?<\/symbol>/gs, "");
  const texts = [...body.matchAll(/>([^<>]*[A-Za-z]{3,}[^<>]*)</g)].map(([, text]) => text.trim());
  // The exceptions are the program's name and the sentence shown before any script runs.
  assert.deepEqual(texts.filter((text) => text !== "s4eca" && !text.startsWith("s4eca is starting")), []);
  const files = ["panel", "state", "view", "offline", "teach"].flatMap((folder) => readdirSync(join(DIST, "www", folder)).map((name) => join(DIST, "www", folder, name)));
  const keys = ["en", "en-reading", "en-correct", "en-teach"].map((name) => readFileSync(join(DIST, `www/text/${name}.js`), "utf8")).join("\n");
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const code = readFileSync(file, "utf8");
    for (const [, key] of code.matchAll(/\bt\("([\w.-]+)"/g)) {
      const named = new RegExp(`(?:"${key.replaceAll(".", "\\.")}"|\\b${key}):`);
      assert.match(keys, named, `${file} asks for ${key}`);
    }
    assert.ok(!/textContent = "[A-Z]/.test(code), `${file} has a sentence of its own`);
  }
});

test("a large scene on a phone", { skip: noScenes }, async () => {
  const { page, person } = await stage.open("", { phrases: "auto", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await person.waitForModel();
  await person.chooseFiles(scenePath("large.tif"));
  await person.seesImage("large.tif");
  await person.aims("whole", 1000);
  await person.segment("the grass");
  assert.ok((await person.figures()).area > 0);
  await page.context().close();
});
