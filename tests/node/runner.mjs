// Loads weights into the wasm module and times segmentations, both in Node and, for the benchmark, in a page.
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { Network, Segmenter } from "../../types/network.js"
 * @typedef {{ width: number, height: number, rgba: Bytes }} Picture
 */

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * @param {Network} api the module `pkg/s4eca.js`, initialised
 * @param {'webgpu'|'cpu'} backend
 * @param {string} manifest text of the bundle's manifest.json
 * @param {(name: string) => Promise<Bytes>} readFile reads a file of the bundle
 */
export async function openSegmenter(api, backend, manifest, readFile) {
  const loader = new api.WeightsLoader(manifest);
  for (const { name } of loader.files()) loader.add(name, await readFile(name));
  return loader.finish(backend);
}

/**
 * Segments one image: `{ answer, milliseconds }`: the answer, whose map has the image's size, and the time that it
 * took.
 * @param {Network} api
 * @param {Segmenter} segmenter
 * @param {Picture} image
 * @param {string} phrase
 */
export async function inference(api, segmenter, { width, height, rgba }, phrase) {
  const started = performance.now();
  const answer = await segmenter.segment(width, height, rgba, phrase, width, height);
  const milliseconds = performance.now() - started;
  const failure = api.last_gpu_error();
  if (failure !== undefined) throw new Error(`the GPU reports: ${failure}`);
  return { answer, milliseconds };
}

/**
 * Segments one image once, cold if nothing ran before, and then `repeats` more times.
 * @returns the first answer, whose map has the image's size, with `first_ms`, `warm_ms` (median, null without repeats)
 * and `all_ms`
 * @param {Network} api
 * @param {Segmenter} segmenter
 * @param {Picture} image
 * @param {string} phrase
 * @param {number} repeats
 */
export async function timeSegmentation(api, segmenter, image, phrase, repeats = 0) {
  const first = await inference(api, segmenter, image, phrase);
  const all = [];
  for (let i = 0; i < repeats; i += 1) all.push((await inference(api, segmenter, image, phrase)).milliseconds);
  return {
    ...first.answer,
    width: image.width,
    height: image.height,
    first_ms: first.milliseconds,
    warm_ms: repeats > 0 ? median(all) : null,
    all_ms: all,
  };
}

/**
 * Times a phrase on an image that has just been encoded (`again_ms`), and returns a function that times inferences for
 * which nothing is cached: a pixel and the phrase's case change every time.
 * @param {Network} api
 * @param {Segmenter} segmenter
 * @param {Picture} image
 * @param {string} phrase
 * @returns {Promise<{ again_ms: number, once: () => Promise<number> }>}
 */
export async function freshInferences(api, segmenter, image, phrase) {
  const cases = [phrase.toUpperCase(), phrase];
  const ask = async () => {
    cases.reverse();
    return (await inference(api, segmenter, image, cases[0])).milliseconds;
  };
  await ask();
  const again_ms = await ask();
  const once = async () => {
    image.rgba[0] ^= 1;
    return ask();
  };
  return { again_ms, once };
}

/**
 * Prints `ready` as JSON, and then, for each line of standard input, the milliseconds that `once` resolves to.
 *
 * @param {object} ready
 * @param {() => Promise<number | null>} once
 */
export async function answerRounds(ready, once) {
  const { createInterface } = await import('node:readline');
  console.log(JSON.stringify(ready));
  for await (const _ of createInterface({ input: process.stdin })) console.log(await once());
}
