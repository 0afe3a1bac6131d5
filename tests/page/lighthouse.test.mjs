// Lighthouse on the built page: accessibility 100, best practices 100.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { BUNDLE, launch } from "./browser.mjs";
/** @import { AddressInfo } from "node:net" */

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let stage;
let port;
before(async () => {
  port = await freePort();
  stage = await launch({ args: [`--remote-debugging-port=${port}`] });
});
after(() => stage.close());

for (const formFactor of ["mobile", "desktop"]) {
  test(`${formFactor}: accessibility 100, best practices 100`, async () => {
    const { default: lighthouse } = await import(createRequire(import.meta.url).resolve("lighthouse"));
    const flags = { port, logLevel: "error", onlyCategories: ["accessibility", "best-practices"] };
    const screen = { mobile: formFactor === "mobile", width: formFactor === "mobile" ? 360 : 1280, height: 800, deviceScaleFactor: 1, disabled: false };
    const settings = { formFactor, screenEmulation: screen, throttlingMethod: "provided" };
    const { lhr } = await lighthouse(`${stage.server.url}?weights=${BUNDLE}`, flags, { extends: "lighthouse:default", settings });
    for (const id of ["accessibility", "best-practices"]) {
      const { score, auditRefs } = lhr.categories[id];
      const failed = auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
        .map(({ id }) => `${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items ?? "").slice(0, 600)}`);
      assert.equal(score, 1, `${id}: ${failed.join("\n")}`);
    }
  });
}
