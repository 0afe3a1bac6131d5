// A drag that moves the view.

/** A drag for Gestures: moves the camera of `motion` from `start` on; `done()` is called at the end. */
export function pan(motion, start, done) {
  let from = { camera: motion.camera, point: start };
  let last = from;
  return {
    // Relative to the start of the drag, so that the picture stays under the finger past the scene's edge and
    // back; or, if the wheel moved the camera meanwhile, relative to that position.
    move: (point) => {
      if (motion.camera !== last.camera) from = { camera: motion.camera, point: last.point };
      motion.set(from.camera.moved(point[0] - from.point[0], point[1] - from.point[1]));
      last = { camera: motion.camera, point };
    },
    drop: done,
    cancel: done,
  };
}
