// Selects the backend and watches the GPU's devices. Runs in the worker.
/** @import { BackendChoice, Wish } from "../../types/model.js" */

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/**
 * Which backend to start, for a wish of "auto", "webgpu" or "cpu": `{backend, reason, adapter,
 * software}`. `reason` says why the GPU is not used, `adapter` is the GPU's name, `software` says whether it is a
 * software adapter. "auto" skips software adapters: the CPU in wasm is faster.
 *
 * @param {Wish} wish
 * @returns {Promise<BackendChoice>}
 */
export async function chooseBackend(wish) {
  if (wish === "cpu") return cpu("asked", "");
  if (!navigator.gpu) return cpu("no-webgpu", "navigator.gpu is not there");
  const found = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  if (!found) return cpu("no-adapter", "requestAdapter() found none");
  const { vendor, architecture, device, description, isFallbackAdapter } = found.info ?? {};
  const adapter = description || [vendor, architecture, device].filter(Boolean).join(" ");
  // Older browsers have this property here, and not in GPUAdapterInfo.
  const former = /** @type {{ isFallbackAdapter?: boolean }} */ (found);
  const fallback = isFallbackAdapter ?? former.isFallbackAdapter;
  const software = Boolean(fallback) || SOFTWARE.test(`${architecture} ${adapter}`);
  if (wish === "auto" && software) return cpu("software-adapter", adapter);
  return { backend: "webgpu", reason: null, adapter, software };
}

/** @param {string} code @param {string} message @returns {BackendChoice} */
function cpu(code, message) {
  return { backend: "cpu", reason: { code, message }, adapter: "", software: false };
}

/**
 * Watches the devices that the engine creates from now on. `broken(code, message)` is called when one is lost or
 * rejects a command: a lost device may leave the engine waiting forever, and after a rejected command it may read
 * stale numbers, so the engine alone cannot handle either. `compiling(count)` is called with the number of compute
 * pipelines created so far.
 *
 * @param {{ broken: (code: string, message: string) => void, compiling: (count: number) => void }} told
 */
export function watchDevices({ broken, compiling }) {
  if (typeof GPUAdapter === "undefined") return;
  countShaders(compiling);
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function watched(...options) {
    const device = await requestDevice.apply(this, options);
    device.lost.then((info) => {
      if (info.reason === "destroyed") return;
      broken("gpu-lost", `device lost: ${info.message || info.reason || "no reason given"}`);
    });
    device.addEventListener("uncapturederror", ({ error }) => {
      broken(error instanceof GPUOutOfMemoryError ? "gpu-memory" : "gpu-lost", error.message);
    });
    return device;
  };
}

/** @param {(count: number) => void} compiling */
function countShaders(compiling) {
  let count = 0;
  const device = /** @type {Record<string, any>} */ (GPUDevice.prototype);
  for (const name of ["createComputePipeline", "createComputePipelineAsync"]) {
    const create = device[name];
    device[name] = function counted(/** @type {unknown[]} */ ...options) {
      count += 1;
      compiling(count);
      return create.apply(this, options);
    };
  }
}
