// The scene worker's two wasm modules: most files are read by the small one, and the full one is fetched for the others.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { noScenes, scenePath } from "./readers.mjs";

const JPEG_XL = "stored/jxl-rgb.tif";
const noJpegXl = noScenes || (!existsSync(scenePath(JPEG_XL)) && "no TIFF in JPEG XL: the tests make them where cjxl is");

let stage;
before(async () => (stage = await launch()));
after(() => stage.close());

/** A page without a service worker, which would fetch all files: `{opens, saves}`. */
async function visited() {
  stage.server.requests.length = 0;
  const { page, person } = await stage.open("", { serviceWorkers: "block" });
  await person.waitForModel();
  /** Opens a scene; returns how often each module of the scene worker was fetched by then. */
  const opens = async (name) => {
    await person.chooseFiles(scenePath(name));
    await person.seesImage(name.split("/").pop());
    assert.ok(await person.hasNoProblem(), `${name} opens`);
    const fetched = (module) => stage.server.requests.filter((path) => path.endsWith(`/${module}_bg.wasm`)).length;
    return { small: fetched("s4eca_scene"), full: fetched("s4eca_scene_full") };
  };
  return { page, person, opens };
}

describe("the full module is fetched only for files that need it", { skip: noScenes }, () => {
  test("plain TIFFs and one in JPEG XL", { skip: noJpegXl }, async () => {
    const { page, opens } = await visited();
    for (const name of ["deflate.tif", "lzw.tif", "jpeg.tif", "etrs89.tif"]) {
      assert.deepEqual(await opens(name), { small: 1, full: 0 }, name);
    }
    assert.deepEqual(await opens(JPEG_XL), { small: 1, full: 1 });
    // It stays, for the files after.
    assert.deepEqual(await opens("deflate.tif"), { small: 1, full: 1 });
    await page.context().close();
  });

  test("a coordinate system that is written out", async () => {
    const { page, person, opens } = await visited();
    assert.deepEqual(await opens("deflate.tif"), { small: 1, full: 0 });
    assert.deepEqual(await opens("own-albers.tif"), { small: 1, full: 1 });
    assert.match((await page.locator("#georeference").textContent()) ?? "", /\d/);
    // Masks, areas and files are made by the module that opened the scene.
    await person.segment("the water");
    for (const kind of ["geojson", "kml", "geotiff"]) assert.ok((await person.save(kind)).bytes.length > 100, kind);
    assert.ok(await person.hasNoProblem());
    await page.context().close();
  });
});
