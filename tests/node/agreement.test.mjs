// The browser's module in Node gives the same results as the native program: on Dawn (Chrome's WebGPU, on lavapipe) and
// on the CPU. `./build.sh test` makes the expectations with the native program on flex: EXPECTED_DIR holds JSON files
// { weights, image, rgba, phrase, width, height, probability_path }, with paths relative to themselves: the bundle's
// folder; the image for the page's tests; its raw bytes (image.mjs) for these; the phrase; and a file of width x height
// bytes, 255 for 1. An optional `backends` limits the case to some backends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

// 2e-2 on a scale of 255 is 5.1 steps; rounding on both sides adds one.
const allowedCounts = 6;
const allowedIou = 0.99;
// Software GPUs compile a network's shaders slowly. Nothing is timed here; this limit only ends a hang.
const timeout = 15 * 60 * 1000;

const here = dirname(fileURLToPath(import.meta.url));
const pkg = resolve(process.env.S4ECA_PKG ?? join(here, '../../dist/pkg'));
const expectedDir = resolve(process.env.EXPECTED_DIR ?? join(here, '../../.cache/fixtures/expected'));
const work = mkdtempSync(join(tmpdir(), 's4eca-agreement-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

function readExpectations() {
  if (!existsSync(expectedDir)) return [];
  return readdirSync(expectedDir)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, ...JSON.parse(readFileSync(join(expectedDir, name), 'utf8')) }));
}

// One process per bundle and backend: a module takes one device, and a driver crash must not end the tests.
/** @param {string} script @param {...string} args */
function node(script, ...args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(here, script), ...args], { timeout });
    let output = '';
    let errors = '';
    child.stdout.on('data', (bytes) => (output += bytes));
    child.stderr.on('data', (bytes) => (errors += bytes));
    child.on('close', (status, signal) => done({ status: status ?? signal, output, errors }));
  });
}

async function noDawn() {
  const { status, output, errors } = await node('dawn.mjs');
  const line = output.trim().split('\n').at(-1);
  if (status !== 0 || !line) return `Dawn ends with ${status}: ${errors}`;
  return JSON.parse(line).reason;
}

/** @param {Uint8Array} expected @param {Uint8Array} actual */
function compare(expected, actual) {
  let worst = 0;
  let both = 0;
  let either = 0;
  for (let i = 0; i < expected.length; i += 1) {
    worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
    const [a, b] = [expected[i] >= 128, actual[i] >= 128];
    both += Number(a && b);
    either += Number(a || b);
  }
  return { worst, iou: either === 0 ? 1 : both / either };
}

const expectations = readExpectations();
const missing = existsSync(join(pkg, 's4eca.js')) ? null : `no wasm module in ${pkg}`;
const made = Boolean(process.env.EXPECTED_DIR);
// Awaited before the first test is declared: the runner may end a file that declares tests after an await.
const withoutDawn = missing || expectations.length === 0 ? null : await noDawn();

test('there is something to compare', (context) => {
  const problem = missing ?? (expectations.length === 0 ? `no expectations in ${expectedDir}` : null);
  if (problem && !made) return context.skip(`${problem}: ./build.sh test makes them`);
  assert.equal(problem, null);
  // A constant map would hide errors: at least one expectation must have both foreground and background.
  const maps = expectations.map((one) => readFileSync(join(expectedDir, one.probability_path)));
  assert.ok(
    maps.some((map) => map.some((value) => value >= 128) && map.some((value) => value < 128)),
    'no expected mask has both foreground and background: make other expectations',
  );
});

const bundles = [...new Set(expectations.map(({ weights }) => weights))];

for (const backend of missing ? [] : ['webgpu', 'cpu']) {
  const skip = (backend === 'webgpu' && withoutDawn) || false;
  if (skip) console.error(`\n!!! SKIPPED: agreement on WebGPU: ${skip}\n`);
  for (const weights of bundles) {
    const cases = expectations.filter(
      (one) => one.weights === weights && (one.backends ?? ['webgpu', 'cpu']).includes(backend),
    );
    if (cases.length === 0) continue;
    describe(`${weights} on ${backend}`, () => {
      const outputs = cases.map((_, i) => join(work, `${backend}-${weights.replaceAll(/\W/g, '_')}-${i}.bin`));
      let ran;
      const run = () => {
        const jobs = cases.map((one, i) => ({
          image: join(expectedDir, one.rgba),
          phrase: one.phrase,
          out: outputs[i],
        }));
        const file = `${outputs[0]}.jobs.json`;
        writeFileSync(file, JSON.stringify(jobs));
        const bundle = join(expectedDir, weights);
        return node('segment.mjs', '--pkg', pkg, '--weights', bundle, '--backend', backend, '--jobs', file);
      };
      cases.forEach((one, i) => {
        test(`${one.name}: "${one.phrase}"`, { timeout, skip }, async (context) => {
          ran ??= run();
          const { status, output, errors } = await ran;
          assert.equal(status, 0, `segment.mjs ends with ${status}:\n${errors}`);
          const { info, results } = JSON.parse(output.trim().split('\n').at(-1));
          assert.equal(info.backend, backend, 'it ran on another backend than asked');
          assert.deepEqual([results[i].width, results[i].height], [one.width, one.height]);
          const expected = readFileSync(join(expectedDir, one.probability_path));
          const actual = readFileSync(outputs[i]);
          assert.equal(actual.length, one.width * one.height);
          assert.equal(actual.length, expected.length);
          const { worst, iou } = compare(expected, actual);
          context.diagnostic(`largest difference ${worst} of 255, IoU ${iou.toFixed(4)}`);
          assert.ok(worst <= allowedCounts, `probabilities differ by up to ${worst} of 255, over ${allowedCounts}`);
          assert.ok(iou >= allowedIou, `the masks' IoU is ${iou.toFixed(4)}, under ${allowedIou}`);
        });
      });
    });
  }
}
