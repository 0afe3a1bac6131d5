// The page: its elements, the document and a run.
import type { PlanInfo } from "./engine.js";
import type { Ran } from "./model.js";
import type { LayerOptions, LayerStats, Rect, Refine, SceneInfo } from "./scene.js";

// ---- Elements ----

type Buttons =
  | "cancel" | "clear-cache" | "compare" | "copy" | "correct" | "correct-back" | "correct-done" | "correct-nothing"
  | "diagnostics" | "draw-rectangle" | "example-clear" | "example-close" | "example-export" | "example-import"
  | "example-undo" | "forget-phrases" | "open-export" | "open-help" | "pause" | "problem-close" | "problem-retry" | "redo"
  | "reset-candidates" | "run" | "show-candidates" | "show-samples" | "stop-loading" | "undo" | "use-example";
type Inputs =
  | "camera" | "correct-size" | "example-file" | "file" | "fill-holes" | "min-area" | "opacity" | "phrase" | "resolution"
  | "scale" | "smooth" | "threshold" | "visible";

/** An element of index.html by its id. */
export type ElementOf<Id extends string> = Id extends Buttons
  ? HTMLButtonElement
  : Id extends Inputs
    ? HTMLInputElement
    : Id extends "engine" | "phrases-mode" | "target"
      ? HTMLSelectElement
      : Id extends "progress" | "run-progress"
        ? HTMLProgressElement
        : Id extends "help"
          ? HTMLDialogElement
          : HTMLElement;

/** Returns an element of the page. */
export type Find = <Id extends string>(id: Id) => ElementOf<Id>;

// ---- The document ----

/** How masks are shown. */
export type Look = "overlay" | "outline" | "cutout" | "probability";

/** The open scene. `title` is that of a sample. */
export interface Scene extends SceneInfo {
  title?: string | null;
}

/** The result of a phrase. Frozen: every change makes a new one. */
export interface Layer {
  id: number;
  phrase: string;
  /** Names what the result depends on; equal keys have equal results. */
  key: string;
  /** The area, its resolution and the backend. */
  place: string;
  /** Whether the phrase was read and executed. */
  isRead: boolean;
  name: string;
  colour: string;
  visible: boolean;
  opacity: number;
  refine: Refine;
  stats: LayerStats | null;
  plan: (PlanInfo & { mode: LayerOptions["mode"] }) | null;
  /** The share of its tiles that are done. */
  progress: number;
  state: "running" | "paused" | "cancelled" | "done";
  note: string;
  ran?: Ran;
}

/** A new layer: what is omitted has a default. */
export type NewLayer = Pick<Layer, "id" | "phrase"> & Partial<Layer>;
/** A change of a layer; its `refine` may be partial too. */
export type LayerPatch = Partial<Omit<Layer, "refine">> & { refine?: Partial<Refine> };

/** A state that undo and redo restore. */
export interface Snapshot {
  layers: readonly Layer[];
  selected: number | null;
}

export interface DocEvents {
  /** `same` if only fields of the same scene changed. */
  scene: { same: boolean } | null;
  /** The one layer that changed and its changed fields, or null. */
  layers: { id: number; keys: string[] } | null;
  selected: null;
  look: null;
  history: null;
  /** Layers that nothing can restore. */
  dropped: { ids: number[] };
}

// ---- A run ----

/** The area to segment (null is the whole scene) and its ground resolution in cm per px (null is automatic). */
export interface RunWish {
  region: Rect | null;
  resolution: number | null;
}

export interface RunProgress {
  state: "waiting" | "running" | "paused";
  phrase: string;
  index: number;
  count: number;
  done: number;
  total: number;
  secondsLeft: number | null;
}

// ---- Samples ----

export interface Sample {
  file: string;
  thumbnail?: string;
  title: string;
  credit: string;
  phrases: string[];
}
