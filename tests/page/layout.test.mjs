// The page at laptop and phone widths, in light and dark, and for screen readers.
// With SHOTS=FOLDER it writes screenshots there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";

let stage;
before(async () => {
  stage = await launch();
});
after(() => stage.close());

for (const [name, viewport] of [
  ["laptop", { width: 1280, height: 800 }],
  ["phone", { width: 390, height: 844 }],
  ["narrow", { width: 320, height: 640 }],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}: nothing sticks out, the picture fills its frame`, async () => {
      const { page, person } = await stage.open("", { viewport, colorScheme });
      await person.waitForModel();
      await person.pickSample(0);
      await person.segment("the largest building");
      const found = await page.evaluate(() => {
        const box = (id) => document.getElementById(id).getBoundingClientRect().toJSON();
        const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
        const ground = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
        const canvas = document.querySelector("#stage canvas").getBoundingClientRect().toJSON();
        return { scrollWidth, clientWidth, scrollHeight, clientHeight, stage: box("stage"), canvas, ground };
      });
      assert.equal(found.scrollWidth, found.clientWidth, "no sideways scrolling");
      assert.equal(found.scrollHeight, found.clientHeight, "the panel scrolls, not the page");
      for (const side of ["x", "y", "width", "height"]) assert.ok(Math.abs(found.canvas[side] - found.stage[side]) <= 2, side);
      assert.equal(Math.max(...found.ground) < 60, colorScheme === "dark", `ground ${found.ground}`);
      if (process.env.SHOTS) {
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: `${process.env.SHOTS}/${name}-${colorScheme}.png` });
      }
      await page.context().close();
    });
  }
}

test("on a laptop image, phrase and figures are in view together; on a phone image and button are", async () => {
  for (const { ids, ...viewport } of [
    { width: 1280, height: 800, ids: ["stage", "samples", "run", "share", "open-export"] },
    { width: 390, height: 844, ids: ["stage", "samples", "run"] },
  ]) {
    const { page, person } = await stage.open("", { viewport });
    await person.waitForModel();
    await person.pickSample(0);
    await person.segment("the largest building");
    await page.evaluate(() => scrollTo(0, 0));
    for (const id of ids) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert.ok(box.y >= 0 && box.y + box.height <= viewport.height, `#${id} at ${viewport.width} px: ${JSON.stringify(box)}`);
    }
    await page.context().close();
  }
});

test("on a phone the notice about the GPU is whole", async () => {
  const { page, person } = await stage.open("", { viewport: { width: 400, height: 800 } });
  await person.waitForModel();
  const notice = page.locator('#notices [data-kind="backend"] p');
  await notice.waitFor();
  const { scrollHeight, clientHeight } = await notice.evaluate(({ scrollHeight, clientHeight }) => ({ scrollHeight, clientHeight }));
  assert.ok(scrollHeight <= clientHeight, `${scrollHeight} px of text in ${clientHeight} px`);
  await page.context().close();
});

test("every control has a name, messages are announced, the keyboard reaches everything", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("the largest building");
  await page.getByText("Model and engine", { exact: true }).click();
  const nameless = await page.evaluate(() =>
    [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("button, input, select, progress"))]
      .filter((control) => control.checkVisibility())
      .filter((control) => !control.labels?.length && !control.getAttribute("aria-label") && !control.getAttribute("aria-labelledby") && !control.textContent.trim())
      .map((control) => control.outerHTML),
  );
  assert.deepEqual(nameless, []);
  assert.equal(await page.locator("#problem").getAttribute("role"), "alert");
  assert.equal(await page.locator("#notices").getAttribute("role"), "status");
  const reached = new Set();
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
  for (let i = 0; i < 70; i += 1) {
    await page.keyboard.press("Tab");
    const names = await page.evaluate(() => {
      const { id, name, classList } = /** @type {HTMLInputElement} */ (document.activeElement);
      return [id, name, ...classList];
    });
    for (const name of names) reached.add(name);
  }
  const wanted = ["file", "sample", "phrase", "run", "chip", "target", "resolution", "layer-main", "visible", "colour", "threshold", "opacity"];
  for (const id of [...wanted, "smooth", "min-area", "fill-holes", "look", "compare", "engine", "clear-cache", "diagnostics", "open-export", "open-help"]) {
    assert.ok(reached.has(id), `${id} is reached by Tab; reached: ${[...reached]}`);
  }
});

test("nothing on the page speaks to the console", async () => {
  const context = await stage.browser.newContext();
  const said = [];
  context.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  context.on("weberror", (event) => said.push(event.error().message));
  const { person } = await stage.open("", { context });
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("the largest building");
  assert.deepEqual(said.filter((text) => !/No available adapters|requestAdapter/.test(text)), []);
});
