// Training in several processes over MPI: the same losses as in one, and an end for all when one dies.
// S4ECA: the program, built with the feature mpi. MPIRUN: the launcher with its options, up to the count.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const program = process.env.S4ECA;
const mpirun = process.env.MPIRUN.split(" ");
const folder = mkdtempSync(join(tmpdir(), "s4eca-mpi-"));
const environment = { ...process.env, RAYON_NUM_THREADS: "1" };
after(() => rmSync(folder, { recursive: true, force: true }));

const fixed =
  "train --preset micro --encoders random weights/tiny --device cpu --steps 8 --batch 6 --phrases-per-scene 2 " +
  "--warmup 1 --learning-rate 1e-3 --validation-samples 7 --validate-every 4 --checkpoint-every 2 --average 0.9";

function command(count, run, more = "") {
  const own = [program, ...`${fixed} --run ${join(folder, run)} ${more}`.trim().split(/\s+/)];
  return count === 1 ? own : [...mpirun, "-n", String(count), ...own];
}

function train(count, run, more) {
  const [name, ...words] = command(count, run, more);
  const done = spawnSync(name, words, { env: environment, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return records(run);
}

function records(run) {
  const path = join(folder, run, "metrics.jsonl");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

function close(found, expected, what) {
  assert.equal(found.length, expected.length, what);
  for (const [index, record] of expected.entries()) {
    for (const [name, value] of Object.entries(record)) {
      if (name.startsWith("seconds")) continue;
      const apart = Math.abs(found[index][name] - value);
      const limit = 1e-5 * Math.max(1, Math.abs(value));
      assert.ok(apart <= limit, `${what}: step ${record.step}: ${name} ${found[index][name]} ${value}`);
    }
  }
}

/** Numbers of the processes that train into a run. */
function running(run) {
  const mine = (id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return words[0] === program && words.includes(join(folder, run));
    } catch {
      return false; // It has ended meanwhile.
    }
  };
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter(mine);
}

const one = train(1, "one");

for (const count of [2, 4]) {
  test(`${count} processes give the losses and the figures of one`, () => {
    close(train(count, `of-${count}`), one, `${count} processes`);
  });
}

test("a run of two processes goes on with three", () => {
  const half = train(2, "half", "--steps 8");
  close(half, one, "two processes");
  rmSync(join(folder, "half", "checkpoints", "step-00000008.ckpt"));
  close(train(3, "half", "--resume"), one, "gone on with three");
});

test("when one process is killed all end, and the last checkpoint is whole", async () => {
  const [name, ...words] = command(3, "killed", "--steps 4000 --validate-every 4000");
  const child = spawn(name, words, { env: environment, stdio: "ignore" });
  const ended = new Promise((done) => child.on("exit", (status, signal) => done(status ?? signal)));
  while (records("killed").length < 5) await new Promise((done) => setTimeout(done, 50));
  const ranks = running("killed");
  assert.equal(ranks.length, 3);
  process.kill(ranks.at(-1), "SIGKILL");
  assert.notEqual(await ended, 0);
  assert.deepEqual(running("killed"), [], "processes are left");
  const checkpoints = readdirSync(join(folder, "killed", "checkpoints")).filter((file) => file.startsWith("step"));
  const step = Number(checkpoints.sort().at(-1).match(/\d+/)[0]);
  const bundle = join(folder, "bundle");
  const quantize = ["quantize", "--run", join(folder, "killed"), "--out", bundle];
  const written = spawnSync(program, quantize, { encoding: "utf8" });
  assert.equal(written.status, 0, written.stderr);
  assert.match(written.stdout, new RegExp(`step ${step}`));
});

test("an error in one process is said once, and all end", () => {
  const [name, ...words] = command(2, "wrong", "--best nothing");
  const done = spawnSync(name, words, { env: environment, encoding: "utf8" });
  assert.notEqual(done.status, 0);
  assert.match(done.stderr, /no figure is named "nothing"/);
});
