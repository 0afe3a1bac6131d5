// Exports: every file is opened by GDAL or Pillow, and its position, area and attributes are compared.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "./browser.mjs";
import { decodePng } from "./png.mjs";
import { catalogue, fit, kept, metresBetween, noScenes, picture, raster, readsCleanly, scenePath, vector } from "./readers.mjs";

const PHRASE = "the water";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  const context = await stage.browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ["clipboard-read", "clipboard-write"] });
  ({ page, person } = await stage.open("", { phrases: "auto", context }));
  await person.waitForModel();
});
after(() => stage.close());

async function save(kind) {
  const saved = await person.save(kind);
  if (await page.locator("#export-menu").isVisible()) await page.keyboard.press("Escape");
  assert.ok(await person.hasNoProblem(), kind);
  return { ...saved, path: kept(saved) };
}

/** Sets a threshold with about `share` of the map in the mask, so that every file has edges to compare. */
async function halfMasked(share = 0.3) {
  const { data } = decodePng((await save("probability-png")).bytes);
  const sorted = data.toSorted((a, b) => b - a);
  const threshold = Math.min(0.99, Math.max(0.01, Math.round((sorted[Math.floor(share * sorted.length)] / 255) * 100) / 100));
  await person.set("threshold", threshold);
  await page.waitForFunction(() => Number(document.getElementById("share").dataset.value) < 0.9);
  await person.settles();
  const figures = await person.figures();
  assert.ok(figures.share > 0.02 && figures.share < 0.9, `a mask with edges: ${figures.share}`);
  return { ...figures, threshold };
}

for (const name of ["cog.tif", "geographic.tif", "mercator.tif", "utm-south.tif", "rotated.tif", "feet.tif", "own-lambert.tif", "own-oblique-mercator.tif"]) {
  describe(`GIS files of ${name}`, { skip: noScenes }, () => {
    const scene = catalogue[name];
    let shown;
    before(async () => {
      await person.chooseFiles(scenePath(name));
      await person.seesImage(name);
      await person.segment(PHRASE);
      shown = await halfMasked();
    });

    test("mask GeoTIFF: the source's grid, to the pixel, with its tags", async () => {
      const { path, name: saved } = await save("geotiff");
      assert.match(saved, /\.tif$/);
      readsCleanly(path, "gdalinfo");
      const mask = raster(path);
      assert.deepEqual([mask.width, mask.height, mask.bands, mask.type], [scene.width, scene.height, 1, "Byte"]);
      assert.deepEqual(mask.values, [0, 255]);
      assert.equal(mask.epsg, scene.epsg);
      mask.affine.forEach((value, i) => assert.ok(Math.abs(value - scene.affine[i]) < 1e-9 * Math.max(1, Math.abs(value)), `${mask.affine}`));
      assert.ok(Math.abs(mask.mask_area_m2 / shown.area - 1) < 0.01, `${shown.area} m² told, ${mask.mask_area_m2} m² of pixels`);
    });

    test("probability GeoTIFF: the same grid, all levels", async () => {
      const { path } = await save("probability-geotiff");
      readsCleanly(path, "gdalinfo");
      const map = raster(path);
      assert.deepEqual([map.width, map.height, map.epsg], [scene.width, scene.height, scene.epsg]);
      assert.ok(map.distinct > 8, `${map.distinct} levels`);
    });

    test("GeoJSON: RFC 7946 in WGS84, with its attributes; the area GDAL measures, within 0.1 %", async () => {
      const { path, bytes, name: saved } = await save("geojson");
      assert.match(saved, /\.geojson$/);
      readsCleanly(path, "ogrinfo");
      const text = JSON.parse(bytes.toString("utf8"));
      assert.equal(text.type, "FeatureCollection");
      assert.ok(!("crs" in text), "RFC 7946 has no crs member: it is WGS84");
      const [layer] = vector(path).layers;
      assert.equal(layer.epsg, 4326);
      assert.ok(layer.features.length > 0);
      let total = 0;
      for (const { properties, valid, right_hand, area_m2 } of layer.features) {
        assert.ok(valid, "a valid geometry");
        assert.ok(right_hand, "outer rings run counter-clockwise, holes clockwise");
        assert.equal(properties.prompt, PHRASE);
        assert.ok(properties.score > 0 && properties.score <= 1, `score ${properties.score}`);
        assert.match(properties.source, new RegExp(name.replace(".", "\\.")));
        assert.match(properties.model, /\S/);
        // For the smallest parts, the last digit of the coordinates amounts to about 10 cm².
        const allowed = Math.max(0.001 * area_m2, 0.001);
        assert.ok(Math.abs(properties.area_m2 - area_m2) < allowed, `${properties.area_m2} m² told, ${area_m2} measured`);
        total += area_m2;
      }
      assert.ok(Math.abs(total / shown.area - 1) < 0.001, `the page tells ${shown.area} m², the file has ${total}`);
      const found = fit((await save("geotiff")).path, path);
      assert.ok(found.mask > 100);
      assert.equal(found.beyond_a_pixel, 0, `polygons and mask agree to the pixel: ${JSON.stringify(found)}`);
    });

    test("KML and GeoPackage: the same polygons", async () => {
      const polygons = vector((await save("geojson")).path).layers[0].features;
      const total = polygons.reduce((sum, { area_m2 }) => sum + area_m2, 0);
      const drivers = { kml: /KML/, geopackage: /^GPKG$/ };
      for (const [kind, driver] of Object.entries(drivers)) {
        const { path, name: saved } = await save(kind);
        assert.match(saved, kind === "kml" ? /\.kml$/ : /\.gpkg$/);
        readsCleanly(path, "ogrinfo");
        const found = vector(path);
        assert.match(found.driver, driver);
        const features = found.layers.flatMap((layer) => layer.features);
        const area = features.reduce((sum, { area_m2 }) => sum + area_m2, 0);
        assert.ok(Math.abs(area / total - 1) < 1e-4, `${kind}: ${area} m², GeoJSON ${total}`);
        assert.ok(features.every(({ valid }) => valid), kind);
        const words = JSON.stringify(features.map(({ properties }) => properties));
        assert.match(words, new RegExp(PHRASE), `${kind} names the phrase: ${words.slice(0, 300)}`);
      }
    });
  });
}

describe("pictures, and a picture's place", { skip: noScenes }, () => {
  test("mask, cut-out, overlay, probability: Pillow opens each at the image's size", async () => {
    await person.chooseFiles(scenePath("deflate.tif"));
    await person.seesImage("deflate.tif");
    await person.segment(PHRASE);
    const { share } = await halfMasked();
    const found = {};
    for (const kind of ["mask-png", "cutout-png", "overlay-png", "probability-png"]) {
      const { path, bytes } = await save(kind);
      found[kind] = { ...picture(path), pixels: decodePng(bytes).data };
      assert.deepEqual([found[kind].format, found[kind].width, found[kind].height], ["PNG", 300, 200], kind);
    }
    assert.deepEqual([found["mask-png"].mode, found["mask-png"].extremes], ["L", [0, 255]]);
    assert.equal(found["probability-png"].mode, "L");
    assert.equal(found["cutout-png"].mode, "RGBA");
    const opaque = found["cutout-png"].pixels.reduce((count, value, i) => count + (i % 4 === 3 && value === 255 ? 1 : 0), 0);
    assert.ok(Math.abs(opaque / (300 * 200) - share) < 0.02, `${opaque} opaque pixels at a share of ${share}`);
  });

  test("a world file for the PNG puts it where the scene is", async () => {
    const mask = await save("mask-png");
    const { name, bytes } = await save("world-file");
    assert.match(name, /\.(pgw|pngw|wld)$/);
    kept({ name: mask.name.replace(/png$/, "pgw"), bytes });
    const { affine } = raster(mask.path);
    catalogue["deflate.tif"].affine.forEach((value, i) => assert.ok(Math.abs(value - affine[i]) < 1e-6, `${affine}`));
  });

  test("copy puts the overlay on the clipboard", async () => {
    await page.bringToFront();
    await page.locator("#copy").click();
    await page.locator("#export-note, #status").filter({ hasText: "clipboard" }).first().waitFor();
    const { type, size } = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const blob = await item.getType("image/png");
      const { width, height } = await createImageBitmap(blob);
      return { type: blob.type, size: [width, height] };
    });
    assert.deepEqual([type, size], ["image/png", [300, 200]]);
  });
});

test("several layers: a feature each in one GeoJSON, with colours of their own in KML", { skip: noScenes }, async () => {
  await person.chooseFiles(scenePath("striped.tif"));
  await person.seesImage("striped.tif");
  await person.type("the water; the grass");
  await person.press();
  await person.seesMask("the grass");
  for (const phrase of ["the water", "the grass"]) {
    await page.locator("#layers .layer-main", { hasText: phrase }).click();
    await halfMasked();
  }
  const features = vector((await save("geojson")).path).layers.flatMap((layer) => layer.features);
  assert.deepEqual(new Set(features.map(({ properties }) => properties.prompt)), new Set(["the water", "the grass"]));
  const kml = (await save("kml")).bytes.toString("utf8");
  assert.equal(new Set(kml.match(/<PolyStyle>\s*<color>[0-9a-f]{8}/gi)).size, 2, "a colour each");
});

test("without a place on the earth: pictures yes, GIS files no, with the reason", async () => {
  await person.pickSample(0);
  await person.segment("a building");
  const { name } = await save("mask-png");
  assert.match(name, /^[\w.-]+\.png$/, "a name that every system takes");
  await page.locator("#open-export").click();
  const geojson = page.locator('[data-export="geojson"]');
  if (await geojson.isDisabled()) assert.match(await page.locator("#export-menu").textContent(), /georeferencing/);
  else {
    await geojson.click();
    await person.seesProblem("no-place");
  }
});

test("areas of the full scene agree with GDAL's geodesy within 0.1 %, whatever the coordinate system", { skip: noScenes }, async () => {
  for (const name of ["deflate.tif", "geographic.tif", "mercator.tif", "utm-south.tif", "etrs89.tif", "feet.tif", "rotated.tif"]) {
    await person.chooseFiles(scenePath(name));
    await person.seesImage(name);
    await person.segment(PHRASE);
    // With the lowest threshold and all holes filled, the mask is (nearly) the whole scene.
    await person.set("threshold", 0.01);
    await person.set("fill-holes", 1e9);
    await person.settles();
    const { area, share } = await person.figures();
    const expected = share * catalogue[name].area_m2;
    assert.ok(share > 0.5, `${name}: a share of ${share}`);
    const tolerance = share === 1 ? 0.001 : 0.005;
    assert.ok(Math.abs(area / expected - 1) < tolerance, `${name}: ${area} m², of pixels ${expected}`);
    assert.match(await page.locator("#area").textContent(), /m²|ha/);
  }
});

test("distances: the place a file has is the place the page shows", { skip: noScenes }, async () => {
  await person.chooseFiles(scenePath("utm-south.tif"));
  await person.seesImage("utm-south.tif");
  await person.segment(PHRASE);
  await person.set("threshold", 0.01);
  const [{ bounds }] = vector((await save("geojson")).path).layers[0].features;
  const { corners, metres_per_pixel } = catalogue["utm-south.tif"];
  const west = Math.min(...corners.map(([lon]) => lon));
  const north = Math.max(...corners.map(([, lat]) => lat));
  const { share } = await person.figures();
  if (share > 0.99) assert.ok(metresBetween([bounds[0], bounds[3]], [west, north]) < 2 * metres_per_pixel);
  assert.ok(bounds[0] >= west - 1e-6 && bounds[3] <= north + 1e-6, "nothing lies outside the scene");
});
