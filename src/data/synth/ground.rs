//! Large areas: mixed ground, fields, lakes and coasts, paved yards, pools.

use crate::things::class::Class;

use super::canvas::{Rgb, lit, mix};
use super::frame::{Bounds, Frame, circle, rectangle, rounded};
use super::noise::{fractal, white};
use super::surface::{Kind, Surface};
use super::world::World;

/// Class that a kind of ground is labelled as.
pub fn class_of(kind: Kind) -> Class {
    match kind {
        Kind::Lawn | Kind::Meadow | Kind::DryGrass | Kind::Scrub => Class::Grass,
        Kind::Soil | Kind::RedSoil | Kind::Sand | Kind::PaleSand | Kind::Gravel => Class::BareLand,
        Kind::Asphalt | Kind::OldAsphalt | Kind::Concrete => Class::Pavement,
        Kind::Sea | Kind::Pond | Kind::Murky => Class::Water,
    }
}

/// Covers the canvas with one kind of ground, with patches of another where the noise is high.
pub fn cover(world: &mut World, kind: Kind, patches: Option<Kind>, share: f32) {
    let main = Surface::new(kind, world);
    let main_id = class_of(kind).id();
    let other = patches.map(|kind| (Surface::new(kind, world), class_of(kind).id()));
    // Patches lie where smooth noise exceeds a level; at 0 that is half of the ground.
    let level = 1.6 * (0.5 - share);
    let step = 26.0
        / world
            .m(world.canvas.size as f32 * 0.1 / world.canvas.scale)
            .max(8.0);
    let offset = (world.range(0.0, 256.0), world.range(0.0, 256.0));
    let size = world.canvas.size;
    for row in 0..size {
        for column in 0..size {
            let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
            let at = row * size + column;
            let mixed = match &other {
                Some(_) => {
                    let value = fractal(x * step + offset.0, y * step + offset.1);
                    ((value - level) * 4.0 + 0.5).clamp(0.0, 1.0)
                }
                None => 0.0,
            };
            let (colour, label) = match &other {
                Some((surface, id)) if mixed >= 1.0 => (surface.at(x, y), *id),
                Some((surface, id)) if mixed > 0.0 => {
                    let colour = mix(main.at(x, y), surface.at(x, y), mixed);
                    (colour, if mixed >= 0.5 { *id } else { main_id })
                }
                _ => (main.at(x, y), main_id),
            };
            world.canvas.rgb[at] = colour;
            world.canvas.labels[at] = label;
        }
    }
}

/// A rectangle of a surface, in pixels.
pub fn slab(world: &mut World, frame: Frame, a: f32, b: f32, kind: Kind) {
    let surface = Surface::new(kind, world);
    let stamp = world.ground(class_of(kind));
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| rectangle(frame.local(x, y), a, b),
        |x, y, _| surface.at(x, y),
    );
}

/// A parking lot without its stalls, in pixels.
pub fn lot(world: &mut World, frame: Frame, a: f32, b: f32) {
    let kind = world.pick(&[Kind::Asphalt, Kind::OldAsphalt, Kind::OldAsphalt]);
    let surface = Surface::new(kind, world);
    let stamp = world.thing(Class::ParkingLot, None);
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| rectangle(frame.local(x, y), a, b),
        |x, y, _| surface.at(x, y),
    );
}

/// A farm field with furrows along the axis of the frame, in pixels.
pub fn field(world: &mut World, frame: Frame, a: f32, b: f32) {
    let bases: &[Rgb] = &[
        [104.0, 128.0, 66.0],
        [86.0, 112.0, 58.0],
        [140.0, 148.0, 84.0],
        [176.0, 160.0, 110.0],
        [196.0, 180.0, 130.0],
        [142.0, 116.0, 88.0],
        [116.0, 94.0, 74.0],
        [160.0, 136.0, 100.0],
    ];
    let base = world.pick(bases);
    let base = world.vary(base, 12.0, 6.0);
    let surface = Surface::new(Kind::Meadow, world).tinted(base, lit(base, world.range(0.8, 0.95)));
    let period = (world.range(1.2, 5.0) * world.canvas.scale).max(2.6);
    let depth = world.range(0.02, 0.14);
    let seed = world.range(0.0, 1e6) as u32;
    let stamp = world.thing(Class::Field, None);
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| rectangle(frame.local(x, y), a, b),
        |x, y, _| {
            let (u, v) = frame.local(x, y);
            let row = (v / period).floor();
            let wave = (v * std::f32::consts::TAU / period).sin();
            let tone = white(row as i32, (u / 400.0) as i32, seed) * 0.35;
            lit(surface.at(x, y), 1.0 + depth * (wave + tone))
        },
    );
}

/// A lake of roughly `radius` pixels.
pub fn lake(world: &mut World, x: f32, y: f32, radius: f32) {
    let kind = world.pick(&[Kind::Pond, Kind::Pond, Kind::Sea, Kind::Murky]);
    let surface = Surface::new(kind, world);
    let shore_kind = world.pick(&[Kind::Soil, Kind::Sand, Kind::Meadow]);
    let shore = Surface::new(shore_kind, world);
    let offset = (world.range(0.0, 256.0), world.range(0.0, 256.0));
    let rough = 16.0 / radius;
    let ragged = world.range(0.1, 0.3);
    let stretch = Frame::new(x, y, world.range(0.0, 3.2));
    let flat = world.range(0.6, 1.0);
    let shape = move |px: f32, py: f32| {
        let (u, v) = stretch.local(px, py);
        circle((u, v / flat), radius)
            + radius * ragged * fractal(px * rough + offset.0, py * rough + offset.1)
    };
    let reach = Bounds::around(x, y, radius * 1.9);
    let rim = world.m(1.0) * world.range(0.5, 3.0);
    let land = world.ground(class_of(shore_kind));
    world.canvas.paint(
        reach,
        land,
        |x, y| shape(x, y) - rim,
        |x, y, _| shore.at(x, y),
    );
    let stamp = world.thing(Class::Water, None);
    world
        .canvas
        .paint(reach, stamp, shape, |x, y, _| surface.at(x, y));
}

/// Open water beyond a wavy shore: everything with `u > 0` in the frame, with a beach or a quay.
pub fn sea(world: &mut World, frame: Frame, wavy: f32, quay: bool) {
    let kind = world.pick(&[Kind::Sea, Kind::Sea, Kind::Pond, Kind::Murky]);
    let surface = Surface::new(kind, world);
    let edge_kind = if quay {
        Kind::Concrete
    } else {
        world.pick(&[Kind::Sand, Kind::PaleSand, Kind::Soil])
    };
    let edge = Surface::new(edge_kind, world);
    let offset = (world.range(0.0, 256.0), world.range(0.0, 256.0));
    let step = 40.0 / world.side();
    let rim = world.m(if quay { 9.0 } else { 5.0 }) * world.range(0.6, 1.6);
    let shape = move |x: f32, y: f32| {
        let (u, _) = frame.local(x, y);
        -u + wavy * fractal(x * step + offset.0, y * step + offset.1)
    };
    let whole = Bounds::around(world.side() * 0.5, world.side() * 0.5, world.side());
    let land = world.ground(class_of(edge_kind));
    world.canvas.paint(
        whole,
        land,
        |x, y| shape(x, y) - rim,
        |x, y, _| edge.at(x, y),
    );
    let stamp = world.thing(Class::Water, None);
    let swell = (world.range(0.0, 3.2), world.m(1.0) * world.range(4.0, 12.0));
    let (sx, sy) = (swell.0.cos() / swell.1, swell.0.sin() / swell.1);
    let foam = if quay { 0.0 } else { world.range(0.0, 0.7) };
    world.canvas.paint(whole, stamp, shape, |x, y, _| {
        let warp = fractal(x * 0.25 + offset.1, y * 0.25 + offset.0);
        let wave = ((x * sx + y * sy) * 6.0 + warp * 1.5).sin() * 2.5;
        let near = (1.0 + shape(x, y) / rim.max(1.0)).clamp(0.0, 1.0);
        let colour = surface.at(x, y).map(|value| value + wave);
        mix(colour, [206.0, 212.0, 208.0], near * foam)
    });
}

/// A swimming pool with its deck, in pixels.
pub fn pool(world: &mut World, frame: Frame, a: f32, b: f32) {
    let deck_base: Rgb = world.pick(&[
        [196.0, 188.0, 176.0],
        [206.0, 202.0, 196.0],
        [176.0, 152.0, 132.0],
    ]);
    let deck = world.vary(deck_base, 12.0, 4.0);
    let water_base: Rgb = world.pick(&[
        [92.0, 176.0, 196.0],
        [70.0, 156.0, 188.0],
        [120.0, 196.0, 206.0],
        [64.0, 132.0, 164.0],
    ]);
    let water = world.vary(water_base, 10.0, 6.0);
    let rim = world.m(1.0) * world.range(0.7, 2.0);
    let corner = a.min(b) * world.pick(&[0.15, 0.5, 0.95]);
    let ground = world.ground(Class::Pavement);
    let pavement = move |x: f32, y: f32| rectangle(frame.local(x, y), a + rim, b + rim);
    world.canvas.paint(
        frame.bounds(a + rim, b + rim),
        ground,
        pavement,
        |_, _, _| deck,
    );
    let stamp = world.thing(Class::Pool, None);
    let seed = world.range(0.0, 256.0);
    let shape = move |x: f32, y: f32| rounded(frame.local(x, y), a, b, corner);
    world
        .canvas
        .paint(frame.bounds(a, b), stamp, shape, |x, y, _| {
            let deep = (-shape(x, y) / a.min(b)).clamp(0.0, 1.0);
            lit(water, 1.06 - 0.14 * deep + 0.03 * fractal(x + seed, y))
        });
}
