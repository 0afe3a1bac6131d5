// What the scene worker's wasm module exports (src/web_scene): its bindings are made by wasm-bindgen, without types of
// their own. Values that Rust serialises are null where it has None.

/** The bindings as a module. */
export type Engine = typeof import("./engine.js");

/** Bytes in a buffer of their own. */
export type Bytes = Uint8Array<ArrayBuffer>;
/** RGBA, eight bits each, row by row. */
export type Rgba = Uint8Array | Uint8ClampedArray;

/** Starts the module, by default the one beside the bindings. */
export default function init(options?: { module_or_path: WebAssembly.Module | BufferSource }): Promise<unknown>;

// ---- Phrases ----

/** One understood part of a phrase. */
export interface Token {
  label: string;
  role: "thing" | "condition" | "rank" | "number" | "and" | "except" | "complement" | "question";
  /** The phrase without this part, or null if it cannot be omitted. */
  without: string | null;
  /** Alternatives, each with the whole phrase. */
  others: { label: string; phrase: string }[];
}

/** How a phrase was read. */
export interface Reading {
  understood: boolean;
  /** Whether it is executed: it was understood, and this is how the weights answer phrases of its kind best. */
  executed: boolean;
  /** Whether the phrase only names things, without a condition. */
  bare: boolean;
  question: Question;
  tokens: Token[];
  /** The words that were not understood. */
  unread: string[];
  /** The words of its nouns that only the network can know. */
  unknown: string[];
  /** Why there is no reading. */
  problems: string[];
  /** The prompts for the network. */
  prompts: string[];
  /** Whether colours have to be measured. */
  looks: boolean;
}

export type Question = "mask" | "count" | "exists";

/** Who answers which kinds of phrases: `reading` of the weights' manifest. */
export type Ways = Record<string, "network" | "execute">;

export function read_phrase(phrase: string, ways?: Ways | null): Reading;

// ---- Maps, masks and choices ----

/** `[x, y, width, height]`. */
export type Rect = [x: number, y: number, width: number, height: number];

/** A map's grid: its size, the scene pixel at its corner, scene pixels per map pixel, and the number of tiles. */
export interface PlanInfo {
  width: number;
  height: number;
  originX: number;
  originY: number;
  stepX: number;
  stepY: number;
  count: number;
}

/** How an area is processed; `region` is null for the whole scene. `closer` is one look, and closer ones if needed. */
export interface Coverage {
  mode: "whole" | "closer" | "tiles";
  region: Rect | null;
  step: number;
  side: number;
  overlap: number;
  about: CoverageFigures;
}

/** The map's size, scene pixels per map pixel (null unless in tiles) and metres per map pixel. */
export interface CoverageFigures {
  width: number;
  height: number;
  tiles: number;
  step: number | null;
  ground: number | null;
}

/** What would fit: the side of a square in scene pixels, or metres per map pixel for the same area. */
export interface Fitting {
  side: number;
  ground: number | null;
}

/** What is wrong with the bytes of a JPEG; undefined if it is a whole picture. */
export function jpegProblem(bytes: Uint8Array): import("./scene").JpegProblem | undefined;

/** Whether an image is too small to segment. */
export function isTooSmall(width: number, height: number): boolean;

/** `resolution` is in cm per map pixel, `metres` per scene pixel, `side` the network's input. */
export function coverage(
  scene: readonly number[],
  region: readonly number[] | undefined,
  resolution: number | undefined,
  metres: number | undefined,
  side: number,
): Coverage;

export class Plan {
  private constructor();
  static whole(window: readonly number[]): Plan;
  static closer(window: readonly number[]): Plan;
  static tiled(scene: readonly number[], region: readonly number[], step: number, side: number, overlap: number): Plan;
  info(): PlanInfo;
  /** What to read, in scene pixels, and where its map goes. */
  tile(index: number): { source: Rect; place: Rect };
  free(): void;
}

/** A mask's figures; the area in map pixels. */
export interface MaskStats {
  area: number;
  share: number;
  score: number;
  parts: number;
}

/** The figures of a mask that may be corrected; areas in map pixels, `things` null unless objects were separated. */
export interface CorrectedStats extends MaskStats {
  added: number;
  removed: number;
  things: number | null;
}

/** How a mask is corrected: a line, an outline, a connected part at a point, or everything removed. */
export type StrokeKind = "brush" | "lasso" | "part" | "nothing";

export class MaskLayer {
  constructor(plan: Plan);
  hide(tile: number, probabilities: Bytes, hasData: Bytes, width: number): Bytes;
  add(tile: number, probabilities: Bytes): void;
  /** Whether the map is complete with an overview alone. */
  isEnough(): boolean;
  clear(): void;
  copy(other: MaskLayer): void;
  refine(threshold: number, smooth: number, minArea: number, fillHoles: number): CorrectedStats;
  /** Uses a correction for every mask from now on; 0 is the model's own mask. */
  correct(number: number): void;
  /** Makes correction `to` from the one in use; points are x, y, x, y, ... in map pixels, as are the answers. */
  stroke(
    to: number,
    kind: StrokeKind,
    adds: boolean,
    radius: number,
    points: Float64Array,
  ): { added: number; removed: number };
  keepCorrections(numbers: Uint32Array): void;
  mask(): Bytes;
  probability(): Bytes;
  rgba(kind: string): Bytes;
  area(georeference: Georeference): number | undefined;
  free(): void;
}

/** What could not be done as asked. */
export interface ChoiceProblem {
  kind:
    | "anchorMissing"
    | "anchorLeftOut"
    | "closest"
    | "nothingFits"
    | "tooSmall"
    | "tooFew"
    | "tooMany"
    | "noPixels"
    | "noMap"
    | "tooDeep";
  noun?: string;
  wanted?: number;
  found?: number;
  kept?: number;
}

/** The outcome of an executed phrase. */
export interface Outcome {
  question: Question;
  noun: string;
  one: string;
  found: number;
  chosen: number;
  near: number;
  single: boolean;
  mass: boolean;
  bare: boolean;
  /** Whether everything but the chosen objects is in the mask. */
  complement: boolean;
  /** Whether only the network can know what the noun means. */
  unknown: boolean;
  changed: boolean;
  problem: ChoiceProblem | null;
  relation: string | null;
}

/** An object to choose from; lengths are scene pixels, the area map pixels. */
export interface Candidate {
  place: number;
  noun: string;
  chosen: boolean;
  near: boolean;
  /** Whether only a correction put it into the mask. */
  added: boolean;
  score: number;
  area: number;
  centre: [number, number];
  /** Each `[x, y, x, y, ...]`. */
  rings: number[][];
}

export interface Outlines {
  objects: Candidate[];
  /** The rings of each reference object. */
  anchors: number[][][];
  /** Whether there are more objects. */
  cut: boolean;
}

export class Choice {
  constructor(phrase: string, plan: Plan);
  add(prompt: string, map: MaskLayer): void;
  see(width: number, height: number, rgba: Rgba): void;
  run(): void;
  pick(places: Uint32Array | undefined): void;
  ownPrompts(): string[];
  fill(target: MaskLayer, prompt: string, map: MaskLayer): void;
  finish(target: MaskLayer): void;
  mark(target: MaskLayer): void;
  outcome(): Outcome;
  /** `target` is the layer that the choice was marked in. */
  outlines(target: MaskLayer): Outlines;
  free(): void;
}

// ---- Scenes ----

export interface RasterFacts {
  width: number;
  height: number;
  bands: number;
  /** Bands that are shown. */
  used: number;
  bits: number;
  overviews: number;
  stretched: boolean;
  masked: boolean;
}

export interface Pixels {
  width: number;
  height: number;
  rgba: Bytes;
}

/**
 * The network's input; pixels without data are grey. `hasData` is 0 for each pixel without data and 1 for others, or
 * null if all have data; `empty` if none has.
 */
export interface Piece extends Pixels {
  hasData: Bytes | null;
  empty: boolean;
}

/** An open TIFF. Windows are x, y, width, height; level 0 is the scene itself. */
export class Raster {
  private constructor();
  static open(file: File, aux?: string): Raster;
  facts(): RasterFacts;
  hasTags(): boolean;
  georeference(beside: Sidecars): Georeference;
  levelFor(step: number): number;
  /** Width and height. */
  levelSize(level: number): Uint32Array;
  onLevel(level: number, x: number, y: number, width: number, height: number): Uint32Array;
  rgba(level: number, x: number, y: number, width: number, height: number): Bytes;
  /** The same with every `factor` x `factor` pixels averaged to one. */
  smaller(level: number, x: number, y: number, width: number, height: number, factor: number): Bytes;
  piece(x: number, y: number, width: number, height: number, step: number): Piece;
  startPreview(side: number): void;
  /** Whether there is more to do. */
  advance(): boolean;
  previewShare(): number;
  takePreview(): Pixels;
  free(): void;
}

/** Averages a part of a picture as the same part of a TIFF would be. */
export class Averaging {
  constructor(width: number, height: number);
  readonly isNeeded: boolean;
  readonly rowsAtOnce: number;
  push(rows: Bytes): void;
  /** Frees the object too. */
  finish(): Pixels;
  free(): void;
}

// ---- Place and files ----

/** What is fitted to the ground control points, and how well; lengths in metres or in the coordinates' own unit. */
export interface ControlPoints {
  method: "affine" | "thin-plate-spline";
  points: number;
  /** The root mean square. */
  residual: number;
  largest: number;
  /** The root mean square of an affine grid. */
  gridResidual: number;
  inMetres: boolean;
}

export interface GeoreferenceInfo {
  epsg: number | null;
  name: string;
  kind: "projected" | "geographic" | "unknown" | "scale";
  rotated: boolean;
  metresPerPixel: number | null;
  /** West, south, east, north. */
  bounds: [number, number, number, number] | null;
  /** What places the scene, or would if it could be used. */
  source: "geotags" | "aux-xml" | "world-file" | "scale" | null;
  controlPoints: ControlPoints | null;
  problem: string | null;
}

/** The texts of the files beside a scene. */
export interface Sidecars {
  world?: string;
  prj?: string;
  aux?: string;
}

export class Georeference {
  private constructor();
  static fromFiles(beside: Sidecars): Georeference;
  static fromScale(centimetres: number): Georeference;
  info(width: number, height: number): GeoreferenceInfo;
  /** Longitude and latitude of a scene pixel. */
  place(x: number, y: number): Float64Array | undefined;
  free(): void;
}

export class VectorExport {
  constructor(georeference: Georeference, source: string, model: string);
  add(layer: MaskLayer, phrase: string, colour: string, score: number, threshold: number): void;
  addObjects(layer: MaskLayer, phrase: string, colour: string, threshold: number): void;
  geojson(): string;
  kml(): string;
  attributes(): { layer: number; class: string | null; score: number; area: number | null }[];
  wkb(): Bytes[];
  free(): void;
}

export function geotiff(
  layer: MaskLayer,
  georeference: Georeference,
  kind: string,
  width: number,
  height: number,
): Bytes;

export function world_file(
  georeference: Georeference,
  originX: number,
  originY: number,
  stepX: number,
  stepY: number,
): string;

// ---- Zip files ----

/** A zip file that the user chose. */
export class Archive {
  private constructor();
  static open(file: Blob): Archive;
  /** Paths of all files in it. */
  names(): string[];
  read(index: number): Bytes;
  free(): void;
}

/** A zip file that is being written: headers, each followed by the file's bytes, then the end. */
export class ArchiveWriter {
  constructor();
  add(name: string, bytes: Bytes): Bytes;
  /** Frees the object too. */
  finish(): Bytes;
  free(): void;
}
