// Draws sentences to review, always the same ones for a seed: 100 of comments, 50 texts of the page, 50 lines of help.
// node scripts/sentences.mjs [SEED]
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const seed = Number(process.argv[2] ?? 1);
/** @param {...string} patterns */
const files = (...patterns) =>
  execFileSync("git", ["-C", root, "ls-files", ...patterns], { encoding: "utf8" }).trim().split("\n");
/** @param {string} file */
const read = (file) => readFileSync(join(root, file), "utf8");

/**
 * Numbers in 0..1 that follow from a seed (mulberry32).
 *
 * @param {number} seed
 */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Comments of consecutive lines, each as one text.
 *
 * @param {string} text
 */
function comments(text) {
  const found = [];
  let open = false;
  for (const line of text.split("\n")) {
    const said = /^\s*(?:\/\/[/!]?|\*(?!\/)) ?(.*)$/.exec(line)?.[1].trim() ?? "";
    // Of a JSDoc tag only the description counts: `@param {Rect} rect In scene px.`
    const words = said.replace(/^@\w+ (?:\{.*\} ?)?\S* ?/, "");
    if (words === "") open = false;
    else if (open && words === said) found[found.length - 1] += ` ${words}`;
    else {
      found.push(words);
      open = true;
    }
  }
  return found;
}

/** @param {string} text */
const sentences = (text) => text.split(/(?<=[.!?:])\s+(?=[A-Z`[])/).filter((one) => /\w+ \w+ \w+/.test(one));

/**
 * `count` of `all`, each with the place it comes from.
 *
 * @param {string[]} all
 * @param {number} count
 * @param {() => number} next
 */
function draw(all, count, next) {
  const left = [...all];
  const drawn = [];
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(next() * left.length), 1));
  return drawn;
}

const next = random(seed);
const said = files("src/*.rs", "www/*.js", "tests/*.rs", "tests/*.mjs", "scripts/*.mjs").flatMap((file) =>
  comments(read(file)).flatMap((text) => sentences(text).map((one) => `${file}: ${one}`)),
);
const page = ["", "-correct", "-errors", "-teach"].map((part) => `www/text/en${part}.js`).flatMap((file) =>
  [...read(file).matchAll(/^\s+"?([\w.-]+)"?: (.*"[A-Za-z].*"),?\s*\}?,?$/gm)].map(([, key, text]) => `${file}: ${key}: ${text}`),
);
const help = files("src/cli/*.rs").flatMap((file) =>
  [...read(file).matchAll(/((?:^ {4}\/\/\/ .*\n)+) {4}#\[(?:arg|command)/gm)].map(([, text]) => `${file}: ${comments(text).join(" ")}`),
);
/** @type {[title: string, all: string[], count: number][]} */
const parts = [["Comments", said, 100], ["Texts of the page", page, 50], ["Help", help, 50]];
for (const [title, all, count] of parts) {
  console.log(`\n${title}: ${count} of ${all.length}`);
  draw(all, count, next).forEach((one, i) => console.log(`${String(i + 1).padStart(3)}. ${one}`));
}
