// What the page uses of piece.js, which is not type-checked.
import type { Bytes, Rect } from "../../types/engine.js";
import type { SceneImage } from "../../types/scene.js";

export function readPiece(
  scene: SceneImage,
  window: Rect,
  step: number,
): Promise<{ width: number; height: number; rgba: Bytes; empty: boolean; hasData: Bytes | null }>;
