//! Planes: airliners and light aircraft.

use crate::things::class::Class;

use super::canvas::{Rgb, lit, mix};
use super::frame::{Frame, polygon, segment};
use super::world::World;

/// A plane with its nose along the axis of the frame; `span_m` is its wing span in metres.
pub fn plane(world: &mut World, frame: Frame, span_m: f32) {
    let span = world.m(span_m) * 0.5;
    let airliner = span_m > 18.0;
    let length = span
        * if airliner {
            world.range(0.98, 1.15)
        } else {
            0.72
        };
    let fat = span * if airliner { 0.115 } else { 0.13 };
    let swept = if airliner {
        world.range(0.38, 0.55)
    } else {
        0.04
    };
    let (root, tip) = (span * 0.3, span * if airliner { 0.09 } else { 0.2 });
    let start = length * if airliner { 0.28 } else { 0.35 };
    let wing = move |side: f32| {
        [
            (start, 0.0),
            (start - span * swept, side * span),
            (start - span * swept - tip, side * span),
            (start - root * 1.25, 0.0),
        ]
    };
    let tail = move |side: f32| {
        let end = -length * 0.8;
        [
            (end, 0.0),
            (end - span * swept * 0.35, side * span * 0.38),
            (end - span * swept * 0.35 - tip, side * span * 0.38),
            (end - root * 0.55, 0.0),
        ]
    };
    let shapes = [wing(1.0), wing(-1.0), tail(1.0), tail(-1.0)];
    let engines = if airliner && world.chance(0.3) { 2 } else { 1 };
    let body = move |x: f32, y: f32| {
        let (u, v) = frame.local(x, y);
        if u.abs() > length * 1.2 || v.abs() > span * 1.1 {
            return 9.0;
        }
        // The body narrows towards its tail.
        let (away, t) = segment((u, v), (length - fat, 0.0), (-length * 0.95, 0.0));
        let mut nearest = away - fat * (1.0 - 0.75 * (t - 0.62).max(0.0) / 0.38);
        for shape in &shapes {
            nearest = nearest.min(polygon((u, v), shape));
        }
        if airliner {
            for engine in 0..engines {
                let out = span * (0.34 + 0.24 * engine as f32);
                let front = start - out * swept + fat * 0.9;
                nearest = nearest.min(
                    segment((u, v.abs()), (front, out), (front - fat * 1.6, out)).0 - fat * 0.55,
                );
            }
        }
        nearest
    };
    let reach = frame.bounds(length * 1.1, span * 1.05);
    let height = world.m(if airliner { 4.0 } else { 1.8 });
    world.canvas.shadow(reach, height, |_| false, body);
    let stamp = world.thing(Class::Plane, None);
    let base: Rgb = world.pick(&[
        [238.0, 239.0, 240.0],
        [232.0, 232.0, 230.0],
        [206.0, 208.0, 210.0],
        [140.0, 144.0, 148.0],
    ]);
    let paint = world.vary(base, 6.0, 3.0);
    let livery: Rgb = world.pick(&[
        [40.0, 70.0, 140.0],
        [180.0, 40.0, 44.0],
        [60.0, 60.0, 66.0],
        [30.0, 110.0, 90.0],
        [214.0, 150.0, 50.0],
    ]);
    world.canvas.paint(reach, stamp, body, move |x, y, _| {
        let (u, v) = frame.local(x, y);
        if v.abs() < fat * 0.3 && u < -length * 0.72 {
            return livery;
        }
        if v.abs() > fat {
            // Wings are a little darker than the body, with flaps at the back.
            return lit(paint, 0.9);
        }
        let side = 1.0 - 0.25 * (v / fat).powi(2);
        let nose = u > length * 0.93 && v.abs() < fat * 0.5;
        if nose {
            mix(paint, [40.0, 44.0, 50.0], 0.7)
        } else {
            lit(paint, side)
        }
    });
}
