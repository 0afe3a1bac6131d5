// The model in another page: the ten lines of docs/embedding.md, as in example.html, and phrases executed there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BUNDLE, DIST, PATIENCE, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU, compareMaps, expectations, noExpectations } from "./compare.mjs";
import { looks } from "./looks.mjs";

const TSC = join(import.meta.dirname, "../../node_modules/.bin/tsc");

let stage;
let context;
before(async () => {
  stage = await launch();
  context = await stage.browser.newContext();
});
after(() => stage.close());

/** An empty page of the same origin, for test scripts. */
async function blank() {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await page.route("**/blank.html", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>own</title>" }));
  await page.goto(`${stage.server.url}blank.html`);
  return page;
}

const code = (html) => html.slice(html.indexOf('<script type="module">') + 22, html.indexOf("</script>"));

test("the example, as it is shipped, draws a mask and says how sure it is", async () => {
  // Uses the tests' small bundle instead of the shipped one.
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
  assert.ok(lines.length > 5 && lines.length <= 11, `${lines.length} lines`);
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
      const { width, height, probability, score } = await model.segment(image, "a building", { reading: "network" });
      answers[kind] = { width, height, score, sum: probability.reduce((sum, value) => sum + value, 0) };
    }
    const last = await model.segment(blob, "a building", { reading: "network" });
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
test("as the native program answers", { skip: noExpectations }, async () => {
  assert.ok(cases.length > 0, "there are answers to compare with");
  const page = await blank();
  for (const { imagePath, phrase, width, height, probability } of cases) {
    const base64 = readFileSync(imagePath).toString("base64");
    const map = await page.evaluate(async ({ bundle, base64, phrase }) => {
      const { S4eca } = await import("./s4eca.js");
      window.model ??= await S4eca.load(`weights/${bundle}/`, { backend: "cpu" });
      const blob = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: "image/png" });
      return [...(await window.model.segment(blob, phrase, { reading: "network" })).probability];
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
    const unknown = await outcome(model.segment(pixels, "a building", { reading: /** @type {any} */ ("aloud") }));
    return { aborted, missing, stopped, empty, short, unknown };
  }, BUNDLE);
  assert.equal(found.aborted.name, "AbortError");
  assert.equal(found.stopped.name, "AbortError");
  assert.equal(found.missing.code, "manifest-missing");
  assert.match(found.unknown.message, /aloud/);
  for (const { name, message } of [found.missing, found.empty, found.short]) assert.ok(name && message.length > 5, `${name}: ${message}`);
  await page.close();
});

/** The shipped network and a picture of houses: `ask(phrase, options)` gets the answer, `asked` records the prompts. */
async function houses() {
  stage.server.change("/www/model/worker.js", (text) =>
    text.replace(/async function segment\([^)]*phrase \}\) \{/, (head) => `${head} new BroadcastChannel("looks").postMessage(phrase);`),
  );
  const page = await blank();
  const asked = await looks(page);
  await page.evaluate(async () => {
    const { S4eca } = await import("./s4eca.js");
    window.model = await S4eca.load("weights/tiny/", { backend: "cpu" });
    window.picture = await (await fetch("www/samples/pools.jpg")).blob();
  });
  const ask = (phrase, options) => page.evaluate(async ([phrase, options]) => {
    const found = await window.model.segment(window.picture, phrase, options);
    return { ...found, probability: [...found.probability], mask: [...found.mask()] };
  }, [phrase, options]);
  const close = async () => {
    await page.evaluate(() => window.model.dispose());
    await page.close();
    stage.server.heal();
  };
  return { page, ask, asked, close };
}

const chosenOf = ({ objects }) => objects.filter(({ chosen }) => chosen);
const pixelsOf = ({ mask }) => mask.reduce((count, value) => count + (value ? 1 : 0), 0);
const isWithin = (part, all) => part.mask.every((value, i) => !value || all.mask[i]);
/** Mean column of a mask. */
const columnOf = ({ mask, width }) => mask.reduce((sum, value, i) => sum + (value ? i % width : 0), 0) / pixelsOf({ mask });
/** The area that rings enclose, without holes. */
const enclosed = (rings) => Math.abs(rings.reduce((sum, ring) => {
  for (let i = 0; i < ring.length; i += 2) {
    const next = (i + 2) % ring.length;
    sum += (ring[i] * ring[next + 1] - ring[next] * ring[i + 1]) / 2;
  }
  return sum;
}, 0));

test("a phrase that is understood is executed: the network finds the things, the rules choose among them", async () => {
  const { ask, asked, close } = await houses();
  const whole = await ask("the buildings", { reading: "network" });
  assert.deepEqual(await asked.read(), ["the buildings"]);
  assert.deepEqual([whole.reading, whole.objects, whole.count, whole.problem], [null, [], null, null]);
  const all = await ask("all buildings");
  assert.deepEqual(await asked.read(), ["the buildings"], "asked for the things, not for the phrase");
  assert.ok(all.probability.every((value, i) => value <= 1 || value === whole.probability[i]), "the network's values");
  assert.ok(all.count > 1, `${all.count} buildings`);
  assert.deepEqual([chosenOf(all).length, all.objects.length], [all.count, all.count]);

  const largest = await ask("the largest building");
  assert.deepEqual(await asked.read(), ["the buildings"]);
  assert.deepEqual(largest.reading, { understood: true, tokens: ["largest", "building"], unread: [] });
  assert.deepEqual([largest.count, largest.objects.length, largest.problem], [1, all.count, null]);
  const [one] = chosenOf(largest);
  assert.equal(one.noun, "building");
  assert.equal(one.area, Math.max(...largest.objects.map(({ area }) => area)));
  assert.ok(isWithin(largest, all) && pixelsOf(largest) < pixelsOf(all));
  assert.ok(Math.abs(pixelsOf(largest) - one.area) < 0.05 * one.area, `${pixelsOf(largest)} of ${one.area} pixels`);
  assert.ok(Math.abs(enclosed(one.rings) - one.area) < 0.02 * one.area, `${enclosed(one.rings)} of ${one.area} pixels`);
  const sum = largest.probability.reduce((sum, value, i) => sum + (largest.mask[i] ? value : 0), 0);
  assert.ok(Math.abs(largest.score - sum / pixelsOf(largest) / 255) < 1e-3, `score ${largest.score}`);

  const [left, right] = [await ask("the buildings on the left"), await ask("the buildings on the right")];
  for (const side of [left, right]) {
    assert.ok(side.count > 0 && side.count < all.count, `${side.count} of ${all.count}`);
    assert.equal(chosenOf(side).length, side.count);
    assert.ok(isWithin(side, all));
  }
  assert.ok(columnOf(left) < columnOf(right), `${columnOf(left)} and ${columnOf(right)}`);
  await close();
});

test("what is not understood goes to the network as it is, and that is said", async () => {
  const { ask, asked, close } = await houses();
  const phrase = "the building that nobody frobnicates";
  const found = await ask(phrase);
  const plain = await ask(phrase, { reading: "network" });
  assert.deepEqual(await asked.read(), [phrase, phrase]);
  assert.deepEqual(found.probability, plain.probability);
  assert.equal(found.reading.understood, false);
  assert.ok(found.reading.unread.join(" ").includes("frobnicates") && found.reading.tokens.includes("building"));
  assert.equal(found.problem.code, "notUnderstood");
  assert.match(found.problem.message, /^Not understood: nobody frobnicates\. The phrase was passed to the network unchanged\.$/);
  assert.deepEqual([found.objects, found.count, plain.problem], [[], null, null]);

  await asked.read();
  const part = await ask("the building frobnicating the road");
  const whole = await ask("the building");
  assert.deepEqual(part.probability, whole.probability);
  assert.deepEqual(part.reading, { understood: false, tokens: ["building"], unread: ["frobnicating the road"] });
  assert.equal(part.problem.code, "partlyUnderstood");
  await close();
});

test("what is missing, what comes closest and what is too few is said; colours are measured", async () => {
  const { ask, close } = await houses();
  // Which of these the network does not find among houses depends on its weights.
  let missing = "";
  for (const noun of ["ship", "storage tank", "airplane", "soccer field", "roundabout"]) {
    missing = noun;
    if ((await ask(`all ${noun}s`)).count === 0) break;
  }
  const nothing = await ask(`the buildings left of the ${missing}`);
  assert.deepEqual(nothing.problem, { code: "anchorMissing", message: `No ${missing} found here, so nothing is left of it.` });
  assert.deepEqual([nothing.count, pixelsOf(nothing)], [0, 0]);
  // Which colours the roofs resemble depends on the weights too.
  const answers = [];
  const colours = ["purple", "pink", "yellow", "orange", "green", "blue", "red", "black", "white", "brown"];
  const phrases = ["", " on the left", " on the right", " at the top", " at the bottom"].flatMap((place) =>
    colours.map((colour) => `the ${colour} building${place}`),
  );
  const having = (code) => answers.filter(({ problem }) => problem?.code === code);
  for (const phrase of phrases) {
    answers.push(await ask(phrase));
    if (answers.length >= 6 && having("closest").length > 0 && having("nothingFits").length > 0) break;
  }
  const [closest, unfit] = [having("closest"), having("nothingFits")];
  assert.ok(closest.length > 0 && unfit.length > 0, answers.map(({ problem }) => problem?.code ?? "fits").join(", "));
  for (const answer of closest) {
    assert.equal(answer.problem.message, "No building here matches exactly: this is the closest.");
    assert.deepEqual([answer.count, chosenOf(answer).length], [1, 1]);
  }
  for (const answer of unfit) {
    assert.equal(answer.problem.message, "No building here matches.");
    assert.deepEqual([answer.count, pixelsOf(answer)], [0, 0]);
  }
  const few = await ask("the 500 largest buildings");
  assert.deepEqual(few.problem, { code: "tooFew", message: `500 requested, ${few.count} found.` });
  const none = await ask(`the largest ${missing}`);
  assert.deepEqual([none.problem.code, none.problem.message], ["nothingFits", `There is no ${missing} here.`]);
  await close();
});

test("an abort between two looks of a phrase leaves out the second", async () => {
  const { page, ask, asked, close } = await houses();
  const error = await page.evaluate(async () => {
    const stop = new AbortController();
    window.looksChannel.addEventListener("message", () => stop.abort(), { once: true });
    const asking = window.model.segment(window.picture, "the building left of the road", { signal: stop.signal });
    return asking.then(() => "answered", ({ name }) => name);
  });
  assert.equal(error, "AbortError");
  await ask("all trees");
  assert.deepEqual(await asked.read(), ["the buildings", "the trees"]);
  await close();
});

test("its types hold: TypeScript accepts the example and refuses misuse", () => {
  const folder = mkdtempSync(join(tmpdir(), "s4eca-types-"));
  try {
    writeFileSync(join(folder, "s4eca.d.ts"), readFileSync(join(DIST, "s4eca.d.ts")));
    writeFileSync(join(folder, "good.ts"), code(readFileSync(join(DIST, "example.html"), "utf8")).replace(/find = \(id\)/, "find = (id: string): any"));
    writeFileSync(join(folder, "bad.ts"), 'import { S4eca } from "./s4eca.js";\nconst model = await S4eca.load(5);\nawait model.segment("a.png");\n');
    const found = 'import { S4eca, type Found } from "./s4eca.js";\ndeclare const model: S4eca;\nconst found: Found = await model.segment(new Blob(), "a pool", ';
    const uses = "const points: number = found.objects.reduce((sum, { rings }) => sum + rings.length, found.count ?? 0);\n";
    writeFileSync(join(folder, "read.ts"), `${found}{ reading: "network" });\n${uses}if (found.problem?.code === "closest") throw points;\n`);
    writeFileSync(join(folder, "misread.ts"), `${found}{ reading: "aloud" });\n`);
    writeFileSync(join(folder, "uncoded.ts"), `${found}{});\nif (found.problem?.code === "nothing") throw found;\n`);
    const tsc = (file) => {
      const types = ["--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"];
      try {
        execFileSync(TSC, ["--noEmit", "--strict", "--noImplicitAny", "false", ...types, file], { cwd: folder, encoding: "utf8", stdio: "pipe" });
        return "";
      } catch (error) {
        return error.stdout || error.stderr;
      }
    };
    assert.equal(tsc("good.ts"), "");
    assert.equal(tsc("read.ts"), "");
    for (const file of ["bad.ts", "misread.ts", "uncoded.ts"]) assert.match(tsc(file), /error TS\d+/, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
