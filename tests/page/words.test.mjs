// The word table follows after the first phrases can be answered: rows of common words come first.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import { DIST, launch } from "./browser.mjs";
import { faults } from "./server.mjs";

const FOLDER = "/weights/tiny/";
const path = `${DIST}${FOLDER}manifest.json`;
const common = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).common_words : null;
const skip = !common && "weights/tiny has no common words";
/** In no list of common words. */
const RARE = "the mausoleum";

let stage;
before(async () => {
  stage = await launch();
});
afterEach(() => stage.server.heal());
after(() => stage.close());

test("without the whole table common words are found, and rare ones once it is there", { skip }, async () => {
  const table = `${FOLDER}${common.before}`;
  stage.server.fault(table, faults.missing);
  const { page, person } = await stage.open("", { bundle: "tiny" });
  await person.waitForModel();
  await person.pickSample(0);
  const first = await person.segment("the buildings");
  assert.match(first.ranOn, /CPU/);
  await person.type(RARE);
  await person.press();
  await person.seesProblem("weights-missing");
  await person.isIdle();

  stage.server.heal();
  const rare = await person.segment(RARE);
  assert.ok(rare.share >= 0 && rare.share <= 1, `${rare.share}`);
  const asked = stage.server.requests.filter((one) => one === table).length;
  assert.equal(asked, 3, "at the start, with the first rare phrase, and once more");
  await person.isKept();

  // Everything is kept now: the next visit asks for no shard.
  stage.server.requests.length = 0;
  const again = await stage.open("", { bundle: "tiny", context: page.context() });
  await again.person.waitForModel();
  await again.person.pickSample(0);
  const { share, score } = await again.person.segment(RARE);
  assert.deepEqual([share, score], [rare.share, rare.score], "the same answer from the cached table");
  assert.deepEqual(stage.server.requests.filter((one) => one.endsWith(".bpk")), []);
});

test("a rare word waits for the table, and the page shows how far it is", { skip }, async () => {
  stage.server.fault(`${FOLDER}${common.before}`, faults.slow(1.5e6));
  const { page, person } = await stage.open("", { bundle: "tiny" });
  await person.waitForModel();
  await person.pickSample(0);
  assert.ok(await page.locator("#loading").isHidden(), "nothing is shown while no phrase waits");
  const answered = person.segment(RARE);
  await page.locator("#loading-bytes", { hasText: /^\d\.\d of 6\.6 MB/ }).waitFor();
  await answered;
  assert.ok(await page.locator("#loading").isHidden());
});
