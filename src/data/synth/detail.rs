//! Small things that are not labelled: bushes, litter, tracks. Without them the ground looks painted.

use rand::RngExt;

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, lit, mix};
use super::frame::{Bounds, Frame, rectangle, segment};
use super::noise::{fractal, white};
use super::world::World;

/// Low bushes on soft ground, labelled as low vegetation: `density` per hundred square metres.
pub fn bushes(world: &mut World, density: f32) {
    let area = (world.side() / world.canvas.scale / 10.0).powi(2);
    let count = ((area * density) as usize).min(700);
    let colour = world.vary([78.0, 92.0, 58.0], 18.0, 8.0);
    let grass = Class::Grass.id();
    for _ in 0..count {
        let (x, y) = world.point(0.0);
        let label = world.canvas.label_at(x, y);
        if label != Some(grass) && label != Some(Class::BareLand.id()) {
            continue;
        }
        let radius = (world.m(1.0) * world.range(0.3, 1.3)).max(0.7);
        let offset = world.range(0.0, 256.0);
        let shape = move |px: f32, py: f32| {
            (px - x).hypot(py - y) - radius * (1.0 + 0.25 * fractal(px * 2.0 + offset, py * 2.0))
        };
        let bounds = Bounds::around(x, y, radius * 1.6 + 1.0);
        if radius > 2.0 {
            world
                .canvas
                .shadow(bounds, radius * 0.8, |label| label != grass, shape);
        }
        let light = world.canvas.light.direction;
        let tone = world.range(0.8, 1.2);
        let stamp = Stamp {
            label: Some(grass),
            owner: Some(0),
            flat: false,
        };
        world.canvas.paint(bounds, stamp, shape, |px, py, _| {
            let slope = ((px - x) * light.0 + (py - y) * light.1) / radius;
            lit(
                colour,
                tone * (1.0 - 0.22 * slope) + 0.1 * white(px as i32, py as i32, 9),
            )
        });
    }
}

/// Bins, crates, stones, tarpaulins and the like on open ground: `density` per hundred square metres.
pub fn litter(world: &mut World, density: f32) {
    const COLOURS: &[Rgb] = &[
        [214.0, 214.0, 210.0],
        [168.0, 164.0, 158.0],
        [120.0, 116.0, 110.0],
        [72.0, 70.0, 70.0],
        [140.0, 110.0, 86.0],
        [92.0, 104.0, 74.0],
        [84.0, 116.0, 150.0],
    ];
    let area = (world.side() / world.canvas.scale / 10.0).powi(2);
    let count = ((area * density) as usize).min(600);
    for _ in 0..count {
        let (x, y) = world.point(0.0);
        let open = [Class::Grass, Class::BareLand, Class::Pavement];
        let label = world.canvas.label_at(x, y).and_then(Class::from_id);
        if !label.is_some_and(|class| open.contains(&class)) {
            continue;
        }
        let frame = Frame::new(x, y, world.rng.random_range(0.0..3.2));
        let (a, b) = (
            world.m(1.0) * world.range(0.15, 0.9),
            world.m(1.0) * world.range(0.15, 0.5),
        );
        let (a, b) = (a.max(0.45), b.max(0.45));
        let base = world.pick(COLOURS);
        let colour = world.vary(base, 20.0, 6.0);
        let shape = move |px: f32, py: f32| rectangle(frame.local(px, py), a, b);
        let bounds = frame.bounds(a, b);
        if b > 1.2 {
            world.canvas.shadow(bounds, b, |_| false, shape);
        }
        let share = world.range(0.4, 0.95);
        world
            .canvas
            .paint(bounds, Stamp::default(), shape, |_, _, below| {
                mix(below, colour, share)
            });
    }
}

/// Faint tracks of feet and wheels over open ground.
pub fn tracks(world: &mut World, count: usize) {
    let dirt = world.vary([166.0, 148.0, 122.0], 18.0, 6.0);
    for _ in 0..count {
        let (a, b) = (world.point(0.0), world.point(0.0));
        let half = world.m(1.0) * world.range(0.25, 0.8);
        let half = half.max(0.5);
        let share = world.range(0.15, 0.55);
        let wheels = world.chance(0.4);
        let apart = world.m(0.8);
        let bend = (world.range(0.0, 256.0), world.m(5.0), 8.0 / world.m(6.0));
        let open = [Class::Grass.id(), Class::BareLand.id()];
        let labels = world.canvas.labels.clone();
        let size = world.canvas.size;
        world.canvas.paint(
            Bounds::of(&[a, b], bend.1 + half + apart),
            Stamp {
                flat: true,
                ..Stamp::default()
            },
            |x, y| {
                if !open.contains(&labels[y as usize * size + x as usize]) {
                    return 1.0;
                }
                let sway = bend.1 * 0.5 * fractal(x * bend.2 + bend.0, y * bend.2);
                let away = segment((x + sway, y + sway), a, b).0;
                if wheels {
                    (away - apart).abs() - half * 0.6
                } else {
                    away - half
                }
            },
            |_, _, below| mix(below, dirt, share),
        );
    }
}
