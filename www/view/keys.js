// The viewer's keys, while the focus is in it.
/** @import { Viewer } from "./viewer.js" */

const ZOOM = Math.SQRT2;
/** The share of the view by which an arrow key moves it, without and with Shift. */
const STEP = 0.1;
const LEAP = 0.5;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The action of a key in `viewer`: a function, or null if the viewer does not handle the key.
 *
 * @param {KeyboardEvent} event
 * @param {Viewer} viewer
 * @returns {(() => void) | null}
 */
export function actionOf(event, viewer) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const share = event.shiftKey ? LEAP : STEP;
    return () => viewer.move(arrow[0] * share, arrow[1] * share);
  }
  /** @type {Record<string, (() => void) | null>} */
  const actions = {
    "+": () => viewer.zoom(ZOOM),
    "=": () => viewer.zoom(ZOOM),
    "-": () => viewer.zoom(1 / ZOOM),
    _: () => viewer.zoom(1 / ZOOM),
    0: () => viewer.fit(),
    1: () => viewer.actualSize(),
    Enter: viewer.tool === "rectangle" ? () => viewer.beginRectangle() : null,
    Escape: viewer.tool === "rectangle" ? () => viewer.escape() : null,
  };
  return actions[event.key] ?? null;
}
