// Interprets a TIFF's directory for the page: which bands form the picture, and how they become colours.
// TIFF 6.0, https://www.awaresystems.be/imaging/tiff/tifftags.html
import { PageError } from "../text/errors.js";

const READABLE = new Set([1, 5, 7, 8, 32773, 32946, 34887, 50000, 50001]);
const COMPRESSIONS = {
  2: "CCITT", 3: "CCITT fax 3", 4: "CCITT fax 4", 6: "old-style JPEG", 34661: "JBIG", 34712: "JPEG 2000",
  34925: "LZMA", 50002: "JPEG XL", 52546: "JPEG XL",
};
const FORMATS = { 1: "unsigned", 2: "signed", 3: "float", 4: "unsigned", 5: "complex", 6: "complex" };
/** Rational polynomial coefficients. */
const RPC = 50844;
const WHITE_IS_ZERO = 0;
const RGB = 2;
const PALETTE = 3;
const YCBCR = 6;
const JPEG = 7;

/** The value of a tag, or `fallback` if it is missing. */
export function tag(image, name, fallback) {
  const value = image.fileDirectory.hasTag(name) ? image.fileDirectory.getValue(name) : undefined;
  return value ?? fallback;
}

/**
 * Describes the samples of a directory: `{bands, bits, use, kind, photometric, alpha, nodata, palette}`.
 * `use` lists the bands to read; `alpha` is the index of the alpha band among them, or -1; `kind` is the
 * number type that Stretch takes; `photometric` is "grey", "inverted", "rgb" or "palette"; `nodata` is the no-data
 * value or NaN; `palette` is RGB bytes or null.
 * Throws a PageError for samples that cannot be shown.
 */
export function samplesOf(image) {
  const bands = image.getSamplesPerPixel();
  const bits = [...tag(image, "BitsPerSample", [1])];
  const formats = [...tag(image, "SampleFormat", [1])];
  const name = `${new Set(bits).size === 1 ? bits[0] : bits.join(" and ")}-bit ${FORMATS[formats[0]] ?? "unknown"}`;
  const mixed = new Set(bits).size > 1 || new Set(formats).size > 1;
  const kind = mixed ? "" : kindOf(formats[0], bits[0]);
  if (!kind) throw new PageError("tiff-samples", `its samples are ${name}`);
  checkCompression(image, bits[0]);
  const photometric = photometricOf(image, bands);
  const { use, alpha } = bandsOf(image, bands, photometric);
  const nodata = image.getGDALNoData() ?? NaN;
  const palette = photometric === "palette" ? paletteOf(image) : null;
  return { bands, bits: bits[0], use, kind, photometric, alpha, nodata, palette };
}

function kindOf(format, bits) {
  if (format === 3) return [16, 32, 64].includes(bits) ? "f32" : "";
  if (format === 1 && [1, 2, 4].includes(bits)) return "u8";
  if (![1, 2, 4].includes(format) || ![8, 16, 32].includes(bits)) return "";
  if (bits === 32) return "f32";
  if (format === 2) return "i16";
  return bits === 8 ? "u8" : "u16";
}

function checkCompression(image, bits) {
  const compression = tag(image, "Compression", 1);
  const predicted = tag(image, "Predictor", 1) !== 1;
  const name = COMPRESSIONS[compression] ?? `number ${compression}`;
  if (!READABLE.has(compression)) throw new PageError("tiff-compression", `its compression is ${name}`);
  const depth = `its compression is ${bits}-bit JPEG`;
  if (compression === JPEG && bits !== 8) throw new PageError("tiff-compression", depth);
  if (predicted && bits > 8 && !image.littleEndian) {
    throw new PageError("tiff-compression", "its samples are big-endian and predicted");
  }
}

function photometricOf(image, bands) {
  const photometric = tag(image, "PhotometricInterpretation", bands >= 3 ? RGB : 1);
  const isJpeg = tag(image, "Compression", 1) === JPEG;
  if (photometric === PALETTE) return "palette";
  // The JPEG decoder itself converts YCbCr to RGB.
  if (photometric === RGB || (photometric === YCBCR && isJpeg)) {
    if (bands < 3) throw new PageError("tiff-colours", `an RGB image of ${bands} band${bands === 1 ? "" : "s"}`);
    return "rgb";
  }
  if (photometric > 1) throw new PageError("tiff-colours", `its photometric interpretation is number ${photometric}`);
  // Multispectral images are stored as grey with extra samples.
  if (bands >= 3) return "rgb";
  return photometric === WHITE_IS_ZERO ? "inverted" : "grey";
}

function bandsOf(image, bands, photometric) {
  const extra = [...tag(image, "ExtraSamples", [])];
  const first = extra.findIndex((meaning) => meaning === 1 || meaning === 2);
  const colours = photometric === "rgb" ? 3 : 1;
  // With two bands the second is treated as alpha even if the file does not say so.
  const alpha = first >= 0 ? bands - extra.length + first : bands === 2 ? 1 : -1;
  const use = Array.from({ length: colours }, (_, band) => band);
  if (alpha < colours) return { use, alpha: -1 };
  return { use: [...use, alpha], alpha: colours };
}

/** The colour map as RGB bytes. */
function paletteOf(image) {
  const map = tag(image, "ColorMap", null);
  if (!map || map.length % 3) throw new PageError("tiff-damaged", "a palette image without a colour map");
  const count = map.length / 3;
  const palette = new Uint8Array(map.length);
  for (let i = 0; i < count; i += 1) {
    for (let band = 0; band < 3; band += 1) palette[i * 3 + band] = map[band * count + i] >> 8;
  }
  return palette;
}

/** The georeferencing tags as `Georeference.fromFiles` takes them; null if there are none. */
export function geoTags(image) {
  const numbers = (name) => (tag(image, name, null) ? Array.from(tag(image, name)) : undefined);
  const tags = {
    scale: numbers("ModelPixelScale"),
    tiepoints: numbers("ModelTiepoint"),
    transformation: numbers("ModelTransformation"),
    geoKeys: numbers("GeoKeyDirectory"),
    geoDoubles: numbers("GeoDoubleParams"),
    geoAscii: tag(image, "GeoAsciiParams", undefined)?.replace(/\0+$/, ""),
    rpc: image.fileDirectory.hasTag(RPC) || undefined,
  };
  for (const name of Object.keys(tags)) if (tags[name] === undefined) delete tags[name];
  return tags.scale || tags.tiepoints || tags.transformation || tags.geoKeys || tags.rpc ? tags : null;
}
