// Times the first visit to the page, from the address to the first mask, in headless Chromium on a line of 20 Mbit/s:
//   node scripts/cold.mjs [--dist dist] [--rounds 3] [--rate 20] [--delay 40] [--backend cpu]
//     [--phrase "the buildings"]
// The server here is the line: all responses share its rate, and each begins after the delay, in milliseconds.
// Chromium's own throttling gives each worker a line of its own. Text and wasm are sent with brotli, as static hosts
// do. CHROMIUM is the path of the browser.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from 'playwright-core';
import { Person } from '../tests/page/browser.mjs';
import { typeOf } from './types.mjs';
/** @import { AddressInfo } from "node:net" */

/** @type {{ type: 'string' }} */
const TEXT = { type: 'string' };
const { values: options } = parseArgs({
  options: {
    dist: { ...TEXT, default: 'dist' },
    rounds: { ...TEXT, default: '3' },
    rate: { ...TEXT, default: '20' },
    delay: { ...TEXT, default: '40' },
    backend: { ...TEXT, default: 'cpu' },
    phrase: { ...TEXT, default: 'the buildings' },
  },
});
const root = resolve(options.dist);
const bytesPerMillisecond = (Number(options.rate) * 1e6) / 8 / 1000;
/** Bytes that are sent at once. */
const PIECE = 16_384;
/** Compressed files, by the hash of their content. */
const compressed = join('.cache', 'brotli');

/** @param {Buffer} bytes */
function brotli(bytes) {
  const file = join(compressed, createHash('sha256').update(bytes).digest('hex'));
  if (!existsSync(file)) {
    mkdirSync(compressed, { recursive: true });
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
    writeFileSync(file, brotliCompressSync(bytes, { params }));
  }
  return readFileSync(file);
}

/** By path: type, encoding and bytes. @type {Map<string, { type: string, encoded: boolean, bytes: Buffer } | null>} */
const files = new Map();

/** @param {string} path */
function fileOf(path) {
  const known = files.get(path);
  if (known !== undefined) return known;
  const name = join(root, normalize(path.endsWith('/') ? `${path}index.html` : path));
  let file = null;
  if (existsSync(name) && statSync(name).isFile()) {
    const encoded = /\.(html|js|css|json|svg|wasm|webmanifest)$/.test(name);
    const bytes = readFileSync(name);
    file = { type: typeOf(name), encoded, bytes: encoded ? brotli(bytes) : bytes };
  }
  files.set(path, file);
  return file;
}

/** The line: when it is free again, what it sent, and how long it had nothing to send. */
class Line {
  started = performance.now();
  free = this.started;
  bytes = 0;
  idle = 0;
  /** When each path was sent to its end. @type {Map<string, number>} */
  ends = new Map();

  /** Waits until `count` more bytes have passed. @param {number} count */
  async pass(count) {
    const now = performance.now();
    this.idle += Math.max(now - this.free, 0);
    this.free = Math.max(now, this.free) + count / bytesPerMillisecond;
    this.bytes += count;
    await wait(this.free - now);
  }
}

let line = new Line();
const server = createServer(async (request, response) => {
  const mine = line;
  const { pathname } = new URL(request.url ?? '', 'http://localhost');
  const file = fileOf(decodeURIComponent(pathname));
  await wait(Number(options.delay));
  if (!file) return void response.writeHead(404).end();
  const headers = { 'content-type': file.type, 'content-length': file.bytes.length, 'cache-control': 'no-cache' };
  response.writeHead(200, file.encoded ? { ...headers, 'content-encoding': 'br' } : headers);
  for (let at = 0; at < file.bytes.length && !response.destroyed; at += PIECE) {
    const piece = file.bytes.subarray(at, at + PIECE);
    await mine.pass(piece.length);
    response.write(piece);
  }
  mine.ends.set(pathname, performance.now());
  response.end();
});
await new Promise((/** @type {(value?: unknown) => void} */ done) => server.listen(0, '127.0.0.1', done));
const { port } = /** @type {AddressInfo} */ (server.address());

/** One first visit: times in milliseconds from the address. */
async function visit() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(300_000);
    line = new Line();
    const { started } = line;
    await page.goto(`http://localhost:${port}/?backend=${options.backend}`, { waitUntil: 'commit' });
    const person = new Person(page);
    await page.locator('#image-name').filter({ hasText: /./ }).waitFor();
    await person.rests();
    const image = performance.now();
    await person.type(options.phrase);
    await person.press();
    const ready = person.waitForModel().then(() => ({ at: performance.now(), bytes: line.bytes, idle: line.idle }));
    await page.locator('#layers > .selected[data-state="done"]').waitFor();
    const mask = performance.now();
    const { at, bytes, idle } = await ready;
    const ends = [...line.ends].filter(([path, end]) => /^\/(pkg|weights)\//.test(path) && end <= at);
    const last = Math.max(...ends.map(([, end]) => end));
    const since = (/** @type {number} */ time) => Math.round(time - started);
    return { image: since(image), last: since(last), ready: since(at), mask: since(mask), idle: Math.round(idle), bytes };
  } finally {
    await browser.close();
  }
}

// Compresses everything first.
/** @type {{ files: { path: string }[] }} */
const shell = JSON.parse(readFileSync(join(root, 'shell.json'), 'utf8'));
for (const { path } of shell.files) fileOf(`/${path}`);
fileOf('/weights/tiny/tokenizer.json');
/** @type {Awaited<ReturnType<typeof visit>>[]} */
const rounds = [];
for (let round = 0; round < Number(options.rounds); round += 1) {
  rounds.push(await visit());
  console.error(JSON.stringify(rounds.at(-1)));
}
server.close();
server.closeAllConnections();
/** @param {(round: (typeof rounds)[0]) => number} of */
const median = (of) => rounds.map(of).toSorted((a, b) => a - b)[rounds.length >> 1];
const seconds = (/** @type {number} */ milliseconds) => `${(milliseconds / 1000).toFixed(2)} s`;
const mask = median((round) => round.mask);
const after = median((round) => round.mask - round.last);
console.log(
  `\nfirst visit at ${options.rate} Mbit/s, Chromium, ${options.backend}: first mask after ${seconds(mask)}, ` +
    `${seconds(after)} after the last byte that it needed; ` +
    `${(median((round) => round.bytes) / 1e6).toFixed(2)} MB before, line idle for ${seconds(median((round) => round.idle))}`,
);
