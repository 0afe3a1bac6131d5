//! Storage tanks.

use crate::things::class::Class;

use super::canvas::{Rgb, lit, mix};
use super::frame::{Bounds, circle};
use super::noise::fractal;
use super::world::World;

/// A round tank of `radius` pixels.
pub fn tank(world: &mut World, x: f32, y: f32, radius: f32, base: Rgb) {
    let disc = move |px: f32, py: f32| circle((px - x, py - y), radius);
    let bounds = Bounds::around(x, y, radius + 1.5);
    let height = (radius * world.range(0.5, 1.1)).min(world.m(16.0));
    world.canvas.shadow(bounds, height, |_| false, disc);
    let stamp = world.thing(Class::StorageTank, None);
    let colour = world.vary(base, 8.0, 3.0);
    let floating = world.chance(0.35);
    let (lx, ly) = world.canvas.light.direction;
    let rim = (radius * 0.07).max(0.7);
    let offset = world.range(0.0, 256.0);
    let (stair, sx) = (world.range(0.0, std::f32::consts::TAU), radius * 0.92);
    let (sx, sy) = (x + stair.cos() * sx, y + stair.sin() * sx);
    world.canvas.paint(bounds, stamp, disc, move |px, py, _| {
        let (dx, dy) = ((px - x) / radius, (py - y) / radius);
        let away = (dx * dx + dy * dy).sqrt();
        let towards = dx * lx + dy * ly;
        let stain = 1.0 + 0.03 * fractal(px + offset, py);
        if (1.0 - away) * radius < rim {
            return lit(colour, 1.08 * stain);
        }
        if (px - sx).hypot(py - sy) < radius * 0.12 {
            return lit(colour, 0.6);
        }
        if floating {
            // A sunken roof: the wall on the sunny side shades it.
            let shade = ((-towards - 0.45) * 3.0).clamp(0.0, 0.3);
            return lit(
                mix(colour, [150.0, 150.0, 148.0], 0.4),
                (0.95 - shade) * stain,
            );
        }
        // A shallow cone with radial seams.
        let seam = if radius > 9.0 && (dy.atan2(dx) * 6.0).sin().abs() < 0.08 {
            0.94
        } else {
            1.0
        };
        lit(colour, (1.0 - 0.14 * towards) * seam * stain)
    });
}
