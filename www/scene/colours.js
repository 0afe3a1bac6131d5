// Converts a TIFF's samples to RGBA, by the same rule as the native program (Stretch, in wasm): 8-bit
// values as stored, others stretched by the values in a sample of the scene.

const SIDE = 128;
const ACROSS = 5;

export class Colours {
  #samples;
  #stretch = null;

  /**
   * `samples` is the result of `samplesOf`, `engine` the wasm module, `read(window)` resolves to the interleaved
   * samples of a window at full resolution, `size` is the scene's `{width, height}`.
   */
  static async of(samples, engine, read, size) {
    const colours = new Colours();
    colours.#samples = samples;
    const { kind, use, photometric, alpha, palette } = samples;
    const nodata = samples.nodata * spreadOf(samples.bits);
    const sample = kind === "u8" || palette ? new Uint8Array(0) : await sampleOf(kind, read, size);
    // Palette indices are looked up below: nothing to stretch.
    if (!palette) colours.#stretch = new engine.Stretch(kind, use.length, photometric, alpha, nodata, sample);
    return colours;
  }

  /** Converts interleaved `samples`, as read, to RGBA bytes. */
  rgba(samples, width, height) {
    if (!this.#stretch) return this.#lookUp(samples, width, height);
    const { kind, bits } = this.#samples;
    const spread = spreadOf(bits);
    const values = spread === 1 ? asKind(kind, samples) : samples.map((value) => value * spread);
    return this.#stretch.rgba(values, width, height);
  }

  free() {
    this.#stretch?.free();
  }

  #lookUp(samples, width, height) {
    const { alpha, nodata, palette } = this.#samples;
    const bands = alpha < 0 ? 1 : 2;
    const rgba = new Uint8Array(width * height * 4);
    for (let from = 0, to = 0; to < rgba.length; from += bands, to += 4) {
      const entry = samples[from] * 3;
      for (let band = 0; band < 3; band += 1) rgba[to + band] = palette[entry + band] ?? 0;
      rgba[to + 3] = samples[from] === nodata || (alpha >= 0 && samples[from + 1] === 0) ? 0 : 255;
    }
    return rgba;
  }
}

/** The factor for samples: those of fewer than 8 bits, stored one per byte, are scaled to the full range of a byte. */
function spreadOf(bits) {
  return bits < 8 ? 255 / ((1 << bits) - 1) : 1;
}

/** The samples of windows spread evenly over the scene, concatenated. */
async function sampleOf(kind, read, { width, height }) {
  const windows = [];
  for (let row = 0; row < ACROSS; row += 1) {
    for (let column = 0; column < ACROSS; column += 1) windows.push([...spot(column, width), ...spot(row, height)]);
  }
  const parts = [];
  for (const [x, w, y, h] of windows) parts.push(asKind(kind, await read([x, y, w, h])));
  const all = new parts[0].constructor(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Start and length of window `index` along an axis of `length` px. */
function spot(index, length) {
  const side = Math.min(SIDE, length);
  return [Math.floor(((length - side) * index) / (ACROSS - 1)), side];
}

/** The samples as the typed array that `kind` names. */
function asKind(kind, samples) {
  if (kind === "f32") return samples instanceof Float32Array ? samples : Float32Array.from(samples);
  if (kind === "i16") return samples instanceof Int16Array ? samples : Int16Array.from(samples);
  return samples;
}

/** An ImageBitmap of RGBA bytes. */
export function bitmapOf(rgba, width, height) {
  return createImageBitmap(new ImageData(new Uint8ClampedArray(rgba.buffer), width, height));
}
