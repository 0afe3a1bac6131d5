// The model, as its worker and the session describe it.
import type { Bytes, Candidate, Engine, Outcome, Reading, Rgba } from "./engine.js";
import type { Network, NetworkAnswer, PackInfo, SegmenterInfo } from "./network.js";
import type { Teaching } from "./teach.js";

/** The wasm modules by their names in pkg/. */
export interface Modules {
  s4eca: Network;
  s4eca_scene: Engine;
  s4eca_scene_full: Engine;
  s4eca_teach: Teaching;
}

/** The modules of the scene worker. */
export type SceneModule = "s4eca_scene" | "s4eca_scene_full";

export type Backend = "webgpu" | "cpu";
/** The backend that was asked for. */
export type Wish = "auto" | Backend;

/** Why the GPU is not used. */
export interface Reason {
  code: string;
  message: string;
}

export interface BackendChoice {
  backend: Backend;
  reason: Reason | null;
  adapter: string;
  software: boolean;
}

/** Bytes of the engine so far; `known` tells whether `total` is the full size. */
export interface EngineProgress {
  received: number;
  total: number;
  known: boolean;
  cached: boolean;
}

/** Bytes of the weights so far; `cached` counts those from the cache. */
export interface WeightsProgress {
  received: number;
  total: number;
  cached: number;
  file: string;
}

/** The progress of the model's start. */
export interface Progress {
  phase: "engine" | "weights" | "prepare";
  received?: number;
  total?: number;
  known?: boolean;
  /** Of the engine, whether it comes from the cache; of the weights, how many bytes do. */
  cached?: boolean | number;
  file?: string;
  backend?: string;
  /** Shaders that were passed to the GPU so far. */
  shaders?: number;
}

/** The running model. */
export interface ModelInfo extends SegmenterInfo {
  reason: Reason | null;
  /** Bytes of the weights, and how many of them came from the cache. */
  bytes: number;
  cachedBytes: number;
  /** Whether the weights are stored for the next visit. */
  kept: boolean;
  /** Whether files are still missing: "kept" follows. */
  partial: boolean;
  /** Whether the server could not be reached. */
  offline: boolean;
  engineBytes: number;
  engineCached: boolean;
  /** The pack in use. */
  pack: PackInfo | null;
}

/** A window of a scene and the size of its map. */
export interface ModelWindow {
  width: number;
  height: number;
  rgba: Rgba;
  map: [width: number, height: number];
}

export interface Answer extends NetworkAnswer {
  backend: Backend;
}

/** An answer to a phrase that was read; `outcome` is null if the network answered the unchanged phrase. */
export interface ExecutedAnswer extends Answer {
  reading: Reading;
  outcome: Outcome | null;
  objects: Candidate[];
}

/** What the model worker is asked for. */
export type ModelRequest =
  | {
      kind: "start";
      root: string;
      weights: string;
      wish: Wish;
      module: WebAssembly.Module | null;
      pack: Bytes | null;
    }
  | { kind: "pack"; pack: Bytes | null }
  | ({ kind: "segment" | "execute"; phrase: string } & ModelWindow);

/** What one run of the network, or several of them for one layer, took. */
export interface Ran {
  backend: string;
  software: boolean;
  milliseconds: number;
  truncated: boolean;
  words: number;
  unknown: number;
  /** The pack that answered; null or absent for the weights themselves. */
  pack?: string | null;
}
