// Lists the files that the page keeps for use without a network: `node scripts/shell.mjs [DIST]` writes DIST/shell.json
// and DIST/sw.js with the same list in it. To browsers, a changed list is a new version.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typeOf } from './types.mjs';

/**
 * Files that are not listed: weights are kept separately, adapting is fetched when someone adapts, the rest is not
 * needed to run the page.
 */
const LEFT_OUT = [
  /^weights\//,
  /^pkg\/s4eca_teach/,
  /^(sw\.js|shell\.json)$/,
  /^www\/offline\/(sw|off)\.js$/,
  /\.(d\.ts|md|map)$/,
  /licen[cs]es?[^/]*$/i,
];
/** The line of www/offline/sw.js that the list replaces. */
const EMPTY = 'const SHELL = { version: "", files: [] };';

/** @param {string} folder @param {string} prefix @returns {string[]} */
function filesUnder(folder, prefix = '') {
  return readdirSync(join(folder, prefix)).sort().flatMap((name) => {
    const path = prefix ? `${prefix}/${name}` : name;
    return statSync(join(folder, path)).isDirectory() ? filesUnder(folder, path) : [path];
  });
}

/** @param {string | Buffer} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

const dist = process.argv[2] ?? 'dist';
const mine = filesUnder(dist).filter((path) => !LEFT_OUT.some((kind) => kind.test(path)));
const files = mine.map((path) => {
  const bytes = readFileSync(join(dist, path));
  return { path, bytes: bytes.length, type: typeOf(path), sha256: sha256(bytes) };
});
const shell = { version: sha256(JSON.stringify(files)).slice(0, 16), files };
const source = readFileSync(join(dist, 'www/offline/sw.js'), 'utf8');
if (!source.includes(EMPTY)) throw new Error('www/offline/sw.js has no place for the list: restore its SHELL line');
writeFileSync(join(dist, 'shell.json'), `${JSON.stringify(shell)}\n`);
writeFileSync(join(dist, 'sw.js'), source.replace(EMPTY, () => `const SHELL = ${JSON.stringify(shell)};`));
