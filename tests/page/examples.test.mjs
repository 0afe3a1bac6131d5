// Examples: kept over a reload and shared between tabs, exported, imported, refused, and read by the native program.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { after, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { GREY, decodePng, encodePng } from "./png.mjs";
import { noProgram, noScenes, scenePath } from "./readers.mjs";
import { zipOf } from "./zips.mjs";

let stage;
let folder;
before(async () => {
  stage = await launch();
  folder = mkdtempSync(join(tmpdir(), "s4eca-examples-"));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stage.close();
});

/** A visitor's page with a mask of `phrase` over synthetic sample `index`, about `share` of it masked. */
async function masked({ page, person }, index, phrase, share = 0.2) {
  await person.pickSample(index);
  await person.segment(phrase);
  const { data } = decodePng((await person.save("probability-png")).bytes);
  const threshold = data.toSorted((a, b) => b - a)[Math.floor(share * data.length)] / 255;
  await person.set("threshold", Math.min(0.99, Math.max(0.01, threshold)).toFixed(2));
  await page.locator("#export-menu").evaluate((menu) => menu.hidePopover());
}

async function use(page) {
  await page.getByRole("button", { name: "Use as example" }).click();
  return told(page);
}

/** What the page says about the last change, once it has said it. */
async function told(page, text = /./) {
  const note = page.locator("#example-told:visible #example-note").filter({ hasText: text });
  await note.waitFor();
  return note.textContent();
}

async function opened(page) {
  await page.locator("#kept-examples").evaluate((part) => part.setAttribute("open", ""));
}

/** The examples as listed, newest first. */
async function listed(page) {
  await opened(page);
  return page.locator("#example-list > li").evaluateAll((items) =>
    items.map((item) => ({
      phrase: item.querySelector(".example-phrase").textContent,
      figures: [...item.querySelectorAll(".example-figures")].map((line) => line.textContent),
      width: item.querySelector("img").naturalWidth,
    })),
  );
}

async function sees(page, count) {
  await page.waitForFunction((count) => document.querySelectorAll("#example-list > li").length === count, count);
  await page.waitForFunction(() => [...document.querySelectorAll("#example-list img")].every((image) => /** @type {HTMLImageElement} */ (image).complete));
  return listed(page);
}

async function exported(page, person) {
  await opened(page);
  return person.download(() => page.locator("#example-export").click());
}

async function imports(page, ...files) {
  const buffers = files.map(([name, buffer]) => ({ name, mimeType: "application/zip", buffer }));
  await page.locator("#example-file").setInputFiles(buffers);
}

/** The stored records without their blobs. */
async function stored(page) {
  return page.evaluate(async () => {
    const { allExamples } = await import(new URL("www/examples/store.js", document.baseURI).href);
    const found = [];
    for (const { decode, png, maskPng, ...example } of await allExamples()) {
      const { image, mask, width, height } = await decode();
      const masked = mask.reduce((sum, value) => sum + value, 0);
      found.push({ ...example, bytes: png.size, maskBytes: maskPng.size, decoded: [width, height, image.length, masked] });
    }
    return found;
  });
}

/** Grey pictures with a square, and masks of the square. */
const picture = (shade, size = 32) => encodePng({ width: size, height: size }, (x, y) => (x < 9 && y < 9 ? [200, 40, 40] : [shade, shade, 90]));
const square = (side, size = 32) => encodePng({ width: size, height: size, colour: GREY }, (x, y) => [x < side && y < side ? 255 : 0]);
const LIST = "image,phrase,mask\na.png,the sheds,a.png\nb.png,the sheds,b.png\n";
const dataset = ({ list = LIST, shades = [90, 120], side = 9, root = "" } = {}) => [
  { name: `${root}phrases.csv`, bytes: list },
  { name: `${root}images/a.png`, bytes: picture(shades[0]) },
  { name: `${root}images/b.png`, bytes: picture(shades[1]) },
  { name: `${root}masks/a.png`, bytes: square(side) },
  { name: `${root}masks/b.png`, bytes: square(side) },
];

describe("two examples", () => {
  let visit;
  let page;
  let person;
  let zip;
  before(async () => {
    visit = await stage.open();
    ({ page, person } = visit);
    await person.waitForModel();
  });
  after(() => page.context().close());

  test("are kept, with their pictures, and are still there after a reload", async () => {
    await masked(visit, 0, "the largest building");
    assert.match(await use(page), /“the largest building” is kept/);
    assert.match(await use(page), /is an example already/);
    await masked(visit, 1, "the road");
    await use(page);
    const before = await sees(page, 2);
    assert.deepEqual(before.map(({ phrase }) => phrase), ["the road", "the largest building"]);
    assert.ok(before.every(({ width, figures }) => width > 50 && /\d\.\d MB/.test(figures.join())), JSON.stringify(before));
    assert.match(await page.locator("#example-count").textContent(), /^2 examples · \d+\.\d MB$/);
    await page.reload();
    assert.deepEqual(await sees(page, 2), before);
    for (const { decoded, width, height, share, maskBytes } of await stored(page)) {
      assert.deepEqual(decoded.slice(0, 3), [width, height, 4 * width * height]);
      assert.ok(Math.abs(decoded[3] / (width * height) - share) < 1e-9);
      assert.ok(share > 0.02 && share < 0.98 && maskBytes < 20_000, `${share} masked, ${maskBytes} bytes`);
    }
  });

  test("a corrected mask of the same image and phrase replaces the example, and undo brings it back", async () => {
    await person.waitForModel();
    await masked(visit, 1, "the road");
    const [, former] = await stored(page);
    await person.set("smooth", 3);
    assert.match(await use(page), /has the new mask/);
    const [, latter] = await stored(page);
    assert.equal(latter.id, former.id);
    assert.notEqual(latter.maskKey, former.maskKey);
    await page.locator("#example-undo").click();
    await told(page, /Undone/);
    assert.equal((await stored(page))[1].maskKey, former.maskKey);
  });

  test("become a zip that other programs read", async () => {
    zip = await exported(page, person);
    assert.equal(zip.name, "examples.zip");
    assert.match(await told(page), /Saved examples\.zip: 2 examples/);
    writeFileSync(join(folder, "examples.zip"), zip.bytes);
    const script = [
      "import csv, io, json, sys, zipfile",
      "z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None",
      "rows = list(csv.DictReader(io.StringIO(z.read('phrases.csv').decode())))",
      "print(json.dumps({'names': z.namelist(), 'rows': rows}))",
    ].join("\n");
    const python = process.env.PYTHON || "python3";
    const { names, rows } = JSON.parse(execFileSync(python, ["-c", script, join(folder, "examples.zip")], { encoding: "utf8" }));
    assert.equal(names.length, 5);
    assert.deepEqual(rows.map(({ phrase }) => phrase), ["the largest building", "the road"]);
    for (const { image, mask, date } of rows) {
      assert.ok(names.includes(`images/${image}`) && names.includes(`masks/${mask}`), `${image} ${mask}`);
      assert.ok(Date.parse(date) > 0, date);
    }
    assert.ok((await exported(page, person)).bytes.equals(zip.bytes), "the same examples give the same bytes");
  });

  test("the native program trains on the zip", { skip: noProgram }, () => {
    const words = ["adapt", "--examples", join(folder, "examples.zip"), "--weights", join(DIST, "weights", BUNDLE)];
    const more = ["--out", join(folder, "pack"), "--steps", "1", "--side", "64", "--force", "--device", "cpu"];
    const { status, stdout, stderr } = spawnSync(resolve(process.env.S4ECA), [...words, ...more], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /2 examples of 2 phrases over 2 places/);
  });

  test("are removed one by one or all at once, and undo restores them", async () => {
    const before = await listed(page);
    await page.getByRole("button", { name: "Remove the example “the road”" }).click();
    await told(page, /Removed the example/);
    assert.equal((await sees(page, 1))[0].phrase, "the largest building");
    assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /Remove the example/);
    await page.locator("#example-undo").click();
    assert.deepEqual(await sees(page, 2), before);
    await page.locator("#example-clear").click();
    await told(page, /2 examples removed/);
    await sees(page, 0);
    assert.ok(await page.locator("#example-empty").isVisible());
    assert.ok(await page.locator("#example-export").isDisabled());
    await page.locator("#example-undo").click();
    assert.deepEqual(await sees(page, 2), before);
    await page.locator("#example-clear").click();
    await sees(page, 0);
  });

  test("come back from the zip as they were, once", async () => {
    await imports(page, ["examples.zip", zip.bytes]);
    assert.match(await told(page, /imported/), /2 examples imported\.$/);
    await sees(page, 2);
    await imports(page, ["examples.zip", zip.bytes]);
    assert.match(await told(page, /already/), /0 examples imported\. 2 were here already\.$/);
    await sees(page, 2);
    assert.ok((await exported(page, person)).bytes.equals(zip.bytes), "the same bytes again");
  });

  test("several people's zips are merged; another mask for the same thing is named and left out", async () => {
    const one = zipOf(dataset({ root: "valley/" }));
    const other = zipOf(dataset({ list: LIST.replace("sheds,b", "tanks,b"), shades: [90, 200], side: 20 }));
    await imports(page, ["one.zip", one], ["other.zip", other]);
    assert.match(await told(page, /imported/), /3 examples imported\. 1 was left out, because .*“the sheds”/);
    await sees(page, 5);
    await page.locator("#example-undo").click();
    await sees(page, 2);
  });
});

describe("zips that are refused", () => {
  let page;
  before(async () => {
    ({ page } = await stage.open());
    await imports(page, ["good.zip", zipOf(dataset())]);
    await sees(page, 2);
  });
  after(() => page.context().close());

  const good = zipOf(dataset());
  const with_ = (...files) => zipOf([...dataset({ shades: [10, 20] }), ...files]);
  const zeros = deflateRawSync(Buffer.alloc(100 << 20));
  /** @type {[what: string, zip: Buffer, said: RegExp][]} */
  const REFUSED = [
    ["no zip", Buffer.from("a text"), /not a zip file/],
    ["cut short", good.subarray(0, good.length - 30), /cut short/],
    ["another picture", with_({ name: "x", bytes: "x" }).fill(7, 600, 640), /damaged or was changed/],
    ["a path out of it", with_({ name: "../../evil.png", bytes: "x" }), /"\.\.\/\.\.\/evil\.png": it leads out/],
    ["an absolute path", with_({ name: "/etc/passwd", bytes: "x" }), /absolute path/],
    ["a drive", with_({ name: "C:/evil", bytes: "x" }), /absolute path/],
    ["backslashes", with_({ name: "..\\evil", bytes: "x" }), /backslash/],
    ["two names", with_({ name: "good", centralName: "evil", bytes: "x" }), /described in two ways/],
    ["a file twice", with_({ name: "IMAGES/a.png", bytes: "x" }), /twice/],
    ["a bomb", with_({ name: "bomb", bytes: zeros, method: 8, size: 100 << 20 }), /unpacked zip has 100 MB/],
    ["a bomb that states less", zipOf([{ name: "phrases.csv", bytes: zeros, method: 8, size: 100 }]), /does not unpack/],
    ["encrypted", with_({ name: "secret", bytes: "x", flags: 0x801 }), /encrypted/],
    ["another method", with_({ name: "packed", bytes: "x", method: 14 }), /method 14/],
    ["no list", zipOf(dataset().slice(1)), /no phrases\.csv/],
    ["a path in the list", zipOf(dataset({ list: "image,phrase,mask\n../a.png,the sheds,a.png\n" })), /entry 1: images\/\.\.\/a\.png is not in the zip/],
    ["a missing mask", zipOf(dataset({ list: `${LIST}a.png,the tanks,c.png\n` })), /entry 3: masks\/c\.png is not in the zip/],
    ["no picture", zipOf([...dataset().slice(0, 4), { name: "masks/b.png", bytes: "text" }]), /entry 2: /],
    ["a damaged list", zipOf(dataset({ list: `${LIST}a.png,"the\n` })), /quote in the wrong place/],
    ["a wrong resolution", zipOf(dataset({ list: "image,phrase,mask,gsd_m\na.png,x,a.png,far\n" })), /gsd_m is far/],
  ];
  for (const [what, zip, said] of REFUSED) {
    test(`${what}: named, and nothing is imported`, async () => {
      await imports(page, ["other.zip", zipOf(dataset({ shades: [1, 2] }))], ["bad.zip", zip]);
      const problem = page.locator('#problem[data-code="examples-zip"]');
      await problem.waitFor();
      assert.match(await page.locator("#problem-detail").textContent(), /^bad\.zip: /);
      assert.match(await page.locator("#problem-detail").textContent(), said);
      assert.match(await page.locator("#problem-advice").textContent(), /Nothing was imported/);
      await page.locator("#problem-close").click();
      assert.equal((await listed(page)).length, 2);
    });
  }
});

test("a placed scene gives place and resolution; a large one is kept in part and stays small", { skip: noScenes }, async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.chooseFiles(scenePath("deflate.tif"));
  await person.seesImage("deflate.tif");
  await person.segment("the water");
  await person.set("threshold", 0.6);
  await use(page);
  const noise = (x, y) => (Math.imul(x + 7919 * y, 2654435761) >>> 24) & 255;
  const large = encodePng({ width: 2400, height: 1500 }, (x, y) => [noise(x, y), noise(x + 1, y), noise(x, y + 1)]);
  await person.choose("large.png", large);
  await person.seesImage("large.png");
  await person.segment("the water");
  await person.set("threshold", 0.6);
  assert.match(await use(page), /The part in view was kept/);
  const [placed, part] = await stored(page);
  assert.ok(Math.abs(placed.place[0]) <= 180 && Math.abs(placed.place[1]) <= 90 && placed.metresPerPixel > 0);
  assert.match((await listed(page))[1].figures[0], /°/);
  assert.ok(Math.max(part.width, part.height) <= 1024 && part.bytes <= 2e6, `${part.width} × ${part.height}, ${part.bytes} bytes`);
  assert.equal(part.place, null);
  await page.context().close();
});

test("tabs that are open at once share the examples", async () => {
  const first = await stage.open();
  const second = await stage.open("", { context: first.page.context() });
  for (const { person } of [first, second]) await person.waitForModel();
  await masked(first, 0, "the largest building");
  await masked(second, 1, "the road");
  await Promise.all([use(first.page), use(second.page)]);
  for (const { page } of [first, second]) await sees(page, 2);
  const zips = [0, 1, 2, 3].map((i) => [`${i}.zip`, zipOf(dataset({ shades: [40 + i, 41 + i] }))]);
  await Promise.all([imports(first.page, ...zips.slice(0, 2)), imports(second.page, ...zips.slice(1))]);
  for (const { page } of [first, second]) await sees(page, 7);
  await first.page.locator("#example-clear").click();
  await sees(second.page, 0);
  await first.page.context().close();
});

test("a full storage is said, and nothing is lost", async () => {
  const { page } = await stage.open();
  await imports(page, ["good.zip", zipOf(dataset())]);
  await sees(page, 2);
  // Chromium's debugger can only limit caches, so the error of a full disk is simulated in the page. The first example
  // of a zip still fits.
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    let free = 1;
    IDBObjectStore.prototype.put = function (...record) {
      if (free === 0) throw new DOMException("no space left", "QuotaExceededError");
      free -= 1;
      return put.apply(this, record);
    };
  });
  await imports(page, ["more.zip", zipOf(dataset({ shades: [5, 6] }))]);
  await page.locator('#problem[data-code="examples-full"]').waitFor();
  assert.match(await page.locator("#problem-advice").textContent(), /Nothing was changed/);
  assert.equal((await listed(page)).length, 2);
  await page.reload();
  await sees(page, 2);
  await imports(page, ["more.zip", zipOf(dataset({ shades: [5, 6] }))]);
  await sees(page, 4);
  await page.context().close();
});

test("without storage they last as long as the tab, and the page says so", async () => {
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("denied by a test", "SecurityError");
    };
  });
  const { page, person } = await stage.open("", { context });
  await opened(page);
  await page.locator("#example-fleeting").waitFor();
  assert.match(await page.locator("#example-fleeting").textContent(), /Export them/);
  await imports(page, ["good.zip", zipOf(dataset())]);
  await sees(page, 2);
  assert.ok((await exported(page, person)).bytes.length > 500);
  await context.close();
});

test("a mask of everything is no example", async () => {
  const { page, person } = await stage.open();
  await person.waitForModel();
  await person.pickSample(0);
  await person.segment("the largest building");
  await person.set("threshold", 0.01);
  await person.set("fill-holes", 1e9);
  if ((await person.figures()).share > 0.98) {
    await page.getByRole("button", { name: "Use as example" }).click();
    assert.match((await person.seesProblem("example-everything")).title, /whole image/);
    assert.deepEqual(await listed(page), []);
  }
  await page.context().close();
});
