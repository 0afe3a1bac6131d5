// The wasm engine: its script and its module, with bytes counted as they come. Runs in the workers, each of which has
// an instance of its own; the compiled module is shared, so that it is fetched and compiled once.
import { PageError, textOf } from "../text/errors.js";
import { outOfMemory } from "./faults.js";

/** The header by which sw.js marks what it kept; its answers look like the server's otherwise. */
const KEPT = "X-S4eca-Kept";

/**
 * Starts the engine that lies in pkg/ below `root`, a URL ending in "/": `{api, module, bytes, cached}`. `api` is the
 * wasm-bindgen module, `module` the compiled WebAssembly.Module for the next worker, which gives it back to this
 * function. `report({received, total, known, cached})` is called as bytes come in; `known` says whether `total` is
 * the whole, `cached` whether they come from what the browser keeps.
 */
export async function loadEngine(root, { module = null, report = () => {} } = {}) {
  const script = new URL("pkg/s4eca.js", root).href;
  const [api, compiled] = await Promise.all([importScript(script), module ? { module } : compile(root, report)]);
  try {
    await api.default({ module_or_path: compiled.module });
  } catch (error) {
    throw new PageError(outOfMemory(error) ? "memory" : "engine", textOf(error));
  }
  return { api, bytes: 0, cached: true, ...compiled };
}

async function importScript(script) {
  try {
    return await import(script);
  } catch (error) {
    throw new PageError("engine-missing", textOf(error));
  }
}

async function compile(root, report) {
  const url = new URL("pkg/s4eca_bg.wasm", root);
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

/** Compiles while bytes still come, where the server names the type that browsers want for that. */
async function compileResponse(response) {
  if (response.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function count(response, report) {
  const cached = response.headers.has(KEPT);
  // The length is that of the bytes on the wire: with a content encoding the stream's own differ.
  const encoded = response.headers.get("Content-Encoding");
  const length = encoded ? 0 : Number(response.headers.get("Content-Length")) || 0;
  let bytes = 0;
  try {
    for (const reader = response.body.getReader(); ; ) {
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
