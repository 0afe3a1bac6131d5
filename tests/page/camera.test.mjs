// The viewer's arithmetic: camera, rectangle, scale bar, readout.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Camera, inside } from "../../www/view/camera.js";
import { decimals, placeBetween } from "../../www/view/readout.js";
import { moved, resized, spanned } from "../../www/view/rectangle.js";
import { lengthText, roundLength } from "../../www/view/scalebar.js";
/** @import { Point, Rect } from "../../types/scene.js" */

const SCENE = { width: 60_000, height: 40_000 };
const VIEW = { width: 900, height: 500 };

const near = (found, expected, tolerance = 1e-6) => {
  found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= tolerance, `${found} is not ${expected}`));
};

test("the whole scene fits, centred, whatever its shape", () => {
  for (const scene of [SCENE, { width: 100, height: 30_000 }, { width: 512, height: 512 }, { width: 3, height: 2 }]) {
    const camera = Camera.fit(scene, VIEW);
    const [left, top] = camera.screenFromScene(0, 0);
    const [right, bottom] = camera.screenFromScene(scene.width, scene.height);
    near([left + right, top + bottom], [VIEW.width, VIEW.height]);
    assert.ok(left > -1e-6 && top > -1e-6, `${left}, ${top} is out of the view`);
    assert.deepEqual(camera.visible(), [0, 0, scene.width, scene.height]);
  }
});

test("zooming keeps the scene point under the pointer, in and out", () => {
  let camera = Camera.fit(SCENE, VIEW).zoomed(40, [450, 250]);
  /** @type {Point} */
  const pointer = [700, 120];
  const under = camera.sceneFromScreen(...pointer);
  for (const factor of [1.3, 5, 0.7, 1 / 3]) {
    camera = camera.zoomed(factor, pointer);
    near(camera.sceneFromScreen(...pointer), under, 1e-5);
  }
});

test("the scale has ends: the whole scene, and pixels that are large enough", () => {
  const camera = Camera.fit(SCENE, VIEW);
  assert.equal(camera.zoomed(1e-6).scale, camera.fitting);
  assert.equal(camera.zoomed(1e9).scale, camera.closest);
  const small = Camera.fit({ width: 100, height: 100 }, VIEW);
  assert.equal(small.scale, 5);
  assert.equal(small.zoomed(1e-6).scale, 1 / 3, "a small scene can be seen at the own size of its pixels");
});

test("the picture cannot be lost: its edges stop a little inside of the view", () => {
  const camera = Camera.fit(SCENE, VIEW).zoomed(8);
  const [left, top] = camera.moved(1e7, 1e7).screenFromScene(0, 0);
  assert.ok(left > 0 && left < 100 && top > 0 && top < 100, `${left}, ${top}`);
  const fitted = Camera.fit(SCENE, VIEW);
  near(Object.values(fitted.moved(300, 200).visible()), [0, 0, SCENE.width, SCENE.height]);
});

test("a drag moves the scene by as many CSS pixels as the pointer", () => {
  const camera = Camera.fit(SCENE, VIEW).zoomed(100);
  const [x, y] = camera.screenFromScene(31_000, 19_500);
  near(camera.moved(-37, 12).screenFromScene(31_000, 19_500), [x - 37, y + 12]);
});

test("a glide arrives, by even factors, without its fixed point wandering", () => {
  const from = Camera.fit(SCENE, VIEW).zoomed(10);
  /** @type {Point} */
  const pointer = [800, 60];
  const to = from.zoomed(16, pointer);
  const half = from.toward(to, 0.5);
  assert.ok(Math.abs(half.scale / from.scale - 4) < 1e-9);
  near(half.sceneFromScreen(...pointer), from.sceneFromScreen(...pointer), 1e-5);
  assert.ok(from.toward(to, 1).isAt(to));
  assert.ok(!half.isAt(to));
  const aside = from.moved(50, 0);
  near([from.toward(aside, 0.5).x], [(from.x + aside.x) / 2]);
});

test("a view that changes its size keeps what it shows, and one that fitted fits again", () => {
  const fitted = Camera.fit(SCENE, VIEW).resized({ width: 300, height: 700 });
  assert.ok(fitted.fits);
  const close = Camera.fit(SCENE, VIEW).zoomed(50).moved(4000, 0);
  const turned = close.resized({ width: 500, height: 900 });
  near([turned.x, turned.y, turned.scale], [close.x, close.y, close.scale]);
});

test("what is visible is whole scene pixels inside the scene", () => {
  const camera = Camera.fit(SCENE, VIEW).scaledTo(48);
  const [x, y, width, height] = camera.visible();
  assert.ok([x, y, width, height].every(Number.isInteger));
  assert.ok(width >= VIEW.width / 48 && width <= VIEW.width / 48 + 2);
  assert.ok(height >= VIEW.height / 48 && height <= VIEW.height / 48 + 2);
  const [middleX, middleY] = [x + width / 2, y + height / 2];
  assert.equal(camera.showing(middleX, middleY), camera, "what is in view stays");
  const moved = camera.showing(x + 2 * width, middleY);
  near(moved.screenFromScene(x + 2 * width, middleY), [VIEW.width / 2, VIEW.height / 2], 1);
  assert.deepEqual(inside([-5, -5, 1, 1], SCENE), [0, 0, 1, 1]);
  assert.deepEqual(inside([59_999.5, 10.2, 400, 0.1], SCENE), [59_999, 10, 1, 1]);
});

test("a rectangle is spanned in any direction and stays in the scene", () => {
  assert.deepEqual(spanned([30.2, 50], [10.7, 20.5], SCENE), [10, 20, 21, 30]);
  assert.deepEqual(spanned([-100, -100], [1e6, 1e6], SCENE), [0, 0, SCENE.width, SCENE.height]);
});

test("a rectangle moves without changing its size, as far as the scene goes", () => {
  assert.deepEqual(moved([10, 10, 100, 50], -40, 7.4, SCENE), [0, 17, 100, 50]);
  assert.deepEqual(moved([10, 10, 100, 50], 1e6, 1e6, SCENE), [59_900, 39_950, 100, 50]);
});

test("a handle moves its own edges, and turns the rectangle over beyond the others", () => {
  /** @type {Rect} */
  const rect = [100, 100, 50, 40];
  assert.deepEqual(resized(rect, "e", 10, 99, SCENE), [100, 100, 60, 40]);
  assert.deepEqual(resized(rect, "nw", -10, -20, SCENE), [90, 80, 60, 60]);
  assert.deepEqual(resized(rect, "w", 70, 0, SCENE), [150, 100, 20, 40]);
  assert.deepEqual(resized(rect, "s", 0, 1e9, SCENE), [100, 100, 50, 39_900]);
  assert.deepEqual(resized(rect, "e", -50, 0, SCENE), [100, 100, 1, 40], "there is always a pixel");
});

test("the scale bar has a round length that is not too long", () => {
  assert.deepEqual([0.37, 1, 4.99, 87, 240, 1999].map(roundLength), [0.2, 1, 2, 50, 200, 1000]);
  const texts = [0.2, 1, 50, 1000, 20_000].map((metres) => lengthText(metres).replace("\u00a0", " "));
  assert.deepEqual(texts, ["20 cm", "1 m", "50 m", "1 km", "20 km"]);
});

test("a place is read between the corners, over the date line too", () => {
  const corners = [[4, 53], [6, 53], [6, 51], [4, 51]];
  assert.deepEqual(placeBetween(corners, 0.25, 0.5), [4.5, 52]);
  const [longitude, latitude] = placeBetween([[179, 1], [-179, 1], [-179, -1], [179, -1]], 0.75, 0.5);
  near([longitude, latitude], [-179.5, 0]);
  assert.equal(decimals([[4, 52], [4.001, 52], [4.001, 51.999], [4, 51.999]]), 6, "a hundred metres: a decimetre");
  assert.equal(decimals([[4, 52], [4.5, 52], [4.5, 51.7], [4, 51.7]]), 3, "forty kilometres: under a hundred metres");
});
