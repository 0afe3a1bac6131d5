// The scene's pictures, coarse to fine: the preview, which is always present, and sharper parts read for the view.
/**
 * @import { Rect } from "../../types/scene.js"
 * @import { Scene } from "../../types/page.js"
 * @import { Scenes } from "../scene/client.js"
 * @import { Camera } from "./camera.js"
 */

/**
 * @typedef {{ bitmap: ImageBitmap, rect: Rect, native: boolean }} Source A picture of the scene's `rect`.
 * @typedef {Source & { asked: number, sharpness: number }} Detail Each with its pixels per scene pixel, requested and
 * read.
 */

/** Margin read around the visible part, in shares of the view: room to move before the next reading. */
const MARGIN = 0.25;
/** Longest side of a picture that is read, in pixels. */
const LONGEST = 4096;
/** The view is read once it has not changed for this long, and at intervals while it keeps moving. */
const REST_MS = 90;
const MOVING_MS = 400;
/** Number of coarser pictures kept below the newest one, for zooming out. */
const KEPT = 3;

export class Details {
  #scenes;
  #changed;
  #failed;
  /** @type {Scene | null} */
  #scene = null;
  /** @type {Detail[]} */
  #stack = [];
  #timer = 0;
  #asked = 0; // counts readings: answers older than the newest one shown are dropped
  #shown = 0;
  #last = 0; // time of the last request
  #isFailing = false; // reported once, not at every move

  /**
   * `changed()` is called when there is something new to draw, `failed(error)` when a part cannot be read.
   *
   * @param {Scenes} scenes
   * @param {() => void} changed
   * @param {(error: unknown) => void} failed
   */
  constructor(scenes, changed, failed) {
    this.#scenes = scenes;
    this.#changed = changed;
    this.#failed = failed;
  }

  /** @param {Scene | null} scene */
  setScene(scene) {
    clearTimeout(this.#timer);
    for (const { bitmap } of this.#stack) bitmap.close();
    this.#stack = [];
    this.#shown = this.#asked;
    this.#isFailing = false;
    this.#scene = scene;
  }

  /**
   * `{bitmap, rect, native}` from coarse to fine; `native` if the bitmap has the scene's full resolution.
   *
   * @returns {Source[]}
   */
  get sources() {
    const { width, height, preview } = /** @type {Scene} */ (this.#scene);
    /** @type {Source} */
    const base = { bitmap: preview, rect: [0, 0, width, height], native: preview.width >= width };
    return [base, ...this.#stack];
  }

  /**
   * Schedules a reading if what `camera` shows is not as sharp as it can be.
   *
   * @param {Camera} camera
   * @param {number} ratio
   */
  want(camera, ratio) {
    clearTimeout(this.#timer);
    if (!this.#scene) return;
    if (this.#isSharp(camera.visible(), sharpness(camera, ratio))) return;
    const wait = Math.max(0, Math.min(REST_MS, this.#last + MOVING_MS - performance.now()));
    this.#timer = setTimeout(() => this.#read(camera, ratio), wait);
  }

  /** @param {Rect} visible @param {number} need */
  #isSharp(visible, need) {
    const { preview, width } = /** @type {Scene} */ (this.#scene);
    if (preview.width / width >= need * 0.95) return true;
    const newest = this.#stack.at(-1);
    return newest !== undefined && newest.asked >= need * 0.95 && contains(newest.rect, visible);
  }

  /** @param {Camera} camera @param {number} ratio */
  async #read(camera, ratio) {
    const rect = camera.visible(MARGIN);
    const share = sharpness(camera, ratio);
    const [width, height] = [rect[2], rect[3]].map((side) => Math.max(1, Math.round(side * share)));
    const scene = this.#scene;
    this.#asked += 1;
    const mine = this.#asked;
    this.#last = performance.now();
    try {
      const bitmap = await this.#scenes.view(rect, width, height);
      this.#isFailing = false;
      if (!bitmap) return;
      if (mine <= this.#shown || scene !== this.#scene) bitmap.close();
      else this.#take({ bitmap, rect, asked: share, sharpness: bitmap.width / rect[2] }, mine);
    } catch (error) {
      // Only the newest reading's failure is reported: it has superseded earlier ones.
      if (mine !== this.#asked || scene !== this.#scene || this.#isFailing) return;
      this.#isFailing = true;
      this.#failed(error);
    }
  }

  // Coarser pictures of a larger area stay below the new one, so that zooming out does not show the blurred preview.
  /** @param {Omit<Detail, "native">} detail @param {number} mine */
  #take(detail, mine) {
    this.#shown = mine;
    const below = this.#stack.filter((old) => old.sharpness < detail.sharpness * 0.8 && area(old) > area(detail) * 2);
    const kept = below.slice(-KEPT);
    for (const old of this.#stack) if (!kept.includes(old)) old.bitmap.close();
    this.#stack = [...kept, { ...detail, native: detail.sharpness >= 1 }];
    this.#changed();
  }
}

/**
 * Pixels read per scene pixel, along a side: as many as the screen has, at most 1, limited by LONGEST.
 *
 * @param {Camera} camera
 * @param {number} ratio
 */
function sharpness(camera, ratio) {
  const [, , width, height] = camera.visible(MARGIN);
  return Math.min(1, camera.scale * ratio, LONGEST / Math.max(width, height));
}

/** @param {Rect} outer @param {Rect} inner */
function contains([x, y, width, height], [innerX, innerY, innerWidth, innerHeight]) {
  return x <= innerX && y <= innerY && x + width >= innerX + innerWidth && y + height >= innerY + innerHeight;
}

/** @param {{ rect: Rect }} picture */
function area({ rect }) {
  return rect[2] * rect[3];
}
