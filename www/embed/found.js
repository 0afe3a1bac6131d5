// What the model found of a phrase in an image.

/** A colour as the network's mask is shown where none is named. */
const COLOUR = "#ff4d00";

export class Found {
  constructor([width, height], answer) {
    this.width = width;
    this.height = height;
    Object.assign(this, answer);
  }

  mask(threshold = 0.5) {
    const least = Math.ceil(threshold * 255);
    return this.probability.map((value) => (value >= least ? 255 : 0));
  }

  toImageData(colour = COLOUR, threshold = 0.5) {
    const image = new ImageData(this.width, this.height);
    const [red, green, blue, alpha] = channels(colour);
    const least = Math.ceil(threshold * 255);
    this.probability.forEach((value, index) => {
      if (value >= least) image.data.set([red, green, blue, alpha], 4 * index);
    });
    return image;
  }
}

/** Any CSS colour as four bytes: the browser knows them all. */
function channels(colour) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}
