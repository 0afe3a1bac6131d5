// The scene, its layers' maps, and what the scene worker answers.
import type {
  Bytes,
  Choice,
  CorrectedStats,
  Coverage,
  Georeference,
  GeoreferenceInfo,
  MaskLayer,
  Outcome,
  Outlines,
  Plan,
  PlanInfo,
  Reading,
  Rect,
  StrokeKind,
  Ways,
} from "./engine.js";
import type { CorrectedExample, ExampleRecord } from "./examples.js";
import type { Picture } from "../www/scene/picture.js";
import type { PageError } from "../www/text/errors.js";
import type { TiffScene } from "../www/scene/tiff.js";

export type { Rect };
/** `[x, y]`. */
export type Point = [x: number, y: number];

export interface Size {
  width: number;
  height: number;
}

/** A remark on a scene or a file for the user: the text's code and its values. */
export interface Notice {
  code: string;
  values: Record<string, string | number | null>;
}

// ---- Images ----

/**
 * What a file's bytes tell. Sizes are 0 if the header is not read; `orientation` is that of EXIF, 0 if an AVIF turns
 * its picture; `exif` are the bounds of all EXIF data.
 */
export interface ImageHeader extends Size {
  format: string;
  orientation: number;
  exif: [start: number, end: number][];
}

/** What the engine finds wrong in a JPEG. */
export interface JpegProblem {
  kind: "cutShort" | "damaged" | "unsupported" | "tooLarge";
  message: string;
}

/** Files that were opened together, by their role. */
export interface SortedFiles {
  image: File;
  world: File | null;
  projections: File[];
  others: File[];
}

/** An open image of any kind. */
export type SceneImage = Picture | TiffScene;

/** The georeference's info with its corners in degrees, clockwise from the top left. */
export interface PlaceInfo extends GeoreferenceInfo {
  corners: (number[] | null)[];
}

/** The scene worker's description of the open scene. */
export interface SceneInfo extends Size {
  name: string;
  kind: "picture" | "tiff";
  format: string;
  bands: number;
  bits: number;
  overviews: number;
  preview: ImageBitmap;
  georeference: PlaceInfo | null;
  notices: Notice[];
}

// ---- Layers ----

/** How a layer's map is laid over the scene; `region` null is the whole scene. */
export interface LayerOptions {
  mode: "whole" | "closer" | "tiles";
  region: Rect | null;
  step: number;
  side: number;
  overlap: number;
}

/** The area to segment: `resolution` in cm per map px, null for automatic, `side` the model's input in px. */
export interface AreaWish {
  region: Rect | null;
  resolution: number | null;
  side: number;
}

/** The model's input for a tile; `empty` if there is no data at all. */
export interface Tile extends Size {
  rgba: Bytes;
  map: [width: number, height: number];
  empty: boolean;
}

/** What a phrase that was read selects from its maps; `picked` are the objects that the user chose, or null. */
export interface Asked {
  phrase: string;
  picked: number[] | null;
}

/** How a mask is made of its map; areas in map px. `correction` is the number of a correction, 0 if there is none. */
export interface Refine {
  threshold: number;
  smooth: number;
  minArea: number;
  fillHoles: number;
  correction: number;
  asked: Asked | null;
}

/** A stroke that corrects a mask; `points` are x, y, x, y, ... and `radius` is that of a brush, in map px. */
export interface Stroke {
  kind: StrokeKind;
  adds: boolean;
  radius: number;
  points: Float64Array;
}

/** What a stroke did: the number of the new correction, null if nothing changed, and map px. */
export interface Stroked {
  correction: number | null;
  added: number;
  removed: number;
}

/** A mask's figures, and what was selected. */
export interface ChosenStats extends CorrectedStats {
  correction: number;
  asked: Asked | null;
  choice: Outcome | null;
}

export interface LayerStats extends ChosenStats {
  areaM2: number | null;
}

/** A layer in the scene worker. */
export interface WorkerLayer {
  plan: Plan;
  info: PlanInfo;
  mask: MaskLayer;
  /** The pending tiles with no-data pixels. */
  holes: Map<number, { hasData: Bytes; width: number }>;
  window: Rect;
  /** The layers that it is composed of, by prompt. */
  maps: Map<string, number>;
  choices: Map<string, Promise<Choice>>;
  shown: Choice | null;
  /** What `shown` was last applied with. */
  applied: string;
  /** The options that the mask was last made with, as JSON; "" if its map has changed since. */
  made: string;
}

/** An image part and its mask, `mask` with a 0 or 1 per pixel; `place` is longitude and latitude of its middle. */
export type ExampleData = Omit<CorrectedExample, "phrase">;

// ---- Files to save ----

/** A layer as it is exported. */
export interface ExportLayer {
  phrase: string;
  name: string;
  colour: string;
  opacity: number;
  refine: Refine;
}

/** With `objects` vector files have one feature per object. */
export interface ExportMeta {
  model: string;
  objects: boolean;
  layers: ExportLayer[];
}

export interface ExportedFile {
  blob: Blob;
  name: string;
  note: Notice | null;
}

/** A layer's mask, made as its `refine` asks. */
export interface RefinedLayer {
  mask: MaskLayer;
  info: PlanInfo;
  stats: ChosenStats;
}

// ---- The worker's requests ----

/** What the scene worker does: every kind of request with its arguments and its answer. */
export interface SceneActions {
  open(files: File[]): Promise<SceneInfo>;
  ping(): void;
  setScale(cmPerPixel: number | null): Promise<PlaceInfo | null>;
  view(rect: Rect, width: number, height: number): Promise<ImageBitmap | null>;
  plan(wish: AreaWish): Promise<Coverage>;
  createLayer(id: number, options: LayerOptions): Promise<PlanInfo>;
  tile(id: number, i: number): Promise<Tile>;
  /** `shown` is what was added, and `isEnough` tells whether the map is complete without further tiles. */
  addTile(id: number, i: number, probability: Bytes | null): Promise<{ shown: Bytes | null; isEnough: boolean }>;
  read(phrase: string, ways?: Ways | null): Promise<Reading>;
  setMaps(id: number, maps: Record<string, number>): Promise<void>;
  outlines(id: number): Promise<Outlines | null>;
  refine(id: number, options: Refine): Promise<LayerStats>;
  render(id: number, kind: string): Promise<ImageBitmap>;
  stroke(id: number, options: Refine, to: number, stroke: Stroke): Promise<{ added: number; removed: number }>;
  keepCorrections(id: number, numbers: number[]): Promise<void>;
  example(id: number, options: Refine, view: Rect | null): Promise<ExampleData>;
  removeLayer(id: number): Promise<void>;
  exportFile(kind: string, ids: number[], meta: ExportMeta): Promise<ExportedFile>;
  packExamples(examples: ExampleRecord[]): Promise<Blob>;
  unpackExamples(file: File): Promise<ExampleRecord[]>;
}
export type SceneRequest = keyof SceneActions;
export type SceneArguments<Kind extends SceneRequest> = Parameters<SceneActions[Kind]>;
export type SceneAnswer<Kind extends SceneRequest> = Promise<Awaited<ReturnType<SceneActions[Kind]>>>;

// ---- The client ----

/** Events of the client, with their details. */
export interface SceneEvents {
  engine: null;
  progress: { done: number; total: number };
  restarted: PageError;
  lost: unknown;
}

/** A request without an answer yet. */
export interface SceneCall {
  kind: string;
  resolve: (value: any) => void;
  reject: (reason: unknown) => void;
}

/** What is needed to restore a layer. */
export interface KeptLayer {
  options: LayerOptions;
  tiles: Map<number, Bytes | null>;
  maps: Record<string, number>;
  refine: Refine | null;
  /** The strokes that made its corrections, in order. */
  strokes: { options: Refine; to: number; stroke: Stroke }[];
}
