// Examples to learn from: red squares on green, masked as "the sheds".
/** @import { Example } from "../../types/teach.js" */

/**
 * Makes `window.examples`. Runs in the page.
 *
 * @param {number} count
 */
export async function makeExamples(count) {
  const side = 64;
  /** @param {(context: OffscreenCanvasRenderingContext2D) => void} draw */
  const blob = (draw) => {
    const canvas = new OffscreenCanvas(side, side);
    draw(/** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d")));
    return canvas.convertToBlob({ type: "image/png" });
  };
  /** @type {Example[]} */
  const examples = [];
  for (let at = 0; at < count; at += 1) {
    const square = (/** @type {OffscreenCanvasRenderingContext2D} */ context, /** @type {string[]} */ [ground, colour]) => {
      context.fillStyle = ground;
      context.fillRect(0, 0, side, side);
      context.fillStyle = colour;
      context.fillRect(8 + 6 * at, 10, 24, 24);
    };
    examples.push({
      id: `example-${at}`,
      phrase: "the sheds",
      png: await blob((context) => square(context, ["rgb(70 110 60)", "rgb(200 40 40)"])),
      maskPng: await blob((context) => square(context, ["black", "white"])),
      imageKey: `image-${at}`,
    });
  }
  window.examples = examples;
}

/**
 * Learns from `window.examples` and returns the pack's bytes. Runs in the page.
 *
 * @param {{ weights: string, name: string }} options
 */
export async function makePack({ weights, name }) {
  const load = (/** @type {string} */ path) => import(path);
  const { TeachSession } = await load("/www/teach/session.js");
  const { confinedWorker } = await load("/www/confined.js");
  const session = new TeachSession(new URL("/", location.href).href, weights, confinedWorker);
  await session.learn(window.examples, { steps: 40, rate: 3e-3 });
  const bytes = await session.pack({ name, licence: "none", credits: ["a mapper"], date: "2026-01-31" });
  session.end();
  return [...bytes];
}
