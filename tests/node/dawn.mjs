// WebGPU in Node through Dawn, the engine of Chrome, by default on lavapipe: Mesa's Vulkan on the CPU.
// `node tests/node/dawn.mjs` runs one small compute shader and prints the adapter, or the reason why there is none, as
// JSON.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Thrown if this machine cannot run Dawn; the message tells what to install. */
class NoAdapter extends Error {}

// Where a Vulkan loader looks for drivers on Linux.
const driverFolders = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

function lavapipe() {
  for (const folder of driverFolders.filter((path) => existsSync(path))) {
    const name = readdirSync(folder).find((file) => /^lvp_icd.*\.json$/.test(file));
    if (name) return join(folder, name);
  }
  throw new NoAdapter('lavapipe is not installed: install mesa-vulkan-drivers, of Mesa 25 or newer');
}

// Adds up the time spent in calls that compile. Dawn in Node compiles within the call, so this is the cost of the
// shaders without the driver's own work at the first dispatch.
function countPipelines() {
  const pipelines = { count: 0, milliseconds: 0 };
  const device = /** @type {Record<string, any>} */ (GPUDevice.prototype);
  for (const name of ['createShaderModule', 'createComputePipeline']) {
    const original = device[name];
    device[name] = function (/** @type {unknown} */ descriptor) {
      const started = performance.now();
      const made = original.call(this, descriptor);
      pipelines.milliseconds += performance.now() - started;
      if (name === 'createComputePipeline') pipelines.count += 1;
      return made;
    };
  }
  return pipelines;
}

// Counts what is asked of the GPU: dispatches, and bytes written to it and mapped for reading.
function countWork() {
  const work = { dispatches: 0, uploaded: 0, read: 0 };
  /**
   * Calls `count` with the arguments of every call of `name`, a method of `owner`.
   *
   * @param {{ prototype: object }} owner
   * @param {string} name
   * @param {(this: any, ...given: any[]) => void} count
   */
  const watch = ({ prototype }, name, count) => {
    const methods = /** @type {Record<string, any>} */ (prototype);
    const original = methods[name];
    methods[name] = function (/** @type {any[]} */ ...given) {
      count.apply(this, given);
      return original.apply(this, given);
    };
  };
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    watch(GPUComputePassEncoder, name, () => (work.dispatches += 1));
  }
  watch(GPUQueue, 'writeBuffer', (_buffer, _at, data, from = 0, size = undefined) => {
    const unit = data.BYTES_PER_ELEMENT ?? 1;
    work.uploaded += size === undefined ? data.byteLength - from * unit : size * unit;
  });
  watch(GPUDevice, 'createBuffer', ({ size, mappedAtCreation }) => {
    if (mappedAtCreation) work.uploaded += size;
  });
  watch(GPUBuffer, 'mapAsync', /** @this {GPUBuffer} */ function (mode, from = 0, size = this.size - from) {
    if (mode & GPUMapMode.READ) work.read += size;
  });
  return work;
}

/**
 * Gives this process `navigator.gpu` and everything else that web-sys and wgpu look for in a window.
 * @param {'software'|'any'} choice only lavapipe, or any available GPU
 * @returns {Promise<{
 *   adapter: string,
 *   pipelines: { count: number, milliseconds: number },
 *   work: { dispatches: number, uploaded: number, read: number },
 * }>}
 */
export async function openDawn(choice = 'software') {
  if (choice === 'software') process.env.VK_DRIVER_FILES ??= lavapipe();
  let dawn;
  try {
    dawn = await import('webgpu');
  } catch (/** @type {any} */ error) {
    throw new NoAdapter(`Dawn does not load (${error.message}): run npm ci on 64-bit Linux, macOS or Windows`);
  }
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter();
  if (!adapter) {
    throw new NoAdapter(
      choice === 'software'
        ? 'Dawn refuses this lavapipe: Mesa 25 or newer is needed (Debian 12: mesa-vulkan-drivers from bookworm-backports)'
        : 'Dawn finds no GPU: install a Vulkan driver',
    );
  }
  Object.assign(globalThis, dawn.globals);
  // wgpu treats the global scope as a window if it has `Window`; web-sys checks whether it is an instance of it.
  const scope = /** @type {{ Window?: object }} */ (globalThis);
  scope.Window ??= Object;
  if (!globalThis.navigator) Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return { adapter: adapter.info.description || adapter.info.device, pipelines: countPipelines(), work: countWork() };
}

/**
 * What `once`, one inference, asks of the GPU; null without a GPU.
 *
 * @param {{ work: { dispatches: number, uploaded: number, read: number } } | null} dawn
 * @param {() => Promise<unknown>} once
 */
export async function workOf(dawn, once) {
  if (!dawn) return null;
  const before = { ...dawn.work };
  await once();
  const { dispatches, uploaded, read } = dawn.work;
  return { dispatches: dispatches - before.dispatches, uploaded: uploaded - before.uploaded, read: read - before.read };
}

// Computes 64 numbers on the GPU: a driver that loads but computes nothing does not count as an adapter.
async function selfCheck() {
  const adapter = /** @type {GPUAdapter} */ (await navigator.gpu.requestAdapter());
  const device = await adapter.requestDevice();
  const size = 64 * 4;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
  const numbers = device.createBuffer({ size, usage });
  const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const code = `@group(0) @binding(0) var<storage, read_write> numbers: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(local_invocation_index) i: u32) { numbers[i] = f32(2 * i); }`;
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const entries = [{ binding: 0, resource: { buffer: numbers } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(numbers, 0, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const right = new Float32Array(copy.getMappedRange()).every((value, i) => value === 2 * i);
  device.destroy();
  if (!right) throw new NoAdapter('Dawn computes wrong numbers on this driver: try another Mesa');
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { adapter } = await openDawn(/** @type {'software' | 'any' | undefined} */ (process.argv[2]));
    await selfCheck();
    console.log(JSON.stringify({ adapter }));
  } catch (/** @type {any} */ error) {
    console.log(JSON.stringify({ reason: error instanceof NoAdapter ? error.message : String(error.stack) }));
  }
}
