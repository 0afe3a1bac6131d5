//! Airports: runway, taxiway, apron, terminal and planes.

use crate::things::class::Class;

use super::building::building;
use super::canvas::{Stamp, mix};
use super::frame::{Frame, rectangle};
use super::ground::{cover, slab};
use super::plane::plane;
use super::spot::{OPEN, SOFT, across, centre, natural};
use super::style::Style;
use super::surface::Kind;
use super::tree::scatter;
use super::vehicle::vehicle;
use super::world::World;

/// A part of an airport.
pub fn airport(world: &mut World) {
    let (kind, patches) = natural(world);
    let share = world.range(0.1, 0.4);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let side = world.side();
    let reach = side * 0.9;
    let apron_kind = world.pick(&[Kind::Concrete, Kind::Concrete, Kind::OldAsphalt]);
    let apron_deep = side * world.range(0.22, 0.6);
    let shift = world.range(-0.25, 0.2) * side;
    slab(
        world,
        frame.moved(0.0, shift),
        reach,
        apron_deep * 0.5,
        apron_kind,
    );
    joints(world, frame.moved(0.0, shift), reach, apron_deep * 0.5);
    if world.chance(0.6) {
        let wide = world.m(1.0) * world.range(15.0, 28.0);
        let strip = frame.moved(0.0, shift + apron_deep * 0.5 + wide + world.m(30.0));
        runway(world, strip, reach, wide);
    }
    // Planes in rows along the apron, or strewn over it.
    let light = world.chance(0.35);
    let span = if light {
        world.range(10.0, 15.0)
    } else {
        world.range(28.0, 52.0)
    };
    let facing = world.pick(&[1.0f32, -1.0]);
    let pitch = world.m(span) * world.range(1.15, 1.6);
    let rows = ((apron_deep / pitch) as i32).clamp(1, 3);
    let full = world.range(0.25, 0.95);
    let same = world.chance(0.6);
    let columns = (side * 0.7 / pitch) as i32;
    let tilt = world.range(-0.5, 0.5);
    for row in 0..rows {
        for column in -columns..=columns {
            if !world.chance(full) {
                continue;
            }
            let v = shift + (row as f32 + 0.5 - rows as f32 * 0.5) * pitch;
            let (x, y) = frame.world(column as f32 * pitch, v);
            if !world.canvas.holds(x, y, 0.0) {
                continue;
            }
            let size = if same {
                span
            } else {
                span * world.range(0.55, 1.05)
            };
            let turn = if world.chance(0.12) {
                world.range(0.0, 6.3)
            } else {
                tilt
            };
            let place = Frame::new(
                x,
                y,
                frame.angle() + facing * std::f32::consts::FRAC_PI_2 + turn,
            );
            let half = world.m(size * 0.5);
            if world.is_free(&place, half * 0.95, half * 0.95, &[Class::Pavement]) {
                plane(world, place, size);
            }
        }
    }
    if world.chance(0.7) {
        let (a, b) = (
            side * world.range(0.15, 0.5),
            world.m(1.0) * world.range(9.0, 22.0),
        );
        let u = world.range(-0.4, 0.4) * side;
        let place = frame.moved(u, shift - apron_deep * 0.5 - b);
        if world.is_free(&place, a, b, OPEN) {
            building(world, place, a, b, Style::Hall);
        }
    }
    if world.chance(0.4) {
        let offset = shift - apron_deep * 0.5 - world.m(60.0);
        let road = across(world, &frame, offset, 0.0, 2, true);
        super::road::draw(world, &[road]);
    }
    // Away from runway and apron.
    for _ in 0..8 {
        let (x, y) = world.point(10.0);
        let place = Frame::new(x, y, frame.angle());
        let (a, b) = (
            world.m(1.0) * world.range(8.0, 22.0),
            world.m(1.0) * world.range(7.0, 14.0),
        );
        if world.is_free(&place, a + 4.0, b + 4.0, SOFT) {
            building(world, place, a, b, Style::Hall);
        }
    }
    let carts = world.count(0, 10);
    for _ in 0..carts {
        let (x, y) = world.point(0.0);
        let place = Frame::new(x, y, world.range(0.0, 6.3));
        let (a, b) = (world.m(4.5), world.m(2.0));
        if world.is_free(&place, a, b, &[Class::Pavement]) {
            let class = world.pick(&[Class::Car, Class::Truck, Class::Truck, Class::Bus]);
            vehicle(world, place, class);
        }
    }
    let trees = world.count(0, 8);
    scatter(world, trees, &[Class::Grass], true);
}

fn joints(world: &mut World, frame: Frame, a: f32, b: f32) {
    let cell = world.m(7.5);
    let line = world.range(0.3, 0.5);
    let guide = world.m(0.25).max(0.4);
    let lanes = world.range(0.2, 0.4) * b;
    let stamp = Stamp {
        flat: true,
        ..Stamp::default()
    };
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| {
            let (u, v) = frame.local(x, y);
            let near = |value: f32| ((value / cell).round() * cell - value).abs();
            (near(u).min(near(v)) - line).max(rectangle((u, v), a, b))
        },
        |_, _, below| below.map(|value| value * 0.93),
    );
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| {
            let (_, v) = frame.local(x, y);
            (v - lanes).abs() - guide
        },
        |_, _, below| mix(below, [206.0, 176.0, 84.0], 0.75),
    );
}

fn runway(world: &mut World, frame: Frame, a: f32, b: f32) {
    slab(world, frame, a, b, Kind::Asphalt);
    let line = world.m(0.5).max(0.5);
    let (dash, period) = (world.m(30.0), world.m(50.0));
    let threshold = world.range(-0.6, 0.6) * world.side();
    let bars = world.m(1.8).max(1.0);
    let stamp = Stamp {
        flat: true,
        ..Stamp::default()
    };
    world.canvas.paint(
        frame.bounds(a, b),
        stamp,
        |x, y| {
            let (u, v) = frame.local(x, y);
            let centre =
                (v.abs() - line).max((u.rem_euclid(period) - dash * 0.5).abs() - dash * 0.5);
            let edge = (v.abs() - b * 0.93).abs() - line;
            let bar = ((v / (bars * 2.0)).rem_euclid(1.0) - 0.5).abs() * bars * 2.0 - bars * 0.5;
            let keys = bar
                .max((u - threshold).abs() - dash * 0.5)
                .max(v.abs() - b * 0.85);
            centre.min(edge).min(keys)
        },
        |_, _, below| mix(below, [226.0; 3], 0.85),
    );
}
