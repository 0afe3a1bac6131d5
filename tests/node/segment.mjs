// Segments in Node with the page's own wasm module, and prints timings as JSON:
//   node tests/node/segment.mjs --weights weights/tiny --image NAME.rgba --phrase "..." [--backend webgpu|cpu]
//     [--pkg dist/pkg] [--out PROBABILITY.bin] [--time N] [--adapter software|any] [--rounds]
// NAME.rgba holds raw RGB or RGBA bytes; NAME.json beside it holds { "width", "height" }. Instead of --image, --phrase
// and --out, --jobs FILE names a JSON list of { image, phrase, out }, all run after a single start.
// The agreement tests read the last line of the output. With --rounds, for the benchmark, one more inference runs for
// each line of standard input, and its milliseconds are printed.
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openDawn, workOf } from './dawn.mjs';
import { readImage } from './image.mjs';
import { answerRounds, freshInferences, openSegmenter, timeSegmentation } from './runner.mjs';

/** @type {{ type: 'string' }} */
const TEXT = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    pkg: { ...TEXT, default: 'dist/pkg' },
    weights: { ...TEXT, default: 'weights/tiny' },
    backend: { ...TEXT, default: 'webgpu' },
    adapter: { ...TEXT, default: 'software' },
    time: { ...TEXT, default: '0' },
    image: TEXT,
    phrase: TEXT,
    out: TEXT,
    jobs: TEXT,
    rounds: { type: 'boolean', default: false },
  },
});

/** @param {unknown} good @param {string} message */
function check(good, message) {
  if (good) return;
  console.error(`segment.mjs: ${message}`);
  process.exit(2);
}

const repeats = Number(options.time);
const backend = /** @type {'webgpu' | 'cpu'} */ (options.backend);
check(['webgpu', 'cpu'].includes(options.backend), '--backend is webgpu or cpu');
check(['software', 'any'].includes(options.adapter), '--adapter is software or any');
check(Number.isInteger(repeats) && repeats >= 0, '--time is a whole number of warm runs');
check(options.jobs || (options.image && options.phrase !== undefined), 'give --image and --phrase, or --jobs');

// A panic in the module leaves its promise pending forever; Node then exits without a message.
let finished = false;
process.on('exit', () => {
  if (finished) return;
  process.exitCode ||= 1;
  console.error('segment.mjs: the module never answered; the lines above say why (a panic in the wasm module)');
});

/**
 * @template Value
 * @param {() => Promise<Value>} work
 * @returns {Promise<[value: Value, milliseconds: number]>}
 */
async function timed(work) {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

const jobs = options.jobs
  ? JSON.parse(await readFile(options.jobs, 'utf8'))
  : [{ image: options.image, phrase: options.phrase, out: options.out }];

const dawn = options.backend === 'webgpu' ? await openDawn(/** @type {'software' | 'any'} */ (options.adapter)) : null;
const [api, module_ms] = await timed(async () => {
  const module = await import(pathToFileURL(resolve(options.pkg, 's4eca.js')).href);
  await module.default({ module_or_path: await readFile(join(options.pkg, 's4eca_bg.wasm')) });
  return module;
});
const [segmenter, weights_ms] = await timed(async () => {
  const manifest = await readFile(join(options.weights, 'manifest.json'), 'utf8');
  return openSegmenter(api, backend, manifest, async (name) => readFile(join(options.weights, name)));
});

const results = [];
for (const job of jobs) {
  const compiled = dawn?.pipelines.milliseconds ?? 0;
  const { probability, ...result } = await timeSegmentation(
    api,
    segmenter,
    await readImage(job.image),
    job.phrase,
    repeats,
  );
  if (job.out) await writeFile(job.out, probability);
  const shaders_ms = dawn ? dawn.pipelines.milliseconds - compiled : null;
  results.push({ image: job.image, phrase: job.phrase, ...result, shaders_ms });
}

const report = {
  engine: 'node',
  adapter: dawn?.adapter ?? null,
  info: segmenter.info(),
  module_ms,
  weights_ms,
  pipelines: dawn?.pipelines ?? null,
  results,
};
if (options.rounds) {
  const image = await readImage(jobs[0].image);
  const { again_ms, once } = await freshInferences(api, segmenter, image, jobs[0].phrase);
  Object.assign(results[0], { again_ms, work: await workOf(dawn, once) });
  await answerRounds(report, once);
} else {
  console.log(JSON.stringify(report));
}
finished = true;
// Exits explicitly: Dawn's threads may keep the process alive, and a driver may fail while it is unloaded.
process.exit(0);
