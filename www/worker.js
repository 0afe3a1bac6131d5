// Owns the wasm module and the GPU: everything slow happens here, one request after the other.
// In: {id, kind, ...}. Out: {id, value} or {id, error: {code, message}}, and, unasked,
// {event: "progress", ...} and {event: "broken", code, message}: after the latter the worker is of no use.
import { decode } from "./decode.js";
import { chooseBackend, watchDevices } from "./gpu.js";
import { PageError, textOf } from "./messages.js";
import { clearCache, loadWeights } from "./weights.js";

let engine = null; // the wasm-bindgen module
let segmenter = null;
let backend = "";
let image = null; // the last decoded image; its rgba goes once the model has it
let lastPanic = "";

const logError = console.error;
console.error = (...parts) => {
  const text = parts.map(textOf).join(" ");
  if (/panicked at/.test(text)) lastPanic = text.split("\n").slice(0, 2).join(" ");
  logError(...parts);
};

function broken(code, message) {
  postMessage({ event: "broken", code, message });
}

// A panic inside a future traps in a microtask and leaves its promise pending for ever.
function stopped(error) {
  broken(backend === "webgpu" ? "gpu-lost" : "crash", lastPanic || textOf(error));
}
self.addEventListener("unhandledrejection", (event) => stopped(event.reason));
self.addEventListener("error", (event) => stopped(event.error ?? event.message));
watchDevices((message) => broken("gpu-lost", message));

let lastProgress = 0;
function progress(phase, state = {}) {
  const now = performance.now();
  // At most 25 a second, but never without the last one.
  if (state.received !== undefined && state.received !== state.total && now - lastProgress < 40) return;
  lastProgress = now;
  postMessage({ event: "progress", phase, ...state });
}

async function loadEngine(root) {
  const script = new URL("pkg/s4eca.js", root);
  const url = new URL("pkg/s4eca_bg.wasm", root);
  let response;
  try {
    [engine, response] = await Promise.all([import(script.href), fetch(url)]);
  } catch (error) {
    throw new PageError("engine-missing", textOf(error));
  }
  if (!response.ok) throw new PageError("engine-missing", `${url.pathname}: the server answered ${response.status}`);
  // The length is that of the bytes on the wire: with a content encoding the stream's own differ.
  const encoded = response.headers.get("Content-Encoding");
  const total = encoded ? 0 : Number(response.headers.get("Content-Length")) || 0;
  // The copy is counted; the response itself goes to the compiler, which may keep its code for the next visit.
  const counting = count(response.clone(), total);
  try {
    await engine.default({ module_or_path: response });
  } catch (error) {
    throw new PageError("engine", textOf(error));
  }
  await counting;
}

async function count(response, total) {
  let received = 0;
  try {
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      received += value.length;
      progress("engine", { received, total: Math.max(total, received), known: total > 0 });
    }
  } catch {
    // The compiler reads the same bytes and reports what went wrong.
  }
}

async function start({ root, weights, wish }) {
  const choice = await chooseBackend(wish);
  backend = choice.backend;
  progress("engine");
  await loadEngine(root);
  const bundle = await loadWeights(engine.WeightsLoader, new URL(`weights/${weights}/`, root).href, (state) =>
    progress("weights", state));
  progress("prepare", { backend });
  try {
    segmenter = await bundle.loader.finish(backend);
  } catch (error) {
    throw new PageError(backend === "webgpu" ? "gpu-start" : "weights", textOf(error));
  }
  const gpuError = backend === "webgpu" && engine.last_gpu_error();
  if (gpuError) throw new PageError("gpu-start", gpuError);
  const { total, cached, kept } = bundle;
  const info = segmenter.info();
  // The browser tells its adapter's name more fully than the engine can ask for.
  const adapter = choice.adapter || info.adapter;
  const software = info.software || choice.software;
  return { ...info, adapter, software, reason: choice.reason, bytes: total, cachedBytes: cached, kept };
}

async function setImage({ blob }) {
  // A failure leaves the former image in place.
  image = await decode(blob);
  const { width, height, original, preview } = image;
  image.preview = null;
  return { value: { width, height, original, preview }, transfer: [preview] };
}

async function segment({ phrase }) {
  if (!segmenter) throw new PageError("weights", "the model did not start");
  if (!image) throw new PageError("no-image");
  if (image.rgba) {
    try {
      segmenter.set_image(image.width, image.height, image.rgba);
    } catch (error) {
      throw fatal(error) ?? new PageError("image", textOf(error));
    }
    image.rgba = null;
  }
  let result;
  try {
    result = await segmenter.segment(phrase);
  } catch (error) {
    throw fatal(error) ?? new PageError(gpuTrouble() ? "gpu-lost" : "phrase", gpuTrouble() || textOf(error));
  }
  if (gpuTrouble()) throw new PageError("gpu-lost", gpuTrouble());
  const { width, height, score, milliseconds, truncated, words, unknown } = result;
  // A copy of its own, whose memory can be handed over whatever the engine's lies in.
  const probability = result.probability.slice();
  return {
    value: { width, height, probability, score, milliseconds, truncated, words, unknown, backend },
    transfer: [probability.buffer],
  };
}

function gpuTrouble() {
  return backend === "webgpu" ? engine.last_gpu_error() : undefined;
}

/** A trap leaves the wasm instance in no known state: the worker must be replaced. */
function fatal(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return null;
  return new PageError(backend === "webgpu" ? "gpu-lost" : "crash", lastPanic || textOf(error));
}

const HANDLERS = {
  start: async (request) => ({ value: await start(request) }),
  image: setImage,
  segment,
  clear: async () => ({ value: await clearCache() }),
};

async function answer(request) {
  try {
    const { value, transfer = [] } = await HANDLERS[request.kind](request);
    postMessage({ id: request.id, value }, transfer);
  } catch (error) {
    const { code, message } = PageError.from(error, error instanceof RangeError ? "memory" : "segment");
    postMessage({ id: request.id, error: { code, message } });
  }
}

// One at a time per lane: the segmenter cannot be entered twice, while an image may be decoded as the weights come in.
const lanes = { model: Promise.resolve(), image: Promise.resolve() };
self.addEventListener("message", ({ data }) => {
  if (data.kind === "image") {
    lanes.image = lanes.image.then(() => answer(data));
  } else {
    const decoded = lanes.image;
    lanes.model = lanes.model.then(() => decoded).then(() => answer(data));
  }
});
