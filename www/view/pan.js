// A drag that moves the view.
/**
 * @import { Point } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 * @import { Drag } from "./gestures.js"
 * @import { Motion } from "./motion.js"
 */

/**
 * A drag for Gestures: moves the camera of `motion` from `start` on; `done()` is called at the end.
 *
 * @param {Motion} motion
 * @param {Point} start
 * @param {() => void} done
 * @returns {Drag}
 */
export function pan(motion, start, done) {
  const camera = () => /** @type {Camera} */ (motion.camera);
  let from = { camera: camera(), point: start };
  let last = from;
  return {
    // The movement is relative to the start of the drag, so that the picture stays under the finger past the scene's
    // edge and back. If the wheel has moved the camera since, it is relative to that position.
    move: (point) => {
      if (motion.camera !== last.camera) from = { camera: camera(), point: last.point };
      motion.set(from.camera.moved(point[0] - from.point[0], point[1] - from.point[1]));
      last = { camera: camera(), point };
    },
    drop: done,
    cancel: done,
  };
}
