// Times segmentations in headless Chromium for the benchmark, with the options and the JSON of tests/node/segment.mjs.
// WebGPU here is SwiftShader, which is correct but slow. CHROMIUM is the path of the browser.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { readImage } from '../tests/node/image.mjs';
import { answerRounds } from '../tests/node/runner.mjs';
import { serve } from './serve.mjs';
/**
 * @import { Network } from '../types/network.js'
 * @typedef {typeof import('../tests/node/runner.mjs')} Runner
 */

/** @type {{ type: 'string' }} */
const TEXT = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    pkg: { ...TEXT, default: 'dist/pkg' },
    weights: { ...TEXT, default: 'weights/tiny' },
    backend: { ...TEXT, default: 'cpu' },
    time: { ...TEXT, default: '0' },
    image: TEXT,
    phrase: TEXT,
    rounds: { type: 'boolean', default: false },
  },
});
if (!options.image || options.phrase === undefined) throw new Error('give --image and --phrase');

// Debian's Chromium as root in a container: no sandbox, no background traffic.
const flags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const image = await readImage(options.image);
const server = await serve(options.pkg);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: flags });
try {
  const page = await browser.newPage();
  page.on('console', (message) => console.error(message.text()));
  page.on('pageerror', (error) => console.error(error));
  // An empty page of the same origin as the module. Routes provide the other files that the module needs.
  const runner = fileURLToPath(new URL('../tests/node/runner.mjs', import.meta.url));
  await page.route('**/empty.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  await page.route('**/runner.mjs', (route) => route.fulfill({ contentType: 'text/javascript', path: runner }));
  await page.route('**/image.rgba', (route) => route.fulfill({ body: Buffer.from(image.rgba) }));
  await page.route('**/weights/*', (route) => {
    const file = join(resolve(options.weights), decodeURIComponent(new URL(route.request().url()).pathname.slice(9)));
    return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 });
  });
  await page.goto(`${server.url}empty.html`);
  const report = await page.evaluate(
    async ({ backend, phrase, repeats, width, height }) => {
      /** @param {string} url */
      const bytes = async (url) => {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`${url}: ${response.status}`);
        return new Uint8Array(await response.arrayBuffer());
      };
      // Addresses on the page's server, not of files in this repository.
      const [runner, engine] = ['/runner.mjs', '/s4eca.js'];
      /** @type {Runner} */
      const { freshInferences, openSegmenter, timeSegmentation } = await import(runner);
      const started = performance.now();
      /** @type {Network} */
      const api = await import(engine);
      await api.default();
      const ready = performance.now();
      const manifest = new TextDecoder().decode(await bytes('/weights/manifest.json'));
      const segmenter = await openSegmenter(api, backend, manifest, (name) => bytes(`/weights/${name}`));
      const opened = performance.now();
      const image = { width, height, rgba: await bytes('/image.rgba') };
      const { probability, ...result } = await timeSegmentation(api, segmenter, image, phrase, repeats);
      const { again_ms, once } = await freshInferences(api, segmenter, image, phrase);
      Object.assign(globalThis, { once });
      return {
        info: segmenter.info(),
        module_ms: ready - started,
        weights_ms: opened - ready,
        results: [{ phrase, ...result, again_ms, shaders_ms: null }],
      };
    },
    {
      backend: /** @type {'webgpu' | 'cpu'} */ (options.backend),
      phrase: options.phrase,
      repeats: Number(options.time),
      width: image.width,
      height: image.height,
    },
  );
  const line = { engine: `Chromium ${browser.version()}`, ...report };
  if (options.rounds) await answerRounds(line, () => page.evaluate(() => /** @type {any} */ (globalThis).once()));
  else console.log(JSON.stringify(line));
} finally {
  await browser.close();
  await server.close();
}
