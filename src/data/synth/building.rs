//! Buildings: footprints of a few wings, roofs, clutter, walls and shadows.

use rand::RngExt;

use crate::things::class::Class;
use crate::things::material::Material;

use super::canvas::{Rgb, Stamp, lit, mix};
use super::clutter::{clutter, panels};
use super::frame::{Bounds, Frame};
use super::noise::{fractal, white};
use super::style::{Style, Wing};
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Roof {
    Flat,
    Gable,
    Hip,
}

const TILES: &[Rgb] = &[
    [172.0, 84.0, 62.0],
    [192.0, 112.0, 80.0],
    [160.0, 70.0, 58.0],
    [124.0, 96.0, 78.0],
    [106.0, 82.0, 66.0],
    [96.0, 95.0, 96.0],
    [134.0, 128.0, 122.0],
    [164.0, 140.0, 114.0],
    [74.0, 76.0, 82.0],
];
const TIN: &[Rgb] = &[
    [186.0, 190.0, 194.0],
    [164.0, 166.0, 168.0],
    [226.0, 228.0, 230.0],
    [66.0, 124.0, 180.0],
    [44.0, 96.0, 164.0],
    [84.0, 132.0, 106.0],
    [170.0, 62.0, 62.0],
    [186.0, 88.0, 84.0],
    [152.0, 104.0, 78.0],
    [136.0, 92.0, 74.0],
];
const CONCRETE: &[Rgb] = &[
    [168.0, 164.0, 156.0],
    [148.0, 145.0, 140.0],
    [206.0, 202.0, 194.0],
    [228.0, 228.0, 226.0],
    [192.0, 178.0, 154.0],
    [104.0, 104.0, 106.0],
    [78.0, 78.0, 82.0],
    [160.0, 108.0, 92.0],
];

const THATCH: &[Rgb] = &[
    [128.0, 114.0, 90.0],
    [108.0, 97.0, 79.0],
    [143.0, 127.0, 99.0],
    [96.0, 88.0, 74.0],
];

/// A building around the origin of `frame`, within half sides `a`, `b` pixels.
pub fn building(world: &mut World, frame: Frame, a: f32, b: f32, style: Style) {
    use Material::*;
    let (material, roof) = match style {
        Style::House => match world.count(0, 9) {
            0..=4 => (ClayTiles, Roof::Hip),
            5..=7 => (ClayTiles, Roof::Gable),
            8 => (Tin, Roof::Gable),
            _ => (Concrete, Roof::Flat),
        },
        Style::Villa => match world.count(0, 4) {
            0..=1 => (ClayTiles, Roof::Hip),
            _ => (Concrete, Roof::Flat),
        },
        Style::Shack => match world.count(0, 9) {
            0..=4 => (Tin, Roof::Gable),
            5 => (Thatch, Roof::Hip),
            6 => (Tin, Roof::Flat),
            _ => (Concrete, Roof::Flat),
        },
        Style::Block => (Concrete, Roof::Flat),
        Style::Hall => match world.count(0, 9) {
            0..=3 => (Tin, Roof::Gable),
            4..=5 => (Tin, Roof::Flat),
            _ => (Concrete, Roof::Flat),
        },
        Style::Barn => (if world.chance(0.6) { Tin } else { ClayTiles }, Roof::Gable),
    };
    let palette = match material {
        ClayTiles => TILES,
        Tin => TIN,
        Concrete => CONCRETE,
        Thatch => THATCH,
    };
    let base = world.pick(palette);
    let colour = world.vary(base, 14.0, 6.0);
    let (low, high) = match style {
        Style::House | Style::Barn => (3.5, 6.5),
        Style::Villa => (4.0, 9.0),
        Style::Shack => (2.3, 6.0),
        Style::Block => (6.0, 26.0),
        Style::Hall => (6.0, 13.0),
    };
    let height_m = world.range(low, high);
    let wings = wings(world, a, b, style);
    raise(world, frame, &wings, height_m, (a, b));
    let lean = (world.lean.0 * height_m, world.lean.1 * height_m);
    let top = Frame {
        x: frame.x + lean.0,
        y: frame.y + lean.1,
        axis: frame.axis,
    };
    let stamp = world.thing(Class::Building, Some(material));
    walls(world, frame, &wings, lean, colour, (a, b), stamp);
    cover(world, top, &wings, roof, material, colour, stamp);
    if roof == Roof::Flat {
        clutter(world, top, &wings, style);
    } else if world.chance(0.15) && matches!(style, Style::House | Style::Hall | Style::Villa) {
        panels(world, top, wings[0]);
    }
}

fn wings(world: &mut World, a: f32, b: f32, style: Style) -> Vec<Wing> {
    let full = Wing {
        u: 0.0,
        v: 0.0,
        a,
        b,
    };
    let plain = match style {
        Style::House | Style::Villa => 0.35,
        Style::Block => 0.5,
        Style::Hall => 0.75,
        Style::Shack | Style::Barn => 0.85,
    };
    if world.chance(plain) || a.min(b) < 4.0 {
        return vec![full];
    }
    let (su, sv) = (world.pick(&[-1.0f32, 1.0]), world.pick(&[-1.0f32, 1.0]));
    let (ka, kb) = (world.range(0.35, 0.6), world.range(0.4, 0.62));
    // A bar along one side and one or two wings on it: an L, a T or a U.
    let bar = Wing {
        u: 0.0,
        v: sv * b * (1.0 - kb),
        a,
        b: b * kb,
    };
    let mut wings = vec![bar];
    let shift = if world.chance(0.3) {
        0.0
    } else {
        su * a * (1.0 - ka)
    };
    wings.push(Wing {
        u: shift,
        v: 0.0,
        a: a * ka,
        b,
    });
    if ka < 0.42 && shift != 0.0 && world.chance(0.4) {
        wings.push(Wing {
            u: -shift,
            v: 0.0,
            a: a * ka,
            b,
        });
    }
    wings
}

fn nearest(wings: &[Wing], point: (f32, f32)) -> f32 {
    wings
        .iter()
        .map(|wing| wing.distance(point))
        .fold(f32::MAX, f32::min)
}

fn raise(world: &mut World, frame: Frame, wings: &[Wing], height_m: f32, (a, b): (f32, f32)) {
    let height = world.m(height_m);
    let building = Class::Building.id();
    world.canvas.shadow(
        frame.bounds(a, b),
        height,
        |label| label == building,
        |x, y| nearest(wings, frame.local(x, y)),
    );
}

fn walls(
    world: &mut World,
    frame: Frame,
    wings: &[Wing],
    lean: (f32, f32),
    roof: Rgb,
    (a, b): (f32, f32),
    stamp: Stamp,
) {
    let length = lean.0.hypot(lean.1);
    if length < 1.0 {
        return;
    }
    let base = world.vary([176.0, 168.0, 156.0], 24.0, 6.0);
    let wall = mix(base, roof, 0.3);
    let steps = (length / 1.5).ceil().min(12.0) as usize;
    for step in 0..steps {
        let t = step as f32 / steps as f32;
        let at = Frame {
            x: frame.x + lean.0 * t,
            y: frame.y + lean.1 * t,
            axis: frame.axis,
        };
        let light = 0.62 + 0.1 * ((step % 2) as f32);
        world.canvas.paint(
            at.bounds(a, b),
            stamp,
            |x, y| nearest(wings, at.local(x, y)),
            |_, _, _| lit(wall, light),
        );
    }
}

fn cover(
    world: &mut World,
    frame: Frame,
    wings: &[Wing],
    roof: Roof,
    material: Material,
    colour: Rgb,
    stamp: Stamp,
) {
    let metre = world.canvas.scale;
    let light = world.canvas.light;
    let (ax, ay) = frame.axis;
    // Brightness of the faces towards +u, -u, +v, -v.
    let faces = [(ax, ay), (-ax, -ay), (-ay, ax), (ay, -ax)].map(|side| light.on_slope(side));
    let seed: u32 = world.rng.random();
    let offset = (world.range(0.0, 256.0), world.range(0.0, 256.0));
    let stain = match material {
        Material::Concrete => world.range(0.02, 0.09),
        Material::Tin => world.range(0.01, 0.1),
        Material::ClayTiles => world.range(0.02, 0.05),
        Material::Thatch => world.range(0.05, 0.12),
    };
    let ribs = match material {
        Material::Tin => (world.range(0.6, 1.6) * metre, world.range(0.03, 0.1)),
        Material::ClayTiles => (0.5 * metre, 0.05),
        Material::Concrete | Material::Thatch => (1.0, 0.0),
    };
    // Ribs finer than two pixels would alias: they fade out.
    let ribs = (
        ribs.0.max(1.0),
        ribs.1 * ((ribs.0 - 1.6) / 1.5).clamp(0.0, 1.0),
    );
    let rust = material == Material::Tin && world.chance(0.4);
    let parapet = world.range(0.25, 0.6) * metre;
    let rim = world.range(0.8, 1.2);
    let sheet = world.range(2.0, 5.0) * metre;
    let ink = |x: f32, y: f32, _: Rgb| {
        let (u, v) = frame.local(x, y);
        let deepest = wings
            .iter()
            .map(|wing| (wing.distance((u, v)), wing))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((distance, wing)) = deepest else {
            return colour;
        };
        let (du, dv) = (u - wing.u, v - wing.v);
        let along_u = wing.a >= wing.b;
        let (to_u, to_v) = (wing.a - du.abs(), wing.b - dv.abs());
        let face_v = match roof {
            Roof::Gable => along_u,
            _ => to_v < to_u,
        };
        let (slope, rib, ridge) = match (roof, face_v) {
            (Roof::Flat, _) => (1.0, if along_u { u } else { v }, f32::MAX),
            (Roof::Gable, true) => (faces[2 + usize::from(dv < 0.0)], u, dv.abs()),
            (Roof::Gable, false) => (faces[usize::from(du < 0.0)], v, du.abs()),
            (Roof::Hip, true) => (
                faces[2 + usize::from(dv < 0.0)],
                u,
                dv.abs().min((to_u - to_v).abs()),
            ),
            (Roof::Hip, false) => (
                faces[usize::from(du < 0.0)],
                v,
                du.abs().min((to_u - to_v).abs()),
            ),
        };
        let mut bright = slope;
        bright *= 1.0 + ribs.1 * (rib * std::f32::consts::TAU / ribs.0).sin();
        bright *= 1.0 + stain * fractal(x * 0.9 + offset.0, y * 0.9 + offset.1);
        if ridge < 0.6 {
            bright *= 1.06;
        }
        if roof == Roof::Flat && -distance < parapet {
            bright *= rim;
        }
        let mut result = lit(colour, bright);
        if material == Material::Tin {
            // Sheets of metal differ a little from one another.
            let patch = white(
                (rib / sheet).floor() as i32,
                (if face_v { dv } else { du } / (sheet * 2.0)).floor() as i32,
                seed,
            );
            result = lit(result, 1.0 + 0.05 * patch);
            if rust {
                let share =
                    (fractal(x * 0.6 + offset.1, y * 0.6 + offset.0) * 0.4).clamp(0.0, 0.55);
                result = mix(result, [132.0, 92.0, 70.0], share);
            }
        }
        let grain = white(x as i32, y as i32, seed) * 4.0;
        result.map(|value| value + grain)
    };
    let corners: Vec<(f32, f32)> = wings
        .iter()
        .flat_map(|w| {
            [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
                .map(|(p, q)| frame.world(w.u + p * w.a, w.v + q * w.b))
        })
        .collect();
    let bounds = Bounds::of(&corners, 1.5);
    world
        .canvas
        .paint(bounds, stamp, |x, y| nearest(wings, frame.local(x, y)), ink);
}
