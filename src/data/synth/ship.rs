//! Ships and boats, with wakes when they move.

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, lit, mix};
use super::frame::{Frame, rectangle};
use super::noise::fractal;
use super::world::World;

/// A ship heading along the axis of the frame.
pub fn ship(world: &mut World, frame: Frame, length_m: f32, moving: bool) {
    let a = world.m(length_m) * 0.5;
    let slim = if length_m > 40.0 {
        world.range(0.13, 0.19)
    } else {
        world.range(0.24, 0.36)
    };
    let b = (a * slim).max(0.9);
    if moving {
        wake(world, frame, a, b);
    }
    let stern = world.range(0.75, 1.0);
    let hull = move |x: f32, y: f32| {
        let (u, v) = frame.local(x, y);
        // Parallel sides that close in a parabola over the last third, towards the bow.
        let t = ((u / a - 0.3) / 0.7).max(0.0);
        let back = ((-u / a - 0.8) / 0.2).clamp(0.0, 1.0);
        let width = b * (1.0 - t * t) * (1.0 - (1.0 - stern) * back);
        (v.abs() - width).max(u.abs() - a)
    };
    let bounds = frame.bounds(a, b);
    let height = world.m((length_m * 0.08).clamp(0.6, 8.0));
    world.canvas.shadow(bounds, height, |_| false, hull);
    let stamp = world.thing(Class::Ship, None);
    let base: Rgb = world.pick(&[
        [234.0, 234.0, 232.0],
        [234.0, 234.0, 232.0],
        [206.0, 206.0, 202.0],
        [150.0, 150.0, 150.0],
        [150.0, 70.0, 56.0],
        [62.0, 84.0, 120.0],
        [84.0, 84.0, 86.0],
    ]);
    let paint = world.vary(base, 10.0, 4.0);
    let deck_base: Rgb = world.pick(&[
        [176.0, 160.0, 132.0],
        [150.0, 78.0, 62.0],
        [120.0, 128.0, 124.0],
        [216.0, 216.0, 212.0],
    ]);
    let deck = if length_m > 14.0 {
        world.vary(deck_base, 10.0, 4.0)
    } else {
        lit(paint, 0.9)
    };
    world.canvas.paint(bounds, stamp, hull, move |x, y, _| {
        if hull(x, y) > -(b * 0.22) {
            paint
        } else {
            deck
        }
    });
    let cargo = length_m > 60.0 && world.chance(0.6);
    if cargo {
        containers(world, frame, a, b);
    }
    // The bridge sits at the back of freighters and in the middle of boats.
    let at = if length_m > 40.0 {
        -0.74
    } else {
        world.range(-0.3, 0.05)
    };
    let cabin = frame.moved(a * at, 0.0);
    let (ca, cb) = (a * if length_m > 40.0 { 0.1 } else { 0.24 }, b * 0.72);
    let shape = move |x: f32, y: f32| rectangle(cabin.local(x, y), ca, cb);
    world
        .canvas
        .shadow(cabin.bounds(ca, cb), height, |_| false, shape);
    world.canvas.paint(
        cabin.bounds(ca, cb),
        Stamp::default(),
        shape,
        move |x, y, _| {
            let (u, _) = cabin.local(x, y);
            if u > ca * 0.6 {
                [90.0, 100.0, 112.0]
            } else {
                [238.0, 238.0, 236.0]
            }
        },
    );
}

fn containers(world: &mut World, frame: Frame, a: f32, b: f32) {
    let seed = world.range(0.0, 1e6) as u32;
    let (long, wide) = (world.m(6.5), world.m(2.6).max(1.2));
    let colours: [Rgb; 6] = [
        [160.0, 64.0, 52.0],
        [54.0, 84.0, 140.0],
        [200.0, 200.0, 196.0],
        [96.0, 130.0, 96.0],
        [204.0, 130.0, 60.0],
        [120.0, 120.0, 122.0],
    ];
    let place = frame.moved(a * 0.02, 0.0);
    let (ca, cb) = (a * 0.58, b * 0.78);
    world.canvas.paint(
        place.bounds(ca, cb),
        Stamp::default(),
        |x, y| rectangle(place.local(x, y), ca, cb),
        |x, y, below| {
            let (u, v) = place.local(x, y);
            let (cu, cv) = (u / long, v / wide);
            let value = super::noise::hash(cu.floor() as i32, cv.floor() as i32, seed);
            if value.is_multiple_of(7) || cu.rem_euclid(1.0) < 0.1 {
                return lit(below, 0.7);
            }
            colours[(value / 7 % 6) as usize]
        },
    );
}

fn wake(world: &mut World, frame: Frame, a: f32, b: f32) {
    let length = a * world.range(2.0, 5.0);
    let offset = world.range(0.0, 256.0);
    let place = frame.moved(-a - length * 0.5 + a * 0.3, 0.0);
    let wide = b * 2.6;
    world.canvas.paint(
        place.bounds(length * 0.5, wide),
        Stamp::default(),
        |x, y| {
            let (u, v) = place.local(x, y);
            let t = 0.5 - u / length;
            (v.abs() - b * 0.8 - (wide - b) * t).max(u.abs() - length * 0.5)
        },
        |x, y, below| {
            let (u, v) = place.local(x, y);
            let t = (0.5 - u / length).clamp(0.0, 1.0);
            let edge = b * 0.8 + (wide - b) * t;
            let arms = 1.0 - ((v.abs() - edge * 0.85).abs() / (edge * 0.3)).min(1.0);
            let core = 1.0 - (v.abs() / b).min(1.0);
            let foam = fractal(x * 0.8 + offset, y * 0.8) * 0.25 + 0.55;
            let share = (arms.max(core * (1.0 - t)) * (1.0 - t) * foam).clamp(0.0, 0.85);
            mix(below, [214.0, 222.0, 224.0], share)
        },
    );
}
