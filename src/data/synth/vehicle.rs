//! Cars, trucks and buses.

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, lit};
use super::frame::{Frame, rounded};
use super::world::World;

/// Colours of vehicles; common ones are listed more than once.
const PAINT: &[Rgb] = &[
    [236.0, 236.0, 234.0],
    [236.0, 236.0, 234.0],
    [228.0, 230.0, 232.0],
    [176.0, 178.0, 180.0],
    [150.0, 152.0, 154.0],
    [46.0, 46.0, 50.0],
    [34.0, 35.0, 38.0],
    [84.0, 86.0, 90.0],
    [176.0, 40.0, 40.0],
    [44.0, 76.0, 150.0],
    [214.0, 176.0, 50.0],
    [120.0, 100.0, 76.0],
];
const CARGO: &[Rgb] = &[
    [232.0, 232.0, 230.0],
    [214.0, 214.0, 212.0],
    [150.0, 150.0, 152.0],
    [60.0, 96.0, 158.0],
    [170.0, 62.0, 48.0],
    [216.0, 130.0, 50.0],
    [104.0, 124.0, 96.0],
];

/// Half length and half width of a class of vehicle in metres.
pub fn half_size_m(class: Class) -> (f32, f32) {
    match class {
        Class::Truck => (4.6, 1.25),
        Class::Bus => (5.8, 1.3),
        _ => (2.25, 0.92),
    }
}

/// A vehicle at the origin of the frame, heading along its axis.
pub fn vehicle(world: &mut World, frame: Frame, class: Class) {
    let (length, width) = half_size_m(class);
    let stretch = world.range(0.9, if class == Class::Truck { 1.35 } else { 1.12 });
    let (a, b) = (world.m(length * stretch), world.m(width).max(0.9));
    let height = world.m(if class == Class::Car { 1.5 } else { 3.0 });
    let corner = b * 0.4;
    let body = move |x: f32, y: f32| rounded(frame.local(x, y), a, b, corner);
    let bounds = frame.bounds(a, b);
    world
        .canvas
        .shadow(bounds, height, |label| label == Class::Building.id(), body);
    let stamp = world.thing(class, None);
    let base = world.pick(PAINT);
    let paint = world.vary(base, 8.0, 4.0);
    match class {
        Class::Truck => {
            let base = world.pick(CARGO);
            let load = world.vary(base, 10.0, 4.0);
            let cab = a - world.m(2.2);
            world.canvas.paint(bounds, stamp, body, |x, y, _| {
                let (u, v) = frame.local(x, y);
                match u - cab {
                    d if d < -0.25 * b => lit(load, if v.abs() > b * 0.8 { 0.9 } else { 1.0 }),
                    d if d < 0.0 => [52.0, 52.0, 54.0],
                    d if d > (a - cab) * 0.62 => lit(paint, 0.45),
                    _ => paint,
                }
            });
        }
        Class::Bus => {
            world.canvas.paint(bounds, stamp, body, |x, y, _| {
                let (u, v) = frame.local(x, y);
                let hatch = v.abs() < b * 0.4
                    && ((u + a * 0.4).abs() < a * 0.1 || (u - a * 0.4).abs() < a * 0.1);
                let glass = u > a * 0.93;
                lit(
                    paint,
                    if hatch {
                        0.78
                    } else if glass {
                        0.4
                    } else {
                        1.0
                    },
                )
            });
        }
        _ => {
            let open = world.chance(0.12);
            let inner = Frame { ..frame };
            world.canvas.paint(bounds, stamp, body, move |x, y, _| {
                let (u, v) = inner.local(x, y);
                let t = u / a;
                let glass = (0.14..0.42).contains(&t) || (-0.84..-0.6).contains(&t);
                let bed = open && t < -0.1;
                let side = v.abs() > b * 0.78 && (-0.6..0.3).contains(&t);
                lit(
                    paint,
                    match (bed, glass, side) {
                        (true, ..) => 0.6,
                        (_, true, _) => 0.42,
                        (_, _, true) => 0.7,
                        _ if t > 0.42 => 0.97,
                        _ => 1.0,
                    },
                )
            });
        }
    }
}

/// Rows of parking stalls filling a lot of half sides `a`, `b` pixels, some with cars in them.
pub fn parking(world: &mut World, frame: Frame, a: f32, b: f32, filled: f32) {
    let (stall, depth, aisle) = (world.m(2.7), world.m(5.2), world.m(6.4));
    let line = (world.m(0.07)).max(0.3);
    let mut v = -b + depth * 0.5 + world.m(0.4);
    let mut row = 0usize;
    while v < b - depth * 0.45 {
        let marks = frame.moved(0.0, v);
        let lines = move |x: f32, y: f32| {
            let (u, w) = marks.local(x, y);
            let nearest = ((u / stall).round() * stall - u).abs();
            (nearest - line)
                .max(w.abs() - depth * 0.5)
                .max(u.abs() - a + 1.0)
        };
        let stamp = Stamp {
            flat: true,
            ..Stamp::default()
        };
        world
            .canvas
            .paint(marks.bounds(a, depth * 0.5), stamp, lines, |_, _, below| {
                lit(below, 1.0).map(|value| value * 0.4 + 130.0)
            });
        let stalls = (a / stall) as i32;
        for place in -stalls..stalls {
            if !world.chance(filled) {
                continue;
            }
            let u = (place as f32 + 0.5) * stall + world.m(1.0) * world.range(-0.1, 0.1);
            let facing = if world.chance(0.5) { 1.0f32 } else { -1.0 };
            let (x, y) = frame.world(u, v);
            if !world.canvas.holds(x, y, 4.0) {
                continue;
            }
            let turned = Frame {
                x,
                y,
                axis: (-frame.axis.1 * facing, frame.axis.0 * facing),
            };
            vehicle(world, turned, Class::Car);
        }
        v += if row.is_multiple_of(2) {
            depth + aisle
        } else {
            depth
        };
        row += 1;
    }
}
