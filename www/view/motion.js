// Moves the camera smoothly to its goal, or at once if the user prefers reduced motion.
import { Camera } from "./camera.js";
/** @import { Size } from "../../types/scene.js" */

/** Time constant of the motion in milliseconds: the remaining distance shrinks to about a third (1/e) in this time. */
const PACE_MS = 65;

export class Motion {
  /** @type {Camera | null} */
  #camera = null;
  /** @type {Camera | null} */
  #goal = null;
  #moved;
  #before = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * `moved()` is called whenever `camera` has changed, or is about to at the next `step`.
   *
   * @param {() => void} moved
   */
  constructor(moved) {
    this.#moved = moved;
  }

  /** The current camera, null without a scene. */
  get camera() {
    return this.#camera;
  }

  /** The target camera: further steps start from it. */
  get goal() {
    return this.#goal;
  }

  get rests() {
    return this.#camera === this.#goal;
  }

  /**
   * Moves to `camera` at once, as during a drag.
   *
   * @param {Camera | null} camera
   */
  set(camera) {
    this.#camera = camera;
    this.#goal = camera;
    this.#moved();
  }

  /** @param {Camera} goal */
  glide(goal) {
    if (this.#calm.matches) {
      this.set(goal);
      return;
    }
    if (this.rests) this.#before = performance.now();
    this.#goal = goal;
    this.#moved();
  }

  /** @param {Size} viewport */
  resize(viewport) {
    if (!this.#goal) return;
    this.#goal = this.#goal.resized(viewport);
    this.#camera = this.#goal;
  }

  /** @param {Size | null} scene @param {Size} viewport */
  show(scene, viewport) {
    this.set(scene ? Camera.fit(scene, viewport) : null);
  }

  /**
   * Advances the camera to the time `now`; returns false once it has arrived.
   *
   * @param {number} now
   */
  step(now) {
    if (!this.#camera || !this.#goal || this.rests) return false;
    const share = 1 - Math.exp(-Math.max(1, now - this.#before) / PACE_MS);
    this.#before = now;
    const next = this.#camera.toward(this.#goal, share);
    this.#camera = next.isAt(this.#goal) ? this.#goal : next;
    return !this.rests;
  }
}
