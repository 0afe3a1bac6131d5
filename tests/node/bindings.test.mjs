// The wasm modules export what types/ declares by hand. tsc finds uses of anything else.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const pkg = resolve(process.env.S4ECA_PKG ?? join(import.meta.dirname, '../../dist/pkg'));

/**
 * The declared functions and classes: `{ name, members, getters }`; a static member of a class is listed as `static
 * member`.
 *
 * @param {string} types
 */
function declared(types) {
  const text = readFileSync(join(import.meta.dirname, '../../types', types), 'utf8');
  const functions = [...text.matchAll(/^export (?:default )?function (\w+)/gm)].map(([all, name]) => {
    return { name: all.includes('default') ? 'default' : name, members: [], getters: [] };
  });
  const classes = [...text.matchAll(/^export class (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name, body]) => {
    const found = (/** @type {RegExp} */ pattern) => [...body.matchAll(pattern)].map(([, member]) => member);
    return { name, members: found(/^ {2}((?:static )?\w+)\(/gm), getters: found(/^ {2}readonly (\w+):/gm) };
  });
  return [...functions, ...classes];
}

const modules = [
  ['s4eca', 'network.d.ts'],
  ['s4eca_scene', 'engine.d.ts'],
  ['s4eca_scene_full', 'engine.d.ts'],
  ['s4eca_teach', 'teach.d.ts'],
];
for (const [name, types] of modules) {
  const script = join(pkg, `${name}.js`);
  test(`${name} has what ${types} declares`, { skip: !existsSync(script) && `no ${name}.js in ${pkg}` }, async () => {
    const api = await import(pathToFileURL(script).href);
    const all = declared(types);
    assert.ok(all.length > 2 && all.some(({ members }) => members.length > 3), JSON.stringify(all));
    for (const { name, members, getters } of all) {
      assert.equal(typeof api[name], 'function', name);
      for (const member of members) {
        const owner = member.startsWith('static ') ? api[name] : api[name].prototype;
        assert.equal(typeof owner[member.replace('static ', '')], 'function', `${name}: ${member}`);
      }
      for (const getter of getters) assert.ok(getter in api[name].prototype, `${name}: ${getter}`);
    }
  });
}
