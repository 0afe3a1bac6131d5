// Every kind of image a person may bring, good and bad: a mask, or a message that says what to do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { GREY, RGB, RGBA, decodePng, encodePng } from "./png.mjs";

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

/** The page must give a mask of the image it shows, and of that image's size. */
async function givesMask(width, height) {
  const phrase = `the building of ${Math.round(performance.now())}`;
  await person.segment(phrase);
  const mask = decodePng((await person.save("Mask PNG")).bytes);
  assert.deepEqual([mask.width, mask.height], [width, height]);
  assert.ok(await person.hasNoProblem());
}

test("a file dropped on the page", async () => {
  await person.drop("dropped.png", plain());
  assert.match(await person.seesImage("dropped.png"), /160 × 96 px/);
  await givesMask(160, 96);
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
    return page.locator("#image").evaluate((canvas) => [...canvas.getContext("2d").getImageData(0, 0, 64, 48).data]);
  };
  const size = { width: 64, height: 48 };
  const eight = await shown("8.png", encodePng(size, blocks));
  const sixteen = await shown("16.png", encodePng({ ...size, depth: 16 }, (x, y) => blocks(x, y).map((v) => v * 257)));
  assert.deepEqual(sixteen, eight);
});

test("an image 20,000 px wide is scaled to what browsers take, and the page says so", async () => {
  await person.choose("wide.png", encodePng({ width: 20000, height: 60 }, blocks));
  assert.match(await person.seesImage("wide.png"), /16384 × 49 px/);
  assert.match(await page.locator("#notices").textContent(), /20000 × 60 px.*scaled to 16384 × 49 px/);
  await givesMask(16384, 49);
});

test("a photo that its EXIF data turns is shown and masked upright", async () => {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(120, 64);
    canvas.getContext("2d").fillRect(0, 0, 60, 64);
    const blob = await canvas.convertToBlob({ type: "image/jpeg" });
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
  });
  const jpeg = Buffer.from(base64, "base64");
  // An APP1 segment with the one TIFF entry Orientation = 6: turn a quarter clockwise.
  const tiff = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex");
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  await person.choose("turned.jpg", Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]), "image/jpeg");
  assert.match(await person.seesImage("turned.jpg"), /64 × 120 px/);
  await givesMask(64, 120);
});

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

const damagedPng = () => {
  const bytes = plain();
  bytes.fill(0x55, 60, bytes.length - 30);
  return bytes;
};
const BAD = [
  ["text named .png", "not-image", () => Buffer.from("This is no picture at all, whatever its name says.")],
  ["an empty file", "empty-file", () => Buffer.alloc(0)],
  ["a truncated PNG", "cut-short", () => plain().subarray(0, 120)],
  ["a PNG of its signature only", "cut-short", () => plain().subarray(0, 8)],
  ["a truncated JPEG", "cut-short", cutJpeg],
  ["a PNG with damaged pixels", "undecodable", damagedPng],
  ["an image of 1 px", "too-small", () => encodePng({ width: 1, height: 1 }, () => [9, 9, 9])],
  ["a TIFF", "tiff", () => Buffer.from("II*\0\x08\0\0\0".padEnd(64, "\0"), "latin1")],
];
for (const [name, code, make] of BAD) {
  test(`${name}: a message, the former image kept, the page usable`, async () => {
    await person.choose("former.png", plain());
    await person.seesImage("former.png");
    await person.segment("the former building");
    await person.choose("bad.png", await make());
    const { title, advice } = await person.seesProblem(code);
    assert.ok(title.length > 10 && advice.length > 20, `${title} / ${advice}`);
    assert.match(await page.locator("#image-name").textContent(), /former\.png/);
    assert.ok(await page.locator("#result").isVisible(), "the former mask stays");
    await givesMask(160, 96);
  });
}

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
