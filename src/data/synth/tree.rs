//! Trees: lumpy crowns with shading and shadows, single, in rows and in clumps.

use rand::RngExt;

use crate::things::class::Class;

use super::canvas::{Rgb, Stamp, lit};
use super::frame::Bounds;
use super::noise::{fractal, white};
use super::world::World;

const GREENS: &[Rgb] = &[
    [62.0, 84.0, 50.0],
    [50.0, 74.0, 44.0],
    [76.0, 96.0, 56.0],
    [66.0, 80.0, 60.0],
    [88.0, 104.0, 62.0],
    [84.0, 92.0, 66.0],
    [46.0, 64.0, 46.0],
    [102.0, 116.0, 72.0],
];

/// Draws crowns of one kind of tree.
#[derive(Debug, Clone, Copy)]
pub struct Species {
    colour: Rgb,
    lumps: f32,
    ragged: f32,
}

impl Species {
    /// Some kind of tree.
    pub fn new(world: &mut World) -> Self {
        let base = world.pick(GREENS);
        let colour = world.vary(base, 10.0, 6.0);
        Self {
            colour,
            lumps: world.range(0.12, 0.3),
            ragged: world.range(0.08, 0.24),
        }
    }

    /// One tree with a crown of `radius` pixels. The tree is an object if `counted`.
    pub fn plant(&self, world: &mut World, x: f32, y: f32, radius: f32, counted: bool) {
        let offset = (world.range(0.0, 256.0), world.range(0.0, 256.0));
        // Lobes are about a third of the crown wide: a noise blob of the third octave is 16 units wide.
        let rough = 14.0 / radius.max(1.0);
        let ragged = self.ragged;
        let shape = move |px: f32, py: f32| {
            let distance = (px - x).hypot(py - y) - radius;
            if distance.abs() > radius * 0.7 {
                return distance;
            }
            distance + radius * ragged * fractal(px * rough + offset.0, py * rough + offset.1)
        };
        let height = radius * world.range(0.7, 1.5);
        let bounds = Bounds::around(x, y, radius * 1.45 + 1.0);
        let building = Class::Building.id();
        let tree = Class::Tree.id();
        world.canvas.shadow(
            bounds,
            height,
            |label| label == building || label == tree,
            shape,
        );
        let stamp = if counted {
            world.thing(Class::Tree, None)
        } else {
            Stamp {
                label: Some(tree),
                owner: Some(0),
                flat: false,
            }
        };
        let colour = world.vary(self.colour, 8.0, 4.0);
        let (lx, ly) = world.canvas.light.direction;
        let lumps = self.lumps;
        let seed: u32 = world.rng.random();
        let fine = (3.2 / world.m(0.7)).min(1.0);
        world.canvas.paint(bounds, stamp, shape, |px, py, _| {
            let (dx, dy) = ((px - x) / radius, (py - y) / radius);
            let round = 1.05 - 0.32 * (dx * lx + dy * ly) - 0.12 * (dx * dx + dy * dy);
            let lump = fractal(px * rough * 1.9 + offset.1, py * rough * 1.9 + offset.0);
            let leaf = fractal(px * fine + offset.0, py * fine + offset.1);
            let bright =
                round + lumps * lump + 0.09 * leaf + 0.05 * white(px as i32, py as i32, seed);
            lit(colour, bright.clamp(0.3, 1.8))
        });
    }
}

/// A clump of trees around a point: `count` crowns within `spread` pixels. Clumps cannot be counted.
pub fn clump(world: &mut World, x: f32, y: f32, spread: f32, count: usize, allowed: &[Class]) {
    world.uncountable.push(Class::Tree);
    let species = [Species::new(world), Species::new(world)];
    for _ in 0..count {
        let (angle, away) = (
            world.range(0.0, std::f32::consts::TAU),
            world.range(0.0, 1.0).sqrt(),
        );
        let (px, py) = (
            x + angle.cos() * away * spread,
            y + angle.sin() * away * spread,
        );
        let fits = world.canvas.label_at(px, py).and_then(Class::from_id);
        if fits.is_some_and(|class| class == Class::Tree || allowed.contains(&class)) {
            let kind = world.pick(&species);
            let radius = world.m(1.0) * world.range(1.6, 4.6);
            kind.plant(world, px, py, radius.max(1.2), false);
        }
    }
}

/// Up to `count` single trees on allowed ground; they are objects if `counted`.
pub fn scatter(world: &mut World, count: usize, allowed: &[Class], counted: bool) {
    if !counted {
        world.uncountable.push(Class::Tree);
    }
    let species = [
        Species::new(world),
        Species::new(world),
        Species::new(world),
    ];
    let typical = world.range(1.6, 4.2);
    for _ in 0..count {
        let (x, y) = world.point(4.0);
        let radius = (world.m(typical) * world.range(0.6, 1.5)).max(1.2);
        let fits = |world: &World, x: f32, y: f32| {
            world
                .canvas
                .label_at(x, y)
                .and_then(Class::from_id)
                .is_some_and(|c| allowed.contains(&c))
        };
        let reach = if counted { radius } else { radius * 0.4 };
        let ring = [
            (0.0, 0.0),
            (reach, 0.0),
            (-reach, 0.0),
            (0.0, reach),
            (0.0, -reach),
        ];
        if ring.iter().all(|(dx, dy)| fits(world, x + dx, y + dy)) {
            let kind = world.pick(&species);
            kind.plant(world, x, y, radius, counted);
        }
    }
}
