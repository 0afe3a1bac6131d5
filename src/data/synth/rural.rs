//! The country and parks: fields, farms, woods, ponds, courts and pitches.

use crate::things::class::Class;

use super::block::{fill, parked_lot, sport, yard_cars};
use super::detail::{bushes, tracks};
use super::frame::Frame;
use super::ground::{cover, field, lake, pool, slab};
use super::road::{draw, traffic};
use super::spot::{SOFT, across, centre, natural};
use super::style::Style;
use super::surface::Kind;
use super::tree::{clump, scatter};
use super::world::World;

/// Fields around a farm, a wood or a pond.
pub fn rural(world: &mut World) {
    let (kind, patches) = natural(world);
    let share = world.range(0.1, 0.6);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let side = world.side();
    let cell = (side * world.range(0.25, 0.6)).max(world.m(30.0));
    let gap = world.m(1.0) * world.range(1.0, 6.0);
    let full = world.range(0.2, 1.0);
    let reach = (side * 0.75 / cell).ceil() as i32;
    for row in -reach..=reach {
        for column in -reach..=reach {
            if !world.chance(full) {
                continue;
            }
            let (x, y) = frame.world(column as f32 * cell, row as f32 * cell * 0.8);
            if !world.canvas.holds(x, y, cell * 0.5) {
                continue;
            }
            let place = Frame {
                x,
                y,
                axis: frame.axis,
            };
            let place = if world.chance(0.5) {
                place
            } else {
                place.quarter()
            };
            let turned = place.axis != frame.axis;
            let (a, b) = (cell * 0.5 - gap, cell * 0.4 - gap);
            let (a, b) = if turned { (b, a) } else { (a, b) };
            if a > 4.0 && b > 4.0 {
                field(world, place, a, b);
            }
        }
    }
    let all = [Class::Grass, Class::BareLand, Class::Field];
    if world.chance(0.35) {
        let (x, y) = world.point(0.0);
        let radius = side * world.range(0.07, 0.2);
        lake(world, x, y, radius);
    }
    let mut roads = Vec::new();
    if world.chance(0.75) {
        let offset = (world.count(0, 1) as f32 - 0.5) * cell * 0.8;
        let bend = if world.chance(0.5) {
            world.range(-0.2, 0.2) * side
        } else {
            0.0
        };
        let paved = world.chance(0.5);
        roads.push(across(
            world,
            &frame,
            offset,
            bend,
            if paved { 2 } else { 1 },
            paved,
        ));
        draw(world, &roads);
    }
    tracks(world, 3);
    let shrubs = world.range(0.0, 1.5);
    bushes(world, shrubs);
    let tries = world.count(0, 14);
    if world.chance(0.7) {
        farm(world, frame.angle(), tries);
    }
    let rate = world.range(0.0, 1.2);
    traffic(world, &roads, rate, 0.0);
    if world.chance(0.5) {
        let (x, y) = world.point(0.0);
        let spread = side * world.range(0.08, 0.3);
        let crown = world.m(3.0).max(2.0);
        let count = ((spread / crown).powi(2) * 1.2) as usize;
        clump(world, x, y, spread, count.min(240), &all);
    }
    let trees = world.count(0, 20);
    scatter(world, trees, SOFT, trees < 9);
}

fn farm(world: &mut World, angle: f32, tries: usize) {
    let (x, y) = world.point(0.0);
    let yard = Frame::new(x, y, angle);
    let (a, b) = (world.m(26.0), world.m(20.0));
    if world.is_free(&yard, a, b, &[Class::Grass, Class::BareLand, Class::Field]) {
        let kind = world.pick(&[Kind::Gravel, Kind::Soil, Kind::Concrete]);
        slab(world, yard, a, b, kind);
    }
    fill(world, angle, tries + 4, (4.0, 10.0), Style::Barn, 2.0);
    fill(world, angle, tries, (4.0, 7.0), Style::House, 2.0);
    let cars = world.count(0, 4);
    yard_cars(world, cars);
}

/// A park or a sports centre.
pub fn park(world: &mut World) {
    let kind = world.pick(&[Kind::Lawn, Kind::Meadow, Kind::Lawn, Kind::DryGrass]);
    let patches = world.pick(&[Kind::DryGrass, Kind::Soil, Kind::Meadow]);
    let share = world.range(0.05, 0.4);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let side = world.side();
    let mut roads = Vec::new();
    if world.chance(0.6) {
        let offset = world.range(0.3, 0.6) * side;
        roads.push(across(world, &frame, -offset, 0.0, 2, true).with_sidewalk(world.m(2.0)));
        draw(world, &roads);
    }
    let count = world.count(1, 5);
    sport(world, count);
    if world.chance(0.4) {
        courts(world, frame.angle());
    }
    if world.chance(0.4) {
        let (x, y) = world.point(0.0);
        let place = Frame::new(x, y, frame.angle());
        let (a, b) = (
            world.m(12.5) * world.range(0.5, 1.3),
            world.m(6.0) * world.range(0.6, 1.3),
        );
        if world.is_free(&place, a + world.m(4.0), b + world.m(4.0), SOFT) {
            pool(world, place, a, b);
        }
    }
    if world.chance(0.3) {
        let (x, y) = world.point(0.0);
        let radius = side * world.range(0.06, 0.16);
        let place = Frame::new(x, y, 0.0);
        if world.is_free(&place, radius * 1.5, radius * 1.5, SOFT) {
            lake(world, x, y, radius);
        }
    }
    tracks(world, 3);
    let shrubs = world.range(0.0, 1.0);
    bushes(world, shrubs);
    if world.chance(0.5) {
        parked_lot(world, frame.angle());
    }
    let tries = world.count(0, 6);
    fill(world, frame.angle(), tries, (5.0, 16.0), Style::Villa, 4.0);
    let rate = world.range(0.0, 3.0);
    traffic(world, &roads, rate, rate);
    if world.chance(0.4) {
        let (x, y) = world.point(0.0);
        let spread = side * world.range(0.08, 0.22);
        clump(world, x, y, spread, 60, SOFT);
    }
    let trees = world.count(0, 40);
    scatter(world, trees, SOFT, trees < 9);
}

/// A row of tennis or basketball courts side by side.
fn courts(world: &mut World, angle: f32) {
    let class = world.pick(&[
        Class::TennisCourt,
        Class::TennisCourt,
        Class::BasketballCourt,
    ]);
    let (a, b) = super::court::half_size_m(class);
    let (x, y) = world.point(0.0);
    let frame = Frame::new(x, y, angle);
    let count = world.count(2, 4);
    let gap = world.range(0.8, 4.0);
    for place in 0..count {
        let at = frame.moved(0.0, world.m((b * 2.0 + gap) * place as f32));
        let (wide, high) = (world.m(a + 0.3), world.m(b + 0.3));
        if world.is_free(&at, wide, high, SOFT) {
            super::court::court(world, at, class, 1.0);
        }
    }
}
