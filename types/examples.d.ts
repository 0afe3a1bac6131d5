// Examples: image parts with phrases and corrected masks, to learn from.
import type { Bytes, Rgba } from "./engine.js";
import type { Size } from "./scene.js";

/** What an example is made of. */
export interface CorrectedExample extends Size {
  /** RGBA; transparent where the scene has no data. */
  image: Rgba;
  /** 0 or 1 per pixel of the image. */
  mask: Bytes;
  phrase: string;
  /** Ground resolution of `image`. */
  metresPerPixel: number | null;
  /** Longitude and latitude of its middle. */
  place: [longitude: number, latitude: number] | null;
  /** Whether nothing is masked: nothing in the image fits the phrase. */
  empty: boolean;
}

/** An example as it is stored; a structured clone keeps all of it. */
export interface ExampleRecord extends Size {
  /** Follows from phrase and image: an example with the same id replaces this one. */
  id: string;
  phrase: string;
  png: Blob;
  /** One band: 255 is masked, 0 is not. */
  maskPng: Blob;
  /** A small picture with the outline of the mask. */
  thumbnail: Blob;
  metresPerPixel: number | null;
  place: [longitude: number, latitude: number] | null;
  /** File name of the scene that it is a part of. */
  scene: string;
  /** When it was made, in ISO 8601. */
  added: string;
  /** Masked share of the image. */
  share: number;
  /** Hashes of the pixels. */
  imageKey: string;
  maskKey: string;
}

/** An example with its pixels. */
export interface DecodedExample extends Size {
  /** RGBA, opaque. */
  image: Uint8ClampedArray<ArrayBuffer>;
  /** 0 or 1 per pixel. */
  mask: Bytes;
}

/** A stored example, with a function that decodes its pixels. */
export interface StoredExample extends ExampleRecord {
  decode(): Promise<DecodedExample>;
}

/** What became of examples that were to be stored. */
export interface KeptOutcome {
  added: ExampleRecord[];
  /** Former versions of examples that were replaced. */
  replaced: ExampleRecord[];
  /** Number of examples that were stored already. */
  known: number;
  /** Examples that were left out, because the stored one has another mask. */
  contradicting: ExampleRecord[];
}

/** A line of a list of examples; what is not known is "". */
export type ExampleLine = Record<string, string>;
