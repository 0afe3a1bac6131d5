//! Courts, pitches and tracks: everything with painted lines that is not a road.

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, mix};
use super::frame::{Frame, circle, rectangle, rounded};
use super::surface::{Kind, Surface};
use super::world::World;

const HARD: &[Rgb] = &[
    [72.0, 112.0, 84.0],
    [86.0, 128.0, 92.0],
    [64.0, 100.0, 148.0],
    [70.0, 116.0, 160.0],
    [158.0, 84.0, 66.0],
    [166.0, 104.0, 76.0],
    [126.0, 124.0, 120.0],
];

/// Half sides in metres of the ground that a court or field occupies.
pub fn half_size_m(class: Class) -> (f32, f32) {
    match class {
        Class::TennisCourt => (18.0, 9.0),
        Class::BasketballCourt => (15.5, 8.8),
        Class::SoccerField => (50.0, 32.0),
        Class::BaseballField => (42.0, 42.0),
        _ => (88.0, 47.0),
    }
}

/// A court, pitch or track around the origin of the frame, `scale` times its usual size.
pub fn court(world: &mut World, frame: Frame, class: Class, scale: f32) {
    match class {
        Class::BaseballField => baseball(world, frame, scale),
        Class::TrackField => track(world, frame, scale),
        Class::SoccerField => {
            let (a, b) = half_size_m(class);
            let stamp = world.thing(class, None);
            pitch(world, frame, world.m(a * scale), world.m(b * scale), stamp);
        }
        _ => hard(world, frame, class, scale),
    }
}

fn hard(world: &mut World, frame: Frame, class: Class, scale: f32) {
    let (a, b) = half_size_m(class);
    let (a, b) = (world.m(a * scale), world.m(b * scale));
    let (outer_base, inner_base) = (world.pick(HARD), world.pick(HARD));
    let outer = world.vary(outer_base, 8.0, 4.0);
    let inner = if world.chance(0.5) {
        outer
    } else {
        world.vary(inner_base, 8.0, 4.0)
    };
    let stamp = world.thing(class, None);
    let tennis = class == Class::TennisCourt;
    let (ia, ib) = if tennis {
        (a * 0.66, b * 0.61)
    } else {
        (a * 0.9, b * 0.85)
    };
    let line = world.m(0.06).max(0.34);
    let m = world.canvas.scale * scale;
    let noise = Surface::new(Kind::Asphalt, world);
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| rectangle(frame.local(x, y), a, b),
        |x, y, _| {
            let grain = noise.at(x, y)[1] - 92.0;
            let (u, v) = frame.local(x, y);
            let base = if rectangle((u, v), ia, ib) < 0.0 {
                inner
            } else {
                outer
            };
            let mut nearest = rectangle((u, v), ia, ib).abs();
            if tennis {
                let singles = ib * 0.75;
                nearest = nearest
                    .min(rectangle((u, v), ia, singles).abs())
                    .min(rectangle((u, v), ia * 0.54, singles).abs())
                    .min(v.abs().max(u.abs() - ia * 0.54))
                    .min(u.abs().max(v.abs() - ib));
            } else {
                let basket = (u.abs() - ia + 1.6 * m, v);
                nearest = nearest
                    .min(u.abs().max(v.abs() - ib))
                    .min(circle((u, v), 1.8 * m).abs())
                    .min(circle(basket, 6.2 * m).abs().max(u.abs() - ia))
                    .min(rectangle((u.abs() - ia + 2.9 * m, v), 2.9 * m, 2.4 * m).abs());
            }
            let share = (0.5 + line - nearest).clamp(0.0, 1.0) * (line * 2.0).min(1.0);
            mix(
                base.map(|value| value + grain * 0.35),
                [234.0; 3],
                share * 0.9,
            )
        },
    );
}

fn pitch(world: &mut World, frame: Frame, a: f32, b: f32, stamp: Stamp) {
    let grass = Surface::new(Kind::Lawn, world);
    let stripe = a / world.count(4, 9) as f32;
    let striped = world.chance(0.6);
    let line = world.m(0.1).max(0.32);
    let clear = world.range(0.25, 0.9);
    let pure = |x: f32, y: f32| rectangle(frame.local(x, y), a, b);
    world
        .canvas
        .paint(frame.bounds(a, b), stamp, pure, |x, y, _| {
            let (u, v) = frame.local(x, y);
            let mut colour = grass.at(x, y);
            if striped && (u / stripe).rem_euclid(2.0) < 1.0 {
                colour = colour.map(|value| value * 1.1);
            }
            let (ia, ib) = (a * 0.94, b * 0.92);
            let nearest = rectangle((u, v), ia, ib)
                .abs()
                .min(u.abs().max(v.abs() - ib))
                .min(circle((u, v), a * 0.17).abs())
                .min(rectangle((u.abs() - ia * 0.84, v), ia * 0.16, ib * 0.6).abs())
                .min(rectangle((u.abs() - ia * 0.945, v), ia * 0.055, ib * 0.27).abs());
            let share = (0.5 + line - nearest).clamp(0.0, 1.0) * (line * 2.0).min(1.0);
            mix(colour, [232.0; 3], share * clear)
        });
}

fn track(world: &mut World, frame: Frame, scale: f32) {
    let (a, b) = half_size_m(Class::TrackField);
    let (a, b) = (world.m(a * scale), world.m(b * scale));
    let base: Rgb = world.pick(&[
        [168.0, 84.0, 66.0],
        [158.0, 76.0, 62.0],
        [178.0, 104.0, 82.0],
        [150.0, 92.0, 76.0],
    ]);
    let red = world.vary(base, 8.0, 4.0);
    let lane = (world.m(1.22)).max(2.2);
    let wide = world.m(8.5);
    let grass = Surface::new(Kind::Lawn, world);
    let stamp = world.thing(Class::TrackField, None);
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| rounded(frame.local(x, y), a, b, b),
        |x, y, _| {
            let deep = -rounded(frame.local(x, y), a, b, b);
            if deep > wide {
                return grass.at(x, y);
            }
            let line = ((deep / lane).rem_euclid(1.0) - 0.5).abs() < 0.5 - 0.34 / lane;
            mix(red, [228.0; 3], if line { 0.0 } else { 0.45 })
        },
    );
    if world.chance(0.8) {
        // The pitch inside belongs to the track field.
        let keep = Stamp {
            label: None,
            owner: None,
            flat: false,
        };
        pitch(world, frame, a * 0.56, b * 0.66, keep);
    }
}

fn baseball(world: &mut World, frame: Frame, scale: f32) {
    let size = world.m(84.0 * scale);
    // The home plate in a corner, the foul lines along both axes.
    let home = frame.moved(-size * 0.5, -size * 0.5);
    let grass = Surface::new(Kind::Lawn, world);
    let dirt_kind = world.pick(&[Kind::Soil, Kind::RedSoil, Kind::Soil]);
    let dirt = Surface::new(dirt_kind, world);
    let stamp = world.thing(Class::BaseballField, None);
    let (infield, base) = (size * 0.36, size * 0.26);
    let grassy = world.chance(0.7);
    let line = world.m(0.1).max(0.32);
    let margin = size * 0.07;
    let area = move |x: f32, y: f32| {
        let (u, v) = home.local(x, y);
        circle((u, v), size).max(-u - margin).max(-v - margin)
    };
    world.canvas.paint(
        frame.bounds(size * 0.6, size * 0.6),
        stamp,
        area,
        |x, y, _| {
            let (u, v) = home.local(x, y);
            let centre = base * 0.5;
            let skin = circle((u - centre, v - centre), infield * 0.72);
            let diamond = rectangle((u - centre, v - centre), centre * 0.82, centre * 0.82);
            let mound = circle((u - centre, v - centre), base * 0.1);
            let plate = circle((u, v), base * 0.16);
            let bare = (skin < 0.0 && !(grassy && diamond < 0.0)) || mound < 0.0 || plate < 0.0;
            let colour = if bare || u < -margin * 0.2 || v < -margin * 0.2 {
                dirt.at(x, y)
            } else {
                grass.at(x, y)
            };
            let foul = u.abs().max(-v).min(v.abs().max(-u));
            let share = (0.5 + line - foul).clamp(0.0, 1.0) * (line * 2.0).min(1.0);
            mix(colour, [232.0; 3], share * 0.7)
        },
    );
}
