// GeoTIFFs of every kind, and pictures with a world file: they open at the position that GDAL reports, and segment.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { bent, catalogue, kept, metresBetween, natively, noScenes, raster, scenePath } from "./readers.mjs";

let stage;
let page;
let person;
before(async () => {
  stage = await launch();
  ({ page, person } = await stage.open());
  await person.waitForModel();
});
after(() => stage.close());

/** The same phrase for every kind of file. */
const PHRASE = "the water";
const WEIGHTS = `${DIST}/weights/${BUNDLE}`;

async function opens(name, ...beside) {
  await person.chooseFiles(scenePath(name), ...beside.map(scenePath));
  const text = await person.seesImage(name);
  assert.ok(await person.hasNoProblem(), `${name} opens`);
  return text;
}

/** Standard deviation and mean colours in the middle of the stage. */
async function seen() {
  await person.settles();
  const { width, height, data } = await person.canvas();
  const sums = [0, 0, 0];
  let [count, squares] = [0, 0];
  for (let y = Math.round(height * 0.4); y < height * 0.6; y += 3) {
    for (let x = Math.round(width * 0.4); x < width * 0.6; x += 3) {
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c += 1) sums[c] += data[at + c];
      squares += data[at] ** 2;
      count += 1;
    }
  }
  const means = sums.map((sum) => sum / count);
  return { means, spread: Math.sqrt(squares / count - means[0] ** 2) };
}

const BY_PIXELS = [
  "striped.tif", "tiled.tif", "cog.tif", "bigtiff.tif", "planar.tif", "big-endian.tif", "grey.tif", "grey-16-bit.tif",
  "four-bands-16-bit.tif", "signed-16-bit.tif", "float.tif", "alpha.tif", "seven-bands.tif", "lzw.tif", "deflate.tif",
  "packbits.tif", "jpeg.tif", "nodata.tif", "palette.tif",
];

describe("each way of keeping pixels", { skip: noScenes }, () => {
  for (const name of BY_PIXELS) {
    test(name, async () => {
      const { width, height, bands, epsg } = catalogue[name];
      const size = new RegExp(`${width.toLocaleString("en-GB")} × ${height.toLocaleString("en-GB")} px|${width} × ${height} px`);
      assert.match(await opens(name), size);
      assert.equal(await page.locator("#georeference").getAttribute("data-epsg"), String(epsg));
      const { spread } = await seen();
      assert.ok(spread > 5, `a picture is seen, not one colour: spread ${spread}`);
      if (bands > 4) assert.match(JSON.stringify(await person.notices()), new RegExp(`${bands} bands`));
      await person.segment(PHRASE);
      const mask = raster(kept(await person.save("geotiff")));
      assert.deepEqual([mask.width, mask.height, mask.bands, mask.type], [width, height, 1, "Byte"]);
      assert.deepEqual(mask.affine, catalogue[name].affine);
    });
  }

  test("the same picture is the same, however it is packed", async () => {
    const shares = [];
    for (const name of ["striped.tif", "tiled.tif", "planar.tif", "bigtiff.tif", "lzw.tif", "deflate.tif", "packbits.tif"]) {
      await opens(name);
      shares.push((await person.segment(PHRASE)).share);
    }
    assert.equal(new Set(shares).size, 1, `shares ${shares}`);
  });

  test("16 bits look like 8: stretched to what is there, and the page says so", async () => {
    await opens("striped.tif");
    const eight = await seen();
    await opens("four-bands-16-bit.tif");
    const sixteen = await seen();
    assert.match(JSON.stringify(await person.notices()), /16-bit/);
    // A stretch changes the brightness, not the hue: green stays above blue.
    assert.ok(sixteen.means[1] > sixteen.means[2] && eight.means[1] > eight.means[2]);
    assert.ok(sixteen.spread > 0.5 * eight.spread, `spread ${sixteen.spread}, of 8 bits ${eight.spread}`);
  });

  test("nodata and alpha 0 are seen through, and never masked", async () => {
    for (const name of ["nodata.tif", "alpha.tif"]) {
      await opens(name);
      await person.segment(PHRASE);
      await person.set("threshold", 0.01);
      const { data, width } = await person.save("mask-png").then(({ bytes }) => decodedGrey(bytes));
      const column = (x) => Array.from({ length: 200 }, (_, y) => data[y * width + x]);
      assert.ok(column(10).every((value) => value === 0), `${name}: nothing is masked where nothing is`);
    }
  });
});

async function decodedGrey(bytes) {
  const { decodePng } = await import("./png.mjs");
  return decodePng(bytes);
}

/** The whole scene's mask exported as a GeoTIFF, for its corners. */
async function cornersOfExport() {
  await person.segment(PHRASE);
  return raster(kept(await person.save("geotiff")));
}

const OWN = ["transverse-mercator", "lambert", "albers", "polar-stereographic", "oblique-mercator"];
/** By file name: the files that are chosen with it. */
const PLACES = {
  "utm-south.tif": [], "mercator.tif": [], "geographic.tif": [], "etrs89.tif": [], "feet.tif": [], "rotated.tif": [],
  "pixel-is-point.tif": [], "compound.tif": [], "control-points.tif": [], "aux.png": ["aux.png.aux.xml"],
  ...Object.fromEntries(OWN.map((own) => [`own-${own}.tif`, []])),
  ...Object.fromEntries(OWN.map((own) => [`own-${own}.png`, [`own-${own}.pgw`, `own-${own}.prj`]])),
};

describe("each way of saying where it lies", { skip: noScenes }, () => {
  for (const [name, beside] of Object.entries(PLACES)) {
    test(name, async () => {
      const expected = catalogue[name];
      await opens(name, ...beside);
      const place = page.locator("#georeference");
      assert.equal(await place.getAttribute("data-epsg"), expected.epsg === null ? null : String(expected.epsg));
      const found = await cornersOfExport();
      assert.equal(found.epsg, expected.epsg);
      for (const [i, corner] of expected.corners.entries()) {
        const off = metresBetween(corner, found.corners[i]);
        assert.ok(off < 0.02 * expected.metres_per_pixel, `corner ${i} is ${off} m off`);
      }
      // The page's own geodesy: the area of the mask is its share of the footprint that GDAL measures.
      const { share, area } = await person.figures();
      assert.ok(share > 0.01, `share ${share}`);
      const ratio = area / (share * expected.area_m2);
      assert.ok(Math.abs(ratio - 1) < 0.02, `${name}: area ${area}, of a footprint of ${expected.area_m2} at ${share}`);
    });
  }

  for (const [name, beside] of Object.entries(PLACES)) {
    if (beside.length === 0 && !name.startsWith("control")) continue;
    test(`${name} in the native program: GDAL reads the same place in its mask`, () => {
      const expected = catalogue[name];
      const found = raster(natively(scenePath(name), PHRASE, WEIGHTS).mask);
      assert.equal(found.epsg, expected.epsg);
      for (const [i, corner] of expected.corners.entries()) {
        const off = metresBetween(corner, found.corners[i]);
        assert.ok(off < 0.02 * expected.metres_per_pixel, `corner ${i} is ${off} m off`);
      }
    });
  }

  test("ground control points: the page says that the grid is fitted, and how well", async () => {
    await opens("control-points.tif");
    assert.match(JSON.stringify(await person.notices()), /affine grid fitted to 6 ground control points.*0\.0\d+ m/);
  });

  test("ground control points on no grid: a spline goes through them, and the page says so; GeoJSON is where GDAL's spline puts the mask", async () => {
    await opens("bent.tif");
    assert.match(JSON.stringify(await person.notices()), /thin-plate spline through 25 ground control points.*would be off by \d+\.?\d* m/);
    await person.segment(PHRASE);
    const { points, pixels, off } = bent(kept(await person.save("geotiff")), kept(await person.save("geojson")));
    assert.ok(points === 25 && pixels > 100, `${points} points, ${pixels} pixels`);
    // From the centre of a pixel of 0.29 m to its border.
    for (const metres of off) assert.ok(metres > -0.05 && metres < 0.35, `${off}`);
  });

  test("rational polynomials: the page names them", async () => {
    await opens("rpc.tif");
    assert.match(JSON.stringify(await person.notices()), /rational polynomial coefficients \(RPC\)/);
  });

  for (const name of ["no-crs.tif", "plain.tif"]) {
    test(`${name}, no coordinate system: opens, says what that costs, and a scale gives areas`, async () => {
      await opens(name);
      assert.ok(await page.locator("#scale").isVisible(), "a scale can be given");
      const before = await person.segment(PHRASE);
      assert.ok(Number.isNaN(before.area), "no area without a scale");
      await person.set("scale", 50);
      const { share, area } = await person.figures();
      const expected = share * 300 * 200 * 0.25;
      assert.ok(Math.abs(area / expected - 1) < 0.02, `area ${area} at ${share}`);
      await page.locator("#open-export").click();
      const geojson = page.locator('[data-export="geojson"]');
      if (!(await geojson.isDisabled())) {
        await geojson.click();
        await person.seesProblem("no-place");
        await page.locator("#problem-close").click();
      }
      await page.keyboard.press("Escape");
    });
  }

  test("a coordinate system that is not known: opens, and the page names it", async () => {
    await opens("unknown-crs.tif");
    assert.match(JSON.stringify(await person.notices()), /coordinate system/);
    assert.match(await page.locator("#georeference").textContent(), /\S/);
    await person.segment(PHRASE);
    // The export still has the same georeferencing tags.
    const mask = raster(kept(await person.save("geotiff")));
    assert.deepEqual(mask.affine, catalogue["unknown-crs.tif"].affine);
  });
});

describe("pictures with a world file beside them", { skip: noScenes }, () => {
  const affine = [390000, 0.3, 0, 5819000, 0, -0.3];

  test("JPEG with .jgw and .prj: it has a place, areas and GIS files", async () => {
    await opens("photo.jpg", "photo.jgw", "photo.prj");
    assert.equal(await page.locator("#georeference").getAttribute("data-epsg"), "32633");
    const found = await cornersOfExport();
    assert.equal(found.epsg, 32633);
    found.affine.forEach((value, i) => assert.ok(Math.abs(value - affine[i]) < 1e-6, `${found.affine}`));
    assert.ok((await person.figures()).area > 0);
  });

  for (const [picture, world] of [["drawing.png", "drawing.pgw"], ["plain-world.tif", "plain-world.tfw"], ["view.webp", "view.wld"]]) {
    test(`${picture} with ${world} alone: the page says that no coordinate system is named`, async () => {
      await opens(picture, world);
      assert.match(JSON.stringify(await person.notices()), /\.prj/);
    });
  }

  test("a world file that is none, or that comes alone", async () => {
    await opens("drawing.png");
    await person.chooseFiles(scenePath("photo.jpg"), scenePath("broken.jgw"));
    assert.ok((await person.seesProblem("world-file")).advice.length > 20);
    await person.chooseFiles(scenePath("photo.jgw"));
    assert.ok((await person.seesProblem("only-sidecar")).advice.length > 20);
    assert.match(await page.locator("#image-name").textContent(), /drawing\.png/, "the former image stays");
  });
});
