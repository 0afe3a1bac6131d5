// Parts of the page that need no browser, and the tests' own tools.
import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, phraseRefusal, phraseRemarks } from "../../www/messages.js";
import { maskPng } from "../../www/greypng.js";
import { inspect } from "../../www/imagefile.js";
import { compareMaps } from "./compare.mjs";
import { GREY, RGBA, decodePng, encodePng } from "./png.mjs";

const codeOf = (bytes) => {
  try {
    inspect(bytes);
    return "";
  } catch (error) {
    return error.code;
  }
};

test("maps are compared by their largest difference and their masks", () => {
  const found = compareMaps(Uint8Array.of(0, 127, 128, 255), Uint8Array.of(0, 130, 128, 250));
  assert.deepEqual(found, { maxDifference: 5, iou: 2 / 3, share: 0.5, otherShare: 0.75 });
  assert.equal(compareMaps(new Uint8Array(4), new Uint8Array(4)).iou, 1, "two empty masks agree");
  assert.throws(() => compareMaps(new Uint8Array(4), new Uint8Array(5)), /cannot be compared/);
});

test("a PNG is read as it was written, and a damaged one is not", () => {
  const bytes = encodePng({ width: 5, height: 3, colour: RGBA }, (x, y) => [x, y, 7, 255]);
  const { width, height, data } = decodePng(bytes);
  assert.deepEqual([width, height, ...data.slice(5 * 4 + 8, 5 * 4 + 12)], [5, 3, 2, 1, 7, 255]);
  bytes[bytes.length - 20] ^= 1;
  assert.throws(() => decodePng(bytes), /CRC/);
});

test("a JPEG is complete with FF 00 and restart markers in its data, and with bytes after its end", () => {
  const start = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 40, 0, 60, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 12, 0xff, 0x00, 9, 0xff, 0xd0, 3];
  const whole = Uint8Array.from([...start, ...scan, 0xff, 0xd9]);
  assert.deepEqual(inspect(whole), { format: "JPEG", width: 60, height: 40 });
  assert.equal(codeOf(Uint8Array.from([...whole, 1, 2, 3, 4, 5])), "");
  assert.equal(codeOf(whole.subarray(0, whole.length - 1)), "cut-short");
  assert.equal(codeOf(whole.subarray(0, whole.length - 4)), "cut-short");
  assert.equal(codeOf(Uint8Array.from([...start, 0x12, 0x34, 0x56, 0x78])), "undecodable");
});

test("other formats: a short WebP, TIFF, HEIC, and bytes that are nothing", () => {
  const webp = Buffer.from("RIFF\x20\0\0\0WEBPVP8 ".padEnd(40, "\0"), "latin1");
  assert.equal(codeOf(webp), "");
  assert.equal(codeOf(webp.subarray(0, 39)), "cut-short");
  assert.equal(codeOf(Buffer.from("MM\0*abcdefgh", "latin1")), "tiff");
  assert.equal(codeOf(Buffer.from("\0\0\0\x18ftypheic", "latin1")), "heic");
  assert.equal(codeOf(Buffer.from("<svg></svg>")), "not-image");
});

test("a mask file is the map, cut, at the image's size", async () => {
  const saved = async (map, image, level) => decodePng(Buffer.from(await (await maskPng(map, image, level)).arrayBuffer()));
  const map = { width: 3, height: 2, probability: Uint8Array.of(0, 127, 128, 255, 128, 127) };
  const same = await saved(map, { width: 3, height: 2 }, 128);
  assert.deepEqual([...same.data], [0, 0, 255, 255, 255, 0]);
  // Half-way between 0 and 200 lies at the middle of six columns: three below 100, three above.
  const edge = { width: 2, height: 1, probability: Uint8Array.of(0, 200) };
  const wide = await saved(edge, { width: 6, height: 2 }, 100);
  assert.deepEqual([...wide.data], [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255]);
});

test("a grey PNG of the tests' own is one band", () => {
  assert.equal(decodePng(encodePng({ width: 2, height: 2, colour: GREY }, () => [9])).channels, 1);
});

test("phrases: what is refused, and what is remarked on", () => {
  assert.equal(phraseRefusal("the roof"), "");
  assert.equal(phraseRefusal("the roof 屋顶"), "");
  assert.equal(phraseRefusal(" "), "empty-phrase");
  for (const wordless of ["🏠 !", "5"]) assert.equal(phraseRefusal(wordless), "wordless");
  for (const other of ["屋顶", "крыша", "السقف"]) assert.equal(phraseRefusal(other), "not-english");
  assert.equal(phraseRemarks("the red roof"), "");
  assert.match(phraseRemarks("roof 🏠"), /Emoji/);
  assert.match(phraseRemarks("the qwx roof", { truncated: false, words: 3, unknown: 1 }), /1 of the words/);
  assert.match(phraseRemarks("roof", { truncated: true, words: 500, unknown: 0 }), /500 words/);
});

test("an error that is not known still says what to do", () => {
  const { title, advice, detail } = explain(new Error("odd"));
  assert.ok(title.length > 10 && advice.length > 20);
  assert.equal(detail, "odd");
});
