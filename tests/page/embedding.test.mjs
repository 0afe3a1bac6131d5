// The page's network in another page: the ten lines of docs/embedding.md, as they stand in example.html.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BUNDLE, DIST, PATIENCE, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU, compareMaps, expectations } from "./compare.mjs";

let stage;
let context;
before(async () => {
  stage = await launch();
  context = await stage.browser.newContext();
});
after(() => stage.close());

/** An empty page of the same site, for scripts of one's own. */
async function blank() {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.route("**/blank.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>own</title>" }));
  await page.goto(`${stage.server.url}blank.html`);
  return page;
}

const code = (html) => html.slice(html.indexOf('<script type="module">') + 22, html.indexOf("</script>"));

test("the example, as it is shipped, draws a mask and says how sure it is", async () => {
  // The small bundle of the tests in the place of the shipped one.
  stage.server.change("/example.html", (text) => text.replace("weights/tiny/", `weights/${BUNDLE}/`));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${stage.server.url}example.html`);
  await page.locator("#said", { hasText: /[Ss]core \d\.\d\d/ }).waitFor();
  const drawn = await page.locator("#mask").evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return { width: canvas.width, height: canvas.height, colours: new Set(Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3])).size };
  });
  assert.ok(drawn.width > 100 && drawn.height > 100 && drawn.colours >= 1);
  assert.deepEqual(errors, []);
  stage.server.heal();
});

test("the document shows the very code of the example", () => {
  const shown = readFileSync(new URL("../../docs/embedding.md", import.meta.url), "utf8");
  const lines = code(readFileSync(join(DIST, "example.html"), "utf8")).split("\n").map((line) => line.trim()).filter(Boolean);
  assert.ok(lines.length <= 11, `${lines.length} lines`);
  for (const line of lines) assert.ok(shown.includes(line), `docs/embedding.md has “${line}”`);
});

test("load tells bytes as they come; segment takes each kind of image; the mask is the page's own", async () => {
  const page = await blank();
  const found = await page.evaluate(async ({ bundle, sample }) => {
    const { S4eca } = await import("./s4eca.js");
    const steps = [];
    const model = await S4eca.load(`weights/${bundle}/`, { backend: "cpu", onProgress: (step) => steps.push(step) });
    const blob = await (await fetch(sample)).blob();
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
    const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    const pixels = canvas.getContext("2d").getImageData(0, 0, bitmap.width, bitmap.height);
    const element = new Image();
    element.src = URL.createObjectURL(blob);
    await element.decode();
    const kinds = { blob, bitmap, canvas, pixels, element, raw: { width: pixels.width, height: pixels.height, rgba: new Uint8Array(pixels.data.buffer) } };
    const answers = {};
    for (const [kind, image] of Object.entries(kinds)) {
      const { width, height, probability, score } = await model.segment(image, "a building");
      answers[kind] = { width, height, score, sum: probability.reduce((sum, value) => sum + value, 0) };
    }
    const last = await model.segment(blob, "a building");
    const mask = last.mask(0.5);
    const counted = last.probability.reduce((count, value) => count + (value >= 128 ? 1 : 0), 0);
    const set = mask.reduce((count, value) => count + (value ? 1 : 0), 0);
    const painted = last.toImageData().data.reduce((count, value, i) => count + (i % 4 === 3 && value ? 1 : 0), 0);
    const { info } = model;
    model.dispose();
    const after = await model.segment(blob, "a building").then(() => "answered", (error) => error.name);
    return { steps, answers, set, counted, painted, info, after, size: [bitmap.width, bitmap.height] };
  }, { bundle: BUNDLE, sample: "www/samples/harbour.jpg" });
  const weights = found.steps.filter(({ phase }) => phase === "weights");
  assert.ok(weights.length > 0 && weights.at(-1).received === weights.at(-1).total, JSON.stringify(found.steps.slice(-3)));
  for (const [kind, { width, height, sum }] of Object.entries(found.answers)) {
    assert.deepEqual([width, height], found.size, kind);
    assert.ok(Math.abs(sum - found.answers.bitmap.sum) / (width * height) < 2, `${kind}: the same answer`);
  }
  assert.equal(found.set, found.counted);
  assert.equal(found.painted, found.counted);
  assert.ok(found.info);
  assert.notEqual(found.after, "answered", "what is disposed of does not answer");
  await page.close();
});

const cases = expectations("cpu").filter(({ bundle }) => bundle === BUNDLE);
test("as the native program answers", { skip: cases.length === 0 && "EXPECTED_DIR has none" }, async () => {
  const page = await blank();
  for (const { imagePath, phrase, width, height, probability } of cases) {
    const base64 = readFileSync(imagePath).toString("base64");
    const map = await page.evaluate(async ({ bundle, base64, phrase }) => {
      const { S4eca } = await import("./s4eca.js");
      window.model ??= await S4eca.load(`weights/${bundle}/`, { backend: "cpu" });
      const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: "image/png" });
      return [...(await window.model.segment(blob, phrase)).probability];
    }, { bundle: BUNDLE, base64, phrase });
    assert.equal(map.length, width * height);
    const found = compareMaps(Uint8Array.from(map), probability);
    assert.ok(found.maxDifference <= MAX_DIFFERENCE, `largest difference ${found.maxDifference} of 255`);
    assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
  }
  await page.close();
});

test("an abort ends loading and segmenting; what is wrong is an error with a sentence", async () => {
  const page = await blank();
  const found = await page.evaluate(async (bundle) => {
    const { S4eca } = await import("./s4eca.js");
    const outcome = (promise) => promise.then(() => "done", ({ name, code, message }) => ({ name, code, message }));
    const gone = AbortSignal.abort();
    const aborted = await outcome(S4eca.load(`weights/${bundle}/`, { signal: gone }));
    const missing = await outcome(S4eca.load("weights/nothing/"));
    const model = await S4eca.load(`weights/${bundle}/`, { backend: "cpu" });
    const pixels = { width: 64, height: 64, rgba: new Uint8Array(4 * 64 * 64) };
    const stopped = await outcome(model.segment(pixels, "a building", { signal: gone }));
    const empty = await outcome(model.segment(pixels, "  "));
    const short = await outcome(model.segment({ width: 64, height: 64, rgba: new Uint8Array(8) }, "a building"));
    return { aborted, missing, stopped, empty, short };
  }, BUNDLE);
  assert.equal(found.aborted.name, "AbortError");
  assert.equal(found.stopped.name, "AbortError");
  assert.equal(found.missing.code, "manifest-missing");
  for (const { name, message } of [found.missing, found.empty, found.short]) assert.ok(name && message.length > 5, `${name}: ${message}`);
  await page.close();
});

test("its types hold: TypeScript accepts the example and refuses misuse", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "s4eca-types-"));
  try {
    writeFileSync(join(folder, "s4eca.d.ts"), readFileSync(join(DIST, "s4eca.d.ts")));
    writeFileSync(join(folder, "good.ts"), code(readFileSync(join(DIST, "example.html"), "utf8")).replace(/find = \(id\)/, "find = (id: string): any"));
    writeFileSync(join(folder, "bad.ts"), 'import { S4eca } from "./s4eca.js";\nconst model = await S4eca.load(5);\nawait model.segment("a.png");\n');
    const tsc = (file) => {
      const types = ["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"];
      try {
        execFileSync("npx", ["--yes", "-p", "typescript@5.9", "tsc", "--noEmit", "--strict", "--noImplicitAny", "false", ...types, file], { cwd: folder, encoding: "utf8", stdio: "pipe" });
        return "";
      } catch (error) {
        return error.stdout || error.stderr;
      }
    };
    const good = tsc("good.ts");
    if (/ENOTFOUND|EAI_AGAIN|network|registry/.test(good)) {
      console.error("\n!!! SKIPPED: the types of s4eca.d.ts: TypeScript could not be fetched\n");
      return context.skip("no network");
    }
    assert.equal(good, "");
    assert.match(tsc("bad.ts"), /error TS\d+/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
