// The wasm module exports what types/engine.d.ts declares by hand. What the page uses beyond that, tsc finds.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const pkg = resolve(process.env.S4ECA_PKG ?? join(import.meta.dirname, '../../dist/pkg'));
const script = join(pkg, 's4eca.js');

/** The declared functions and classes: `[name, members]`; of a class `member` and `static member`. */
function declared() {
  const text = readFileSync(join(import.meta.dirname, '../../types/engine.d.ts'), 'utf8');
  const functions = [...text.matchAll(/^export (?:default )?function (\w+)/gm)].map(([all, name]) => {
    return { name: all.includes('default') ? 'default' : name, members: [] };
  });
  const classes = [...text.matchAll(/^export class (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name, body]) => {
    return { name, members: [...body.matchAll(/^ {2}((?:static )?\w+)\(/gm)].map(([, member]) => member) };
  });
  return [...functions, ...classes];
}

test('the module has what is declared', { skip: !existsSync(script) && `no wasm module in ${pkg}` }, async () => {
  const api = await import(pathToFileURL(script).href);
  const all = declared();
  assert.ok(all.length > 10 && all.some(({ members }) => members.length > 5), JSON.stringify(all));
  for (const { name, members } of all) {
    assert.equal(typeof api[name], 'function', name);
    for (const member of members) {
      const owner = member.startsWith('static ') ? api[name] : api[name].prototype;
      assert.equal(typeof owner[member.replace('static ', '')], 'function', `${name}: ${member}`);
    }
  }
});
