// The viewer: the scene and its masks on the stage, panned and zoomed like a map.
import { t } from "../text/text.js";
import { CandidateView } from "./candidates.js";
import { Compare } from "./compare.js";
import { controls } from "./controls.js";
import { CorrectView } from "./correct.js";
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
import { Space } from "./space.js";
import { Status } from "./status.js";
import { Surface } from "./surface.js";
/**
 * @import { CorrectOptions, Drawn } from "./correct.js"
 * @import { Scene } from "../../types/page.js"
 * @import { EmitterOf } from "../../types/events.js"
 * @import { Point } from "../../types/scene.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Doc } from "../state/document.js"
 * @import { Camera } from "./camera.js"
 * @import { CandidatesShown } from "./candidates.js"
 */

/**
 * @typedef {"pan" | "rectangle" | "correct"} Tool
 * @typedef {object} ViewerEvents
 * @property {null} view
 * @property {null} rectangle
 * @property {Tool} tool
 * @property {{ place: number, more: boolean }} candidate
 * @property {Drawn} stroke
 * @property {unknown} problem
 */

/**
 * Events: "view" (the camera changed), "rectangle" (drawn, changed or removed), "tool" (detail: the new tool),
 * "candidate" (one was clicked; detail `{place, more}`, `more` with Shift), "stroke" (it corrects a mask), "problem"
 * (detail: an error of the scene worker).
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
  #correct = new CorrectView((stroke) => this.dispatchEvent(new CustomEvent("stroke", { detail: stroke })));
  #compare;
  #motion = new Motion(() => this.#invalidate());
  #gestures;
  #details;
  #pictures;
  /** @type {Tool} */
  #tool = "pan";
  #space;
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
    this.#space = new Space(this.#root, () => this.#steer(() => this.#correct.release()));
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

  /**
   * How masks are corrected with the tool "correct", as CorrectView takes it.
   *
   * @param {CorrectOptions | null} options
   */
  set correcting(options) {
    this.#correct.options = options;
    this.#schedule();
  }

  /**
   * Ends the preview of a stroke when the mask is drawn with `correction`; null if the stroke changed nothing.
   *
   * @param {Drawn} stroke
   * @param {number | null} correction
   */
  endStroke(stroke, correction) {
    this.#correct.end(stroke, correction);
    this.#schedule();
  }

  /**
   * What a drag does: "pan" moves the view, "rectangle" draws one, "correct" changes a mask. The rectangle is shown
   * with its tool only.
   */
  get tool() {
    return this.#tool;
  }

  /** @param {Tool} tool */
  set tool(tool) {
    if (tool === this.#tool) return;
    this.#gestures.cancel();
    this.#correct.cancel();
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

  /** Cancels the drag or the stroke in progress; if there is none, removes the rectangle. Returns whether it did. */
  escape() {
    if (this.#gestures.cancel() || this.#correct.cancel()) this.#schedule();
    else if (this.#tool === "rectangle") this.#rectangle.value = null;
    else return false;
    return true;
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
    const canvases = [this.#surface.element, this.#candidates.element, this.#correct.element];
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
    root.addEventListener("focus", () => {
      this.#correct.enter(root.matches(":focus-visible"));
      this.#schedule();
    });
    root.addEventListener("blur", () => {
      this.#correct.leave();
      this.#schedule();
    });
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
      this.#surface.paint(camera, { scene, sources: this.#details.sources, layers: this.#pictures.painted, look, compare });
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
    if (this.#tool !== "correct") return this.#correct.hide();
    const { id = 0, refine } = this.#doc.layer() ?? {};
    const drawn = this.#pictures.correctionOf(id);
    this.#correct.show(camera, this.#surface.ratio, drawn === refine?.correction ? Infinity : drawn);
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
    const pans = this.#tool === "pan" || event.button === 1 || this.#space.isHeld;
    if (this.#space.isHeld) this.#correct.interrupt();
    if (pans) return this.#pan(point, event);
    return this.#tool === "correct" ? this.#correct.grab(event, point) : this.#rectangle.grab(event, point);
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
    const isOwn = event.target === this.#root;
    const isArrow = event.key.startsWith("Arrow") || event.key === "Enter";
    const correct = isOwn && this.#tool === "correct" ? this.#correct.actionOf(event) : null;
    const action = correct ? () => this.#steer(correct) : isArrow && !isOwn ? null : actionOf(event, this);
    if (!action) return;
    event.preventDefault();
    // Keys that the page uses elsewhere apply to the view here.
    event.stopPropagation();
    action();
  }

  /**
   * Moves the brush by a key, or uses it. The view follows the brush.
   *
   * @param {() => string} act
   */
  #steer(act) {
    const text = act();
    const at = this.#correct.cursor;
    if (at) this.#glide((camera) => camera.showing(...at));
    if (text) this.#status.say(() => text);
    this.#schedule();
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
    if (this.#motion.camera) this.#correct.hover(this.#pointer && this.#camera.sceneFromScreen(...this.#pointer));
    this.#schedule();
  }

  #rectangleChanged() {
    const value = this.#rectangle.value;
    if (value && !this.#gestures.busy) {
      // Keys may have moved it out of the view.
      const [x, y, width, height] = value;
      this.#glide((camera) => camera.showing(x + width / 2, y + height / 2));
    }
    this.#schedule();
    this.#status.say(() => (this.#rectangle.value ? this.#rectangle.sizeText : t("view.rectangle-gone")));
    this.dispatchEvent(new Event("rectangle"));
  }
}
