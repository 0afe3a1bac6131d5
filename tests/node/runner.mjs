// Loads weights into the wasm module and times segmentations: the same in Node and, for the benchmark, in a page.

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * @param {object} api the module `pkg/s4eca.js`, initialised
 * @param {'webgpu'|'cpu'} backend
 * @param {string} manifest text of the bundle's manifest.json
 * @param {(name: string) => Promise<Uint8Array>} readFile reads a file of the bundle
 */
export async function openSegmenter(api, backend, manifest, readFile) {
  const loader = new api.WeightsLoader(manifest);
  for (const { name } of loader.files()) loader.add(name, await readFile(name));
  return loader.finish(backend);
}

/**
 * Segments one image once, cold if nothing ran before, and then `repeats` times more.
 * @param {{ width: number, height: number, rgba: Uint8Array }} image
 * @returns the first answer, whose map has the image's size, with `first_ms`, `warm_ms` (median, null without repeats) and `all_ms`
 */
export async function timeSegmentation(api, segmenter, image, phrase, repeats = 0) {
  const once = async () => {
    const started = performance.now();
    const { width, height, rgba } = image;
    const answer = await segmenter.segment(width, height, rgba, phrase, width, height);
    const milliseconds = performance.now() - started;
    const failure = api.last_gpu_error();
    if (failure !== undefined) throw new Error(`the GPU reports: ${failure}`);
    return { answer, milliseconds };
  };
  const first = await once();
  const all = [];
  for (let i = 0; i < repeats; i += 1) all.push((await once()).milliseconds);
  return {
    ...first.answer,
    width: image.width,
    height: image.height,
    first_ms: first.milliseconds,
    warm_ms: repeats > 0 ? median(all) : null,
    all_ms: all,
  };
}
