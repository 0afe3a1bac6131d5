// Examples as one zip in the layout of one's own data (docs/training.md): images/, masks/, phrases.csv. The zip format
// itself is handled in wasm. Runs in the scene worker.
import { inspect } from "../scene/imagefile.js";
import { fileName } from "../scene/filename.js";
import { PageError, textOf } from "../text/errors.js";
import { decoded, maskOf, scaledMask } from "./pixels.js";
import { recordOf } from "./record.js";
import { readCsv, readJsonLines, writeCsv } from "./table.js";
/**
 * @import { Archive, Bytes, Engine } from "../../types/engine.js"
 * @import { ExampleLine, ExampleRecord } from "../../types/examples.js"
 */

const COLUMNS = ["image", "phrase", "mask", "gsd_m", "longitude", "latitude", "scene", "date"];
const LISTS = ["phrases.csv", "phrases.jsonl"];
/** Lines of a list. */
const MOST = 2000;
/** Pixels of a picture. */
const PIXELS = 50e6;

/**
 * A zip of `examples`. The same examples give the same bytes.
 *
 * @param {Engine} engine
 * @param {ExampleRecord[]} examples
 */
export async function packExamples(engine, examples) {
  const writer = new engine.ArchiveWriter();
  /** @type {BlobPart[]} */
  const parts = [];
  /** @param {string} name @param {Blob} blob */
  const add = async (name, blob) => {
    parts.push(writer.add(name, new Uint8Array(await blob.arrayBuffer())), blob);
  };
  const list = writeCsv(COLUMNS, examples.map((example) => ({
    image: imageName(example),
    phrase: example.phrase,
    mask: maskName(example),
    gsd_m: example.metresPerPixel,
    longitude: example.place?.[0] ?? null,
    latitude: example.place?.[1] ?? null,
    scene: example.scene,
    date: example.added,
  })));
  await add(LISTS[0], new Blob([list]));
  // Phrases of one image share its file.
  const images = new Map(examples.map((example) => [imageName(example), example.png]));
  for (const [name, blob] of images) await add(`images/${name}`, blob);
  for (const example of examples) await add(`masks/${maskName(example)}`, example.maskPng);
  parts.push(writer.finish());
  return new Blob(parts, { type: "application/zip" });
}

/** @param {ExampleRecord} example */
function imageName({ scene, imageKey }) {
  return fileName(scene, [], "png", imageKey.slice(0, 12));
}

/** @param {ExampleRecord} example */
function maskName({ scene, phrase, id }) {
  return fileName(scene, [phrase], "png", id.slice(0, 12));
}

/**
 * The examples in a zip, which may have been made by other programs. Throws a PageError that says what is wrong.
 * Nothing of the zip is used then.
 *
 * @param {Engine} engine
 * @param {File} file
 * @returns {Promise<ExampleRecord[]>}
 */
export async function unpackExamples(engine, file) {
  let archive = null;
  try {
    archive = engine.Archive.open(file);
    const examples = await new Reading(archive, file).examples();
    archive.free();
    return examples;
  } catch (error) {
    // After a trap the module is not usable.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    archive?.free();
    throw new PageError("examples-zip", `${file.name}: ${textOf(error)}`);
  }
}

/** A zip that is being read. */
class Reading {
  #archive;
  #names;
  #file;
  #root = "";
  /** @type {Map<string, Promise<Awaited<ReturnType<typeof decoded>> & { blob: Blob }>>} */
  #latest = new Map(); // the image that was decoded last: phrases of one image follow each other

  /** @param {Archive} archive @param {File} file */
  constructor(archive, file) {
    this.#archive = archive;
    this.#names = archive.names();
    this.#file = file;
  }

  async examples() {
    const { name, lines } = this.#list();
    const examples = [];
    for (const [i, line] of lines.entries()) {
      try {
        examples.push(await this.#example(line));
      } catch (error) {
        if (error instanceof WebAssembly.RuntimeError) throw error;
        throw new Error(`${name}, entry ${i + 1}: ${error instanceof PageError ? damage(error) : textOf(error)}`);
      }
    }
    return examples;
  }

  /** The list of phrases. It may be in a folder of the zip, together with its images. */
  #list() {
    const isOne = (/** @type {string} */ name) => LISTS.some((list) => name === list || name.endsWith(`/${list}`));
    const found = this.#names.filter((name) => isOne(name) && !name.startsWith("__MACOSX/"));
    if (found.length === 0) throw new Error("it has no phrases.csv, so it is no zip of examples");
    if (found.length > 1) throw new Error(`it has several lists of phrases: ${found.slice(0, 3).join(", ")}`);
    const [path] = found;
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.#root = path.slice(0, -name.length);
    const text = textIn(this.#read(path), name);
    let lines;
    try {
      lines = name === LISTS[0] ? readCsv(text) : readJsonLines(text);
    } catch (error) {
      throw new Error(`${name}: ${textOf(error)}`);
    }
    if (lines.length > MOST) throw new Error(`${name} has ${lines.length} entries, ${MOST} are allowed`);
    if (lines.length === 0) throw new Error(`${name} has no entries`);
    return { name, lines };
  }

  /** @param {ExampleLine} line */
  async #example(line) {
    for (const column of ["image", "phrase", "mask"]) if (!line[column]) throw new Error(`it has no ${column}`);
    const about = placeOf(line);
    const { blob, ...picture } = await this.#image(line.image);
    const found = await this.#picture(`masks/${line.mask}`);
    const mask = scaledMask(maskOf(found.image), found, picture);
    const example = { ...picture, mask, phrase: line.phrase, ...about, empty: !mask.includes(1) };
    const isPng = blob.type === "image/png";
    const named = { scene: line.scene || line.image, added: dateOf(line, this.#file) };
    return recordOf(example, { ...named, file: isPng ? blob : null });
  }

  /** @param {string} name */
  #image(name) {
    const known = this.#latest.get(name) ?? this.#picture(`images/${name}`);
    this.#latest = new Map([[name, known]]);
    return known;
  }

  /** @param {string} path */
  async #picture(path) {
    const bytes = this.#read(this.#root + path, path);
    const header = await inspect(new Blob([bytes]));
    if (header.format === "TIFF") throw new Error(`${path} is a TIFF: use PNG or JPEG`);
    const blob = new Blob([bytes], { type: header.format === "PNG" ? "image/png" : "" });
    const { width, height } = header;
    if (width * height > PIXELS) throw new Error(`${path} has ${width} × ${height} px: that is too large`);
    try {
      return { ...(await decoded(blob)), blob };
    } catch {
      throw new Error(`${path} is damaged: it cannot be decoded`);
    }
  }

  /** @param {string} path @param {string} shown */
  #read(path, shown = path) {
    const index = this.#names.indexOf(path);
    if (index < 0) throw new Error(`${shown} is not in the zip`);
    return /** @type {Bytes} */ (this.#archive.read(index));
  }
}

/** @param {PageError} error */
function damage({ code, message }) {
  return message || `a picture cannot be read (${code})`;
}

/** @param {Bytes} bytes @param {string} name */
function textIn(bytes, name) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`${name} is not UTF-8 text`);
  }
}

/** @param {ExampleLine} line */
function placeOf({ gsd_m, longitude, latitude }) {
  const metres = gsd_m ? Number(gsd_m) : null;
  if (metres !== null && !(metres > 0 && Number.isFinite(metres))) {
    throw new Error(`gsd_m is ${gsd_m}: it needs metres per pixel, above 0`);
  }
  const place = /** @type {[number, number]} */ ([longitude, latitude].map(Number));
  const isKnown = Boolean(longitude || latitude);
  if (isKnown && !(longitude && latitude && Math.abs(place[0]) <= 180 && Math.abs(place[1]) <= 90)) {
    throw new Error(`there is no place at longitude ${longitude || "?"}, latitude ${latitude || "?"}`);
  }
  return { metresPerPixel: metres, place: isKnown ? place : null };
}

/**
 * The time when an example was made, or when the zip was made if the list does not state it.
 *
 * @param {ExampleLine} line
 * @param {File} file
 */
function dateOf({ date }, file) {
  const known = new Date(date || NaN);
  return (Number.isNaN(known.getTime()) ? new Date(file.lastModified) : known).toISOString();
}
