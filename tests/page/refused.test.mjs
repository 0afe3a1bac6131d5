// Unreadable files: each has its own clear message, nothing crashes, and the open image stays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";

let stage;
let page;
let person;
const crashes = [];
before(async () => {
  stage = await launch();
  ({ page, person } = await stage.open());
  page.on("crash", () => crashes.push("the tab"));
  page.on("pageerror", (error) => crashes.push(error.message));
  page.on("worker", (worker) => worker.on("close", () => crashes.push(`a worker: ${worker.url()}`)));
  await person.waitForModel();
});
after(() => stage.close());

// File, the acceptable error codes, and a word that the message must contain.
const REFUSED = [
  ["truncated-photo.jpg", ["cut-short"], /end is missing/],
  ["truncated-drawing.png", ["cut-short"], /end is missing/],
  ["truncated-view.webp", ["cut-short"], /end is missing/],
  ["truncated-small.avif", ["cut-short"], /end is missing/],
  ["truncated-striped.tif", ["cut-short"], /end is missing/],
  ["truncated-tiled.tif", ["cut-short"], /end is missing/],
  ["truncated-cog.tif", ["cut-short", "tiff-empty"], /./],
  ["truncated-jpeg.tif", ["cut-short"], /end is missing/],
  ["truncated-bigtiff.tif", ["cut-short"], /end is missing/],
  ["hollow.tif", ["cut-short", "tiff-damaged", "tiff-empty"], /./],
  ["hollow.png", ["undecodable", "too-large", "cut-short"], /./],
  ["hollow.jpg", ["undecodable", "too-large", "cut-short"], /./],
  ["drawing.svg", ["svg"], /PNG/],
  ["archive.tif", ["zip"], /[Uu]npack/],
  ["document.tif", ["pdf"], /PNG|GeoTIFF/],
  ["text.tif", ["not-image"], /GeoTIFF/],
  ["text.png", ["not-image"], /PNG/],
  ["empty.tif", ["empty-file"], /./],
  ["signature-only.tif", ["cut-short", "tiff-damaged"], /./],
  ["no-width.tif", ["tiff-damaged", "too-small"], /./],
  ["complex.tif", ["tiff-unsupported"], /gdal_translate/],
  ["lzma.tif", ["tiff-unsupported"], /gdal_translate/],
  ["damaged.tif", ["tiff-damaged", "undecodable"], /./],
];

for (const [name, codes, advised] of REFUSED) {
  test(`${name}: its own words, and what was open stays`, { skip: noScenes }, async () => {
    await person.chooseFiles(scenePath("striped.tif"));
    await person.seesImage("striped.tif");
    await person.chooseFiles(scenePath(name));
    const { title, advice } = await person.seesProblem();
    const code = await page.locator("#problem").getAttribute("data-code");
    assert.ok(codes.includes(code), `${code}: ${title} / ${advice} / ${await page.locator("#problem-detail").textContent()}`);
    assert.ok(title.length > 10 && advice.length > 20, `${title} / ${advice}`);
    assert.match(`${title} ${advice}`, advised);
    assert.ok(!/mask could not be made/.test(title), `${code} has words of its own`);
    await person.rests();
    assert.match(await page.locator("#image-name").textContent(), /striped\.tif/);
    await page.locator("#problem-close").click();
  });
}

test("a scene that is sparse, 60,000 × 60,000 px without a tile, opens as the emptiness it is; so do odd directories", { skip: noScenes }, async () => {
  await person.chooseFiles(scenePath("sparse.tif"));
  await person.seesImage("sparse.tif");
  await person.chooseFiles(scenePath("circular.tif"));
  assert.match(await person.seesImage("circular.tif"), /64 × 64 px/, "a chain of directories that bites its tail ends");
  await person.chooseFiles(scenePath("no-rows-a-strip.tif"));
  assert.match(await person.seesImage("no-rows-a-strip.tif"), /64 × 64 px/, "strips of no rows are one strip");
  await person.chooseFiles(scenePath("one-bit.tif"));
  await person.seesImage("one-bit.tif");
});

test("two pictures at once", { skip: noScenes }, async () => {
  await person.chooseFiles(scenePath("striped.tif"), scenePath("tiled.tif"));
  assert.match((await person.seesProblem("several-images")).advice, /one/i);
});

test("after all of it the page segments, and nothing has crashed", { skip: noScenes }, async () => {
  await person.chooseFiles(scenePath("deflate.tif"));
  await person.seesImage("deflate.tif");
  await person.segment("the water");
  assert.ok(await person.hasNoProblem());
  assert.deepEqual(crashes, []);
});
