// The scene worker's wasm module in Node, for tests that need no browser.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const PKG = resolve(process.env.S4ECA_PKG ?? join(import.meta.dirname, "../../dist/pkg"));
const MODULE = join(PKG, "s4eca_scene_bg.wasm");

/** Why the module is not there, or false if it is: for `{skip}`. */
export const noEngine = !existsSync(MODULE) && "no wasm module: ./build.sh makes it";

let loaded = null;

/** The module, initialised. */
export function sceneEngine() {
  loaded ??= import(pathToFileURL(join(PKG, "s4eca_scene.js")).href).then((api) => {
    api.initSync({ module: readFileSync(MODULE) });
    return api;
  });
  return loaded;
}
