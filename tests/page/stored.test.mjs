// TIFFs of every way to store pixels, placed ones and broken ones: the scene worker's wasm module reads the pixels, the
// hidden pixels and the place that the native program reads, or refuses in the same words. One page reads all of them.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { nativePixels, noProgram, noScenes, scenePath } from "./readers.mjs";

const skip = noScenes || noProgram || (!existsSync(scenePath("stored/native.json")) && "no list of what the native program reads");
const json = (name) => JSON.parse(readFileSync(scenePath(name), "utf8"));
const FOLDERS = ["", "stored/"];
/** By path below the scenes: what the native program finds. */
const NATIVE = skip
  ? {}
  : Object.fromEntries(FOLDERS.flatMap((folder) => Object.entries(json(`${folder}native.json`)).map(([name, found]) => [folder + name, found])));
/** Paths of files in which a lossy codec may round differently. */
const LOSSY = new Set(skip ? [] : json("stored/stored.json").filter(({ most }) => most > 0).map(({ file }) => `stored/${file}`));
/** How far numbers of a place may differ, as a share: not all mathematical functions are the same in wasm. */
const ROUNDING = 1e-9;

/** @type {Record<string, any>} */
let shown = {};
let stage;
before(async () => {
  if (skip) return;
  stage = await launch();
  const { page } = await stage.open();
  for (const folder of FOLDERS) {
    const names = Object.keys(NATIVE).filter((path) => path.slice(0, path.lastIndexOf("/") + 1) === folder);
    const files = readdirSync(scenePath(folder));
    await page.evaluate(() => {
      const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, id: "scenes" });
      document.getElementById("scenes")?.remove();
      document.body.append(input);
    });
    const groups = names.map((path) => ({ path, others: beside(path.slice(folder.length), files) }));
    const paths = groups.flatMap(({ path, others }) => [path, ...others.map((name) => folder + name)]);
    await page.locator("#scenes").setInputFiles(paths.map(scenePath));
    Object.assign(shown, await page.evaluate(readAll, { groups, source: `(${inWorker})()`, lossy: [...LOSSY] }));
  }
});
after(() => stage?.close());

/** The names of the files beside a scene that say where it is or what is no data, as the native program finds them. */
function beside(name, files) {
  const stem = name.slice(0, name.lastIndexOf("."));
  const endings = [`${name}.aux.xml`, `${stem}.aux.xml`, `${stem}.tfw`, `${stem}.wld`, `${stem}.prj`];
  return endings.filter((other) => files.includes(other));
}

/**
 * Runs in the page: reads the chosen files in a worker. `groups` are scenes with the names of the files beside them.
 */
async function readAll({ groups, source, lossy }) {
  const chosen = [.../** @type {HTMLInputElement} */ (document.getElementById("scenes")).files];
  const byName = new Map(chosen.map((file) => [file.name, file]));
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
  const answers = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message || "the worker does not start"));
  });
  const asked = groups.map(({ path, others }) => {
    const files = [path.split("/").pop(), ...others].map((name) => byName.get(name));
    return { path, files, isLossy: lossy.includes(path) };
  });
  worker.postMessage({ root: new URL("./", location.href).href, asked });
  const found = await answers;
  worker.terminate();
  return found;
}

/** The whole script of the worker. */
function inWorker() {
  self.onmessage = async ({ data: { root, asked } }) => {
    const [{ loadEngine }, { readSidecars, sortFiles }] = await Promise.all(
      ["model/engine", "scene/worldfile"].map((module) => import(`${root}www/${module}.js`)),
    );
    const modules = ["s4eca_scene", "s4eca_scene_full"];
    const [small, full] = (await Promise.all(modules.map((name) => loadEngine(root, name)))).map(({ api }) => api);
    const digits = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const found = {};
    const read = async (api, image, texts, isLossy) => {
      const raster = api.Raster.open(image, texts.aux);
      const georeference = raster.georeference(texts);
      const versions = [];
      let rgba;
      for (let level = 0; level <= raster.facts().overviews; level += 1) {
        const [width, height] = raster.levelSize(level);
        const pixels = raster.rgba(level, 0, 0, width, height);
        versions.push({ width, height, pixels: digits(await crypto.subtle.digest("SHA-256", pixels)) });
        if (isLossy) rgba ??= [...pixels];
      }
      const [{ width, height }] = versions;
      const place = georeference.info(width, height);
      georeference.free();
      raster.free();
      return { read: { versions, place }, rgba };
    };
    for (const { path, files, isLossy } of asked) {
      const { image, world, projections } = sortFiles(files);
      const texts = await readSidecars(world, projections);
      for (const api of [small, full]) {
        try {
          found[path] = await read(api, image, texts, isLossy);
        } catch (error) {
          found[path] = { refused: error.message, code: error.code };
        }
        found[path].isFull = api === full;
        if (found[path].code !== "needs-full") break;
      }
    }
    self.postMessage(found);
  };
}

/** Checks that two places are the same but for rounding. */
function samePlace(one, other, where = "place") {
  if (typeof one === "number" && typeof other === "number") {
    assert.ok(Math.abs(one - other) <= ROUNDING * Math.max(1, Math.abs(one)), `${where}: ${one} and ${other}`);
  } else if (one && other && typeof one === "object") {
    assert.deepEqual(Object.keys(one).sort(), Object.keys(other).sort(), where);
    for (const key of Object.keys(one)) samePlace(one[key], other[key], `${where}.${key}`);
  } else assert.equal(one, other, where);
}

/** Checks that the pixels of a lossy file differ by 1 of 255 at most. */
function nearly(path, rgba) {
  const { rgb, hidden } = nativePixels(scenePath(path), `${DIST}/weights/${BUNDLE}`);
  for (let pixel = 0; pixel < hidden.length; pixel += 1) {
    assert.equal(rgba[4 * pixel + 3] === 0, hidden[pixel] === 1, `pixel ${pixel}`);
    for (let band = 0; band < 3; band += 1) {
      const difference = Math.abs(rgba[4 * pixel + band] - rgb[3 * pixel + band]);
      assert.ok(difference <= 1, `pixel ${pixel} differs by ${difference}`);
    }
  }
}

describe("the page reads of each TIFF what the native program reads", { skip }, () => {
  test("there are files of every kind", () => {
    const refused = Object.values(NATIVE).filter((found) => found.refused);
    assert.ok(Object.keys(NATIVE).length > 200 && refused.length > 5, `${Object.keys(NATIVE).length}, ${refused.length} refused`);
  });
  test("the small module reads most of what both read", () => {
    const needed = Object.entries(shown).filter(([, { read, isFull }]) => read && isFull);
    const names = needed.map(([path]) => path);
    assert.ok(names.includes("own-albers.tif") && !names.includes("deflate.tif"), names.join());
  });
  for (const [path, native] of Object.entries(NATIVE)) {
    test(path, () => {
      const { refused, read, rgba } = shown[path];
      if (native.refused) {
        assert.equal(refused, native.refused);
        return;
      }
      assert.equal(refused, undefined);
      samePlace(read.place, native.read.place);
      if (LOSSY.has(path) && read.versions[0].pixels !== native.read.versions[0].pixels) nearly(path, rgba);
      else assert.deepEqual(read.versions, native.read.versions);
    });
  }
});
