// The visible part of a scene and its scale. Cameras are immutable: every change returns a new camera.
/** @import { Point, Rect, Size } from "../../types/scene.js" */

/** Maximum CSS pixels per scene pixel. */
const CLOSEST = 48;
/** How far the scene's edge may be dragged into the view, in CSS pixels, so that things at the edge can be reached. */
const SLACK = 64;

export class Camera {
  /**
   * `scene` and `viewport` are `{width, height}` in scene and CSS pixels, `x` and `y` the scene point
   * in the middle of the viewport, `scale` is CSS pixels per scene pixel. Values out of bounds are clamped.
   *
   * @param {Size} scene
   * @param {Size} viewport
   * @param {number} x
   * @param {number} y
   * @param {number} scale
   */
  constructor(scene, viewport, x, y, scale) {
    this.scene = scene;
    this.viewport = { width: Math.max(1, viewport.width), height: Math.max(1, viewport.height) };
    this.scale = clamp(scale, this.furthest, this.closest);
    this.x = this.#held(x, this.scene.width, this.viewport.width);
    this.y = this.#held(y, this.scene.height, this.viewport.height);
    Object.freeze(this);
  }

  /**
   * The whole scene, in the middle.
   *
   * @param {Size} scene
   * @param {Size} viewport
   */
  static fit(scene, viewport) {
    const camera = new Camera(scene, viewport, scene.width / 2, scene.height / 2, 1);
    return camera.scaledTo(camera.fitting);
  }

  /** The scale at which the whole scene just fits. */
  get fitting() {
    return Math.min(this.viewport.width / this.scene.width, this.viewport.height / this.scene.height, CLOSEST);
  }

  get furthest() {
    // A small scene may be shown one to one on a dense screen, where a pixel is a third of a CSS pixel.
    return Math.min(this.fitting, 1 / 3);
  }

  get closest() {
    return CLOSEST;
  }

  get fits() {
    return Math.abs(this.scale / this.fitting - 1) < 1e-9;
  }

  /**
   * This camera with the scale `scale`. The scene point at `at` in the viewport (by default its middle) stays in place.
   *
   * @param {number} scale
   * @param {Point} at
   * @returns {Camera}
   */
  scaledTo(scale, at = this.#middle) {
    const kept = this.sceneFromScreen(...at);
    const to = clamp(scale, this.furthest, this.closest);
    const [dx, dy] = [at[0] - this.viewport.width / 2, at[1] - this.viewport.height / 2];
    return new Camera(this.scene, this.viewport, kept[0] - dx / to, kept[1] - dy / to, to);
  }

  /**
   * This camera zoomed by `factor` about the point `at` of the viewport.
   *
   * @param {number} factor
   * @param {Point} [at]
   */
  zoomed(factor, at) {
    return this.scaledTo(this.scale * factor, at);
  }

  /**
   * The picture moved by `dx`, `dy` CSS pixels: the point at (0, 0) moves to (dx, dy).
   *
   * @param {number} dx
   * @param {number} dy
   */
  moved(dx, dy) {
    return new Camera(this.scene, this.viewport, this.x - dx / this.scale, this.y - dy / this.scale, this.scale);
  }

  /**
   * A camera with the scene point `x`, `y` in the middle if that point is out of view; otherwise this camera.
   *
   * @param {number} x
   * @param {number} y
   */
  showing(x, y) {
    const [left, top, across, down] = this.visible();
    if (x >= left && x <= left + across && y >= top && y <= top + down) return this;
    return this.moved((left + across / 2 - x) * this.scale, (top + down / 2 - y) * this.scale);
  }

  /**
   * The same view in a viewport of another size: a scene that fitted fits again.
   *
   * @param {Size} viewport
   */
  resized(viewport) {
    if (this.fits) return Camera.fit(this.scene, viewport);
    return new Camera(this.scene, viewport, this.x, this.y, this.scale);
  }

  /**
   * The camera a `share` (0 to 1) of the way to `goal`. The scale changes geometrically, which looks even. The centre
   * follows so that the one point that both cameras show at the same place does not move.
   *
   * @param {Camera} goal
   * @param {number} share
   */
  toward(goal, share) {
    const scale = this.scale * (goal.scale / this.scale) ** share;
    const same = Math.abs(goal.scale / this.scale - 1) < 1e-9;
    const part = same ? share : (1 / this.scale - 1 / scale) / (1 / this.scale - 1 / goal.scale);
    const x = this.x + (goal.x - this.x) * part;
    const y = this.y + (goal.y - this.y) * part;
    return new Camera(this.scene, this.viewport, x, y, scale);
  }

  /**
   * Whether two cameras are visually identical: within a tenth of a CSS pixel anywhere in the viewport.
   *
   * @param {Camera} other
   */
  isAt(other) {
    const { width, height } = this.viewport;
    const growth = Math.abs(other.scale / this.scale - 1) * Math.max(width, height);
    const way = Math.max(Math.abs(other.x - this.x), Math.abs(other.y - this.y)) * other.scale;
    return this.scene === other.scene && growth < 0.1 && way < 0.1;
  }

  /** @param {number} x @param {number} y @returns {Point} */
  screenFromScene(x, y) {
    const { width, height } = this.viewport;
    return [width / 2 + (x - this.x) * this.scale, height / 2 + (y - this.y) * this.scale];
  }

  /** @param {number} x @param {number} y @returns {Point} */
  sceneFromScreen(x, y) {
    const { width, height } = this.viewport;
    return [this.x + (x - width / 2) / this.scale, this.y + (y - height / 2) / this.scale];
  }

  /**
   * The scene pixels that are visible, wholly or in part: `[x, y, width, height]`, whole numbers inside the scene.
   * `margin` extends the viewport on each side, in shares of its size.
   */
  visible(margin = 0) {
    const { width, height } = this.viewport;
    const [dx, dy] = [width * margin, height * margin];
    const [left, top] = this.sceneFromScreen(-dx, -dy);
    const [right, bottom] = this.sceneFromScreen(width + dx, height + dy);
    return inside([left, top, right - left, bottom - top], this.scene);
  }

  /** @returns {Point} */
  get #middle() {
    return [this.viewport.width / 2, this.viewport.height / 2];
  }

  // A scene smaller than the viewport stays centred; a larger one keeps its edges near the viewport's.
  // The slack grows from zero, so that nothing jumps between the two cases.
  /** @param {number} centre @param {number} scene @param {number} viewport */
  #held(centre, scene, viewport) {
    const over = Math.max(0, (scene * this.scale - viewport) / 2);
    const reach = (over + Math.min(over, SLACK)) / this.scale;
    return clamp(centre, scene / 2 - reach, scene / 2 + reach);
  }
}

/**
 * The whole pixels that `[x, y, width, height]` touches inside `size`: at least one each way.
 *
 * @param {Rect} rect
 * @param {Size} size
 * @returns {Rect}
 */
export function inside([x, y, width, height], size) {
  // Tolerates rounding errors.
  const [left, top] = [x, y].map((value) => Math.floor(value + 1e-6));
  const [right, bottom] = [x + width, y + height].map((value) => Math.ceil(value - 1e-6));
  const x0 = clamp(left, 0, size.width - 1);
  const y0 = clamp(top, 0, size.height - 1);
  return [x0, y0, clamp(right, x0 + 1, size.width) - x0, clamp(bottom, y0 + 1, size.height) - y0];
}

/** @param {number} value @param {number} least @param {number} most */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
