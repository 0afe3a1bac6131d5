// The viewer: the scene and its masks on the stage, panned and zoomed like a map.
import { t } from "../text/text.js";
import { CandidateView } from "./candidates.js";
import { Compare } from "./compare.js";
import { controls } from "./controls.js";
import { Details } from "./details.js";
import { element } from "./dom.js";
import { Gestures } from "./gestures.js";
import { hints, hintsOf } from "./hints.js";
import { actionOf } from "./keys.js";
import { Motion } from "./motion.js";
import { pan } from "./pan.js";
import { Pictures } from "./pictures.js";
import { Readout } from "./readout.js";
import { Rectangle } from "./rectangle.js";
import { ScaleBar } from "./scalebar.js";
import { Status } from "./status.js";
import { Surface } from "./surface.js";
/**
 * @import { PlanInfo } from "../../types/engine.js"
 * @import { Scene } from "../../types/page.js"
 * @import { EmitterOf } from "../../types/events.js"
 * @import { Point, Rect } from "../../types/scene.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Camera } from "./camera.js"
 * @import { CandidatesShown } from "./candidates.js"
 * @import { Painted } from "./painter.js"
 */

/**
 * @typedef {"pan" | "rectangle"} Tool
 * @typedef {object} ViewerEvents
 * @property {null} view
 * @property {null} rectangle
 * @property {Tool} tool
 * @property {{ place: number, more: boolean }} candidate
 * @property {unknown} problem
 */

/**
 * Events: "view" (the camera changed), "rectangle" (drawn, changed or removed), "tool" (detail: the new tool),
 * "candidate" (one was clicked; detail `{place, more}`, `more` with Shift), "problem" (detail: an error of the scene
 * worker).
 */
export class Viewer extends /** @type {EmitterOf<ViewerEvents>} */ (EventTarget) {
  #doc;
  #root;
  #surface = new Surface(() => this.#resized());
  #status = new Status();
  #scaleBar = new ScaleBar();
  #readout = new Readout();
  #rectangle = new Rectangle("viewer-rectangle-keys", () => this.#rectangleChanged());
  #candidates = new CandidateView();
  #compare;
  #motion = new Motion(() => this.#invalidate());
  #gestures;
  #details;
  #pictures;
  /** @type {Tool} */
  #tool = "pan";
  #space = false; // held: a drag moves the view, whatever the tool
  /** @type {Point | null} */
  #pointer = null; // position of the mouse, `[x, y]` or null
  /** @type {ImageBitmap | null} */
  #preview = null; // of the scene shown; identifies the scene
  /** @type {Camera | null} */
  #seen = null; // the camera of the last drawing
  #drawing = 0;
  #isStale = true; // whether to repaint the canvas; the elements over it are placed at every drawing

  /**
   * Fills `stage`, an element with its own size; `doc` is a Doc, `scenes` a Scenes.
   *
   * @param {HTMLElement} stage
   * @param {Doc} doc
   * @param {Scenes} scenes
   */
  constructor(stage, doc, scenes) {
    super();
    this.#doc = doc;
    this.#compare = new Compare(doc);
    /** @param {unknown} error */
    const failed = (error) => this.dispatchEvent(new CustomEvent("problem", { detail: error }));
    this.#details = new Details(scenes, () => this.#invalidate(), failed);
    this.#pictures = new Pictures(scenes, doc, () => this.#invalidate(), failed);
    this.#root = this.#build();
    stage.append(this.#root);
    this.#gestures = new Gestures(this.#root, {
      grab: (event, point) => this.#grab(event, point),
      pinch: (factor, point, dx, dy) => this.#motion.set(this.#camera.zoomed(factor, point).moved(dx, dy)),
      wheel: (factor, point) => this.#glide((camera) => camera.zoomed(factor, point)),
    });
    this.#listen();
    this.#sceneChanged();
  }

  /** The visible scene pixels: `[x, y, width, height]`, or null without a scene. */
  visibleRect() {
    return this.#motion.goal?.visible() ?? null;
  }

  /** The rectangle as `[x, y, width, height]` in whole scene pixels, or null. */
  get rectangle() {
    return this.#rectangle.value;
  }

  /**
   * Outlines of objects to choose from, as CandidateView takes them, or null.
   *
   * @param {CandidatesShown | null} value
   */
  set candidates(value) {
    if (!value && !this.#candidates.value) return;
    this.#candidates.value = value;
    this.#schedule();
  }

  /** What a drag does: "pan" moves the view, "rectangle" draws one. The rectangle is shown with its tool only. */
  get tool() {
    return this.#tool;
  }

  /** @param {Tool} tool */
  set tool(tool) {
    if (tool === this.#tool) return;
    this.#gestures.cancel();
    this.#tool = tool;
    this.#root.dataset.tool = tool;
    this.#root.setAttribute("aria-describedby", hintsOf(tool));
    this.#schedule();
    this.dispatchEvent(new CustomEvent("tool", { detail: tool }));
  }

  /** The current camera; there is one while a scene is shown. */
  get #camera() {
    return /** @type {Camera} */ (this.#motion.camera);
  }

  fit() {
    this.#glide((camera) => camera.scaledTo(camera.fitting));
  }

  /** Shows one scene pixel per screen pixel. */
  actualSize() {
    this.#glide((camera) => camera.scaledTo(1 / this.#surface.ratio));
  }

  /** @param {number} factor */
  zoom(factor) {
    this.#glide((camera) => camera.zoomed(factor));
    const share = () => (this.#motion.goal?.scale ?? 1) * this.#surface.ratio;
    this.#status.say(() => t("view.zoom", { percent: Math.round(share() * 100) }));
  }

  /**
   * Moves the picture by shares of the view's width and height.
   *
   * @param {number} dx
   * @param {number} dy
   */
  move(dx, dy) {
    this.#glide((camera) => camera.moved(dx * camera.viewport.width, dy * camera.viewport.height));
  }

  /** Starts a rectangle in the middle of the view, to be moved and resized by keys. */
  beginRectangle() {
    if (!this.#rectangle.value) this.#rectangle.begin();
    this.#draw();
    this.#rectangle.focus();
  }

  /** Cancels the drag in progress; if there is none, removes the rectangle. */
  escape() {
    if (!this.#gestures.cancel()) this.#rectangle.value = null;
  }

  focus() {
    this.#root.focus({ preventScroll: true });
  }

  #build() {
    const buttons = controls({
      "zoom-in": () => this.zoom(2),
      "zoom-out": () => this.zoom(0.5),
      fit: () => this.fit(),
    });
    const foot = element("div", { class: "viewer-foot" }, this.#scaleBar.element, this.#readout.element);
    const names = { class: "viewer", role: "application", "data-tool": "pan", "aria-describedby": hintsOf("pan") };
    const canvases = [this.#surface.element, this.#candidates.element];
    const parts = [...canvases, this.#rectangle.element, this.#compare.element, foot, buttons];
    return element("div", { ...names, tabindex: 0, hidden: true }, ...parts, this.#status.element, ...hints());
  }

  #listen() {
    this.#doc.addEventListener("scene", () => this.#sceneChanged());
    const types = /** @type {const} */ (["layers", "selected", "look"]);
    for (const type of types) this.#doc.addEventListener(type, () => this.#invalidate());
    // The browser may lose a canvas's pixels, for example after a GPU fault.
    this.#surface.element.addEventListener("contextrestored", () => this.#invalidate());
    const root = this.#root;
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("keyup", (event) => this.#holdSpace(event, false));
    root.addEventListener("blur", () => this.#setSpace(false));
    root.addEventListener("dblclick", (event) => this.#doubleClick(event));
    root.addEventListener("pointermove", (event) => this.#hover(event.pointerType === "touch" ? null : event));
    root.addEventListener("pointerleave", () => this.#hover(null));
  }

  #sceneChanged() {
    const { scene } = this.#doc;
    this.#root.hidden = !scene;
    if (scene) this.#root.setAttribute("aria-label", t("view.label", scene));
    if ((scene?.preview ?? null) !== this.#preview) {
      this.#preview = scene?.preview ?? null;
      this.#gestures.cancel();
      this.#details.setScene(scene);
      this.#rectangle.value = null;
      this.#surface.measure();
      this.#motion.show(scene && { width: scene.width, height: scene.height }, this.#surface.viewport);
    }
    this.#invalidate();
  }

  #resized() {
    this.#motion.resize(this.#surface.viewport);
    this.#isStale = true;
    this.#draw();
  }

  #invalidate() {
    this.#isStale = true;
    this.#schedule();
  }

  #schedule() {
    if (this.#drawing === 0) this.#drawing = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now = performance.now()) {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
    const { scene, look, compare } = this.#doc;
    if (!scene || this.#root.hidden) return;
    const isMoving = this.#motion.step(now);
    const camera = this.#camera;
    if (this.#isStale) {
      this.#isStale = false;
      this.#surface.paint(camera, { scene, sources: this.#details.sources, layers: this.#layers(), look, compare });
    }
    this.#place(camera, scene);
    if (camera !== this.#seen) {
      this.#seen = camera;
      this.#details.want(camera, this.#surface.ratio);
      this.dispatchEvent(new Event("view"));
    }
    if (isMoving) this.#invalidate();
  }

  /**
   * The visible layers, as the painter takes them.
   *
   * @returns {Painted[]}
   */
  #layers() {
    return this.#doc.layers
      .filter(({ visible, plan }) => visible && plan)
      .map(({ id, colour, opacity, plan }) => {
        const { originX, originY, stepX, stepY, width, height } = /** @type {PlanInfo} */ (plan);
        /** @type {Rect} */
        const rect = [originX, originY, width * stepX, height * stepY];
        return { rect, colour, opacity, ...this.#pictures.of(id) };
      });
  }

  /**
   * Places the elements over the canvas.
   *
   * @param {Camera} camera
   * @param {Scene} scene
   */
  #place(camera, scene) {
    const metres = scene.georeference?.metresPerPixel ?? null;
    this.#scaleBar.show(metres, camera.scale);
    const point = this.#pointer && camera.sceneFromScreen(...this.#pointer);
    this.#readout.show(scene, point, camera.scale * this.#surface.ratio);
    this.#rectangle.show(camera, metres, this.#tool === "rectangle");
    this.#compare.show(camera.viewport.width);
    this.#candidates.show(camera, this.#surface.ratio);
  }

  /** @param {(goal: Camera) => Camera} change */
  #glide(change) {
    if (this.#motion.goal) this.#motion.glide(change(this.#motion.goal));
  }

  /** @param {PointerEvent} event @param {Point} point */
  #grab(event, point) {
    if (!this.#motion.camera) return null;
    if (/** @type {Element} */ (event.target).closest(".viewer-compare") && event.button === 0) {
      return this.#compare.grab(point, this.#surface.viewport.width);
    }
    const pans = this.#tool === "pan" || event.button === 1 || this.#space;
    return pans ? this.#pan(point, event) : this.#rectangle.grab(event, point);
  }

  /** @param {Point} start @param {PointerEvent} event */
  #pan(start, event) {
    this.#root.classList.add("grabbing");
    const drag = pan(this.#motion, start, () => this.#root.classList.remove("grabbing"));
    if (!this.#candidates.value || event.button !== 0) return drag;
    return this.#candidates.click(drag, start, () => {
      const place = this.#candidates.at(this.#camera, start);
      const detail = { place, more: event.shiftKey };
      if (place !== null) this.dispatchEvent(new CustomEvent("candidate", { detail }));
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target === this.#root) this.#holdSpace(event, true);
    const isArrow = event.key.startsWith("Arrow") || event.key === "Enter";
    const action = isArrow && event.target !== this.#root ? null : actionOf(event, this);
    if (!action) return;
    event.preventDefault();
    // Keys that the page uses elsewhere apply to the view here.
    event.stopPropagation();
    action();
  }

  /** @param {KeyboardEvent} event @param {boolean} held */
  #holdSpace(event, held) {
    if (event.key !== " ") return;
    if (held) event.preventDefault();
    this.#setSpace(held);
  }

  /** @param {boolean} held */
  #setSpace(held) {
    this.#space = held;
    this.#root.classList.toggle("panning", held);
  }

  /** @param {MouseEvent} event */
  #doubleClick(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.#tool !== "pan" || this.#candidates.value || target.closest("button, .viewer-compare")) return;
    const { left, top } = this.#root.getBoundingClientRect();
    this.#glide((camera) => camera.zoomed(event.shiftKey ? 0.5 : 2, [event.clientX - left, event.clientY - top]));
  }

  /** @param {PointerEvent | null} event */
  #hover(event) {
    const { left, top } = this.#root.getBoundingClientRect();
    this.#pointer = event && [event.clientX - left, event.clientY - top];
    this.#schedule();
  }

  #rectangleChanged() {
    const value = this.#rectangle.value;
    if (value && !this.#gestures.busy) this.#follow(value);
    this.#schedule();
    this.#status.say(() => (this.#rectangle.value ? this.#rectangle.sizeText : t("view.rectangle-gone")));
    this.dispatchEvent(new Event("rectangle"));
  }

  /**
   * Moves the view to a rectangle that keys have moved out of it.
   *
   * @param {Rect} rect
   */
  #follow([x, y, width, height]) {
    this.#glide((camera) => {
      const [left, top, across, down] = camera.visible();
      const [middleX, middleY] = [x + width / 2, y + height / 2];
      const isSeen = middleX >= left && middleX <= left + across && middleY >= top && middleY <= top + down;
      if (isSeen) return camera;
      return camera.moved((left + across / 2 - middleX) * camera.scale, (top + down / 2 - middleY) * camera.scale);
    });
  }
}
