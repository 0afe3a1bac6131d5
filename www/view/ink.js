// Draws strokes that correct a mask, and the brush's cursor, on a canvas over the image.
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Point } from "../../types/scene.js"
 * @import { Camera } from "./camera.js"
 * @import { CorrectOptions, Drawn } from "./correct.js"
 */

/** Opacity of a stroke that adds, and the colour of one that erases. */
const ADDING = 0.6;
const ERASING = "rgb(12 20 19 / 62%)";
const HALO = "rgb(12 20 19 / 80%)";
/** Smallest radius of the cursor, in CSS pixels. */
const SMALLEST = 3;
/** Half the length of the sign in the cursor, and its distance from the point of a cursor without a circle. */
const SIGN = 4;
const BESIDE = 13;

export class Ink {
  #canvas;
  #context;
  /** @type {Camera} */
  #camera;
  #ratio = 1;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /**
   * Clears the canvas, for a drawing as `camera` sees it.
   *
   * @param {Camera} camera
   * @param {number} ratio
   */
  begin(camera, ratio) {
    this.#camera = camera;
    this.#ratio = ratio;
    const { viewport } = camera;
    const [width, height] = [viewport.width, viewport.height].map((side) => Math.max(1, Math.round(side * ratio)));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  /**
   * Draws a stroke; `open` is a lasso that is not closed yet.
   *
   * @param {Drawn} stroke
   * @param {boolean} open
   */
  stroke({ kind, adds, radius, points, plan, colour }, open = false) {
    const context = this.#context;
    context.save();
    this.#onMap(plan);
    const path = new Path2D();
    for (let i = 0; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
    context.strokeStyle = context.fillStyle = adds ? colour : ERASING;
    if (adds) context.globalAlpha = ADDING;
    context.lineCap = context.lineJoin = "round";
    if (kind === "brush") {
      // A line of one point draws nothing.
      if (points.length === 2) path.lineTo(points[0], points[1]);
      context.lineWidth = 2 * radius;
      context.stroke(path);
    } else if (kind === "lasso") {
      if (!open) path.closePath();
      context.globalAlpha = adds ? ADDING / 2 : 0.6;
      context.fill(path);
      context.restore();
      context.save();
      this.#onMap(plan);
      const pixel = 1 / (this.#camera.scale * plan.stepX);
      this.#line(path, 1.5 * pixel, open ? [] : [5 * pixel, 4 * pixel], pixel);
      if (open) for (let i = 0; i < points.length; i += 2) this.#knot(points[i], points[i + 1], pixel);
    }
    context.restore();
  }

  /**
   * Draws the cursor at a point of the scene: a circle of the brush's size, or a cross; with a plus or a minus.
   *
   * @param {Point} point
   * @param {CorrectOptions} options
   */
  cursor(point, { plan, tool, size, adds }) {
    const context = this.#context;
    const [x, y] = this.#camera.screenFromScene(...point);
    const radius = Math.max(SMALLEST, (size / 2) * plan.stepX * this.#camera.scale);
    context.save();
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const shape = new Path2D();
    if (tool === "brush") {
      shape.arc(x, y, radius, 0, 2 * Math.PI);
    } else {
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        shape.moveTo(x + 3 * dx, y + 3 * dy);
        shape.lineTo(x + 9 * dx, y + 9 * dy);
      }
    }
    this.#line(shape, 1.75, adds ? [] : [4, 3]);
    // The sign is in the circle if there is room for it.
    const isInside = tool === "brush" && radius > 2.5 * SIGN;
    const away = isInside ? 0 : (tool === "brush" ? radius * Math.SQRT1_2 : 0) + BESIDE * Math.SQRT1_2;
    const sign = new Path2D();
    const [signX, signY] = [x + away, y + away];
    sign.moveTo(signX - SIGN, signY);
    sign.lineTo(signX + SIGN, signY);
    if (adds) {
      sign.moveTo(signX, signY - SIGN);
      sign.lineTo(signX, signY + SIGN);
    }
    this.#line(sign, 2, []);
    context.restore();
  }

  /**
   * Coordinates are map pixels from now on.
   *
   * @param {PlanInfo} plan
   */
  #onMap({ originX, originY, stepX, stepY }) {
    const [x, y] = this.#camera.screenFromScene(originX, originY);
    const scale = this.#camera.scale * this.#ratio;
    this.#context.setTransform(scale * stepX, 0, 0, scale * stepY, x * this.#ratio, y * this.#ratio);
  }

  /**
   * A line that shows on any image.
   *
   * @param {Path2D} path
   * @param {number} width
   * @param {number[]} dash
   * @param {number} pixel Length of a CSS pixel.
   */
  #line(path, width, dash, pixel = 1) {
    const context = this.#context;
    context.globalAlpha = 1;
    context.lineCap = "butt";
    context.setLineDash([]);
    context.lineWidth = width + 2 * pixel;
    context.strokeStyle = HALO;
    context.stroke(path);
    context.setLineDash(dash);
    context.lineWidth = width;
    context.strokeStyle = "#ffffff";
    context.stroke(path);
  }

  /** @param {number} x @param {number} y @param {number} pixel */
  #knot(x, y, pixel) {
    const knot = new Path2D();
    knot.arc(x, y, 3 * pixel, 0, 2 * Math.PI);
    this.#line(knot, 2 * pixel, [], pixel);
  }
}
