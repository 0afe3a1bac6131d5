// What the page uses of tiff.js, which is not type-checked.
import type { Engine } from "../../types/engine.js";
import type { SceneImage } from "../../types/scene.js";

export class TiffScene {
  static open(file: File, engine: () => Promise<Engine>): Promise<SceneImage>;
}
