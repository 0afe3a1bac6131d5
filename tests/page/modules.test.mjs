// Parts of the page that need no browser, and the tests' own tools.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Lane } from "../../www/model/lane.js";
import { Layers } from "../../www/scene/layers.js";
import { choosePlan } from "../../www/scene/plan.js";
import { objectCount, outcomeText } from "../../www/panel/outcome.js";
import { readingRemark } from "../../www/panel/reading.js";
import { splitPhrases } from "../../www/state/phrases.js";
import { exportFile } from "../../www/scene/exports.js";
import { placesPixels, readSidecars, sortFiles } from "../../www/scene/worldfile.js";
import { orientationOf } from "../../www/scene/exif.js";
import { inspect } from "../../www/scene/imagefile.js";
import { png } from "../../www/scene/png.js";
import { TiffScene } from "../../www/scene/tiff.js";
import { explain, phraseRefusal, phraseRemarks } from "../../www/text/errors.js";
import { compareMaps } from "./compare.mjs";
import { noEngine, sceneEngine } from "./engine.mjs";
import { GREY, RGBA, decodePng, encodePng } from "./png.mjs";
/**
 * @import { Outcome } from "../../types/engine.js"
 * @import { JpegProblem, LayerOptions } from "../../types/scene.js"
 */

/** The code of the error that a function throws or its promise rejects with; "" if it succeeds. */
const failure = async (act) => {
  try {
    await act();
    return "";
  } catch (error) {
    return error.code;
  }
};
const codeOf = (bytes) => failure(() => inspect(new Blob([bytes])));

test("requests run one after another, and the cancelled ones are skipped and forgotten", async () => {
  const lane = new Lane();
  const ran = [];
  const first = lane.add(1, async (isCancelled) => {
    lane.cancel(1);
    lane.cancel(2);
    ran.push(1, isCancelled());
  });
  lane.add(2, async () => void ran.push(2));
  const last = lane.add(3, async (isCancelled) => void ran.push(3, isCancelled()));
  assert.equal(lane.length, 3);
  await first;
  // A late cancel of an answered request must not be kept.
  lane.cancel(1);
  await last;
  lane.cancel(3);
  assert.deepEqual(ran, [1, true, 3, false]);
  assert.equal(lane.length, 0);
});

test("a preview that is made while its scene is closed keeps no bitmap", async () => {
  const raster = {
    facts: () => ({ width: 20, height: 10, bands: 3, used: 3, bits: 8, overviews: 0, stretched: false, masked: false }),
    hasTags: () => false,
    startPreview() {},
    advance: () => false,
    previewShare: () => 1,
    takePreview: () => ({ width: 20, height: 10, rgba: new Uint8Array(800) }),
    free() {},
  };
  const engine = /** @type {any} */ ({ Raster: { open: () => raster } });
  const scene = TiffScene.open(new File([], "scene.tif"), engine);
  const made = [];
  // Node has neither; a browser may close the scene while it makes the bitmap.
  Object.assign(globalThis, {
    ImageData: class {},
    createImageBitmap: async () => {
      const bitmap = { isOpen: true, close: () => (bitmap.isOpen = false) };
      made.push(bitmap);
      scene.close();
      return bitmap;
    },
  });
  const signal = new AbortController().signal;
  assert.equal(await failure(() => scene.preview(20, () => {}, signal)), "superseded");
  assert.deepEqual(made.map(({ isOpen }) => isOpen), [false]);
});

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

test("a JPEG is complete with FF 00 and restart markers in its data, and with bytes after its end", async () => {
  const start = [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 40, 0, 60, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 12, 0xff, 0x00, 9, 0xff, 0xd0, 3];
  const whole = Uint8Array.from([...start, ...scan, 0xff, 0xd9]);
  const found = { format: "JPEG", width: 60, height: 40, orientation: 1, exif: [] };
  assert.deepEqual(await inspect(new Blob([whole])), found);
  assert.equal(await codeOf(Uint8Array.from([...whole, 1, 2, 3, 4, 5])), "");
  assert.equal(await codeOf(whole.subarray(0, whole.length - 1)), "cut-short");
  assert.equal(await codeOf(whole.subarray(0, whole.length - 4)), "cut-short");
  assert.equal(await codeOf(Uint8Array.from([...start, 0x12, 0x34, 0x56, 0x78])), "cut-short");
  assert.equal(await codeOf(Uint8Array.from([...start, 0x12, ...scan, 0xff, 0xd9])), "", "as decoders do");
});

test("what the engine finds missing in a JPEG refuses it in the engine's words", async () => {
  const whole = Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 3, 1, 9, 0xff, 0xd9]);
  /** @type {JpegProblem} */
  const problem = { kind: "cutShort", message: "the JPEG data ends before the end of the picture" };
  const refusal = { code: "cut-short", message: problem.message };
  await assert.rejects(inspect(new Blob([whole]), async (bytes) => (bytes.length === 10 ? problem : null)), refusal);
  assert.equal((await inspect(new Blob([whole]), async () => null)).format, "JPEG");
});

/** EXIF data that states an orientation, in the byte order of its first two letters. */
const exif = (orientation, letters = "MM") => {
  const big = letters === "MM";
  const words = big ? [0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, orientation] : [42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, orientation, 0];
  return Buffer.from([...Buffer.from(letters), ...words, 0, 0, 0, 0, 0, 0]);
};

test("EXIF states the orientation in either byte order; what is not valid states none", () => {
  for (let orientation = 1; orientation <= 8; orientation += 1) {
    for (const letters of ["MM", "II"]) assert.equal(orientationOf(exif(orientation, letters)), orientation);
  }
  assert.equal(orientationOf(exif(9)), 1);
  for (let length = 0; length < 20; length += 1) assert.equal(orientationOf(exif(6).subarray(0, length)), 1);
});

test("the EXIF data of JPEG, PNG and WebP is found, and an animation with a picture apart refused", async () => {
  const segment = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), exif(6)]);
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, segment.length + 2]), segment, Buffer.from([0xff, 0xd9])]);
  const turned = async (bytes) => {
    const { orientation, exif } = await inspect(new Blob([bytes]));
    return { orientation, exif };
  };
  assert.deepEqual(await turned(jpeg), { orientation: 6, exif: [[2, 6 + segment.length]] });
  const plain = encodePng({ width: 9, height: 9 }, () => [1, 2, 3]);
  const chunk = (name, data) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(name), data, Buffer.alloc(4)]);
  };
  const withChunk = (name, data) => Buffer.concat([plain.subarray(0, 33), chunk(name, data), plain.subarray(33)]);
  assert.deepEqual(await turned(plain), { orientation: 1, exif: [] });
  assert.deepEqual(await turned(withChunk("eXIf", exif(8))), { orientation: 8, exif: [[33, 45 + exif(8).length]] });
  assert.equal(await codeOf(withChunk("acTL", Buffer.alloc(8))), "picture-kind");
  const body = Buffer.concat([Buffer.from("WEBPEXIF"), Buffer.from([exif(5).length, 0, 0, 0]), exif(5)]);
  const head = Buffer.from("RIFF\0\0\0\0", "latin1");
  head.writeUInt32LE(body.length, 4);
  assert.deepEqual(await turned(Buffer.concat([head, body])), { orientation: 5, exif: [[12, 16]] });
});

test("other formats: a short WebP, TIFF, HEIC, and bytes that are nothing", async () => {
  const webp = Buffer.from("RIFF\x20\0\0\0WEBPVP8 ".padEnd(40, "\0"), "latin1");
  assert.equal(await codeOf(webp), "");
  assert.equal(await codeOf(webp.subarray(0, 39)), "cut-short");
  assert.equal((await inspect(new Blob([Buffer.from("MM\0*abcdefgh", "latin1")]))).format, "TIFF");
  assert.equal(await codeOf(Buffer.from("PK\x03\x04abcdefgh", "latin1")), "zip");
  assert.equal(await codeOf(Buffer.from("%PDF-1.7 abc", "latin1")), "pdf");
  assert.equal(await codeOf(Buffer.from("\0\0\0\x18ftypheic", "latin1")), "heic");
  assert.equal(await codeOf(Buffer.from("<svg></svg>")), "svg");
});

test("a PNG that the page writes holds the bytes it was given, whatever the bands", async () => {
  for (const bands of /** @type {const} */ ([1, 3, 4])) {
    const [width, height] = [300, 1000];
    const sample = (i) => (i * 31 + (i >> 8)) & 255;
    const rows = (y, count) => Uint8Array.from({ length: count * width * bands }, (_, i) => sample(y * width * bands + i));
    const found = decodePng(Buffer.from(await (await png(width, height, bands, rows)).arrayBuffer()));
    assert.deepEqual([found.width, found.height, found.channels], [width, height, bands]);
    assert.ok(found.data.every((value, i) => value === sample(i)));
  }
});

const file = (name, text = "") => new File([text], name);

test("files that come together: the image, its world file, its coordinate system", async () => {
  const names = ({ image, world, projections, others }) =>
    [[image], [world], projections, others].map((files) => files.map((one) => one?.name ?? null).join(" "));
  assert.deepEqual(names(sortFiles([file("a.jgw"), file("a.jpg"), file("a.prj")])), ["a.jpg", "a.jgw", "a.prj", ""]);
  assert.deepEqual(names(sortFiles([file("a.tif"), file("a.tif.ovr")])), ["a.tif", "", "", "a.tif.ovr"]);
  assert.equal(await failure(() => sortFiles([file("a.tif"), file("b.tif")])), "several-images");
  assert.equal(await failure(() => sortFiles([file("a.jgw")])), "only-sidecar");
  assert.equal(await failure(() => sortFiles([])), "no-file");
});

test("the texts of files that come together", async () => {
  const projections = [file("a.jpg.aux.xml", "<A/>"), file("a.PRJ", "PROJCS")];
  const found = await readSidecars(file("a.jgw", "1 2 3"), projections);
  assert.deepEqual(found, { world: "1 2 3", prj: "PROJCS", aux: "<A/>" });
  assert.deepEqual(await readSidecars(null, []), { world: undefined, prj: undefined, aux: undefined });
  const long = await readSidecars(file("a.jgw", "1 ".repeat(9000)), []);
  assert.equal(long.world.length, 8192, "enough to see that it is none");
  assert.equal(await placesPixels({ world: null, projections }), false, "an .aux.xml of statistics");
  const grid = file("a.jpg.aux.xml", "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform></PAMDataset>");
  assert.equal(await placesPixels({ world: null, projections: [grid] }), true);
});

test("phrases are parted by semicolons and lines, each once", () => {
  assert.deepEqual(splitPhrases(" the roof ; a car\n\nthe roof;;"), ["the roof", "a car"]);
});

test("how an area is looked at: at once, at 30 cm, at what is asked for; and what is too much", { skip: noEngine }, async () => {
  const engine = await sceneEngine();
  const scene = { width: 20000, height: 20000, region: null, resolution: null, metresPerPixel: 0.1, side: 384 };
  const small = choosePlan(engine, { ...scene, width: 1000, height: 900 });
  assert.deepEqual([small.mode, small.about.tiles], ["closer", 5]);
  const part = choosePlan(engine, { ...scene, region: [10, 10, 4000, 2000] });
  assert.deepEqual([part.mode, part.overlap], ["tiles", 96]);
  assert.ok(Math.abs(part.step - 3) < 1e-9, "30 cm of 10 cm each");
  assert.equal(choosePlan(engine, { ...scene, region: [0, 0, 4000, 4000], metresPerPixel: null }).step, 2);
  assert.ok(Math.abs(choosePlan(engine, { ...scene, resolution: 100 }).step - 10) < 1e-9);
  assert.equal(choosePlan(engine, { ...scene, region: [0, 0, 2000, 2000], metresPerPixel: 0.8 }).step, 1, "never finer than the scene");
  const coarse = choosePlan(engine, { ...scene, width: 1000, height: 400, metresPerPixel: 0.6 });
  assert.deepEqual([coarse.mode, coarse.step, coarse.side, coarse.overlap], ["tiles", 1, 192, 48], "enlarged twice");
  assert.equal(coarse.about.tiles, 7 * 3);
  const modes = [[320, 0.6], [321, 0.6], [1024, null], [1025, null], [1536, 10], [1537, 10]].map(
    ([width, metresPerPixel]) => choosePlan(engine, { ...scene, width, height: 300, metresPerPixel }).mode,
  );
  assert.deepEqual(modes, ["whole", "tiles", "closer", "tiles", "whole", "tiles"]);
  assert.equal(await failure(() => choosePlan(engine, { ...scene, resolution: 20 })), "too-many-pixels");
  assert.equal(await failure(() => choosePlan(engine, { ...scene, resolution: 20, metresPerPixel: null })), "no-scale");
  assert.equal(await failure(() => choosePlan(engine, { ...scene, region: [30000, 0, 10, 10] })), "no-view");
});

test("closer looks are needed for small things, and raise the map of the overview", { skip: noEngine }, async () => {
  const engine = await sceneEngine();
  const layers = new Layers(engine, /** @type {any} */ ({ width: 500, height: 400 }));
  /** @type {LayerOptions} */
  const options = { mode: "closer", region: null, step: 1, side: 0, overlap: 0 };
  const filled = (width, height, side) =>
    Uint8Array.from({ length: width * height }, (_, at) => (at % width < side && at < side * width ? 220 : 40));
  const info = layers.create(1, options);
  assert.deepEqual([info.width, info.height, info.count], [500, 400, 5]);
  assert.equal(layers.add(1, 0, filled(500, 400, 200)).isEnough, true, "a large thing");
  layers.create(2, options);
  assert.equal(layers.add(2, 0, null).isEnough, true, "nothing");
  layers.create(3, options);
  assert.equal(layers.add(3, 0, filled(500, 400, 20)).isEnough, false, "a small thing");
  for (let i = 1; i < 5; i += 1) {
    const [, , width, height] = layers.get(3).plan.tile(i).place;
    layers.add(3, i, filled(width, height, i === 1 ? 30 : 0));
  }
  const map = layers.get(3).mask.probability();
  assert.deepEqual([map[0], map[25], map[100]], [220, 220, 40]);
  assert.equal(map.filter((value) => value > 128).length, 900);
});

test("the ground resolution that is said to fit does fit", { skip: noEngine }, async () => {
  const engine = await sceneEngine();
  for (const [metresPerPixel, width, height] of [[0.1, 20000, 20000], [10, 10980, 10980], [12.34567, 90000, 70001]]) {
    const scene = { width, height, region: null, metresPerPixel, side: 384 };
    const { message } = await choosePlanFails(engine, { ...scene, resolution: metresPerPixel * 100 });
    const [, value, unit] = /^Use ([\d.,]+) (cm|m) per pixel/.exec(message);
    const resolution = Number(value.replaceAll(",", "")) * (unit === "m" ? 100 : 1);
    assert.equal(choosePlan(engine, { ...scene, resolution }).mode, "tiles", message);
    assert.equal(await failure(() => choosePlan(engine, { ...scene, resolution: resolution * 0.98 })), "too-many-pixels");
  }
});

function choosePlanFails(engine, wish) {
  try {
    choosePlan(engine, wish);
  } catch (error) {
    return error;
  }
  return assert.fail("it fits");
}

test("pictures of a scene too large for them: the grid of the map, or one over all of the maps", async () => {
  const scene = { width: 30000, height: 20000 };
  const layer = (originX, originY, step, width, height) => ({
    info: { originX, originY, stepX: step, stepY: step, width, height },
    mask: { mask: () => new Uint8Array(width * height).fill(255) },
  });
  const save = async (...layers) => {
    /** @type {any} */
    const meta = { model: "", objects: false, layers: layers.map(() => ({ phrase: "a roof" })) };
    /** @type {any} */
    const opened = { name: "a.tif", scene, place: null };
    const engine = /** @type {any} */ ({});
    const { blob, note } = await exportFile("mask-png", layers, meta, opened, engine);
    const picture = decodePng(Buffer.from(await blob.arrayBuffer()));
    assert.deepEqual(note.values, { width: picture.width, height: picture.height });
    return picture;
  };
  const one = await save(layer(1000, 2000, 10, 40, 30));
  assert.deepEqual([one.width, one.height], [40, 30]);
  assert.ok(one.data.every((value) => value === 255));
  const two = await save(layer(1000, 2000, 10, 40, 30), layer(3000, 2500, 20, 5, 4));
  assert.deepEqual([two.width, two.height], [210, 58], "from 1000 to 3100 px across, from 2000 to 2580 down");
  const at = (x, y) => two.data[y * two.width + x];
  assert.deepEqual([at(0, 0), at(39, 29), at(40, 29), at(199, 50), at(200, 50), at(209, 57)], [255, 255, 0, 0, 255, 255]);
  const far = await save(layer(0, 0, 1, 40, 30), layer(29990, 19990, 1, 10, 10));
  assert.ok(far.width * far.height <= 101e6, "coarser, where they are far apart");
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

test("what came of a phrase is said in words", () => {
  /** @type {Outcome} */
  const choice = {
    question: "mask", noun: "buildings", one: "building", found: 7, chosen: 1, near: 0,
    single: true, mass: false, bare: false, complement: false, unknown: false, changed: false, problem: null, relation: null,
  };
  const said = (change) => outcomeText({ ...choice, ...change });
  assert.equal(outcomeText(choice, 3), "3 buildings.", "a corrected mask has what is in it");
  assert.equal(outcomeText(choice, 1), "1 building.");
  assert.equal(outcomeText(choice, 0), "No building.");
  assert.equal(outcomeText({ ...choice, mass: true }, 3), "");
  assert.deepEqual([objectCount(choice), objectCount(choice, 3), objectCount({ ...choice, mass: true }, 3)], [1, 3, null]);
  assert.equal(said({}), "7 buildings, 1 chosen.");
  assert.equal(said({ near: 2 }), "7 buildings, 1 chosen. 2 more are near matches.");
  assert.equal(said({ found: 1 }), "1 building, 1 chosen.");
  assert.equal(said({ found: 12, chosen: 12, bare: true }), "12 buildings.");
  assert.equal(said({ found: 12, chosen: 11, bare: true, changed: true }), "12 buildings, 11 chosen. Chosen manually.");
  assert.equal(said({ found: 0, chosen: 0 }), "There is no building here.");
  const problem = { kind: "anchorMissing", noun: "river" };
  assert.equal(said({ chosen: 0, problem, relation: "LeftOf" }), "No river found here, so nothing is left of it.");
  assert.equal(said({ chosen: 0, problem, relation: "Beyond" }), "No river found here, so nothing is chosen.");
  assert.equal(said({ problem: { kind: "nothingFits", noun: "building" }, chosen: 0 }), "7 buildings, 0 chosen. No building here matches.");
  assert.equal(said({ chosen: 2, problem: { kind: "tooFew", wanted: 3, found: 2 } }), "7 buildings, 2 chosen. 3 requested, 2 found.");
  const closest = { kind: "closest", noun: "building" };
  assert.equal(said({ problem: closest }), "7 buildings, 1 chosen. No building here matches exactly: this is the closest.");
  assert.equal(said({ problem: { kind: "anchorLeftOut", noun: "arch" } }), "7 buildings, 1 chosen. No arch was found, so that part of the phrase was ignored.");
  assert.equal(said({ question: "exists", bare: true }), "Yes: 1 building.");
  assert.equal(said({ question: "exists", mass: true, one: "grass" }), "Yes, there is grass.");
  assert.equal(said({ question: "exists", found: 0, chosen: 0 }), "No: there is no building here.");
  assert.equal(said({ mass: true, noun: "grass", one: "grass" }), "");
  assert.equal(said({ complement: true, chosen: 7 }), "Everything except 7 buildings.");
  assert.equal(said({ complement: true, mass: true, noun: "water" }), "Everything except water.");
  assert.equal(said({ complement: true, found: 0, chosen: 0 }), "No building to leave out was found, so everything is in the mask.");
  const unknown = { unknown: true, noun: "asdfghs", one: "asdfgh", bare: true };
  assert.equal(said({ ...unknown, found: 3, chosen: 3 }), "3 objects like “asdfgh”.");
  assert.equal(said({ ...unknown, found: 1, chosen: 1 }), "1 object like “asdfgh”.");
  assert.equal(said({ ...unknown, found: 0, chosen: 0 }), "Nothing like “asdfgh” found here.");
  assert.equal(objectCount({ ...choice, complement: true }), null, "what is left out is not in the mask");
  assert.equal(outcomeText(null), "");
  assert.deepEqual([objectCount(choice), objectCount({ ...choice, mass: true }), objectCount(null)], [1, null, null]);
});

test("what was not understood is said, with what happens instead", () => {
  const none = { executed: false, unread: [], unknown: [], problems: [] };
  assert.equal(readingRemark({ understood: true, ...none }), "");
  assert.equal(readingRemark({ understood: true, ...none, unknown: ["Häuser"] }), "“Häuser” was not read as a word: the network got it as it is.");
  const unread = ["frobnicate"];
  assert.equal(readingRemark({ understood: false, ...none, executed: true, unread }), "“frobnicate” was not understood and was left out.");
  assert.match(readingRemark({ understood: false, ...none, unread }), /^Not understood: frobnicate\. The phrase was passed to the network/);
  assert.match(readingRemark({ understood: false, ...none, problems: ["the phrase is long"] }), /^The phrase is long\. The phrase was passed/);
  assert.equal(readingRemark(null), "");
});
