// WebGPU on a software adapter: the same numbers as on the CPU, and every way in which a GPU can fail.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { answerTo, bundleExists, launch } from "./browser.mjs";
import { MAX_DIFFERENCE, MIN_IOU, compareMaps, expectations, noExpectations } from "./compare.mjs";
import { decodePng } from "./png.mjs";

let stage;
before(async () => {
  stage = await launch({ webgpu: true });
});
afterEach(() => stage.server.heal());
after(() => stage.close());

const PHRASE = "the building on the left";
const notice = (page) => page.locator('#notices [data-kind="backend"]');
/** Runs `code` in the worker before anything else. */
const inWorker = (code) => stage.server.change("/www/model/worker.js", (text) => `${code}\n${text}`);
const probability = async (person) => decodePng((await person.save("probability-png")).bytes);

test("GPU and CPU give the same map, and the page names the software adapter", async () => {
  const { page, person } = await stage.open("&backend=webgpu");
  assert.match(await person.waitForModel(), /^WebGPU · .+/);
  assert.match(await notice(page).textContent(), /software/);
  await person.pickSample(0);
  const onGpu = await person.segment(PHRASE);
  assert.equal(onGpu.ranOn, "Software GPU");
  const gpuMap = await probability(person);

  await page.getByText("Model and engine", { exact: true }).click();
  await page.getByLabel("Run on").selectOption("cpu");
  await page.locator("#backend-text", { hasText: /^CPU$/ }).waitFor();
  assert.match(await page.locator("#image-name").textContent(), /px/, "the image is kept");
  const onCpu = await person.segment(PHRASE);
  assert.equal(onCpu.ranOn, "CPU");
  const found = compareMaps(gpuMap.data, (await probability(person)).data);
  assert.ok(found.maxDifference <= MAX_DIFFERENCE, `largest difference ${found.maxDifference} of 255`);
  assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
  await page.context().close();
});

// Larger networks take many minutes on a software GPU.
const cases = expectations("webgpu").filter(({ bundle }) => bundle.startsWith("micro") && bundleExists(bundle));
test("there are answers to compare with", { skip: noExpectations }, () => assert.ok(cases.length > 0));
// One page per bundle, so that its shaders are compiled once.
for (const bundle of new Set(cases.map((expected) => expected.bundle))) {
  test(`as the native program answers, on WebGPU: ${bundle}`, async (context) => {
    const { page, person } = await stage.open("&backend=webgpu", { bundle });
    await person.waitForModel();
    for (const expected of cases.filter((one) => one.bundle === bundle)) {
      await context.test(expected.name, async () => {
        const { mask, map } = await answerTo(person, expected);
        assert.equal(mask.ranOn, "Software GPU");
        const found = compareMaps(map.data, expected.probability);
        assert.ok(found.maxDifference <= MAX_DIFFERENCE, `largest difference ${found.maxDifference} of 255`);
        assert.ok(found.iou >= MIN_IOU, `IoU ${found.iou}`);
      });
    }
    await page.context().close();
  });
}

test("left to itself the page takes the CPU before a software adapter, and says why", async () => {
  const { page, person } = await stage.open();
  assert.equal(await person.waitForModel(), "CPU");
  assert.match(await notice(page).textContent(), /software/);
  await page.context().close();
});

/** @type {[name: string, code: string, reason: RegExp][]} */
const FAULTY = [
  ["no WebGPU in the browser", 'Object.defineProperty(navigator, "gpu", { value: undefined });', /no WebGPU/],
  ["no adapter", "GPU.prototype.requestAdapter = async () => null;", /no usable GPU/],
  ["a device that cannot be had", 'GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error("refused"));', /self-test/],
  [
    "a GPU that computes zeros",
    `const read = GPUBuffer.prototype.getMappedRange;
     GPUBuffer.prototype.getMappedRange = function (...range) {
       const bytes = read.apply(this, range);
       if (this.usage & GPUBufferUsage.MAP_READ) new Uint8Array(bytes).fill(0);
       return bytes;
     };`,
    /self-test/,
  ],
];
for (const [name, code, reason] of FAULTY) {
  test(`${name}: the CPU takes over, with the reason said`, async () => {
    inWorker(code);
    const { page, person } = await stage.open("&backend=webgpu");
    assert.equal(await person.waitForModel(), "CPU");
    assert.match(await notice(page).textContent(), reason);
    await person.pickSample(0);
    assert.equal((await person.segment(PHRASE)).ranOn, "CPU");
    assert.ok(await person.hasNoProblem());
    await page.context().close();
  });
}

test("a refused GPU command never becomes a mask: the CPU answers instead", async () => {
  inWorker(`const make = GPUAdapter.prototype.requestDevice;
    let device;
    GPUAdapter.prototype.requestDevice = async function (...options) { return (device = await make.apply(this, options)); };
    // These usages cannot be combined, so the command is rejected.
    addEventListener("message", ({ data }) => data.kind === "segment" &&
      device?.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE }));`);
  const { page, person } = await stage.open("&backend=webgpu");
  assert.match(await person.waitForModel(), /^WebGPU/);
  await person.pickSample(0);
  const mask = await person.segment(PHRASE);
  assert.equal(mask.ranOn, "CPU");
  assert.match(await notice(page).textContent(), /stopped working/);
  await page.context().close();
});

test("an engine that traps: a message, image and phrase kept, the page usable", async () => {
  inWorker(`addEventListener("message", ({ data }) => {
    if (data.kind !== "segment") return;
    console.error("panicked at src/somewhere.rs:1:2:\\nindex out of bounds");
    Promise.reject(new WebAssembly.RuntimeError("unreachable"));
  });`);
  const { page, person } = await stage.open("&backend=cpu");
  await person.waitForModel();
  await person.pickSample(0);
  stage.server.heal();
  await person.type(PHRASE);
  await person.press();
  await person.seesProblem("crash");
  assert.equal(await page.getByLabel("What should be masked?").inputValue(), PHRASE);
  await person.waitForModel();
  await person.press();
  await person.seesMask(PHRASE);
  await page.context().close();
});

test("the GPU process dies half-way: the phrase is answered on the CPU, image and phrase kept", async () => {
  const { page, person } = await stage.open("&backend=webgpu");
  await person.waitForModel();
  await person.pickSample(1);
  const shown = await page.locator("#image-name").textContent();
  await person.type(PHRASE);
  await person.press();
  const control = await stage.browser.newBrowserCDPSession();
  // The browser may answer after the process has ended, or not at all.
  control.send("Browser.crashGpuProcess").catch(() => {});
  await notice(page).filter({ hasText: "stopped working" }).waitFor();
  await person.seesMask(PHRASE);
  assert.equal(await page.locator("#image-name").textContent(), shown);
  assert.equal(await page.getByLabel("What should be masked?").inputValue(), PHRASE);
  assert.equal((await person.segment("a road")).ranOn, "CPU");
  assert.ok(await person.hasNoProblem());
  await page.context().close();
});
