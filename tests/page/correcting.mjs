// Correcting a mask as a user does, and the resulting mask.
import assert from "node:assert/strict";
import { decodePng } from "./png.mjs";
/**
 * @import { Person, launch } from "./browser.mjs"
 * @import { Size } from "../../types/scene.js"
 * @typedef {Size & { data: Uint8Array, area: number }} Picture A mask of 0 and 255.
 */

/**
 * The mask as it is exported: `{width, height, data, area}`.
 *
 * @param {Person} person
 * @returns {Promise<Picture>}
 */
export async function maskOf(person) {
  const { width, height, data } = decodePng((await person.save("mask-png")).bytes);
  await closeMenu(person);
  return { width, height, data, area: data.reduce((sum, value) => sum + (value ? 1 : 0), 0) };
}

/** @param {Person} person */
export async function probabilityOf(person) {
  const { data } = decodePng((await person.save("probability-png")).bytes);
  await closeMenu(person);
  return data;
}

/** @param {Person} person */
async function closeMenu({ page }) {
  if (await page.locator("#export-menu").isVisible()) await page.keyboard.press("Escape");
}

/**
 * Opens a page whose layer has a quarter of the map in its mask, with the tools out: `{page, person}`.
 *
 * @param {Awaited<ReturnType<typeof launch>>} stage
 */
export async function openCorrecting(stage) {
  const { page, person } = await stage.open("", { reducedMotion: "reduce" });
  await person.waitForModel();
  await person.pickSample(1);
  await person.segment("a building");
  await masked(person, 0.25);
  await page.locator("#correct").click();
  await page.locator("#correct-bar").waitFor();
  return { page, person };
}

/**
 * Sets a threshold with about `share` of the map in the mask.
 *
 * @param {Person} person
 * @param {number} share
 */
export async function masked(person, share) {
  const data = await probabilityOf(person);
  const level = data.toSorted((a, b) => b - a)[Math.floor(share * data.length)] / 255;
  await person.set("threshold", Math.min(0.99, Math.max(0.01, Math.round(level * 100) / 100)));
}

/**
 * Whether a pixel is in a mask.
 *
 * @param {Picture} mask
 * @param {number} x
 * @param {number} y
 */
export function has({ width, data }, x, y) {
  return data[Math.floor(y) * width + Math.floor(x)] === 255;
}

/** @param {Picture} one @param {Picture} other */
export function isSame(one, other) {
  return one.area === other.area && one.data.every((value, i) => value === other.data[i]);
}

/**
 * How many pixels were added from one mask to another, and how many removed.
 *
 * @param {Picture} one
 * @param {Picture} other
 */
export function changes(one, other) {
  /** @param {number} from @param {number} to */
  const count = (from, to) => one.data.reduce((sum, value, i) => sum + (value === from && other.data[i] === to ? 1 : 0), 0);
  return { added: count(0, 255), removed: count(255, 0) };
}

/**
 * The pixels of the 4-connected component of equal pixels at a pixel.
 *
 * @param {Picture} mask
 * @param {number} start
 */
export function partAt({ width, height, data }, start) {
  const found = new Set([start]);
  for (const at of found) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const next = [x > 0 ? at - 1 : at, x + 1 < width ? at + 1 : at, at - width, y + 1 < height ? at + width : at];
    for (const other of next) if (data[other] === data[start]) found.add(other);
  }
  return found;
}

/**
 * The place on the screen of a pixel of an image that is shown whole.
 *
 * @param {Person} person
 * @param {number[]} pixel
 * @param {Size} image
 */
export async function screen({ page }, [x, y], { width, height }) {
  const box = await page.locator("#stage").boundingBox();
  if (!box) throw new Error("there is no stage");
  const scale = Math.min(box.width / width, box.height / height);
  const [middleX, middleY] = [box.x + box.width / 2, box.y + box.height / 2];
  return { x: middleX + (x - width / 2) * scale, y: middleY + (y - height / 2) * scale };
}

/**
 * Drags the mouse through pixels of the image.
 *
 * @param {Person} person
 * @param {number[][]} points
 * @param {Size} image
 */
export async function drag(person, points, image) {
  const { mouse } = person.page;
  const places = await Promise.all(points.map((point) => screen(person, point, image)));
  await mouse.move(places[0].x, places[0].y);
  await mouse.down();
  for (const place of places.slice(1)) await mouse.move(place.x, place.y, { steps: 12 });
  await mouse.up();
}

/** @param {Person} person @param {number[]} point @param {Size} image */
export async function click(person, point, image) {
  const { x, y } = await screen(person, point, image);
  await person.page.mouse.click(x, y);
}

/**
 * Chooses a tool and its effect, by their names.
 *
 * @param {Person} person
 * @param {string} tool
 * @param {string} mode
 */
export async function choose({ page }, tool, mode) {
  for (const name of [tool, mode]) await page.getByRole("radio", { name, exact: true }).check({ force: true });
}

/**
 * Waits for the message about a stroke, and returns it.
 *
 * @param {Person} person
 * @param {RegExp} pattern
 */
export async function says({ page }, pattern) {
  const status = page.locator("#status", { hasText: pattern });
  await status.waitFor({ state: "attached" });
  return status.evaluate((line) => {
    const said = line.textContent ?? "";
    line.textContent = "";
    return said;
  });
}

/**
 * The number of pixels in a text, such as 1234 in "1,234 px added".
 *
 * @param {string} text
 */
export function pixels(text) {
  return Number((/([\d,]+) px/.exec(text)?.[1] ?? "").replaceAll(",", ""));
}

/**
 * Waits until the page shows the share of a mask.
 *
 * @param {Person} person
 * @param {Picture} mask
 */
export async function tells(person, { area, data }) {
  const told = async () => Number(await person.page.locator("#share").getAttribute("data-value"));
  for (let i = 0; i < 50 && Math.abs((await told()) - area / data.length) > 1e-6; i += 1) await person.settles(100);
  assert.ok(Math.abs((await told()) - area / data.length) < 1e-6, `${await told()} is told, ${area / data.length} is right`);
}

/**
 * Makes the engine of the scene worker trap, and waits until it is started again.
 *
 * @param {Person} person
 */
export async function crash(person) {
  const { page } = person;
  for (const worker of page.workers()) {
    if ((await worker.evaluate(() => self.name)) !== "s4eca scene") continue;
    await worker.evaluate(() => void Promise.reject(new WebAssembly.RuntimeError("unreachable")));
  }
  await page.locator("#notices", { hasText: "restarted" }).waitFor();
  await person.rests();
}
