// A Chromium with or without WebGPU, and the page as a person uses it.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { decodePng } from "./png.mjs";
import { serve } from "./server.mjs";

const { chromium } = createRequire(import.meta.url)("playwright-core");

/** The built page: DIST, or dist/ of the project. */
export const DIST = process.env.DIST ?? fileURLToPath(new URL("../../dist/", import.meta.url));
/** The bundle most tests use: small enough for a GPU in software. */
export const BUNDLE = process.env.BUNDLE ?? "micro";
/** How long a model may take to start or to answer. */
export const PATIENCE = Number(process.env.PAGE_TIMEOUT_MS ?? 240_000);

const QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const SOFTWARE_GPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

export function bundleExists(name) {
  return existsSync(`${DIST}/weights/${name}/manifest.json`);
}

/** A server and a browser: `{server, browser, open, close}`; `webgpu` gives it the software adapter. */
export async function launch({ webgpu = false } = {}) {
  const server = await serve(DIST);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: [...QUIET, ...(webgpu ? SOFTWARE_GPU : [])],
  });
  return {
    server,
    browser,
    /** A new visitor's page, or one more page in an existing `context`; `query` continues the address. */
    open: async (query = "", { bundle = BUNDLE, context, ...options } = {}) => {
      const own = context ?? (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options }));
      return visit(own, `${server.url}?weights=${bundle}${query}`);
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Opens `url` in `context`; the page that comes back has the steps below as methods of `person`. */
export async function visit(context, url) {
  const page = await context.newPage();
  const foreign = [];
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith("http") && origin !== new URL(url).origin) foreign.push(request.url());
  });
  page.setDefaultTimeout(PATIENCE);
  await page.goto(url);
  return { page, foreign, person: new Person(page) };
}

/** Opens an expectation's image, segments its phrase, saves the map: `{mask, map}`. */
export async function answerTo(person, { imagePath, phrase }) {
  const name = basename(imagePath);
  await person.choose(name, readFileSync(imagePath), /\.jpe?g$/.test(name) ? "image/jpeg" : "image/png");
  await person.seesImage(name);
  const mask = await person.segment(phrase);
  return { mask, map: decodePng((await person.save("Probability PNG")).bytes) };
}

/** What a person does and sees, by labels and roles. */
export class Person {
  constructor(page) {
    this.page = page;
  }

  /** Waits until the badge says what the model runs on. */
  async waitForModel() {
    await this.page.locator("#backend[data-state=ready], #backend[data-state=slow]").waitFor();
    return this.page.locator("#backend-text").textContent();
  }

  async pickSample(index = 0) {
    const sample = this.page.getByRole("group", { name: "Sample images" }).getByRole("button").nth(index);
    await sample.click();
    await this.page.locator(".sample[aria-pressed=true]").nth(0).waitFor();
    await this.page.locator("#stage[aria-busy=false]").waitFor();
  }

  /** Chooses a file by the file dialogue's input. */
  async choose(name, bytes, mimeType = "image/png") {
    await this.page.getByLabel("Choose an image").setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
  }

  /** Drops a file on the stage. */
  async drop(name, bytes, type = "image/png") {
    const transfer = await this.page.evaluateHandle(
      ({ name, base64, type }) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        return transfer;
      },
      { name, base64: Buffer.from(bytes).toString("base64"), type },
    );
    const stage = this.page.locator("#stage");
    for (const event of ["dragenter", "dragover", "drop"]) await stage.dispatchEvent(event, { dataTransfer: transfer });
  }

  /** Waits until the image of that name is the one shown. */
  async seesImage(name) {
    await this.page.locator("#image-name", { hasText: name }).waitFor();
    await this.page.locator("#stage[aria-busy=false]").waitFor();
    return this.page.locator("#image-name").textContent();
  }

  async type(phrase) {
    await this.page.getByLabel("What should be masked?").fill(phrase);
  }

  async press() {
    await this.page.getByRole("button", { name: "Segment" }).click();
  }

  /** Types, presses, waits for the mask of exactly this phrase: `{share, score, ranOn}` as shown. */
  async segment(phrase) {
    await this.type(phrase);
    await this.press();
    return this.seesMask(phrase);
  }

  async seesMask(phrase) {
    await this.page.locator("#result-phrase").filter({ hasText: phrase }).waitFor();
    await this.page.locator("#run:enabled").waitFor();
    return {
      share: Number(await this.page.locator("#share").getAttribute("data-value")),
      score: Number(await this.page.locator("#score").textContent()),
      ranOn: await this.page.locator("#ran-on").textContent(),
    };
  }

  /** Waits for a problem and gives its texts. */
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

  /** Clicks a download button: `{name, bytes}`. */
  async save(button) {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("button", { name: button, exact: true }).click(),
    ]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}
