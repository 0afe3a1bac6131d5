// A corrected mask is measured, counted, exported, kept over a crash, and usable as an example; correcting by touch.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { changes, choose, crash, drag, isSame, maskOf, masked, openCorrecting, says, tells } from "./correcting.mjs";
import { kept, noScenes, raster, scenePath, vector } from "./readers.mjs";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  ({ page, person } = await openCorrecting(stage));
});
after(() => stage.close());

/**
 * Taps until the tap has its effect, at most three times, as a person does: if the layout changes between the touch and
 * the click that the browser makes of it, the click goes elsewhere.
 *
 * @param {import("playwright-core").Locator} control
 * @param {() => Promise<void>} hasEffect
 */
async function taps(control, hasEffect) {
  for (let attempts = 1; ; attempts++) {
    await control.tap();
    try {
      return await hasEffect();
    } catch (error) {
      if (attempts === 3) throw error;
    }
  }
}

test("a finger paints, two fingers zoom and paint nothing; the toolbar does not move the page", async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
  const { page, person } = await stage.open("", { reducedMotion: "reduce", ...phone });
  await person.waitForModel();
  await person.pickSample(1);
  await person.segment("a building");
  await page.locator("#correct").scrollIntoViewIfNeeded();
  const before = await page.locator("#stage").boundingBox();
  await page.locator("#correct").tap();
  await page.locator("#correct-bar").waitFor();
  assert.deepEqual(await page.locator("#stage").boundingBox(), before);
  const [wide, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.equal(wide, there, "no sideways scrolling");
  for (const id of ["correct-nothing", "correct-back", "correct-done"]) {
    const { width, height } = await page.locator(`#${id}`).boundingBox();
    assert.ok(width >= 43.5 && height >= 43.5, `${id}: ${width} × ${height}`);
  }
  await page.locator("#correct-nothing").tap();
  await page.locator("#status", { hasText: "empty" }).waitFor({ state: "attached" });
  const session = await page.context().newCDPSession(page);
  const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  const [x, y] = [before.x + before.width / 2, before.y + before.height * 0.65];
  await touch("touchStart", [{ x, y, id: 0 }]);
  await touch("touchStart", [{ x, y, id: 0 }, { x: x + 40, y, id: 1 }]);
  for (const gap of [50, 60, 80]) await touch("touchMove", [{ x, y, id: 0 }, { x: x + gap, y, id: 1 }]);
  await touch("touchEnd", []);
  await person.settles(600);
  assert.equal((await person.figures()).share, 0, "two fingers paint nothing");
  await touch("touchStart", [{ x, y, id: 0 }]);
  for (const way of [10, 20, 30]) await touch("touchMove", [{ x: x + way, y, id: 0 }]);
  await touch("touchEnd", []);
  await page.locator("#status", { hasText: "added" }).waitFor({ state: "attached" });
  await person.settles(600);
  await taps(page.locator("#correct-done"), () => page.locator("#correct-bar").waitFor({ state: "hidden", timeout: 20_000 }));
  await page.context().close();
});

test("after a crash of the scene worker the corrections are there, and can be undone", async () => {
  await choose(person, "Brush", "Add");
  const { width, height } = await maskOf(person);
  await drag(person, [[width * 0.3, height * 0.5], [width * 0.6, height * 0.5]], { width, height });
  await says(person, /added/);
  const painted = await maskOf(person);
  await tells(person, painted);
  await crash(person);
  assert.ok(isSame(await maskOf(person), painted));
  await page.locator("#undo").click();
  await person.settles();
  assert.ok((await maskOf(person)).area < painted.area);
  await page.locator("#redo").click();
  await tells(person, painted);
  await person.closeNotices();
});

describe("on the ground, and in files", { skip: noScenes }, () => {
  let shown;
  before(async () => {
    await page.locator("#correct-done").click();
    await person.chooseFiles(scenePath("deflate.tif"));
    await person.seesImage("deflate.tif");
    await person.segment("the water");
    await masked(person, 0.2);
    const former = await maskOf(person);
    await page.locator("#correct").click();
    await choose(person, "Brush", "Add");
    await drag(person, [[60, 150], [240, 150]], former);
    await says(person, / m² added/);
    await choose(person, "Brush", "Erase");
    await drag(person, [[150, 110], [150, 190]], former);
    await says(person, / m² erased/);
    shown = await maskOf(person);
    await tells(person, shown);
    assert.ok(changes(former, shown).added > 500);
  });

  test("the GeoTIFF has the pixels that are measured, as GDAL counts them", async () => {
    const found = raster(kept(await person.save("geotiff")));
    assert.deepEqual([found.width, found.height], [shown.width, shown.height]);
    assert.equal(Math.round(found.share * found.width * found.height), shown.area);
    const { area, share } = await person.figures();
    assert.ok(Math.abs(share - found.share) < 1e-6, `${share} is told, ${found.share} is in the file`);
    assert.ok(Math.abs(found.mask_area_m2 / area - 1) < 0.01, `${area} m² told, ${found.mask_area_m2} m² of pixels`);
  });

  test("GeoJSON, KML and GeoPackage have the same area", async () => {
    const { area } = await person.figures();
    for (const kind of ["geojson", "kml", "geopackage"]) {
      const features = vector(kept(await person.save(kind))).layers.flatMap((layer) => layer.features);
      assert.ok(features.every(({ valid }) => valid), kind);
      const total = features.reduce((sum, { area_m2 }) => sum + area_m2, 0);
      assert.ok(Math.abs(total / area - 1) < 0.001, `${kind}: ${total} m², the page tells ${area} m²`);
    }
  });

  test("the probability GeoTIFF is the model's", async () => {
    const before = raster(kept(await person.save("probability-geotiff")));
    await page.locator("#correct-nothing").click();
    await says(person, /empty/);
    const after = raster(kept(await person.save("probability-geotiff")));
    assert.deepEqual([after.values, after.share], [before.values, before.share]);
    await page.locator("#undo").click();
    await tells(person, shown);
  });
});

test("objects are counted and listed as the corrected mask has them", async () => {
  const { page, person } = await stage.open("", { bundle: "tiny", phrases: "auto", reducedMotion: "reduce" });
  await person.waitForModel();
  await person.pickSample("Pools");
  await person.segment("all buildings");
  await page.locator("#show-candidates").click();
  const listed = page.locator("#candidates button");
  await listed.first().waitFor();
  const before = await listed.count();
  await page.locator("#correct").click();
  await page.keyboard.press("n");
  await page.locator("#outcome", { hasText: /^No building\.$/ }).waitFor();
  await listed.first().waitFor({ state: "detached" });
  const box = await page.locator("#stage").boundingBox();
  // On the street, where no building was found.
  for (const [x, y] of [[0.315, 0.51], [0.705, 0.9]]) await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
  await page.locator("#outcome", { hasText: /^2 buildings\.$/ }).waitFor();
  assert.equal(await listed.count(), 2);
  assert.match(await page.locator("#layers .layer-figures").textContent(), /2 objects/);
  await page.locator("#correct-back").click();
  await page.locator("#outcome", { hasText: `${before} building` }).waitFor();
  assert.equal(await listed.count(), before);
  await page.context().close();
});

test("an example has image and mask of one size; of a large map in tiles it is the middle of the view", async () => {
  const found = await page.evaluate(async () => {
    const [{ Scenes }, { correctedExample }] = await Promise.all(["scene/client.js", "state/example.js"].map((path) => import(`/www/${path}`)));
    const scenes = new Scenes();
    const canvas = new OffscreenCanvas(2000, 1600);
    const context = canvas.getContext("2d");
    context.fillStyle = "#ff0000";
    context.fillRect(0, 0, 1000, 1600);
    context.fillStyle = "#0000ff";
    context.fillRect(1000, 0, 1000, 1600);
    await scenes.open([new File([await canvas.convertToBlob()], "halves.png")]);
    const refine = { threshold: 0.5, smooth: 0, minArea: 0, fillHoles: 0, correction: 0, asked: null };
    const summary = (example) => {
      const { image, mask, width, height, ...rest } = example;
      const agrees = mask.every((bit, i) => bit === (image[4 * i + 2] > 128 ? 1 : 0));
      return { width, height, lengths: [image.length / 4, mask.length], agrees, ...rest };
    };
    const example = async (options, view) => {
      const { id, plan } = await scenes.createLayer(options);
      for (let i = 0; i < plan.count; i += 1) {
        const { map } = await scenes.tile(id, i);
        await scenes.addTile(id, i, new Uint8Array(map[0] * map[1]).fill(3));
      }
      const [across, down] = [plan.width, plan.height];
      const points = Float64Array.from([across / 2, 0, across, 0, across, down, across / 2, down]);
      const { correction } = await scenes.stroke(id, refine, { kind: "lasso", adds: true, radius: 0, points });
      const layer = { id, phrase: "the blue half", refine: { ...refine, correction } };
      const full = summary(await correctedExample(layer, { scenes, view }));
      const nothing = await scenes.stroke(id, layer.refine, { kind: "nothing", adds: false, radius: 0, points: new Float64Array() });
      const none = await correctedExample({ ...layer, refine: { ...refine, correction: nothing.correction } }, { scenes, view });
      return { full, none: [none.empty, none.mask.includes(1)] };
    };
    const whole = await example({ mode: "whole", region: [800, 100, 400, 300], step: 1, side: 0, overlap: 0 }, null);
    await scenes.setScale(50);
    const tiles = await example({ mode: "tiles", region: null, step: 1, side: 384, overlap: 96 }, [900, 700, 200, 600]);
    const all = await example({ mode: "tiles", region: null, step: 1, side: 384, overlap: 96 }, null);
    return { whole, tiles, all };
  });
  const rest = { phrase: "the blue half", agrees: true, place: null, empty: false };
  const { whole, tiles, all } = found;
  assert.deepEqual(whole.full, { ...rest, width: 400, height: 300, lengths: [120000, 120000], metresPerPixel: null });
  assert.deepEqual(tiles.full, { ...rest, width: 384, height: 512, lengths: [196608, 196608], metresPerPixel: 0.5 });
  assert.deepEqual(all.full, { ...rest, width: 512, height: 512, lengths: [262144, 262144], metresPerPixel: 0.5 });
  for (const { none } of [whole, tiles, all]) assert.deepEqual(none, [true, false]);
});
