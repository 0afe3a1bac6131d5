//! Things on roofs: boxes, tanks, solar panels.

use crate::things::class::Class;

use super::canvas::Stamp;
use super::frame::{Frame, rectangle};
use super::style::{Style, Wing};
use super::world::World;

/// Boxes and water tanks on a flat roof.
pub fn clutter(world: &mut World, frame: Frame, wings: &[Wing], style: Style) {
    let most = match style {
        Style::Shack => 3,
        Style::House | Style::Villa => 4,
        _ => 12,
    };
    let count = world.count(0, most);
    let grey = world.range(120.0, 235.0);
    for _ in 0..count {
        let wing = world.pick(wings);
        let (a, b) = (
            world.m(1.0) * world.range(0.5, 2.0),
            world.m(1.0) * world.range(0.5, 1.6),
        );
        if wing.a < a * 2.5 || wing.b < b * 2.5 {
            continue;
        }
        let u = wing.u + (wing.a - a * 1.6) * world.range(-1.0, 1.0);
        let v = wing.v + (wing.b - b * 1.6) * world.range(-1.0, 1.0);
        let place = frame.moved(u, v);
        let base = if world.chance(0.15) {
            world.pick(&[
                [70.0, 110.0, 160.0],
                [60.0, 60.0, 62.0],
                [150.0, 90.0, 70.0],
            ])
        } else {
            [grey; 3]
        };
        let colour = world.vary(base, 20.0, 6.0);
        let height = world.m(1.2);
        let round = style == Style::Shack && world.chance(0.5);
        let shape = move |x: f32, y: f32| {
            let (u, v) = place.local(x, y);
            if round {
                u.hypot(v) - a.min(b) * 0.8
            } else {
                rectangle((u, v), a, b)
            }
        };
        world
            .canvas
            .shadow(place.bounds(a, b), height, |_| false, shape);
        world
            .canvas
            .paint(place.bounds(a, b), Stamp::default(), shape, |_, _, _| {
                colour
            });
    }
}

/// Solar panels on a sloped roof.
pub fn panels(world: &mut World, frame: Frame, wing: Wing) {
    let (a, b) = (
        wing.a * world.range(0.2, 0.5),
        wing.b * world.range(0.2, 0.35),
    );
    let side = world.pick(&[-0.5f32, 0.5]);
    let place = frame.moved(
        wing.u + wing.a * world.range(-0.3, 0.3),
        wing.v + wing.b * side,
    );
    let cell = world.m(1.0).max(2.0);
    world.canvas.paint(
        place.bounds(a, b),
        // The pixels stay part of the roof.
        Stamp {
            label: Some(Class::SolarPanel.id()),
            owner: None,
            flat: true,
        },
        |x, y| rectangle(place.local(x, y), a, b),
        |x, y, _| {
            let (u, v) = place.local(x, y);
            let seam = (u / cell).rem_euclid(1.0) < 0.15 || (v / cell).rem_euclid(1.0) < 0.15;
            if seam && cell > 3.0 {
                [70.0, 80.0, 104.0]
            } else {
                [38.0, 46.0, 72.0]
            }
        },
    );
}
