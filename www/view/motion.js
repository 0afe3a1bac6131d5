// Moves the camera smoothly to where it was told to go; at once for people who asked for less motion.
import { Camera } from "./camera.js";

/** Time in which the way that is left shrinks to a third, in milliseconds. */
const PACE_MS = 65;

export class Motion {
  #camera = null;
  #goal = null;
  #moved;
  #before = 0;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** `moved()` is called whenever `camera` has changed, or is about to at the next `step`. */
  constructor(moved) {
    this.#moved = moved;
  }

  /** The camera as it is now, null without a scene. */
  get camera() {
    return this.#camera;
  }

  /** Where it is going: what a further step is counted from. */
  get goal() {
    return this.#goal;
  }

  get rests() {
    return this.#camera === this.#goal;
  }

  /** Straight there, as under a finger. */
  set(camera) {
    this.#camera = camera;
    this.#goal = camera;
    this.#moved();
  }

  glide(goal) {
    if (this.#calm.matches) {
      this.set(goal);
      return;
    }
    if (this.rests) this.#before = performance.now();
    this.#goal = goal;
    this.#moved();
  }

  resize(viewport) {
    if (!this.#camera) return;
    this.#goal = this.#goal.resized(viewport);
    this.#camera = this.#goal;
  }

  show(scene, viewport) {
    this.set(scene ? Camera.fit(scene, viewport) : null);
  }

  /** One step of the way, at the time `now`; false once it has arrived. */
  step(now) {
    if (this.rests) return false;
    const share = 1 - Math.exp(-Math.max(1, now - this.#before) / PACE_MS);
    this.#before = now;
    const next = this.#camera.toward(this.#goal, share);
    this.#camera = next.isAt(this.#goal) ? this.#goal : next;
    return !this.rests;
  }
}
