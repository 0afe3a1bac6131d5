// Adapts the network to examples on the CPU, in a worker of its own with a wasm module of its own.
// In: {id, kind, ...}, {kind: "pause"} or {kind: "resume"}. Out: {id, value} or {id, error: {code, message}}, and,
// unsolicited, {event: "progress", phase, ...} and {event: "broken", code, message}. To cancel, end the worker.
import { loadEngine } from "../model/engine.js";
import { Panics, isTrap, outOfMemory } from "../model/faults.js";
import { loadWeights } from "../model/weights.js";
import { PageError, textOf } from "../text/errors.js";
import { pixelsOf } from "./pixels.js";
/** @import { Example, PackFacts, TeachProgress, Teacher, Wish } from "../../types/teach.js" */

/** @type {Teacher | null} */
let teacher = null;
/**
 * Resolves when the work may go on; null while it is not paused.
 *
 * @type {{ promise: Promise<void>, resolve: () => void } | null}
 */
let pause = null;
const panics = new Panics();

/** @param {unknown} error */
function broken(error) {
  const { code, message } = panics.fault(error, "cpu");
  postMessage({ event: "broken", code: code === "memory" ? "teach-memory" : "teach", message });
}
// A panic inside a future traps in a microtask and leaves its promise pending forever.
self.addEventListener("unhandledrejection", (event) => broken(event.reason));
self.addEventListener("error", (event) => broken(event.error ?? event.message));

/** @param {TeachProgress} progress */
function report(progress) {
  postMessage({ event: "progress", ...progress });
}

/**
 * Learns from the examples; returns the scores on those that were held back.
 *
 * @param {{ root: string, weights: string, examples: Example[], wish: Wish }} request
 */
async function learn({ root, weights, examples, wish }) {
  report({ phase: "engine" });
  const { api } = await loadEngine(root, "s4eca_teach", {
    report: ({ received, total }) => report({ phase: "engine", received, total }),
  });
  const loading = (/** @type {{ received: number, total: number }} */ { received, total }) => {
    report({ phase: "weights", received, total });
  };
  const bundle = await loadWeights(api.WeightsLoader, weights, loading);
  await bundle.rest?.(bundle.loader, loading);
  teacher = bundle.loader.finish();
  const images = [...new Set(examples.map(({ imageKey, id }) => imageKey ?? id))];
  for (const example of examples) {
    const { width, height, rgba, mask } = await pixelsOf(example);
    // As in the native program, each image is a place. Its name is shown if two masks contradict each other.
    const place = `${example.scene ?? "image"} ${images.indexOf(example.imageKey ?? example.id) + 1}`;
    const { phrase, metresPerPixel } = example;
    teacher.add(width, height, rgba, mask, { phrase, place, metresPerPixel: metresPerPixel ?? null });
  }
  return teacher.learn(wish, async (work) => {
    report({ phase: "learn", ...work });
    // Yields, so that a pause is received.
    await new Promise((done) => setTimeout(done));
    await pause?.promise;
  });
}

/** A promise that another message resolves. @returns {{ promise: Promise<void>, resolve: () => void }} */
function paused() {
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((done) => (resolve = done)));
  return { promise, resolve };
}

/** @param {{ at: number }} request */
function compare({ at }) {
  if (!teacher) throw new PageError("teach", "nothing was learned yet");
  return teacher.compare(at);
}

/** @param {{ facts: PackFacts }} request */
async function pack({ facts }) {
  if (!teacher) throw new PageError("teach", "nothing was learned yet");
  return teacher.pack(facts);
}

/** @type {Record<string, (request: any) => Promise<any>>} */
const HANDLERS = { learn, compare, pack };

/** @param {{ id: number, kind: string }} message */
async function answer({ id, kind, ...request }) {
  try {
    postMessage({ id, value: await HANDLERS[kind](request) });
  } catch (error) {
    if (isTrap(error) || outOfMemory(error)) return broken(error);
    const { code, message } = PageError.from(error, "teach");
    postMessage({ id, error: { code, message: message || textOf(error) } });
  }
}

const scope = /** @type {DedicatedWorkerGlobalScope} */ (self);
scope.addEventListener("message", ({ data }) => {
  if (data.kind === "pause") {
    pause ??= paused();
  } else if (data.kind === "resume") {
    pause?.resolve();
    pause = null;
  } else {
    answer(data);
  }
});
