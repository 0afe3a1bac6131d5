// Times several engines side by side and prints the table: `node scripts/rounds.mjs ENGINES.json [ROUNDS]`.
// ENGINES.json: a list of { name, peer, command }; `peer` names the engine of the list that this one is compared with.
// Every engine starts alone, cold, and keeps running. Then each round asks every engine for one inference, so that
// other load on the machine affects all of them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { printTable } from './table.mjs';

/**
 * @typedef {{ name: string, peer?: string, command: [program: string, ...args: string[]] }} Engine
 */

/** @type {Engine[]} */
const engines = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const rounds = Number(process.argv[3] ?? 5);

/** Time in milliseconds after which an engine that does not answer counts as dead. */
const patience = 600_000;

/**
 * Starts an engine; null if it does not start.
 *
 * @param {Engine} engine
 */
async function start({ command: [program, ...args], ...engine }) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {});
  const gone = new Promise((resolve) => child.once('error', () => resolve(null)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** The next line that it prints; null if there is none. */
  const next = async () => {
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, patience, null);
    });
    const line = lines.next().then(({ value, done }) => (done ? null : value));
    const first = await Promise.race([line, gone, late]);
    clearTimeout(timer);
    return first;
  };
  // The report comes after any other output of the engine.
  let line = await next();
  while (line !== null && !line.startsWith('{')) line = await next();
  const report = line && JSON.parse(line);
  /** The milliseconds of one inference; null if there was none. */
  const once = async () => {
    child.stdin.write('\n');
    const answer = Number((await next()) ?? NaN);
    return Number.isFinite(answer) ? answer : null;
  };
  const stop = () => child.stdin.end();
  if (!report) child.kill();
  return report && { ...engine, report, once, stop, times: [] };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

let running = [];
for (const engine of engines) {
  console.error(`starting ${engine.name}`);
  const started = await start(engine);
  if (started) running.push(started);
  else console.error(`!!! SKIPPED: ${engine.name}: it did not start, see above`);
}
for (let round = 1; round <= rounds; round += 1) {
  console.error(`round ${round} of ${rounds}`);
  for (const engine of [...running]) {
    const time = await engine.once();
    if (time !== null) engine.times.push(time);
    else {
      console.error(`!!! SKIPPED: ${engine.name}: it has stopped, see above`);
      running = running.filter((other) => other !== engine);
    }
  }
  // Shuffled, so that each engine follows a different one in the next round.
  running.sort(() => Math.random() - 0.5);
}
for (const engine of running) engine.stop();
const order = new Map(engines.map(({ name }, index) => [name, index]));
const placeOf = (/** @type {{ name: string }} */ { name }) => order.get(name) ?? 0;
running.sort((a, b) => placeOf(a) - placeOf(b));
printTable(running.map(({ name, peer, report, times }) => ({ name, peer, report, warm_ms: median(times) })));
process.exitCode = running.length > 0 ? 0 : 1;
