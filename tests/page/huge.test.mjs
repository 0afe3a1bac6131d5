// A BigTIFF of over 4 GB without overviews: it opens, its preview and every part of it can be seen, and the browser's
// memory does not grow with it. The file is sparse on the disk.
import assert from "node:assert/strict";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";

/** Side of a tile, and tiles per side: 4.3 billion bytes of RGB. */
const TILE = 512;
const TILES = 74;
const SIDE = TILE * TILES;
const TILE_BYTES = TILE * TILE * 3;
/** By how much the memory of the browser may grow, in bytes, while the preview reads the whole file too. */
const MOST = 300e6;

const folder = mkdtempSync(join(tmpdir(), "s4eca-huge-"));
const path = join(folder, "huge.tif");

let stage;
let page;
let person;
before(async () => {
  writeHuge(path);
  stage = await launch({ args: ["--js-flags=--expose-gc"] });
  ({ page, person } = await stage.open("", { reducedMotion: "reduce" }));
  await person.waitForModel();
});
after(async () => {
  await stage?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a tiled BigTIFF whose tiles on the main diagonal are red and green, the rest being a hole of zeros. */
function writeHuge(path) {
  const count = TILES * TILES;
  const tables = 4096;
  const data = tables + 16 * count;
  /** @type {[tag: number, type: number, values: number[]][]} */
  const entries = [
    [256, 4, [SIDE]], [257, 4, [SIDE]], [258, 3, [8, 8, 8]], [259, 3, [1]], [262, 3, [2]], [277, 3, [3]], [284, 3, [1]],
    [322, 4, [TILE]], [323, 4, [TILE]],
  ];
  const head = Buffer.alloc(data);
  head.write("II");
  head.writeUInt16LE(43, 2);
  head.writeUInt16LE(8, 4);
  head.writeBigUInt64LE(16n, 8);
  head.writeBigUInt64LE(BigInt(entries.length + 2), 16);
  let at = 24;
  const entry = (tag, type, count) => {
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeBigUInt64LE(BigInt(count), at + 4);
    at += 20;
    return at - 8;
  };
  for (const [tag, type, values] of entries) {
    const value = entry(tag, type, values.length);
    values.forEach((number, i) => (type === 3 ? head.writeUInt16LE(number, value + 2 * i) : head.writeUInt32LE(number, value)));
  }
  head.writeBigUInt64LE(BigInt(tables), entry(324, 16, count));
  head.writeBigUInt64LE(BigInt(tables + 8 * count), entry(325, 16, count));
  for (let i = 0; i < count; i += 1) {
    head.writeBigUInt64LE(BigInt(data + i * TILE_BYTES), tables + 8 * i);
    head.writeBigUInt64LE(BigInt(TILE_BYTES), tables + 8 * (count + i));
  }
  const file = openSync(path, "w");
  writeSync(file, head);
  ftruncateSync(file, data + count * TILE_BYTES);
  for (let i = 0; i < TILES; i += 1) {
    const tile = Buffer.alloc(TILE_BYTES);
    for (let pixel = 0; pixel < TILE * TILE; pixel += 1) tile[3 * pixel + ((pixel >> 5) & 1)] = 255;
    writeSync(file, tile, 0, TILE_BYTES, data + i * (TILES + 1) * TILE_BYTES);
  }
  closeSync(file);
}

/** The memory of all processes below this one, in bytes; what they share counts once. */
function memory() {
  const parents = new Map();
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"));
      parents.set(Number(name), Number(parent));
    } catch {
      // The process has ended.
    }
  }
  let sum = 0;
  for (const id of parents.keys()) {
    let above = id;
    while (above && above !== process.pid) above = parents.get(above);
    if (above !== process.pid || id === process.pid) continue;
    try {
      sum += 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))[1]);
    } catch {
      // The process has ended, or its files are not readable.
    }
  }
  return sum;
}

/** The same after the garbage of the page and its workers was collected. */
async function held() {
  for (const context of [page, ...page.workers()]) await context.evaluate(() => globalThis.gc());
  await person.settles(1500);
  return memory();
}

test("it opens, pans and zooms in under 300 MB", { skip: process.platform !== "linux" && "memory is read from /proc" }, async (context) => {
  const before = await held();
  const rests = [];
  let most = 0;
  const watching = setInterval(() => (most = Math.max(most, memory() - before)), 500);
  try {
    const begun = performance.now();
    await person.chooseFiles(path);
    assert.match(await person.seesImage("huge.tif"), /37,?888 × 37,?888 px/);
    context.diagnostic(`first view after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    const viewer = page.locator("#stage [role=application]");
    await viewer.focus();
    await page.keyboard.press("0");
    await person.settles(1500);
    assert.ok(coloured(await person.canvas()) > 50, "the preview shows the diagonal");
    rests.push((await held()) - before);
    for (let i = 0; i < 8; i += 1) await page.keyboard.press("+");
    // Moves to the last tile, which is beyond 4 GiB.
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press("Shift+ArrowDown");
      await page.keyboard.press("Shift+ArrowRight");
      if (i % 8 === 0) await person.settles(600);
    }
    await person.settles(3000);
    assert.ok(coloured(await person.canvas()) > 1000, "the last tile is seen");
    assert.ok(await person.hasNoProblem());
    rests.push((await held()) - before);
  } finally {
    clearInterval(watching);
  }
  const grown = `memory grew by ${[...rests, most].map((bytes) => (bytes / 1e6).toFixed(0)).join(", ")} MB`;
  context.diagnostic(`${grown}: opened, panned, at most`);
  assert.ok(Math.max(...rests, most) < MOST, grown);
});

/** Number of pixels that are red, green or between. */
function coloured({ data }) {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] > 150 && data[i + 2] < 40) count += 1;
  return count;
}
