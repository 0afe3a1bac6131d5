//! Industry: halls, tank farms, yards and trucks.

use super::block::{fill, parked_lot, yard_cars};
use super::canvas::Rgb;
use super::detail::{litter, tracks};
use super::frame::Frame;
use super::ground::cover;
use super::road::{draw, traffic};
use super::spot::{OPEN, SOFT, across, centre};
use super::style::Style;
use super::surface::Kind;
use super::tank::tank;
use super::tree::scatter;
use super::world::World;

/// Halls, tanks and yards between a few roads.
pub fn industrial(world: &mut World) {
    let kind = world.pick(&[Kind::Concrete, Kind::Gravel, Kind::OldAsphalt, Kind::Soil]);
    let share = world.range(0.1, 0.5);
    let patches = world.pick(&[Kind::DryGrass, Kind::Meadow, Kind::Soil]);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let mut roads = Vec::new();
    let count = world.count(1, 3);
    for place in 0..count {
        let turned = if place == 1 { frame.quarter() } else { frame };
        let offset = world.range(-0.45, 0.45) * world.side();
        let lanes = world.pick(&[2usize, 2, 4]);
        roads.push(across(world, &turned, offset, 0.0, lanes, true));
    }
    draw(world, &roads);
    let farms = world.count(0, 2);
    for _ in 0..farms {
        tank_farm(world);
    }
    if world.chance(0.5) {
        parked_lot(world, frame.angle());
    }
    tracks(world, 3);
    let rubbish = world.range(0.2, 2.5);
    litter(world, rubbish);
    let halls = world.count(6, 90);
    fill(world, frame.angle(), halls, (13.0, 34.0), Style::Hall, 4.0);
    let small = world.count(0, 60);
    fill(world, frame.angle(), small, (5.0, 12.0), Style::Hall, 3.0);
    let (driving, parked) = (world.range(0.2, 3.0), world.range(0.0, 1.0));
    traffic(world, &roads, driving, parked);
    let cars = world.count(0, 12);
    yard_cars(world, cars);
    let trees = world.count(0, 24);
    scatter(world, trees, SOFT, trees < 8);
}

/// Rows of tanks of one or two sizes where there is room; sometimes a single one.
pub fn tank_farm(world: &mut World) {
    const PAINTS: &[Rgb] = &[
        [232.0, 232.0, 230.0],
        [214.0, 214.0, 210.0],
        [178.0, 178.0, 176.0],
        [196.0, 180.0, 150.0],
        [150.0, 110.0, 90.0],
        [110.0, 130.0, 112.0],
    ];
    let paint = world.pick(PAINTS);
    let second = world.pick(PAINTS);
    let radius_m = world.range(4.0, 17.0);
    let (columns, rows) = (world.count(1, 4), world.count(1, 3));
    let radius = world.m(radius_m);
    let pitch = radius * world.range(2.5, 3.2);
    let (x, y) = world.point(0.0);
    let frame = Frame::new(x, y, centre(world).angle());
    for row in 0..rows {
        for column in 0..columns {
            let (px, py) = frame.world(column as f32 * pitch, row as f32 * pitch);
            if !world.canvas.holds(px, py, radius * 0.6) || world.chance(0.12) {
                continue;
            }
            let size = radius
                * if world.chance(0.25) {
                    world.range(0.45, 0.8)
                } else {
                    1.0
                };
            let place = Frame {
                x: px,
                y: py,
                axis: frame.axis,
            };
            if world.is_free(&place, size * 1.1, size * 1.1, OPEN) {
                let base = if world.chance(0.2) { second } else { paint };
                tank(world, px, py, size, base);
            }
        }
    }
}
