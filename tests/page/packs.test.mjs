// Adapter packs in the page: loaded by file and by address, switched with one click, kept, named, or refused.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { BUNDLE, DIST, bundleExists, launch } from "./browser.mjs";
import { makeExamples, makePack } from "./examples.mjs";
import { decodePng } from "./png.mjs";

const skip = !existsSync(join(DIST, "pkg/s4eca_teach_bg.wasm")) && "no teaching module: ./build.sh makes it";
const PHRASE = "the sheds";

let stage;
let page;
let person;
let pack; // the bytes of a pack for BUNDLE, named valley
before(async () => {
  stage = await launch();
  if (skip) return;
  ({ page, person } = await stage.open("&backend=cpu"));
  await page.evaluate(makeExamples, 4);
  pack = Buffer.from(await page.evaluate(makePack, { weights: BUNDLE, name: "valley" }));
});
after(() => stage.close());

const panel = (where) => where.getByRole("region", { name: "Adapter packs" });
const choose = (where, name, buffer) => where.locator("#pack-file").setInputFiles({ name, mimeType: "application/octet-stream", buffer });

/** Segments the phrase and returns its map. */
async function mapOf(who) {
  await who.segment(PHRASE);
  return decodePng((await who.save("probability-png")).bytes).data;
}

test("a pack from a file answers its words, is switched off with one click and named in exports", { skip }, async () => {
  await person.waitForModel();
  await person.pickSample("a pond");
  const plain = await mapOf(person);
  await choose(page, "valley.s4pack", pack);
  await panel(page).getByText("The pack “valley” answers for: the sheds").waitFor();
  const taught = await mapOf(person);
  assert.notDeepEqual(taught, plain, "the pack's answer");
  assert.equal((await person.layers()).length, 2, "a new layer beside the other");
  assert.match(await page.locator("#ran-on").textContent(), /pack valley/);
  await person.set("threshold", 0.01);
  const geojson = JSON.parse((await person.save("geojson")).bytes.toString("utf8"));
  for (const { properties } of geojson.features) assert.equal(properties.model, `${BUNDLE} + valley`);
  await panel(page).getByRole("switch", { name: "valley" }).uncheck();
  await panel(page).getByText("No pack is in use.").waitFor();
  await person.segment(PHRASE);
  assert.doesNotMatch(await page.locator("#ran-on").textContent(), /pack/);
  assert.equal((await person.layers()).length, 2, "the first layer is the answer again");
});

test("a kept pack is in use again after a reload", { skip }, async () => {
  await panel(page).getByRole("switch", { name: "valley" }).check();
  await panel(page).getByText("The pack “valley” answers for").waitFor();
  await page.reload();
  await panel(page).getByText("The pack “valley” answers for").waitFor();
  assert.ok(await panel(page).getByRole("switch", { name: "valley" }).isChecked());
  await panel(page).getByRole("button", { name: "Remove the pack “valley”" }).click();
  await panel(page).getByText("No pack is kept in this browser").waitFor();
});

test("a pack at an address of the page's own origin is used, another origin's is refused", { skip }, async () => {
  stage.server.fault("/s4eca.d.ts", () => ({ status: 200, body: pack }));
  const own = await stage.open("&backend=cpu&pack=s4eca.d.ts");
  await panel(own.page).getByText("The pack “valley” answers for").waitFor();
  await own.page.close();
  const other = await stage.open("&backend=cpu&pack=https://example.invalid/valley.s4pack");
  const { title } = await other.person.seesProblem("pack-origin");
  assert.match(title, /another site/);
  assert.deepEqual(other.foreign, []);
  await other.page.close();
  stage.server.heal();
});

test("a damaged pack and one for other weights are refused in words, and the former answer stays", { skip }, async () => {
  const visit = await stage.open("&backend=cpu");
  await visit.person.waitForModel();
  await choose(visit.page, "cut.s4pack", pack.subarray(0, pack.length - 7));
  assert.match((await visit.person.seesProblem("pack")).detail, /truncated/);
  assert.match(await panel(visit.page).textContent(), /No pack is kept/);
  await visit.page.close();
  if (!bundleExists("micro-q4")) return;
  const other = await stage.open("&backend=cpu", { bundle: "micro-q4" });
  await other.person.waitForModel();
  await choose(other.page, "valley.s4pack", pack);
  const { detail } = await other.person.seesProblem("pack-base");
  assert.match(detail, /valley/);
  assert.match(detail, /micro/);
  await other.page.close();
});

test("the module loads weights with a pack", { skip }, async () => {
  const visit = await stage.open("&backend=cpu");
  await visit.page.evaluate(makeExamples, 1);
  const packs = await visit.page.evaluate(
    async ([weights, bytes]) => {
      const load = (path) => import(path);
      const { S4eca } = await load("/s4eca.js");
      const model = await S4eca.load(`weights/${weights}/`, { backend: "cpu", pack: Uint8Array.from(bytes) });
      const { info } = model;
      model.dispose();
      return info.pack;
    },
    [BUNDLE, [...pack]],
  );
  assert.equal(packs.name, "valley");
  assert.deepEqual(packs.words, ["the sheds"]);
  await visit.page.close();
});
