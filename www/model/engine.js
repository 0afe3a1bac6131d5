// Loads a wasm module of the engine and its script, and reports bytes as they arrive. Runs in the workers. There are
// four modules: `s4eca` has the network, `s4eca_scene` reads scenes and phrases and makes masks, without the network,
// `s4eca_scene_full` is the same for all files, and `s4eca_teach` learns from examples.
import { PageError, textOf } from "../text/errors.js";
import { outOfMemory } from "./faults.js";
/**
 * @import { Bytes } from "../../types/engine.js"
 * @import { EngineProgress, Modules } from "../../types/model.js"
 */

/** The header that marks responses that sw.js serves from its cache. */
const KEPT = "X-S4eca-Kept";

/**
 * Starts the module `name` in pkg/ below `root`, a URL ending in "/": `{api, module, bytes, cached}`. `api` is the
 * wasm-bindgen module. `module` is the compiled WebAssembly.Module, to be passed to this function in the worker's
 * replacement.
 * `report({received, total, known, cached})` is called as bytes arrive; `known` tells whether `total` is the full
 * size, `cached` whether the bytes come from the service worker's cache.
 *
 * @template {keyof Modules} Name
 * @param {string | URL} root
 * @param {Name} name
 * @param {{ module?: WebAssembly.Module | null, report?: (state: EngineProgress) => void }} options
 */
export async function loadEngine(root, name, { module = null, report = () => {} } = {}) {
  const script = new URL(`pkg/${name}.js`, root).href;
  const [api, compiled] = await Promise.all([importScript(name, script), module ? { module } : compile(root, name, report)]);
  try {
    await api.default({ module_or_path: compiled.module });
  } catch (error) {
    throw new PageError(outOfMemory(error) ? "memory" : "engine", textOf(error));
  }
  return { api, bytes: 0, cached: true, ...compiled };
}

/**
 * @template {keyof Modules} Name
 * @param {Name} name
 * @param {string} script
 * @returns {Promise<Modules[Name]>}
 */
async function importScript(name, script) {
  try {
    return await import(script);
  } catch (error) {
    throw new PageError("engine-missing", textOf(error));
  }
}

/**
 * @param {string | URL} root
 * @param {keyof Modules} name
 * @param {(state: EngineProgress) => void} report
 */
async function compile(root, name, report) {
  const url = new URL(`pkg/${name}_bg.wasm`, root);
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new PageError("engine-missing", textOf(error));
  }
  if (!response.ok) throw new PageError("engine-missing", `${url.pathname}: the server answered ${response.status}`);
  const counting = count(response.clone(), report);
  let module;
  try {
    module = await compileResponse(response);
  } catch (error) {
    throw new PageError(outOfMemory(error) ? "memory" : "engine", textOf(error));
  }
  return { module, ...(await counting) };
}

/**
 * Compiles while bytes still arrive, if the server sends the content type that this requires.
 *
 * @param {Response} response
 */
async function compileResponse(response) {
  if (response.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** @param {Response} response @param {(state: EngineProgress) => void} report */
async function count(response, report) {
  const cached = response.headers.has(KEPT);
  // Content-Length counts bytes on the wire: with a content encoding the decoded stream has another length.
  const encoded = response.headers.get("Content-Encoding");
  const length = encoded ? 0 : Number(response.headers.get("Content-Length")) || 0;
  let bytes = 0;
  try {
    const body = /** @type {ReadableStream<Bytes>} */ (response.body);
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      report({ received: bytes, total: Math.max(length, bytes), known: length > 0, cached });
    }
  } catch {
    // The compiler reads the same bytes and reports what went wrong.
  }
  return { bytes, cached };
}
