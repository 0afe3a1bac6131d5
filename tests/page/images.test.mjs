// Valid and invalid pictures, opened in every way: a mask, or a message that says what to do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { DIST, launch } from "./browser.mjs";
import { GREY, RGB, RGBA, decodePng, encodePng } from "./png.mjs";
import { noScenes, sceneBytes } from "./readers.mjs";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  ({ page, person } = await stage.open());
  await person.waitForModel();
});
after(() => stage.close());

const blocks = (x, y) => [(x >> 4) % 2 ? 200 : 60, (y >> 4) % 2 ? 180 : 80, 90];
const plain = () => encodePng({ width: 160, height: 96 }, blocks);

/** Checks that the page makes a mask of the image it shows, in that image's size. */
async function givesMask(width, height) {
  const phrase = `the building of ${Math.round(performance.now())}`;
  await person.segment(phrase);
  const mask = decodePng((await person.save("mask-png")).bytes);
  assert.deepEqual([mask.width, mask.height], [width, height]);
  assert.ok(await person.hasNoProblem());
}

for (const [name, where] of [["image", "#stage"], ["panel", "#form"], ["top bar", "h1"]]) {
  test(`a file dropped on the ${name}`, async () => {
    await person.drop(`on-${name}.png`, plain(), "image/png", where);
    assert.match(await person.seesImage(`on-${name}.png`), /160 × 96 px/);
    await givesMask(160, 96);
  });
}

test("a photo taken by the camera of a phone", async () => {
  const phone = await stage.open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const camera = phone.page.getByLabel("Take a photo");
  assert.equal(await camera.getAttribute("capture"), "environment");
  await camera.setInputFiles({ name: "IMG_1.png", mimeType: "image/png", buffer: plain() });
  assert.match(await phone.person.seesImage("IMG_1.png"), /160 × 96 px/);
  await phone.page.context().close();
});

test("a gallery of samples, each credited, that all open", async () => {
  const samples = page.getByRole("group", { name: "Sample images" }).getByRole("button");
  const count = await samples.count();
  assert.ok(count >= 6, `${count} samples`);
  const entries = await (await fetch(`${stage.server.url}www/samples/samples.json`)).json();
  assert.equal(entries.length, count);
  for (const [i, { credit }] of entries.entries()) {
    assert.ok(credit.length > 10, "whose it is");
    assert.equal(await samples.nth(i).getAttribute("title"), credit);
  }
  for (const { title } of entries) {
    await person.pickSample(title);
    assert.match(await page.locator("#image-name").textContent(), /\d+ × \d+ px/);
    assert.ok(await person.hasNoProblem());
  }
});

test("an image pasted", async () => {
  await page.evaluate((base64) => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
  }, plain().toString("base64"));
  await person.seesImage("pasted.png");
  await givesMask(160, 96);
});

const GOOD = {
  grey: { colour: GREY, pixel: (x, y) => [(x * 2 + y) & 255] },
  "16-bit": { colour: RGB, depth: 16, pixel: (x, y) => blocks(x, y).map((value) => value * 257) },
  "16-bit grey": { colour: GREY, depth: 16, pixel: (x, y) => [(x * 400 + y) & 0xffff] },
  "with alpha": { colour: RGBA, pixel: (x, y) => [...blocks(x, y), x < 80 ? 0 : 255] },
};
for (const [name, { pixel, ...kind }] of Object.entries(GOOD)) {
  test(`a PNG that is ${name}`, async () => {
    await person.choose(`${name}.png`, encodePng({ width: 128, height: 100, ...kind }, pixel));
    await person.seesImage(`${name}.png`);
    await givesMask(128, 100);
  });
}

test("16 bits and 8 bits of the same picture are shown alike", async () => {
  const shown = async (name, bytes) => {
    await person.choose(name, bytes);
    await person.seesImage(name);
    await person.settles();
    return (await person.canvas()).data;
  };
  const size = { width: 64, height: 48 };
  const eight = await shown("8.png", encodePng(size, blocks));
  const sixteen = await shown("16.png", encodePng({ ...size, depth: 16 }, (x, y) => blocks(x, y).map((v) => v * 257)));
  assert.ok(sixteen.equals(eight));
});

test("an image 20,000 px wide is scaled to what browsers take, and the page says so", async () => {
  await person.choose("wide.png", encodePng({ width: 20000, height: 60 }, blocks));
  assert.match(await person.seesImage("wide.png"), /16,384 × 49 px/);
  assert.match(await page.locator("#notices").textContent(), /20,000 × 60 px.*scaled to 16,384 × 49 px/);
  await givesMask(16384, 49);
});

describe("a photo that its EXIF data turns or mirrors is shown and masked upright", { skip: noScenes }, () => {
  // The side on which the file's dark right half is shown, for each EXIF orientation.
  const DARK = { 2: "left", 3: "left", 4: "right", 5: "bottom", 6: "bottom", 7: "top", 8: "top" };
  for (const [orientation, side] of Object.entries(DARK)) {
    test(`orientation ${orientation}: the dark half is at the ${side}`, async () => {
      const name = `exif-${orientation}.jpg`;
      await person.choose(name, sceneBytes(name), "image/jpeg");
      const turned = Number(orientation) > 4;
      const [width, height] = turned ? [200, 300] : [300, 200];
      assert.match(await person.seesImage(name), new RegExp(`${width} × ${height} px`));
      await person.settles();
      assert.equal(darkSide(await person.canvas(), width / height), side);
      await givesMask(width, height);
    });
  }
});

/** The half of the picture, fitted into the middle of the canvas, that is nearly black. */
function darkSide({ width, height, data }, shape) {
  const [w, h] = width / height > shape ? [height * shape, height] : [width, width / shape];
  const brightness = (dx, dy) => {
    const at = 4 * (Math.round(height / 2 + dy * h) * width + Math.round(width / 2 + dx * w));
    return data[at] + data[at + 1] + data[at + 2];
  };
  /** @type {Record<string, [number, number]>} */
  const places = { left: [-0.25, 0.05], right: [0.25, 0.05], top: [0.05, -0.25], bottom: [0.05, 0.25] };
  // Offset from the other centre line as well, since a dark half covers both quarters on its side.
  const [side] = Object.entries(places).sort(([, a], [, b]) => darkness(b) - darkness(a))[0];
  return side;

  function darkness([dx, dy]) {
    const across = dx * dx > dy * dy;
    const others = [-0.3, -0.1, 0.1, 0.3].map((other) => (across ? [dx, other] : [other, dy]));
    return others.filter(([x, y]) => brightness(x, y) < 120).length;
  }
}

for (const { name, type, width, height } of [
  { name: "view.webp", type: "image/webp", width: 300, height: 200 },
  { name: "small.avif", type: "image/avif", width: 96, height: 64 },
]) {
  test(`${name}, as the browser decodes it`, { skip: noScenes }, async () => {
    await person.choose(name, sceneBytes(name), type);
    assert.match(await person.seesImage(name), new RegExp(`${width} × ${height} px`));
    await givesMask(width, height);
  });
}

async function cutJpeg() {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(200, 200);
    const context = canvas.getContext("2d");
    for (let i = 0; i < 200; i += 5) context.fillRect(i, (i * 37) % 200, 40, 9);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  });
  const jpeg = Buffer.from(base64, "base64");
  return jpeg.subarray(0, Math.floor(jpeg.length * 0.7));
}

const damagedJpeg = () => {
  const bytes = readFileSync(join(DIST, "www/samples/street.jpg"));
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 1);
  bytes.fill(0xc4, (bytes.length >> 1) + 1, (bytes.length >> 1) + 2);
  return bytes;
};

const damagedPng = () => {
  const bytes = plain();
  bytes.fill(0x55, 60, bytes.length - 30);
  return bytes;
};
/** @type {[name: string, code: string, make: () => Buffer | Promise<Buffer>][]} */
const BAD = [
  ["text named .png", "not-image", () => Buffer.from("This is no picture at all, whatever its name says.")],
  ["an empty file", "empty-file", () => Buffer.alloc(0)],
  ["a truncated PNG", "cut-short", () => plain().subarray(0, 120)],
  ["a PNG of its signature only", "cut-short", () => plain().subarray(0, 8)],
  ["a truncated JPEG", "cut-short", cutJpeg],
  ["a JPEG with a damaged middle", "undecodable", damagedJpeg],
  ["a PNG with damaged pixels", "undecodable", damagedPng],
  ["an image of 7 px", "too-small", () => encodePng({ width: 300, height: 7 }, () => [9, 9, 9])],
  ["an image of 1 px", "too-small", () => encodePng({ width: 1, height: 1 }, () => [9, 9, 9])],
  ["a HEIC photo", "heic", () => Buffer.from("\0\0\0\x18ftypheic".padEnd(64, "\0"), "latin1")],
];
for (const [name, code, make] of BAD) {
  test(`${name}: a message, the former image kept, the page usable`, async () => {
    await person.choose("former.png", plain());
    await person.seesImage("former.png");
    await person.segment("the former building");
    await person.choose("bad.png", await make());
    const { title, advice, detail } = await person.seesProblem(code);
    assert.ok(title.length > 10 && advice.length > 20, `${title} / ${advice}`);
    if (code === "too-small") assert.match(detail, /1 × 1 px|300 × 7 px/);
    assert.match(await page.locator("#image-name").textContent(), /former\.png/);
    assert.ok(await page.locator("#result").isVisible(), "the former mask stays");
    await givesMask(160, 96);
  });
}

test("what is shown is what is masked, even where an image that was asked for next cannot be had", async () => {
  const { page, person } = await stage.open("", { serviceWorkers: "block" });
  await person.waitForModel();
  await person.choose("former.png", plain());
  await person.seesImage("former.png");
  let refuse;
  const refused = new Promise((done) => (refuse = done));
  await page.route("**/samples/harbour.jpg", async (route) => {
    await refused;
    await route.abort();
  });
  const newer = encodePng({ width: 240, height: 120 }, (x, y) => [x, y, 90]);
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "newer.png", { type: "image/png" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    const samples = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".sample"));
    [...samples].find(({ textContent }) => /harbour/i.test(textContent)).click();
  }, newer.toString("base64"));
  await person.settles(1500);
  refuse();
  await person.seesProblem("sample");
  await person.rests();
  assert.match(await page.locator("#image-name").textContent(), /newer\.png · 240 × 120 px/);
  await person.segment("a building");
  const { width, height } = decodePng((await person.save("mask-png")).bytes);
  assert.deepEqual([width, height], [240, 120]);
  await page.context().close();
});

test("something dropped that is no file", async () => {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.setData("text/plain", "hello");
    return transfer;
  });
  await page.locator("#stage").dispatchEvent("drop", { dataTransfer: transfer });
  await person.seesProblem("no-file");
  await page.getByRole("button", { name: "Close", exact: true }).click();
  assert.ok(await person.hasNoProblem());
});
