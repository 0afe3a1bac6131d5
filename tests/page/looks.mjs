// Records the phrases that the network gets.
/**
 * @import { Page } from "playwright-core"
 * @import { Server } from "./server.mjs"
 */

/**
 * Makes the model worker report each segment request. Call it before `open`, and `looks(page)` after it.
 *
 * @param {Pick<Server, "change">} server
 */
export function countLooks(server) {
  server.change("/www/model/worker.js", (text) =>
    `addEventListener("message", ({ data }) => data.kind === "segment" && new BroadcastChannel("looks").postMessage(data.phrase));\n${text}`,
  );
}

/**
 * Opens a page with these options, whose model is ready, and records the phrases that the network gets.
 *
 * @param {Awaited<ReturnType<typeof import("./browser.mjs").launch>>} stage
 * @param {object} options of `stage.open`
 */
export async function openCounting(stage, options) {
  countLooks(stage.server);
  const opened = await stage.open("", options);
  await opened.person.waitForModel();
  return { ...opened, asked: await looks(opened.page) };
}

/**
 * Records the phrases of all segment requests from now on; `read()` returns and clears the list.
 *
 * @param {Page} page
 */
export async function looks(page) {
  await page.evaluate(() => {
    window.looks = [];
    window.looksChannel = new BroadcastChannel("looks");
    window.looksChannel.onmessage = ({ data }) => window.looks.push(data);
  });
  return { read: () => page.evaluate(() => window.looks.splice(0)) };
}
