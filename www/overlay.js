// The image and its mask on two canvases, one over the other.

/** The mask's colours: name, red, green, blue. Chosen to stand out on vegetation, soil, water and roofs alike. */
export const COLOURS = [
  ["Magenta", 236, 29, 166],
  ["Cyan", 0, 200, 230],
  ["Yellow", 250, 204, 21],
  ["Orange", 249, 115, 22],
  ["Blue", 59, 91, 255],
];

/** The smallest byte of a probability map that is in the mask at `threshold` (0 to 1). */
export function levelOf(threshold) {
  return Math.ceil(threshold * 255);
}

export class Overlay {
  #image;
  #mask;
  #result = null;

  /** `image` and `mask` are the two canvas elements. */
  constructor(image, mask) {
    this.#image = image;
    this.#mask = mask;
  }

  /** Shows `bitmap` and drops the former mask. */
  setImage(bitmap) {
    this.clearMask();
    this.#image.width = bitmap.width;
    this.#image.height = bitmap.height;
    this.#image.getContext("2d").drawImage(bitmap, 0, 0);
  }

  clearMask() {
    this.#result = null;
    this.#mask.width = 1;
    this.#mask.height = 1;
  }

  /** Takes `{width, height, probability}`; call `draw` next. */
  setResult(result) {
    this.#result = result;
  }

  get result() {
    return this.#result;
  }

  /** The share of the image in the mask, 0 to 1. */
  share(threshold) {
    const { probability } = this.#result;
    const level = levelOf(threshold);
    let count = 0;
    for (let i = 0; i < probability.length; i += 1) count += probability[i] >= level ? 1 : 0;
    return count / probability.length;
  }

  /** Draws the mask with `{threshold, opacity, colour, visible}`; `colour` is an entry of COLOURS. */
  draw({ threshold, opacity, colour, visible }) {
    this.#mask.hidden = !visible;
    if (!this.#result) return;
    const { width, height, probability } = this.#result;
    const pixels = new ImageData(width, height);
    paint(new Uint32Array(pixels.data.buffer), probability, width, height, levelOf(threshold), opacity, colour);
    this.#mask.width = width;
    this.#mask.height = height;
    this.#mask.getContext("2d").putImageData(pixels, 0, 0);
  }

  /** Image and mask in one canvas, at the image's preview size. */
  compose() {
    const canvas = document.createElement("canvas");
    canvas.width = this.#image.width;
    canvas.height = this.#image.height;
    const context = canvas.getContext("2d");
    context.drawImage(this.#image, 0, 0);
    if (this.#result && !this.#mask.hidden) context.drawImage(this.#mask, 0, 0, canvas.width, canvas.height);
    return canvas;
  }
}

/** Fills the mask and draws its outline, which stays readable where the fill is faint. */
function paint(target, probability, width, height, level, opacity, [, red, green, blue]) {
  const rgb = (blue << 16) | (green << 8) | red;
  const fill = ((Math.round(opacity * 255) << 24) | rgb) >>> 0;
  const line = ((255 << 24) | rgb) >>> 0;
  const reach = Math.max(1, Math.round(Math.max(width, height) / 700));
  const step = reach * width;
  for (let y = 0, at = 0; y < height; y += 1) {
    const above = y >= reach;
    const below = y + reach < height;
    for (let x = 0; x < width; x += 1, at += 1) {
      if (probability[at] < level) continue;
      const edge =
        (x >= reach && probability[at - reach] < level) ||
        (x + reach < width && probability[at + reach] < level) ||
        (above && probability[at - step] < level) ||
        (below && probability[at + step] < level);
      target[at] = edge ? line : fill;
    }
  }
}
