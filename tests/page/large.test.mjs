// A scene of 20,000 x 20,000 px: panned and zoomed, segmented in parts or whole in tiles, as by the native program.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU } from "./compare.mjs";
import { openCounting } from "./looks.mjs";
import { catalogue, compare, kept, natively, noScenes, raster, scenePath } from "./readers.mjs";

const PHRASE = "the water";
const WEIGHTS = `${DIST}/weights/${BUNDLE}`;
/** The side of large.tif in its pixels of 10 cm: a ground resolution of 100 cm is ten of them. */
const SIDE = 20_000;

describe("a large scene", { skip: noScenes }, () => {
  let stage;
  let page;
  let person;
  let asked;
  before(async () => {
    stage = await launch();
    ({ page, person, asked } = await openCounting(stage, { reducedMotion: "reduce" }));
  });
  after(() => stage?.close());

  const viewer = () => page.locator("#stage [role=application]");

  /** Moves the view to the scene's top left corner: fits it, zooms by `times` steps of the + key, then pans. */
  async function goToCorner(times) {
    await viewer().focus();
    await page.keyboard.press("0");
    for (let i = 0; i < times; i += 1) await page.keyboard.press("+");
    for (let i = 0; i < 12; i += 1) await page.keyboard.press("Shift+ArrowUp");
    for (let i = 0; i < 12; i += 1) await page.keyboard.press("Shift+ArrowLeft");
    await person.settles(800);
  }

  /** Draws a rectangle with the mouse, in shares of the viewer's width and height. */
  async function draw([x0, y0], [x1, y1]) {
    await person.closeNotices();
    if ((await page.locator("#draw-rectangle").getAttribute("aria-pressed")) === "false") await page.locator("#draw-rectangle").click();
    const box = await viewer().boundingBox();
    const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
    await page.mouse.move(...at(x0, y0));
    await page.mouse.down();
    await page.mouse.move(...at((x0 + x1) / 2, (y0 + y1) / 2));
    await page.mouse.move(...at(x1, y1));
    await page.mouse.up();
    await person.settles();
    assert.equal(await page.locator("#target").inputValue(), "rectangle", "a rectangle that is drawn is meant");
  }

  /** Segments the phrase and waits for it; returns the number of segment requests. */
  async function run(phrase) {
    await asked.read();
    await person.segment(phrase);
    return (await asked.read()).length;
  }

  const probability = async () => kept(await person.save("probability-geotiff"));

  test("it opens at once, knows its place and resolution, and is not held in memory", async () => {
    const begun = performance.now();
    await person.chooseFiles(scenePath("large.tif"));
    assert.match(await person.seesImage("large.tif"), /20,?000 × 20,?000 px/);
    assert.ok(performance.now() - begun < 20_000, "within twenty seconds on a slow machine");
    assert.equal(await page.locator("#georeference").getAttribute("data-epsg"), String(catalogue["large.tif"].epsg));
    assert.match(await page.locator("#image-name").textContent().then(async (name) => name + (await page.locator(".scene-line").textContent())), /10 cm/);
  });

  test("zoom and pan by keys, wheel and mouse; sharp once it rests", async () => {
    await viewer().focus();
    await page.keyboard.press("0");
    await person.settles(1500);
    const fitted = await person.canvas();
    const box = await viewer().boundingBox();
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3);
    for (let i = 0; i < 12; i += 1) await page.mouse.wheel(0, -240);
    await person.settles(1500);
    const near = await person.canvas();
    assert.ok(!near.data.equals(fitted.data), "the wheel zooms");
    assert.ok(edges(near) > 3, `flat colours with sharp borders, not a blur: steepest step ${edges(near)}`);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await person.settles(800);
    assert.ok(!(await person.canvas()).data.equals(near.data), "a drag moves");
    await viewer().focus();
    await page.keyboard.press("0");
    await person.settles(1500);
    const again = changed(await person.canvas(), fitted);
    assert.ok(again < 5, `0 fits it again, to the same picture: ${again} levels`);
    assert.ok(changed(near, fitted) > 20, "which is not how it looked from near");
  });

  test("a drawn rectangle in tiles: the very tiles that the native program looks at, and its answer", async () => {
    await goToCorner(5);
    await draw([0.02, 0.02], [0.6, 0.7]);
    await person.aims("rectangle", 100);
    await page.locator("#plan-note", { hasText: /tiles/ }).waitFor();
    const count = await run("the grass");
    assert.ok(count > 8, `${count} tiles`);
    const mine = await probability();
    const { affine, width, height } = raster(mine);
    const metres = catalogue["large.tif"].affine;
    const corner = [Math.round((affine[0] - metres[0]) / metres[1]), Math.round((affine[3] - metres[3]) / metres[5])];
    const size = [width * affine[1], height * affine[5]].map((length, i) => Math.ceil(length / metres[i === 0 ? 1 : 5]));
    const window = [Math.max(0, corner[0]), Math.max(0, corner[1]), ...size.map((length, i) => Math.min(length, SIDE - corner[i]))];
    // A region that is large enough to compare; 4,000 pixels per side would be a sixth of the view.
    assert.ok(Math.min(...window.slice(2)) > 1500, `window ${window}`);
    const native = natively(scenePath("large.tif"), "the grass", WEIGHTS, "--window", window.join(","), "--resolution", "100");
    const found = compare(mine, native.probability);
    assert.ok(found.pixels > 0.98 * width * height, `${found.pixels} of ${width} × ${height} px compared`);
    assert.ok(found.share > 0.02 && found.share < 0.98, `a mask with edges: ${found.share}`);
    assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
  });

  test("the first 4,000 × 4,000 px are the native mask", async () => {
    await setCornerRectangle(4000, 4000);
    await person.aims("rectangle", 100);
    await run("the first building");
    const mine = await probability();
    const window = ["--window", "0,0,4000,4000", "--resolution", "100"];
    const native = natively(scenePath("large.tif"), "the first building", WEIGHTS, ...window);
    const found = compare(mine, native.probability);
    assert.ok(found.pixels >= 399 * 399, `${found.pixels} pixels`);
    assert.ok(found.max_difference <= MAX_DIFFERENCE, `largest difference ${found.max_difference} of 255`);
    assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
    assert.ok(found.share > 0.02 && found.share < 0.98, `a mask with edges: ${found.share}`);
  });

  /**
   * Sets a rectangle of exactly that size in the scene's top left corner: draws it approximately, then adjusts it with
   * the arrow keys. Arrow keys move it until the scene's edge; with Shift they resize it, in finer steps the further
   * the view is zoomed in.
   */
  async function setCornerRectangle(width, height) {
    await goToCorner(5);
    await draw([0.02, 0.02], [0.5, 0.5]);
    const rectangle = page.locator("#stage .viewer-rectangle");
    const size = async () => (await rectangle.getAttribute("aria-label")).replaceAll(",", "").match(/\d+/g).map(Number);
    await rectangle.focus();
    for (const key of ["ArrowLeft", "ArrowUp"]) for (let i = 0; i < 20; i += 1) await page.keyboard.press(key);
    for (let tries = 0, step = 0; tries < 300; tries += 1) {
      const [w, h] = await size();
      const gaps = [width - w, height - h];
      if (gaps.every((gap) => gap === 0)) return;
      const far = gaps.map(Math.abs).indexOf(Math.max(...gaps.map(Math.abs)));
      if (step > 1 && Math.abs(gaps[far]) < step) {
        await page.keyboard.press("+");
        await person.settles(200);
        step = 0.75 * step;
        continue;
      }
      const [less, more] = [["ArrowLeft", "ArrowRight"], ["ArrowUp", "ArrowDown"]][far];
      await page.keyboard.press(`Shift+${gaps[far] < 0 ? less : more}`);
      const [nextW, nextH] = await size();
      step = Math.abs(nextW - w + nextH - h);
    }
    assert.fail(`no rectangle of ${width} × ${height} px but ${await size()}`);
  }

  test("a part is what the whole has there, bit for bit; progress, then a layer", async () => {
    await person.aims("whole", 1000);
    await person.type("all the water");
    const steps = [];
    await page.exposeFunction("noteRun", (title, value) => steps.push([title, value]));
    await page.evaluate(() => {
      const bar = /** @type {HTMLProgressElement} */ (document.getElementById("run-progress"));
      const look = () => window.noteRun(document.getElementById("run-title").textContent, bar.value);
      new MutationObserver(look).observe(document.getElementById("running"), { attributes: true, subtree: true, childList: true });
    });
    await person.press();
    await person.seesMask("all the water");
    assert.ok(new Set(steps.map(([title]) => title)).size > 10, "the tiles are counted as they come");
    assert.ok(steps.some(([, value]) => value > 0.3 && value < 0.7), "the bar was seen half-way");
    const whole = await probability();
    await draw([0.3, 0.3], [0.6, 0.5]);
    await person.aims("rectangle", 1000);
    const count = await run("all the water");
    assert.ok(count > 0 && count < 16, `a part takes the tiles that touch it: ${count}`);
    const part = await probability();
    const found = compare(part, whole);
    assert.ok(found.pixels > 100);
    assert.equal(found.max_difference, 0);
  });

  test("results appear as they come; pause stops the work; cancel keeps what is done", async () => {
    await person.aims("whole", 400);
    await asked.read();
    await person.type("a long way");
    await person.press();
    await page.locator("#run-progress[value]").waitFor();
    const running = page.locator("#layers > .selected");
    await page.waitForFunction(() => Number(document.getElementById("run-progress").getAttribute("value")) > 0.1);
    assert.match(await running.textContent(), /%/, "the layer tells how far it is");
    assert.match(await page.locator("#run-left").textContent(), /left|\d/);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.locator('#layers > .selected[data-state="paused"]').waitFor();
    const drawn = await person.canvas();
    await asked.read();
    await person.settles(1200);
    assert.deepEqual(await asked.read(), [], "a pause is one");
    assert.ok((await person.canvas()).data.equals(drawn.data));
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.locator('#layers > .selected[data-state="running"]').waitFor();
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    await page.locator('#layers > .selected[data-state="cancelled"]').waitFor();
    await person.isIdle();
    assert.match(await page.locator("#result").textContent(), /only \d+ %|Cancelled/i, "the layer says that it is a part");
    await asked.read();
    await person.settles(600);
    assert.deepEqual(await asked.read(), [], "nothing goes on in secret");
  });

  test("what is in view alone", async () => {
    await goToCorner(12);
    await person.aims("view", 50);
    const count = await run("in view");
    assert.ok(count >= 1 && count < 40, `${count} tiles`);
    const { width, height, affine } = raster(await probability());
    const metres = catalogue["large.tif"].affine;
    assert.ok(width * affine[1] < 2000 * metres[1] * 3 && height > 8, "the map is that of the view");
  });

  test("more than a browser holds is refused with the number that fits", async () => {
    await person.aims("whole", 11);
    await person.type("too fine");
    await person.press();
    const { advice } = await person.seesProblem("too-many-pixels");
    const text = advice + (await page.locator("#problem-detail").textContent());
    assert.match(text, /\d+(\.\d+)? ?c?m/);
  });

  test("a file it writes of the whole has the map's grid, lies where the scene lies, and says so", async () => {
    await person.aims("whole", 1000);
    await person.segment("the vegetation");
    const mask = raster(kept(await person.save("geotiff")));
    assert.equal(mask.epsg, 32633);
    const scene = catalogue["large.tif"];
    for (const [i, corner] of scene.corners.entries()) {
      const off = Math.hypot(...[0, 1].map((axis) => (corner[axis] - mask.corners[i][axis]) * 111_000));
      assert.ok(off < mask.metres_per_pixel, `corner ${i} is ${off} m off, of ${mask.metres_per_pixel} m a pixel`);
    }
    assert.match(await page.locator("#export-note").textContent(), /100 megapixels/);
    const { area } = await person.figures();
    assert.ok(Math.abs(area / mask.mask_area_m2 - 1) < 0.01, `${area} m² by polygons, ${mask.mask_area_m2} m² by pixels`);
  });

  /** Starts a long run and waits until some of its tiles are done. */
  async function begin(phrase) {
    await person.aims("whole", 400);
    await person.type(phrase);
    await person.press();
    await page.locator("#layers > .selected", { hasText: phrase }).waitFor();
    await page.waitForFunction(() => Number(document.getElementById("run-progress").getAttribute("value")) > 0.05);
  }

  test("a run whose layer is undone and can come back no more ends by itself", async () => {
    await begin("to be undone");
    await page.locator("#undo").click();
    await page.locator("#layers > li", { hasText: "to be undone" }).waitFor({ state: "detached" });
    await page.locator("#layers > .selected .eye input").uncheck({ force: true });
    await person.isIdle();
    await person.settles();
    assert.ok(await person.hasNoProblem());
  });

  test("another image ends a run, one that is paused too", async () => {
    await begin("to be left");
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.locator('#layers > .selected[data-state="paused"]').waitFor();
    await person.pickSample(1);
    await page.locator("#running").waitFor({ state: "hidden", timeout: 10_000 });
    await person.aims("whole");
    await person.segment("a building");
    assert.equal((await person.layers()).length, 1);
  });

  test("a scene coarser than what is asked for: smaller tiles, enlarged for the network, as the native program does it", async () => {
    await person.chooseFiles(scenePath("utm-south.tif"));
    await person.seesImage("utm-south.tif");
    await person.aims("whole", 50);
    const plain = await run(PHRASE);
    await person.aims("whole", 30);
    const enlarged = await run(PHRASE);
    assert.ok(enlarged > plain, `${enlarged} looks for 30 cm, ${plain} for the scene's 50 cm`);
    const native = natively(scenePath("utm-south.tif"), PHRASE, WEIGHTS, "--resolution", "30");
    const found = compare(await probability(), native.probability);
    const { width, height } = catalogue["utm-south.tif"];
    assert.equal(found.pixels, width * height, "the map keeps the scene's pixels");
    assert.ok(found.max_difference <= MAX_DIFFERENCE, `largest difference ${found.max_difference} of 255`);
  });
});

/**
 * The largest difference between the means of 32 px squares in two pictures, in levels. Single pixels may differ: parts
 * whose details were read before are drawn sharper than the rest.
 */
function changed(one, other, side = 32) {
  let most = 0;
  for (let top = 0; top + side <= one.height; top += side) {
    for (let left = 0; left + side <= one.width; left += side) {
      let sum = 0;
      for (let y = top; y < top + side; y += 1) {
        for (let x = left; x < left + side; x += 1) sum += one.data[4 * (y * one.width + x)] - other.data[4 * (y * one.width + x)];
      }
      most = Math.max(most, Math.abs(sum) / side ** 2);
    }
  }
  return most;
}

/** The largest difference between neighbours in a row, in levels. */
function edges({ width, height, data }) {
  let steepest = 0;
  for (let y = 10; y < height - 10; y += 7) {
    for (let x = 10; x < width - 10; x += 1) {
      const at = 4 * (y * width + x);
      steepest = Math.max(steepest, Math.abs(data[at] - data[at + 4]));
    }
  }
  return steepest;
}
