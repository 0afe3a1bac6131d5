// A Chromium with or without WebGPU, and the page as a user operates it.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePng } from "./png.mjs";
import { serve } from "./server.mjs";
/** @import { BrowserContext, BrowserContextOptions, LaunchOptions, Page } from "playwright-core" */

const { chromium } = createRequire(import.meta.url)("playwright-core");

/** @typedef {BrowserContextOptions & { bundle?: string, phrases?: string, context?: BrowserContext }} Visit */

/** The built page: DIST, or dist/ of the project. */
export const DIST = process.env.DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
/** The bundle most tests use: small enough for a GPU in software. */
export const BUNDLE = process.env.BUNDLE ?? "micro";
/** How long a model may take to start or to answer. */
export const PATIENCE = Number(process.env.PAGE_TIMEOUT_MS ?? 240_000);

/** A URL to which nothing is sent: browsers block this port themselves, before they resolve the host. */
const NOWHERE = "http://browser.invalid:9/";
/**
 * Switches off Chromium's own requests to Google's servers: updates, accounts, messages, search, form filling. No
 * --disable-features: Chromium uses only the last such list, and playwright's own is needed for the same purpose.
 */
const QUIET = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-extensions",
  "--disable-sync",
  `--component-updater=url-source=${NOWHERE}`,
  ...[
    "gaia-url",
    "google-base-url",
    "gcm-checkin-url",
    "gcm-registration-url",
    "autofill-server-url",
    "apps-gallery-update-url",
    "variations-server-url",
    "variations-insecure-server-url",
  ].map((name) => `--${name}=${NOWHERE}`),
];
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** @param {string} name */
export function bundleExists(name) {
  return existsSync(`${DIST}/weights/${name}/manifest.json`);
}

/**
 * Starts a server and a browser: `{server, browser, open, close}`. `webgpu` enables the software adapter, `root` is the
 * folder to serve, `args` are passed to Chromium and `options` to playwright.
 *
 * @param {LaunchOptions & { webgpu?: boolean, root?: string, args?: string[] }} options
 */
export async function launch({ webgpu = false, root = DIST, args = [], ...options } = {}) {
  const server = await serve(root);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: [...QUIET, ...(webgpu ? SOFTWARE_GPU : []), ...args],
    ...options,
  });
  return {
    server,
    browser,
    /**
     * Opens a new visitor's page, or another page in an existing `context`; `query` is appended to the address. Most
     * tests are about the network's answer to a phrase, so `phrases` is "network" by default; "auto" reads phrases, as
     * the page does by default.
     */
    open: async (query = "", /** @type {Visit} */ visitor = {}) => {
      const { bundle = BUNDLE, phrases = "network", context, ...options } = visitor;
      const own = context ?? (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options }));
      return visit(own, `${server.url}?weights=${bundle}&phrases=${phrases}${query}`);
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * Opens `url` in `context`: `{page, foreign, person}`; `foreign` lists requests to other origins.
 *
 * @param {BrowserContext} context
 * @param {string} url
 */
export async function visit(context, url) {
  const page = await context.newPage();
  /** @type {string[]} */
  const foreign = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(url).origin) foreign.push(request.url());
  });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(url);
  return { page, foreign, person: new Person(page) };
}

/**
 * Opens an expectation's image, segments its phrase and saves the map: `{mask, map}`.
 *
 * @param {Person} person
 * @param {{ imagePath: string, phrase: string }} expectation
 */
export async function answerTo(person, { imagePath, phrase }) {
  const name = basename(imagePath);
  await person.choose(name, readFileSync(imagePath), /\.jpe?g$/.test(name) ? "image/jpeg" : "image/png");
  await person.seesImage(name);
  const mask = await person.segment(phrase);
  return { mask, map: decodePng((await person.save("probability-png")).bytes) };
}

/** What a user does and sees, found by labels and roles where possible. */
export class Person {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Waits until the model is ready; returns the badge's text. */
  async waitForModel() {
    await this.page.locator("#backend[data-state=ready], #backend[data-state=slow]").waitFor();
    return this.page.locator("#backend-text").textContent();
  }

  /** Waits until the page reports that it works offline. */
  async isKept() {
    await this.page.locator('#cache[data-state="ready"]').waitFor({ state: "attached" });
  }

  /**
   * Clicks the synthetic sample of that number, or the sample whose name has `index` in it.
   *
   * @param {number | string} index
   */
  async pickSample(index = 0) {
    const samples = this.page.getByRole("group", { name: "Sample images" }).getByRole("button");
    const synthetic = this.page.locator('#samples button[title^="Synthetic"]');
    await (typeof index === "number" ? synthetic.nth(index) : samples.filter({ hasText: index })).click();
    await this.page.locator("#samples [aria-pressed=true]").nth(0).waitFor();
    await this.rests();
  }

  /** Waits until no image is being read. */
  async rests() {
    await this.page.locator("#stage[aria-busy=false]").waitFor();
  }

  /**
   * Chooses a file with the file input.
   *
   * @param {string} name
   * @param {Uint8Array} bytes
   * @param {string} mimeType
   */
  async choose(name, bytes, mimeType = "image/png") {
    await this.page.getByLabel("Choose an image").setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
  }

  /**
   * Chooses several files from the disk at once, such as a picture and its world file.
   *
   * @param {...string} paths
   */
  async chooseFiles(...paths) {
    await this.page.getByLabel("Choose an image").setInputFiles(paths.map((path) => resolve(path)));
  }

  /**
   * Drops a file on the element of that selector.
   *
   * @param {string} name
   * @param {Uint8Array} bytes
   * @param {string} type
   * @param {string} where
   */
  async drop(name, bytes, type = "image/png", where = "#stage") {
    const transfer = await this.page.evaluateHandle(
      ({ name, base64, type }) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        return transfer;
      },
      { name, base64: Buffer.from(bytes).toString("base64"), type },
    );
    const target = this.page.locator(where);
    for (const event of ["dragenter", "dragover", "drop"]) await target.dispatchEvent(event, { dataTransfer: transfer });
  }

  /**
   * Waits until the image of that name is the one shown.
   *
   * @param {string} name
   */
  async seesImage(name) {
    await this.page.locator("#image-name", { hasText: name }).waitFor();
    await this.rests();
    return this.page.locator("#image-name").textContent();
  }

  /** @param {string} phrase */
  async type(phrase) {
    await this.page.getByLabel("What should be masked?").fill(phrase);
  }

  async press() {
    await this.page.getByRole("button", { name: "Segment", exact: true }).click();
  }

  /**
   * Types the phrase, presses Segment, and waits for its mask: `{share, score, area, ranOn}` as shown.
   *
   * @param {string} phrase
   */
  async segment(phrase) {
    await this.type(phrase);
    await this.press();
    return this.seesMask(phrase);
  }

  /** @param {string} phrase */
  async seesMask(phrase) {
    const layer = this.page.locator('#layers > .selected[data-state="done"]', { hasText: phrase });
    await layer.waitFor();
    await this.page.locator("#result-phrase").filter({ hasText: phrase }).waitFor();
    await this.isIdle();
    return this.figures();
  }

  /** Waits until nothing is being segmented. */
  async isIdle() {
    await this.page.locator("#running").waitFor({ state: "hidden" });
    await this.page.locator("#run:enabled").waitFor();
  }

  /** The figures of the selected layer; `area` is in square metres, NaN if it is not known. */
  async figures() {
    /** @param {string} id */
    const value = (id) => this.page.locator(id).getAttribute("data-value");
    return {
      share: Number((await value("#share")) || NaN),
      score: Number(await this.page.locator("#score").textContent()),
      area: Number((await value("#area")) || NaN),
      ranOn: await this.page.locator("#ran-on").textContent(),
    };
  }

  /** The layers from top to bottom: `[{id, name, state, selected, colour, figures}]`. */
  async layers() {
    return this.page.locator("#layers > li").evaluateAll((items) =>
      items.map((item) => ({
        id: item.dataset.layer,
        name: item.querySelector(".layer-name")?.textContent,
        state: item.dataset.state,
        selected: item.classList.contains("selected"),
        colour: /** @type {HTMLInputElement} */ (item.querySelector("input[type=color]")).value,
        figures: item.querySelector(".layer-figures")?.textContent,
      })),
    );
  }

  /**
   * Moves a slider or fills in a number, and commits the change.
   *
   * @param {string} id
   * @param {string | number} value
   */
  async set(id, value) {
    await this.page.locator(`#${id}`).fill(String(value));
    await this.page.locator(`#${id}`).dispatchEvent("change");
    await this.settles();
  }

  /**
   * Selects the target "whole", "view" or "rectangle", and the ground resolution in cm ("" is automatic).
   *
   * @param {string} target
   * @param {string | number} resolution
   */
  async aims(target, resolution = "") {
    await this.page.locator("#target").selectOption(target);
    await this.page.locator("#resolution").fill(String(resolution));
  }

  /** @param {string} name */
  async look(name) {
    await this.page.locator("#look").getByRole("radio", { name }).check({ force: true });
    await this.settles();
  }

  /**
   * Waits for the effect of a control: the mask is recomputed and drawn within a few frames.
   *
   * @param {number} milliseconds
   */
  async settles(milliseconds = 400) {
    await this.page.waitForTimeout(milliseconds);
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** What the viewer's canvas shows: `{width, height, data}`, RGBA. */
  async canvas() {
    const shown = await this.page.locator("#stage canvas").first().evaluate((shown) => {
      const canvas = /** @type {HTMLCanvasElement} */ (shown);
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext("2d"));
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let binary = "";
      for (let i = 0; i < data.length; i += 32768) binary += String.fromCharCode(...data.subarray(i, i + 32768));
      return { width: canvas.width, height: canvas.height, base64: btoa(binary) };
    });
    return { width: shown.width, height: shown.height, data: Buffer.from(shown.base64, "base64") };
  }

  /**
   * Waits for a problem and returns its texts.
   *
   * @param {string} [code]
   */
  async seesProblem(code) {
    const card = this.page.locator(code ? `#problem[data-code="${code}"]` : "#problem");
    await card.waitFor();
    const [title, advice, detail] = await Promise.all(
      ["title", "advice", "detail"].map((part) => this.page.locator(`#problem-${part}`).textContent()),
    );
    return { title, advice, detail };
  }

  async hasNoProblem() {
    return this.page.locator("#problem").isHidden();
  }

  /** The notices that are shown: `[{kind, text}]`. */
  async notices() {
    return this.page.locator("#notices [data-kind]").evaluateAll((cards) =>
      cards.map((card) => ({ kind: card.dataset.kind, text: card.textContent.trim() })),
    );
  }

  /** Closes every notice: they cover the top of the stage. */
  async closeNotices() {
    const close = this.page.locator("#notices button.close");
    while ((await close.count()) > 0) await close.first().click();
  }

  /**
   * Opens the export menu and saves a file of that kind, such as "mask-png": `{name, bytes}`.
   *
   * @param {string} kind
   */
  async save(kind) {
    const button = this.page.locator(`#export-menu [data-export="${kind}"]`);
    if (!(await button.isVisible())) await this.page.locator("#open-export").click();
    return this.download(() => button.click());
  }

  /**
   * The file that `act` makes the browser save: `{name, bytes}`.
   *
   * @param {() => Promise<void>} act
   */
  async download(act) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), act()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}
