// The document's layers under undo and redo; needs no browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Doc } from "../../www/state/document.js";
/**
 * @import { LayerPatch, Scene } from "../../types/page.js"
 * @import { LayerStats } from "../../types/scene.js"
 */

// The document itself needs only these parts of both.
const SCENE = /** @type {Scene} */ ({ name: "a.png", width: 100, height: 100 });
const STATS = /** @type {LayerStats} */ ({ share: 0.5, score: 0.9 });
/** @type {LayerPatch} */
const DONE = { progress: 1, state: "done", stats: STATS };

function opened() {
  const doc = new Doc();
  doc.setScene(SCENE);
  return doc;
}

test("a layer that was deleted comes back with what its run came to, and with the person's own changes", () => {
  const doc = opened();
  doc.addLayer({ id: 1, phrase: "a roof" });
  doc.updateLayer(1, { opacity: 0.7 }, { undoable: true });
  doc.updateLayer(1, DONE);
  doc.removeLayer(1);
  doc.undo();
  const { opacity, state, progress, stats } = doc.layer(1);
  assert.deepEqual({ opacity, state, progress, stats }, { opacity: 0.7, ...DONE });
  doc.undo();
  assert.equal(doc.layer(1).opacity, 0.45);
  assert.equal(doc.layer(1).state, "done", "what the run came to is nothing to undo");
});

test("a run goes on while its layer is undone: redo brings the whole mask", () => {
  const doc = opened();
  doc.addLayer({ id: 1, phrase: "a roof" });
  doc.undo();
  assert.equal(doc.layers.length, 0);
  doc.updateLayer(1, DONE);
  assert.equal(doc.layers.length, 0, "it stays away meanwhile");
  doc.redo();
  assert.equal(doc.layer(1).state, "done");
  assert.equal(doc.layer(1).progress, 1);
});

test("layers that no step brings back are dropped; all are with another scene", () => {
  const doc = opened();
  const dropped = [];
  doc.addEventListener("dropped", ({ detail }) => dropped.push(...detail.ids));
  doc.addLayer({ id: 1, phrase: "a roof" });
  doc.undo();
  doc.addLayer({ id: 2, phrase: "a road" });
  assert.deepEqual(dropped, [1]);
  doc.updateLayer(1, DONE);
  assert.equal(doc.layer(1), null);
  doc.setScene({ ...SCENE, name: "b.png" });
  doc.updateLayer(2, DONE);
  assert.deepEqual(doc.layers, []);
});

test("showing some layers alone is one step to undo", () => {
  const doc = opened();
  for (const id of [1, 2, 3]) doc.addLayer({ id, phrase: `roof ${id}` });
  const shown = () => doc.layers.filter(({ visible }) => visible).map(({ id }) => id);
  doc.showOnly([2]);
  assert.deepEqual(shown(), [2]);
  doc.undo();
  assert.deepEqual(shown(), [1, 2, 3]);
  doc.redo();
  assert.deepEqual(shown(), [2]);
});

test("a correction is one step each, and those that a step can restore are known", () => {
  const doc = opened();
  doc.addLayer({ id: 1, phrase: "a roof" });
  doc.addLayer({ id: 2, phrase: "a road" });
  const correct = (correction) => doc.updateLayer(1, { refine: { correction } }, { undoable: true, merge: false });
  for (const number of [1, 2, 3]) correct(number);
  assert.equal(doc.layer(1).refine.correction, 3);
  assert.deepEqual(doc.corrections(1).toSorted(), [1, 2, 3]);
  assert.deepEqual(doc.corrections(2), []);
  doc.undo();
  assert.equal(doc.layer(1).refine.correction, 2);
  assert.deepEqual(doc.corrections(1).toSorted(), [1, 2, 3], "redo brings it back");
  doc.updateLayer(1, { refine: { threshold: 0.3 } }, { undoable: true });
  assert.equal(doc.layer(1).refine.correction, 2, "a new threshold keeps it");
  assert.deepEqual(doc.corrections(1).toSorted(), [1, 2]);
  doc.removeLayer(1);
  assert.deepEqual(doc.corrections(1).toSorted(), [1, 2]);
});
