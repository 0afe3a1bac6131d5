// Times several engines side by side and prints the table: `node scripts/rounds.mjs ENGINES.json [ROUNDS]`.
// ENGINES.json: a list of { name, peer, command }; `peer` names another engine of the list that it is compared with.
// Every engine starts on its own, cold, and stays; then each round asks each of them for one inference, so that what
// else the machine does meets all of them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { printTable } from './table.mjs';

const engines = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const rounds = Number(process.argv[3] ?? 5);

/** Starts an engine; null where it does not come up. */
async function start({ command: [program, ...args], ...engine }) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise((resolve) => child.once('error', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await Promise.race([lines.next(), failed.then(() => ({ done: true }))]);
    return done ? null : value;
  };
  // Whatever else it prints comes before its report.
  let line = await next();
  while (line !== null && !line.startsWith('{')) line = await next();
  const report = line && JSON.parse(line);
  const once = async () => {
    child.stdin.write('\n');
    const answer = await next();
    if (answer === null) throw new Error(`${engine.name} has stopped, see above`);
    return Number(answer);
  };
  return report && { ...engine, report, once, stop: () => child.kill(), times: [] };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const running = [];
for (const engine of engines) {
  console.error(`starting ${engine.name}`);
  const started = await start(engine);
  if (started) running.push(started);
  else console.error(`!!! SKIPPED: ${engine.name}: it did not start, see above`);
}
for (let round = 1; round <= rounds; round += 1) {
  console.error(`round ${round} of ${rounds}`);
  for (const engine of running) engine.times.push(await engine.once());
}
for (const engine of running) engine.stop();
printTable(running.map(({ name, peer, report, times }) => ({ name, peer, report, warm_ms: median(times) })));
process.exit(running.length > 0 ? 0 : 1);
