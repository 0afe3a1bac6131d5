// Takes pictures of the page for docs/: `node scripts/screenshots.mjs [DIST]`, after `./build.sh`. CHROMIUM is the path
// of the browser.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from '../tests/page/browser.mjs';

/**
 * @import { BrowserContextOptions, Page } from 'playwright-core'
 * @import { Person } from '../tests/page/browser.mjs'
 * @typedef {{ width: number, height: number, phone?: boolean }} Screen
 * @typedef {(page: Page, person: Person) => Promise<void>} Act
 */

const root = process.argv[2] ?? fileURLToPath(new URL('../dist/', import.meta.url));
const docs = fileURLToPath(new URL('../docs/screens/', import.meta.url));
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844, phone: true };

/**
 * The actions before each picture; each starts on a page whose model is ready.
 *
 * @type {[name: string, screen: Screen, colours: 'light' | 'dark', act: Act][]}
 */
const STATES = [
  ['start', DESKTOP, 'light', async () => {}],
  ['layers', DESKTOP, 'light', async (page, person) => {
    await person.pickSample('pools');
    await person.type('the road; how many swimming pools?; the house with the red roof');
    await person.press();
    await person.seesMask('the house with the red roof');
  }],
  ['georeferenced', DESKTOP, 'dark', async (page, person) => {
    await person.pickSample('pond');
    await person.segment('the water');
    await page.locator('#open-export').click();
  }],
  ['probability', DESKTOP, 'dark', async (page, person) => {
    await person.pickSample('harbour');
    await person.segment('the water');
    await person.look('Probability');
    await page.locator('#compare').click();
  }],
  ['correct', DESKTOP, 'light', async (page, person) => {
    await person.pickSample('pond');
    await person.segment('the water');
    await page.locator('#correct').click();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press(']');
    const box = await page.locator('#stage').boundingBox();
    if (!box) return;
    await page.mouse.move(box.x + box.width * 0.36, box.y + box.height * 0.55);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.62, { steps: 9 });
  }],
  ['teach', DESKTOP, 'light', async (page, person) => {
    await keepExamples(page, person);
    await page.locator('[data-teach="start"]').click();
    await page.locator('.teach-curve:not([hidden])').waitFor({ timeout: 120_000 });
    await page.waitForTimeout(60_000);
    await page.locator('.teach-work').scrollIntoViewIfNeeded();
  }],
  ['taught', DESKTOP, 'light', async (page, person) => {
    await keepExamples(page, person);
    await page.locator('[data-teach="start"]').click();
    const result = page.locator('.teach-result');
    await result.waitFor({ timeout: 1_800_000 });
    await result.locator('canvas, img').first().waitFor();
    await result.scrollIntoViewIfNeeded();
  }],
  ['help', DESKTOP, 'light', async (page, person) => {
    await person.pickSample('street');
    await page.locator('#open-help').click();
  }],
  ['problem', DESKTOP, 'dark', async (page, person) => {
    await person.choose('scene.tif', Buffer.from('PK\x03\x04 not a picture', 'latin1'));
    await person.seesProblem();
  }],
  ['phone-start', PHONE, 'dark', async () => {}],
  ['phone', PHONE, 'light', async (page, person) => {
    await person.pickSample('harbour');
    await person.segment('the water');
  }],
  ['phone-dark', PHONE, 'dark', async (page, person) => {
    await person.pickSample('red roof');
    await person.segment('roads');
    await page.locator('#threshold').scrollIntoViewIfNeeded();
  }],
];

/**
 * Keeps examples of one phrase over several samples, and opens their list.
 *
 * @param {Page} page
 * @param {Person} person
 */
async function keepExamples(page, person) {
  for (const sample of ['pools', 'street', 'red roof', 'Gardens']) {
    await person.pickSample(sample);
    await person.segment('the trees');
    await page.locator('#use-example').click();
    await page.locator('#example-told').waitFor();
  }
  await page.locator('#example-title').click();
}

mkdirSync(docs, { recursive: true });
const stage = await launch({ root });
for (const [name, { phone = false, ...viewport }, colorScheme, act] of STATES) {
  /** @type {BrowserContextOptions} */
  const options = { viewport, colorScheme, hasTouch: phone, isMobile: phone, reducedMotion: 'reduce' };
  const { page, person } = await stage.open('&backend=cpu', { bundle: 'tiny', phrases: 'auto', ...options });
  await person.waitForModel();
  await person.closeNotices();
  await act(page, person);
  await person.settles(800);
  await page.screenshot({ path: `${docs}${name}.jpg`, type: 'jpeg', quality: 88 });
  console.log(`docs/screens/${name}.jpg`);
  await page.context().close();
}
await stage.close();
