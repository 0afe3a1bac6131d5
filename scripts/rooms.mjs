// Prints which rooms of src/ (its top-level modules, one folder each) use which, and fails if they form a cycle:
// `node scripts/rooms.mjs [SRC]`. Tests and comments do not count.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const root = process.argv[2] ?? join(import.meta.dirname, "..", "src");
/** @type {Map<string, Set<string>>} */
const uses = new Map();
for (const file of readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"))) {
  const [room, ...inside] = relative(root, join(root, file)).split(sep);
  if (inside.length === 0 || file.endsWith("tests.rs")) continue;
  const code = readFileSync(join(root, file), "utf8")
    .split(/^#\[cfg\(test\)\]\nmod /m)[0]
    .replace(/\/\/.*$/gm, "");
  const others = new Set([...code.matchAll(/\bcrate::(\w+)/g)].map(([, other]) => other));
  if (!uses.has(room)) uses.set(room, new Set());
  for (const other of others) if (other !== room) uses.get(room)?.add(other);
}

/**
 * The rooms on a path from `room` back to itself; null if there is none.
 *
 * @param {string} room
 * @param {string[]} way
 * @param {Set<string>} seen
 * @returns {string[] | null}
 */
function circle(room, way = [room], seen = new Set()) {
  for (const other of uses.get(way.at(-1) ?? room) ?? []) {
    if (other === room) return way;
    if (seen.has(other)) continue;
    seen.add(other);
    const found = circle(room, [...way, other], seen);
    if (found) return found;
  }
  return null;
}

for (const [room, others] of [...uses].sort()) console.log(`${room}: ${[...others].sort().join(", ") || "none"}`);
const circles = [...uses.keys()].map((room) => circle(room)).filter((way) => way !== null);
for (const way of circles) console.error(`circle: ${[...way, way[0]].join(" -> ")}`);
process.exitCode = circles.length > 0 ? 1 : 0;
