// A drag that moves the view.

/** For Gestures: moves the camera of `motion` from `start` on; `done()` is called at the end. */
export function pan(motion, start, done) {
  let from = { camera: motion.camera, point: start };
  let last = from;
  return {
    // Counted from where the drag began, so that the picture stays under the finger past the scene's edge and
    // back; or from where the wheel left it meanwhile.
    move: (point) => {
      if (motion.camera !== last.camera) from = { camera: motion.camera, point: last.point };
      motion.set(from.camera.moved(point[0] - from.point[0], point[1] - from.point[1]));
      last = { camera: motion.camera, point };
    },
    drop: done,
    cancel: done,
  };
}
