// What the model worker's wasm module exports (src/web), without what types/engine.d.ts declares: the network.
import type { Bytes, Rgba, Ways } from "./engine.js";

/** The bindings as a module. */
export type Network = typeof import("./network.js");

/** Starts the module, by default the one beside the bindings. */
export default function init(options?: { module_or_path: WebAssembly.Module | BufferSource }): Promise<unknown>;

/** The last error that the GPU reported. */
export function last_gpu_error(): string | undefined;

/** Opens and tests a device for the bundle with this manifest, and runs a network of its shape. */
export function prepare(backend: string, manifest: string): Promise<void>;

/** A file of the weights. */
export interface WeightsFile {
  name: string;
  bytes: number;
  sha256: string;
  /** Whether the network can start without it. */
  follows?: boolean;
}

/** Takes the files of a bundle. */
export interface BundleFiles {
  files(): WeightsFile[];
  add(name: string, bytes: Bytes): void;
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
  /** How phrases of each kind are answered; null means the default. */
  reading: Ways | null;
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
  /** The pack that answered; null for the weights themselves. */
  pack: string | null;
}

/** What a pack says about itself. */
export interface PackInfo {
  name: string;
  /** Differs between any two files. */
  hash: string;
  /** The prompts that it answers for. */
  words: string[];
  examples: number;
  licence: string;
  credits: string[];
  date: string;
}

export class Segmenter {
  private constructor();
  info(): SegmenterInfo;
  /** Adds a file that follows. */
  add(name: string, bytes: Bytes): void;
  /** Whether `phrase` needs a file that follows. */
  lacks_words(phrase: string): boolean;
  use_pack(file?: Bytes): PackInfo | null;
  segment(
    width: number,
    height: number,
    rgba: Rgba,
    phrase: string,
    mapWidth: number,
    mapHeight: number,
  ): Promise<NetworkAnswer>;
}
