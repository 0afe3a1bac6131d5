/**
 * s4eca in your own page: a phrase and an image in, its mask out, all in the browser.
 *
 * Copy `s4eca.js`, `s4eca.d.ts`, `pkg/`, `www/` and a weights folder to your site, side by side. Workers start only
 * from the page's own origin, so these files must be on the same origin as the page, in any folder. See
 * docs/embedding.md.
 */

/** Where the model runs: `auto` is the GPU if there is a hardware one, else the CPU. */
export type Backend = "auto" | "webgpu" | "cpu";

/** The progress of loading. */
export type Progress =
  /** The engine. `received` and `total` in bytes, absent at the start; `known` tells whether `total` is complete. */
  | { phase: "engine"; received?: number; total?: number; known?: boolean; cached?: boolean }
  /** The weights, in bytes; `cached` counts those from the browser's cache, `file` is the file being loaded. */
  | { phase: "weights"; received: number; total: number; cached: number; file: string }
  /** Self-test and warm-up; `shaders` counts those passed to the GPU so far. */
  | { phase: "prepare"; backend: "webgpu" | "cpu"; shaders?: number };

export interface LoadOptions {
  /** Default: `auto`. */
  backend?: Backend;
  /** An adapter pack for these weights: its URL, or its bytes. It answers the phrases that it was taught. */
  pack?: string | URL | Blob | ArrayBuffer | Uint8Array;
  /** Called up to 25 times a second while loading; also when a lost GPU makes the model restart on the CPU. */
  onProgress?: (progress: Progress) => void;
  /** Aborting ends the loading; `load` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface SegmentOptions {
  /** Aborting rejects at once with the signal's reason; work that has not started is not computed. */
  signal?: AbortSignal;
  /**
   * How the phrase is answered. `auto`, the default: a phrase that is wholly understood is executed. The network runs
   * for each kind of thing in it, and rules choose among the objects found. Any other phrase is passed to the network
   * unchanged. `network`: every phrase is passed to the network unchanged.
   */
  reading?: "auto" | "network";
}

/** How a phrase was read. */
export interface Reading {
  /** Whether all of it was understood; only then was it executed. */
  readonly understood: boolean;
  /** The parts that were understood, as the page shows them: "building", "largest", "left of: road". */
  readonly tokens: readonly string[];
  /** The words that were not understood. */
  readonly unread: readonly string[];
}

/** An object of one of the kinds that a phrase asks for. */
export interface FoundObject {
  /** Its noun, in the singular. */
  readonly noun: string;
  /** Whether the phrase selects it: only then is it part of the mask. */
  readonly chosen: boolean;
  /** Mean probability of its pixels, 0 to 1. */
  readonly score: number;
  /** Its size in pixels of `probability`. */
  readonly area: number;
  /**
   * Its outlines, including holes: each `[x, y, x, y, ...]` in pixels of `probability`, to be filled by the even-odd
   * rule. They are coarser than the mask if `probability` has over four million pixels.
   */
  readonly rings: readonly (readonly number[])[];
}

/** What could not be done as asked. */
export interface Problem {
  /**
   * `notUnderstood`: the phrase was passed to the network unchanged. `partlyUnderstood`: the end of the phrase was
   * not understood and left out. `anchorMissing`: its reference object was not found, nothing is masked.
   * `anchorLeftOut`: it was not found, and that reference was ignored. `closest`: one object was asked for and none
   * matches, the closest is masked. `nothingFits`: none matches, nothing is masked. `tooSmall`: what was found is far
   * smaller than such things are, nothing is masked. `tooFew`: fewer were found than asked for. `tooMany`: only the
   * largest were considered. `noPixels`, `noMap`, `tooDeep`: the phrase could not be executed.
   */
  readonly code:
    | "notUnderstood"
    | "partlyUnderstood"
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
  /** The same as a sentence for users, in English. */
  readonly message: string;
}

/**
 * RGBA, eight bits each, row by row from the top left: `4 * width * height` bytes. Transparent pixels are blended over
 * black.
 */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array | Uint8ClampedArray;
}

/** An image that the browser has already read. */
export type Picture = HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap;

/** The accepted kinds of image. A photograph's EXIF rotation is applied. */
export type ImageLike = Blob | Picture | ImageData | Pixels;

/** The running model and its backend. */
export interface ModelInfo {
  /** Name of the weights. */
  readonly name: string;
  /** Name of the network's size. */
  readonly preset: string;
  /** How the weights are stored. */
  readonly precision: string;
  readonly parameters: number;
  /** Side of the square that an image is scaled to before the network sees it, in pixels. */
  readonly input: number;
  readonly backend: "webgpu" | "cpu";
  /** The GPU's name. */
  readonly adapter: string;
  /** Whether the GPU is a software adapter, which runs on the CPU. */
  readonly software: boolean;
  /** Why the GPU is not used; null if it is. */
  readonly reason: { code: string; message: string } | null;
  /** Bytes of the weights, and how many of them came from the browser's cache. */
  readonly bytes: number;
  readonly cachedBytes: number;
  /** Whether the weights are stored in the browser for the next visit. */
  readonly kept: boolean;
  readonly licence: string;
  /** Attribution for the weights: to be shown with results. */
  readonly credits: readonly string[];
}

/** The answer to one phrase on one image. */
export interface Found {
  /** Size of `probability`, in pixels: the image's, or proportionally smaller if a side is over 2048. */
  readonly width: number;
  readonly height: number;
  /** How likely each pixel is part of what the phrase describes, 0 to 255, row by row. */
  readonly probability: Uint8Array;
  /** Mean probability inside the mask, 0 to 1; 0 if nothing was found. */
  readonly score: number;
  /** Time in the worker: of the network and, if the phrase was executed, of choosing. */
  readonly milliseconds: number;
  readonly backend: "webgpu" | "cpu";
  /** How the phrase was read; null with `reading: "network"`. */
  readonly reading: Reading | null;
  /**
   * All objects of the kinds asked for, at most 500: those in the mask before others, the larger before the smaller.
   * Empty if nothing was found, if a reference object is missing, or if the network answered the unchanged phrase.
   */
  readonly objects: readonly FoundObject[];
  /**
   * How many objects are in the mask; null if uncountable (water), for "everything except", or if the network answered
   * the unchanged phrase.
   */
  readonly count: number | null;
  /** What could not be done as asked; null if everything was. */
  readonly problem: Problem | null;
  /**
   * The number of words passed to the network, how many of them it does not know, and whether the text was truncated:
   * of the phrase, or of all prompts together if it was executed.
   */
  readonly words: number;
  readonly unknown: number;
  readonly truncated: boolean;
  /** 255 where the probability is at least `threshold` (0 to 1, default 0.5), else 0. */
  mask(threshold?: number): Uint8Array;
  /** The mask in a CSS colour, transparent elsewhere, ready for `putImageData`. */
  toImageData(colour?: string, threshold?: number): ImageData;
}

/** What is wrong (`message`), what to do (`advice`), and a `code` for the kind of error, such as `network`. */
export declare class S4ecaError extends Error {
  private constructor();
  readonly code: string;
  readonly advice: string;
}

/** A loaded model. It has its own worker; the page stays responsive. */
export declare class S4eca {
  private constructor();

  /**
   * Loads the model. `weights` is the address of a weights folder (the one with `manifest.json`), relative to the page.
   *
   * @throws {S4ecaError} if something cannot be fetched, does not match its checksum or does not start
   */
  static load(weights: string | URL, options?: LoadOptions): Promise<S4eca>;

  /** The running model and its backend. Null while a lost GPU is being replaced by the CPU, and after `dispose`. */
  readonly info: ModelInfo | null;

  /**
   * Finds what `phrase` describes in `image`. The image is processed as a whole: cut windows out of a large scene.
   * Calls are answered one after the other; a repeated image or phrase is not prepared again.
   *
   * @throws {S4ecaError} if the image or the phrase cannot be used, or if memory runs out
   */
  segment(image: ImageLike, phrase: string, options?: SegmentOptions): Promise<Found>;

  /** Stops the worker and frees its memory; pending calls are aborted. */
  dispose(): void;
}
