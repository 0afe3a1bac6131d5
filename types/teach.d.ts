// What the teaching worker's wasm module exports (src/web_teach), and what the worker and the page exchange.
import type { Bytes, Rgba } from "./engine.js";
import type { WeightsFile } from "./network.js";

/** The bindings as a module. */
export type Teaching = typeof import("./teach.js");

/** Starts the module, by default the one beside the bindings. */
export default function init(options?: { module_or_path: WebAssembly.Module | BufferSource }): Promise<unknown>;

export class WeightsLoader {
  constructor(manifest: string);
  files(): WeightsFile[];
  add(name: string, bytes: Bytes): void;
  finish(): Teacher;
}

/** What an example is besides its pixels. Examples of one image share the place. */
export interface ExampleAbout {
  phrase: string;
  place: string;
  metresPerPixel: number | null;
}

export class Teacher {
  private constructor();
  add(width: number, height: number, rgba: Rgba, mask: Bytes, about: ExampleAbout): void;
  learn(wish: Wish, tell: (work: Work) => Promise<void>): Promise<Learned>;
  compare(at: number): Promise<[before: Bytes, after: Bytes]>;
  pack(facts: PackFacts): Bytes;
}

/** How to learn. Missing values are those of the native program. */
export interface Wish {
  steps?: number;
  batch?: number;
  side?: number;
  rate?: number;
  heldBack?: number;
  seed?: number;
}

/** How far the work is. `done` and `total` are in training samples, `loss` is that of the last step. */
export interface Work {
  done: number;
  total: number;
  part: number;
  parts: number;
  loss: number | null;
}

/** Scores on held-back examples in per cent; null if nothing was held back, as with one place only. */
export interface Learned {
  before: number | null;
  after: number | null;
  /** The share of what was learned that helps most. */
  share: number;
  phrases: { phrase: string; count: number; before: number; after: number }[];
}

export interface PackFacts {
  name: string;
  licence: string;
  credits: string[];
  /** As 2026-01-31. */
  date: string;
}

/** A kept example: image and mask as PNG files of one size. */
export interface Example {
  id: string;
  phrase: string;
  png: Blob;
  maskPng: Blob;
  /** Examples of one image share it. Without it, every example counts as an image of its own. */
  imageKey?: string;
  /** Ground resolution of the image. */
  metresPerPixel?: number | null;
  /** File name of the scene. */
  scene?: string;
}

/** The pixels of an example; the mask is 1 where it is set. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8ClampedArray<ArrayBuffer>;
  mask: Bytes;
}

/** What the worker reports while it works. */
export interface TeachProgress extends Partial<Work> {
  phase: "engine" | "weights" | "learn";
  received?: number;
}
