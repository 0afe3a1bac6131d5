/**
 * s4eca in a page of your own: a phrase and an image in, its mask out, all in the browser.
 *
 * Copy `s4eca.js`, `s4eca.d.ts`, `pkg/`, `www/` and a weights folder to your site, side by side. Workers start only
 * from the page's own site, so they must lie on the same origin as the page, in any folder. See docs/embedding.md.
 */

/** Where the model runs: `auto` is the GPU where there is a real one, else the CPU. */
export type Backend = "auto" | "webgpu" | "cpu";

/** How far loading has come. */
export type Progress =
  /** The engine. `received` and `total` in bytes, absent at the very start; `known` is whether `total` is the whole. */
  | { phase: "engine"; received?: number; total?: number; known?: boolean; cached?: boolean }
  /** The weights, in bytes; `cached` counts those that came from the browser's cache, `file` is the one under way. */
  | { phase: "weights"; received: number; total: number; cached: number; file: string }
  /** Self-test and warm-up; `shaders` counts those that the GPU was given so far. */
  | { phase: "prepare"; backend: "webgpu" | "cpu"; shaders?: number };

export interface LoadOptions {
  /** Default: `auto`. */
  backend?: Backend;
  /** Called up to 25 times a second while loading; also when a lost GPU makes the model start anew on the CPU. */
  onProgress?: (progress: Progress) => void;
  /** Aborting ends the loading; `load` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface SegmentOptions {
  /** Aborting rejects at once with the signal's reason; what has not begun is not computed. */
  signal?: AbortSignal;
  /**
   * Who answers. `auto`, the default: a phrase that is wholly understood is executed. The network is asked for each
   * kind of thing in it, and rules choose among the objects found. Any other phrase goes to the network as it is.
   * `network`: every phrase does.
   */
  reading?: "auto" | "network";
}

/** How a phrase was read. */
export interface Reading {
  /** Whether all of it was understood; only then it was executed. */
  readonly understood: boolean;
  /** The parts that were understood, as the page shows them: "building", "largest", "left of: road". */
  readonly tokens: readonly string[];
  /** The words that were not understood. */
  readonly unread: readonly string[];
}

/** Something of the kinds that a phrase asks for. */
export interface FoundObject {
  /** What it is called, in the singular. */
  readonly noun: string;
  /** Whether the phrase means it: only then it is part of the mask. */
  readonly chosen: boolean;
  /** Mean probability of its pixels, 0 to 1. */
  readonly score: number;
  /** Its size in pixels of `probability`. */
  readonly area: number;
  /**
   * Its outlines, holes among them: each `[x, y, x, y, ...]` in pixels of `probability`, to be filled by the even-odd
   * rule. They are coarser than the mask where `probability` has over four million pixels.
   */
  readonly rings: readonly (readonly number[])[];
}

/** What could not be done as asked. */
export interface Problem {
  /**
   * `notUnderstood`: the phrase went to the network as it is. `anchorMissing`: what it refers to was not found, nothing
   * is masked. `anchorLeftOut`: the same, and the reference was left out. `closest`: one thing was asked for and none
   * fits, the closest is masked. `nothingFits`: nothing is masked. `tooSmall`: what was found is far smaller than such
   * things are, nothing is masked. `tooFew`: fewer were found than asked for. `tooMany`: only the largest were looked
   * at. `noPixels`, `noMap`, `tooDeep`: the phrase could not be executed.
   */
  readonly code:
    | "notUnderstood"
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
  /** The same in a sentence for a person, in English. */
  readonly message: string;
}

/** RGBA, eight bits each, row by row from the top left: `4 * width * height` bytes. What is transparent is seen over black. */
export interface Pixels {
  width: number;
  height: number;
  rgba: Uint8Array | Uint8ClampedArray;
}

/** A picture that the browser has read already. */
export type Picture = HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap;

/** What an image may come as. A photograph's EXIF rotation is applied. */
export type ImageLike = Blob | Picture | ImageData | Pixels;

/** What runs where. */
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
  /** Whether the GPU is a program on the CPU. */
  readonly software: boolean;
  /** Why it is not the GPU; null where it is. */
  readonly reason: { code: string; message: string } | null;
  /** Bytes of the weights, and how many of them came from the browser's cache. */
  readonly bytes: number;
  readonly cachedBytes: number;
  /** Whether the next visit finds the weights in the browser. */
  readonly kept: boolean;
  readonly licence: string;
  /** Whom the weights owe: to be shown with results. */
  readonly credits: readonly string[];
}

/** The answer to one phrase on one image. */
export interface Found {
  /** Size of `probability`, in pixels: the image's, or smaller in proportion where a side is over 2048. */
  readonly width: number;
  readonly height: number;
  /** How likely each pixel is part of what the phrase says, 0 to 255, row by row. */
  readonly probability: Uint8Array;
  /** Mean probability inside the mask, 0 to 1; 0 where nothing was found. */
  readonly score: number;
  /** Time in the worker: of the network, and of choosing where the phrase was executed. */
  readonly milliseconds: number;
  readonly backend: "webgpu" | "cpu";
  /** How the phrase was read; null with `reading: "network"`. */
  readonly reading: Reading | null;
  /**
   * Everything of the kinds asked for. Of more than 500 only 500 are kept: those in the mask before others, the larger
   * before the smaller. Empty where nothing was found, what the phrase refers to is missing, or the network answered it.
   */
  readonly objects: readonly FoundObject[];
  /** How many objects are in the mask; null where they cannot be counted (water), or the network answered. */
  readonly count: number | null;
  /** What could not be done as asked; null where nothing. */
  readonly problem: Problem | null;
  /**
   * Words that the network was given, how many of them it does not know, and whether an end was cut off: of the phrase,
   * or of all prompts together where it was executed.
   */
  readonly words: number;
  readonly unknown: number;
  readonly truncated: boolean;
  /** 255 where the probability is at least `threshold` (0 to 1, default 0.5), else 0. */
  mask(threshold?: number): Uint8Array;
  /** The mask in a CSS colour, transparent elsewhere, ready for `putImageData`. */
  toImageData(colour?: string, threshold?: number): ImageData;
}

/** What is wrong (`message`), what to do (`advice`), and a `code` to tell kinds apart, as `network` or `memory`. */
export declare class S4ecaError extends Error {
  private constructor();
  readonly code: string;
  readonly advice: string;
}

/** A model that is loaded. It has a worker of its own; the page stays responsive. */
export declare class S4eca {
  private constructor();

  /**
   * Loads the model. `weights` is the address of a weights folder (the one with `manifest.json`), relative to the page.
   *
   * @throws {S4ecaError} where something could not be fetched, did not fit its checksum or does not start
   */
  static load(weights: string | URL, options?: LoadOptions): Promise<S4eca>;

  /** What runs where. Null for the moments in which a lost GPU is replaced by the CPU, and after `dispose`. */
  readonly info: ModelInfo | null;

  /**
   * Finds what `phrase` says in `image`. The image is looked at once as a whole: cut windows out of a large scene.
   * Calls are answered one after the other; the same image or the same phrase again is not prepared again.
   *
   * @throws {S4ecaError} where the image or the phrase cannot be used, or memory is short
   */
  segment(image: ImageLike, phrase: string, options?: SegmentOptions): Promise<Found>;

  /** Ends the worker and frees its memory; what is under way is aborted. */
  dispose(): void;
}
