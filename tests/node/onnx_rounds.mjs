// Times an ONNX network with onnxruntime-web, one inference per line of standard input:
//   node tests/node/onnx_rounds.mjs --network FILE.onnx --runtime FOLDER [--backend webgpu|wasm]
// FOLDER holds node_modules/onnxruntime-web. Prints one line of JSON when ready, with the time of the first inference,
// and then the milliseconds of each.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openDawn, workOf } from './dawn.mjs';
import { answerRounds } from './runner.mjs';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string' },
    runtime: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    side: { type: 'string', default: '384' },
    tokens: { type: 'string', default: '8' },
    width: { type: 'string', default: '384' },
  },
});

const { network, runtime } = options;
if (!network || !runtime) throw new Error('give --network and --runtime');
const dawn = options.backend === 'webgpu' ? await openDawn() : null;
const folder = join(runtime, 'node_modules/onnxruntime-web/dist');
const file = options.backend === 'webgpu' ? 'ort.webgpu.bundle.min.mjs' : 'ort.wasm.bundle.min.mjs';
const ort = await import(pathToFileURL(resolve(folder, file)).href);
ort.env.wasm.numThreads = 1;
const started = performance.now();
const session = await ort.InferenceSession.create(await readFile(network), {
  executionProviders: [options.backend],
});
const weights_ms = performance.now() - started;

const [side, tokens, width] = [options.side, options.tokens, options.width].map(Number);
/** @param {number} count */
const numbers = (count) => Float32Array.from({ length: count }, (_, index) => Math.sin(index));
const inputs = {
  image: new ort.Tensor('float32', numbers(3 * side * side), [1, 3, side, side]),
  words: new ort.Tensor('float32', numbers(tokens * width), [1, tokens, width]),
  padding: new ort.Tensor('bool', new Uint8Array(tokens), [1, tokens]),
};

async function inference() {
  const began = performance.now();
  await (await session.run(inputs)).logits.getData();
  return performance.now() - began;
}

const adapter = dawn?.adapter ?? 'WebAssembly, 1 thread';
const first_ms = await inference();
const work = await workOf(dawn, inference);
await answerRounds({ adapter, weights_ms, results: [{ first_ms, work }] }, inference);
process.exit(0);
