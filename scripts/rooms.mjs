// Prints which rooms of src/ (its top-level modules, one folder each) use which, and fails if rooms, or modules of one
// folder, form a cycle: `node scripts/rooms.mjs [SRC]`. Tests and comments do not count.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

const root = process.argv[2] ?? join(import.meta.dirname, "..", "src");

/** By its path, such as "geo/keys": the code of every module without tests and comments. @type {Map<string, string>} */
const modules = new Map();
for (const file of readdirSync(root, { recursive: true }).map(String)) {
  if (!file.endsWith(".rs") || file.endsWith("tests.rs") || !file.includes(sep)) continue;
  const parts = file.slice(0, -3).split(sep);
  const path = parts.at(-1) === "mod" ? parts.slice(0, -1) : parts;
  const [code = ""] = readFileSync(join(root, file), "utf8").split(/^#\[cfg\(test\)\]\nmod /m);
  modules.set(path.join("/"), code.replace(/\/\/.*$/gm, ""));
}

/** The module that an item path leads to: its longest part that is a module. @param {string[]} path */
function moduleOf(path) {
  for (let length = path.length; length > 0; length -= 1) {
    if (modules.has(path.slice(0, length).join("/"))) return path.slice(0, length);
  }
  return [];
}

/** The modules that a module's code names, as paths. @param {string} code @param {string[]} path */
function* namedIn(code, path) {
  for (const [, start, way, item] of code.matchAll(/\b((?:super::)+|crate::)((?:\w+::)*)(\{[^;]*?\}|\w+)/g)) {
    const ups = start.split("super").length - 1;
    const base = [...(ups > 0 ? path.slice(0, -ups) : []), ...way.split("::").filter(Boolean)];
    const items = item.startsWith("{") ? item.slice(1, -1).split(",") : [item];
    for (const name of items) yield moduleOf([...base, name.trim().split("::")[0]]);
  }
}

/**
 * By folder ("" is the root): which of its modules use which others of it.
 *
 * @type {Map<string, Map<string, Set<string>>>}
 */
const folders = new Map();
for (const [name, code] of modules) {
  const path = name.split("/");
  for (const other of namedIn(code, path)) {
    const same = path.findIndex((part, i) => part !== other[i]);
    // A module and its own parts may name each other.
    if (same === -1 || other[same] === undefined) continue;
    const folder = path.slice(0, same).join("/");
    const uses = folders.get(folder) ?? new Map();
    folders.set(folder, uses.set(path[same], (uses.get(path[same]) ?? new Set()).add(other[same])));
  }
}

/**
 * The modules on a path from `start` back to itself; null if there is no such path.
 *
 * @param {Map<string, Set<string>>} uses
 * @param {string} start
 * @returns {string[] | null}
 */
function circle(uses, start, way = [start], seen = new Set()) {
  for (const other of uses.get(way.at(-1) ?? start) ?? []) {
    if (other === start) return way;
    if (seen.has(other)) continue;
    seen.add(other);
    const found = circle(uses, start, [...way, other], seen);
    if (found) return found;
  }
  return null;
}

const rooms = [...modules.keys()].filter((name) => !name.includes("/")).sort();
/** Lines of code of a room: without comments, blank lines and tests. @param {string} room */
const lines = (room) => [...modules].filter(([name]) => name.split("/")[0] === room).flatMap(([, code]) => code.match(/\S.*/g) ?? []).length;
for (const room of rooms) console.log(`${room} (${lines(room)} lines): ${[...(folders.get("")?.get(room) ?? [])].sort().join(", ") || "none"}`);
for (const [folder, uses] of folders) {
  const circles = [...uses.keys()].map((start) => circle(uses, start)).filter((way) => way !== null);
  const shown = new Set();
  for (const way of circles) {
    const key = [...way].sort().join();
    if (!shown.has(key)) console.error(`circle in ${folder || "src"}: ${[...way, way[0]].join(" -> ")}`);
    shown.add(key);
    process.exitCode = 1;
  }
}
