// Pictures of every kind: the page and the native program read the same pixels, or refuse in the same words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { BUNDLE, DIST, launch } from "./browser.mjs";
import { nativePixels, noProgram, noScenes, sceneBytes, scenePath } from "./readers.mjs";

const skip = noScenes || noProgram;
const WEIGHTS = `${DIST}/weights/${BUNDLE}`;
const NAMES = skip ? [] : JSON.parse(readFileSync(scenePath("formats.json"), "utf8"));

let stage;
let page;
before(async () => {
  if (skip) return;
  stage = await launch();
  ({ page } = await stage.open());
});
after(() => stage?.close());

/** What the page reads for the model: `{width, height, rgb, hidden, notices}`, or `{code, message}`. */
async function pagePixels(name) {
  const found = await page.evaluate(
    async ([base64, name, stored]) => {
      const [{ inspect }, { Picture }, { pictureOf }, { loadEngine }] = await Promise.all(
        ["scene/imagefile", "scene/picture", "scene/piece", "model/engine"].map(
          (module) => import(new URL(`www/${module}.js`, location.href).href),
        ),
      );
      const { api } = await loadEngine(new URL("./", location.href), "s4eca_scene");
      const file = new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name);
      try {
        const header = await inspect(file, async (bytes) => api.jpegProblem(bytes) ?? null);
        const scene = await Picture.open(file, header, { stored });
        const { width, height, notices } = scene;
        const { rgba, hasData } = await pictureOf(scene, api, [0, 0, width, height]);
        const hidden = Array.from({ length: width * height }, (_, i) => (hasData && !hasData[i] ? 1 : 0));
        return { width, height, rgba: [...rgba], hidden, notices: notices.map(({ code }) => code) };
      } catch (error) {
        return { code: error.code, message: error.message };
      }
    },
    [sceneBytes(name).toString("base64"), name, name.startsWith("placed")],
  );
  if (found.code) return found;
  const rgb = Uint8Array.from(found.rgba.filter((_, i) => i % 4 < 3));
  return { ...found, rgb, hidden: Uint8Array.from(found.hidden) };
}

describe("the page and the native program read the same pixels", { skip }, () => {
  for (const name of NAMES) {
    test(name, async () => {
      const [shown, native] = [await pagePixels(name), nativePixels(scenePath(name), WEIGHTS)];
      if (name === "png-animated-apart.png") {
        assert.equal(shown.code, "picture-kind");
        assert.ok(native.refusal.includes(shown.message), native.refusal);
        return;
      }
      assert.equal(native.refusal, undefined);
      assert.deepEqual([shown.width, shown.height], [native.width, native.height]);
      const worst = shown.rgb.reduce((most, value, i) => Math.max(most, Math.abs(value - native.rgb[i])), 0);
      const allowed = /jpg$|lossy/.test(name) ? 1 : 0;
      assert.ok(worst <= allowed, `a sample differs by ${worst}`);
      assert.deepEqual(shown.hidden, native.hidden);
      const stored = /^placed/.test(name);
      const ignored = stored ? ["exif-ignored"] : /^turned.*webp$/.test(name) ? ["exif-webp"] : [];
      assert.deepEqual(shown.notices, ignored);
      assert.equal(/EXIF rotation/.test(native.notes), ignored.length > 0, native.notes);
      if (stored) assert.deepEqual([shown.width, shown.height], [93, 58], "as stored");
    });
  }
});

describe("a JPEG with an end marker but without all its blocks is refused", { skip }, () => {
  for (const name of ["baseline", "last-byte", "progressive", "passes"].map((kind) => `glued-${kind}.jpg`)) {
    test(`${name}, natively`, () => {
      const { refusal } = nativePixels(scenePath(name), WEIGHTS);
      assert.match(refusal ?? "read", /a part of the data of the JPEG is missing or wrong/);
    });
    test(`${name}, in the page`, async () => {
      const { code, message } = await pagePixels(name);
      assert.equal(code, "undecodable");
      assert.match(message, /a part of the data of the JPEG is missing or wrong/);
    });
  }
});
