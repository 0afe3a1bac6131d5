// Prints the benchmark's table from JSON lines { name, report }: `node scripts/table.mjs LINES`.
// `report` is what tests/node/segment.mjs prints; of its results the first is taken.
import { readFileSync } from 'node:fs';

const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
if (lines.length === 0) {
  console.error('No engine ran: see the messages above');
  process.exit(1);
}

const milliseconds = (value) => (typeof value === 'number' ? value.toFixed(0) : '-');
const percent = (part, whole) => `${((100 * part) / whole).toFixed(0)} %`;

const header = ['engine', 'adapter', 'start ms', 'cold ms', 'warm ms', 'once only', 'shaders'];
const rows = lines.map(({ name, report }) => {
  const { first_ms: cold, warm_ms: warm, shaders_ms: shaders } = report.results[0];
  const start = (report.module_ms ?? 0) + (report.weights_ms ?? 0);
  return [
    name,
    report.info?.adapter ?? report.adapter ?? '-',
    milliseconds(start),
    milliseconds(cold),
    milliseconds(warm),
    typeof warm === 'number' ? percent(cold - warm, cold) : '-',
    typeof shaders === 'number' ? percent(shaders, cold) : '-',
  ];
});

const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
console.log(`\n${line(header)}`);
console.log(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
for (const row of rows) console.log(line(row));
console.log(
  '\nstart: module and weights made ready. cold: the first inference. warm: the median of those after it.\n' +
    'once only: the share of the cold one that a warm one has not (shaders, tuning, first buffers).\n' +
    'shaders: the share of the cold one spent in calls that compile shaders, where an engine tells.',
);
