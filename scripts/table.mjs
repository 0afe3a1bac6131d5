// Prints the benchmark's table.

/** @param {unknown} value */
const milliseconds = (value) => (typeof value === 'number' ? value.toFixed(0) : '-');
/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(2);
/** @param {number} part @param {number} whole */
const percent = (part, whole) => `${((100 * part) / whole).toFixed(0)} %`;

const header = [
  'engine', 'adapter', 'start ms', 'cold ms', 'warm ms', 'second', 'once only', 'shaders', 'dispatches', 'up MB', 'down MB',
  'ours / peer',
];

/**
 * Prints one line per engine.
 * @param {{ name: string, peer?: string, report: any, warm_ms: number }[]} lines `report` is the report that an engine
 * prints at its start, whose first result is used; `peer` names another line
 */
export function printTable(lines) {
  const warmOf = new Map(lines.map(({ name, warm_ms: warm }) => [name, warm]));
  const rows = lines.map(({ name, peer, report, warm_ms: warm }) => {
    const { first_ms: cold, again_ms: again, shaders_ms: shaders, work } = report.results[0];
    const other = warmOf.get(peer ?? '');
    const start = (report.module_ms ?? 0) + (report.weights_ms ?? 0);
    return [
      name,
      report.info?.adapter ?? report.adapter ?? '-',
      milliseconds(start),
      milliseconds(cold),
      milliseconds(warm),
      typeof again === 'number' ? percent(again, warm) : '-',
      percent(Math.max(cold - warm, 0), cold),
      typeof shaders === 'number' ? percent(shaders, cold) : '-',
      work ? String(work.dispatches) : '-',
      work ? megabytes(work.uploaded) : '-',
      work ? megabytes(work.read) : '-',
      other === undefined ? '-' : (warm / other).toFixed(2),
    ];
  });
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  /** @param {string[]} cells */
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  console.log(`\n${line(header)}`);
  console.log(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  for (const row of rows) console.log(line(row));
  console.log(
    '\nstart: module and weights made ready. cold: the first inference. warm: the median of the rounds.\n' +
      'second: another phrase on the same image, against warm.\n' +
      'once only: the share of the cold one that a warm one has not (shaders, tuning, first buffers).\n' +
      'shaders: the share of the cold one spent in calls that compile shaders, where an engine tells.\n' +
      'dispatches, up, down: what one warm inference asks of the GPU, in Node.\n' +
      'ours / peer: warm times; ours from pixels and phrase to mask, the peer the network alone.',
  );
}
