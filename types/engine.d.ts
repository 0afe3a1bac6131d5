// What the wasm engine exports (src/web): its bindings are made by wasm-bindgen, without types of their own. Values that
// Rust serialises are null where it has None.

/** The bindings as a module. */
export type Engine = typeof import("./engine.js");

/** Bytes in a buffer of their own. */
export type Bytes = Uint8Array<ArrayBuffer>;
/** RGBA, eight bits each, row by row. */
export type Rgba = Uint8Array | Uint8ClampedArray;

/** Starts the module, by default the one beside the bindings. */
export default function init(options?: { module_or_path: WebAssembly.Module | BufferSource }): Promise<unknown>;

/** The last error that the GPU reported. */
export function last_gpu_error(): string | undefined;

// ---- Phrases ----

/** One understood part of a phrase. */
export interface Token {
  label: string;
  role: "thing" | "condition" | "rank" | "number" | "and" | "except" | "question";
  /** The phrase without this part, or null if it cannot be omitted. */
  without: string | null;
  /** Alternatives, each with the whole phrase. */
  others: { label: string; phrase: string }[];
}

/** How a phrase was read. */
export interface Reading {
  understood: boolean;
  /** Whether the phrase only names things, without a condition. */
  bare: boolean;
  question: Question;
  tokens: Token[];
  /** The words that were not understood. */
  unread: string[];
  /** Why there is no reading. */
  problems: string[];
  /** The prompts for the network. */
  prompts: string[];
  /** Whether colours have to be measured. */
  looks: boolean;
}

export type Question = "mask" | "count" | "exists";

export function read_phrase(phrase: string): Reading;

// ---- The network ----

/** A file of the weights. */
export interface WeightsFile {
  name: string;
  bytes: number;
  sha256: string;
}

export class WeightsLoader {
  constructor(manifest: string);
  files(): WeightsFile[];
  add(name: string, bytes: Bytes): void;
  finish(backend: string): Promise<Segmenter>;
}

export interface SegmenterInfo {
  name: string;
  preset: string;
  precision: string;
  input: number;
  backend: "webgpu" | "cpu";
  adapter: string;
  software: boolean;
  parameters: number;
  credits: string[];
  licence: string;
}

/** A probability map and its figures. */
export interface NetworkAnswer {
  /** 0 to 255 per map pixel. */
  probability: Bytes;
  score: number;
  milliseconds: number;
  truncated: boolean;
  words: number;
  unknown: number;
}

export class Segmenter {
  private constructor();
  info(): SegmenterInfo;
  segment(
    width: number,
    height: number,
    rgba: Rgba,
    phrase: string,
    mapWidth: number,
    mapHeight: number,
  ): Promise<NetworkAnswer>;
}

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

export class Plan {
  private constructor();
  static whole(window: readonly number[], longest: number): Plan;
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

export class MaskLayer {
  constructor(plan: Plan);
  hide(tile: number, probabilities: Bytes, hasData: Bytes, width: number): Bytes;
  add(tile: number, probabilities: Bytes): void;
  clear(): void;
  copy(other: MaskLayer): void;
  refine(threshold: number, smooth: number, minArea: number, fillHoles: number): MaskStats;
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
  mark(target: MaskLayer): void;
  outcome(): Outcome;
  outlines(): Outlines;
  free(): void;
}

// ---- Place and files ----

export interface GeoreferenceInfo {
  epsg: number | null;
  name: string;
  kind: "projected" | "geographic" | "unknown" | "scale";
  rotated: boolean;
  metresPerPixel: number | null;
  /** West, south, east, north. */
  bounds: [number, number, number, number] | null;
  problem: string | null;
}

/** The geotags of a TIFF. */
export interface GeoTags {
  scale?: number[] | null;
  tiepoints?: number[] | null;
  transformation?: number[] | null;
  geoKeys?: number[] | null;
  geoDoubles?: number[] | null;
  geoAscii?: string | null;
}

export class Georeference {
  private constructor();
  static fromTags(tags: GeoTags): Georeference;
  static fromWorldFile(text: string, epsg: number): Georeference;
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
