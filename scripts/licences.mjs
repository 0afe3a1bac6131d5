// Prints the licences of the crates that are compiled into a wasm module: `node scripts/licences.mjs FEATURE`, the
// feature being that of a module. Each text is printed once, below the crates that it belongs to.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
/**
 * The parts of the output of `cargo metadata` that are used here.
 * @typedef {object} Metadata
 * @property {{ id: string, name: string, version: string, license: string | null, manifest_path: string }[]} packages
 * @property {{ root: string, nodes: Node[] }} resolve
 *
 * @typedef {{ id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }} Node
 */

const feature = process.argv[2] ?? 'scene';
const words = ['--format-version', '1', '--locked', '--no-default-features', '--features', feature];
const target = ['--filter-platform', 'wasm32-unknown-unknown'];
const output = { encoding: /** @type {const} */ ('utf8'), maxBuffer: 1 << 28 };
/** @type {Metadata} */
const metadata = JSON.parse(execFileSync('cargo', ['metadata', ...words, ...target], output));

const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
const linked = new Set();
const waiting = [metadata.resolve.root];
for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
  if (linked.has(id)) continue;
  linked.add(id);
  for (const { pkg, dep_kinds: kinds } of nodes.get(id)?.deps ?? []) {
    if (kinds.some(({ kind }) => kind === null)) waiting.push(pkg);
  }
}

const crates = new Map(); // licence text: names
const packages = metadata.packages.filter(({ id }) => linked.has(id) && id !== metadata.resolve.root);
for (const { name, version, license, manifest_path: manifest } of packages) {
  const folder = dirname(manifest);
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file.name));
  const crate = `${name} ${version}: ${license}`;
  // A crate without a text has only its expression.
  const found = texts.length > 0 ? texts.map((file) => readFileSync(join(folder, file.name), 'utf8').trim()) : [''];
  for (const text of found) crates.set(text, [...(crates.get(text) ?? []), crate]);
}
for (const [text, names] of crates) console.log(`${names.join('\n')}\n\n${text}\n\n${'-'.repeat(40)}`);
