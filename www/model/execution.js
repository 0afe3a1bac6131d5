// Executes a phrase in the model worker, for pages without a scene worker. The network answers the phrase's prompts,
// then the rules in the scene worker's wasm module (Choice) select among the objects found, as www/scene/layers.js does
// for the page.
/**
 * @import { Engine, MaskLayer as Layer, Reading, Ways } from "../../types/engine.js"
 * @import { Answer, ExecutedAnswer, ModelWindow } from "../../types/model.js"
 */

/** The threshold at which the score of an answer is measured. */
const THRESHOLD = 0.5;

/**
 * Reads `phrase` and executes it if `ways`, `reading` of the weights' manifest, says so for phrases of its kind.
 * `look(prompt)` runs the network on the window `{width, height, rgba, map: [width, height]}` and returns what the
 * worker's `segment` returns.
 *
 * The result is such an answer with `reading` (of `read_phrase`), `outcome` and `objects` (of `Choice`; null and empty
 * if the network answered the unchanged phrase). Lengths and areas are in map pixels.
 *
 * @param {Engine} rules
 * @param {Ways | null | undefined} ways
 * @param {ModelWindow & { phrase: string }} request
 * @param {(prompt: string) => Promise<Answer>} look
 * @returns {Promise<ExecutedAnswer>}
 */
export async function execute(rules, ways, { phrase, ...window }, look) {
  const began = performance.now();
  const reading = rules.read_phrase(phrase, ways);
  if (!reading.executed) return { ...(await look(phrase)), reading, outcome: null, objects: [] };
  /** @type {Answer[]} */
  const answers = [];
  for (const prompt of reading.prompts) answers.push(await look(prompt));
  const chosen = choose(rules, { phrase, reading, answers, ...window });
  /** @param {"words" | "unknown"} name */
  const sum = (name) => answers.reduce((total, answer) => total + answer[name], 0);
  return {
    ...chosen,
    reading,
    milliseconds: performance.now() - began,
    backend: answers[0].backend,
    words: sum("words"),
    unknown: sum("unknown"),
    pack: answers.find(({ pack }) => pack)?.pack ?? null,
    truncated: answers.some(({ truncated }) => truncated),
  };
}

/**
 * What the rules choose: `{probability, score, outcome, objects}`. After an error the wasm objects are left for the
 * garbage collector.
 *
 * @param {Engine} engine
 * @param {ModelWindow & { phrase: string, reading: Reading, answers: Answer[] }} job
 */
function choose({ Plan, MaskLayer, Choice }, { phrase, reading, answers, map, width, height, rgba }) {
  const plan = Plan.whole([0, 0, ...map]);
  const choice = new Choice(phrase, plan);
  const layers = new Map(reading.prompts.map((prompt) => [prompt, new MaskLayer(plan)]));
  const layerOf = (/** @type {string} */ prompt) => /** @type {Layer} */ (layers.get(prompt));
  for (const [i, prompt] of reading.prompts.entries()) {
    layerOf(prompt).add(0, answers[i].probability);
    choice.add(prompt, layerOf(prompt));
  }
  if (reading.looks) choice.see(width, height, rgba);
  choice.run();
  const mask = new MaskLayer(plan);
  mask.clear();
  for (const prompt of choice.ownPrompts()) choice.fill(mask, prompt, layerOf(prompt));
  choice.finish(mask);
  const { score } = mask.refine(THRESHOLD, 0, 0, 0);
  const { objects } = choice.outlines(mask);
  const result = { probability: mask.probability(), score, outcome: choice.outcome(), objects };
  for (const part of [mask, ...layers.values(), choice, plan]) part.free();
  return result;
}
