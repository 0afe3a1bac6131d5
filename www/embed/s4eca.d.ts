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
  readonly milliseconds: number;
  readonly backend: "webgpu" | "cpu";
  /** Words of the phrase, how many of them the model does not know, and whether its end was cut off. */
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
