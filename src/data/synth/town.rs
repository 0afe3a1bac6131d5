//! Towns: houses along streets, city blocks, informal settlements, desert villas.

use crate::things::class::Class;

use super::block::{fill, pack, parked_lot, sport, yard_cars};
use super::building::building;
use super::detail::{bushes, litter, tracks};
use super::frame::Frame;
use super::ground::{cover, lake, pool, slab};
use super::road::{Road, draw, traffic};
use super::spot::{SOFT, across, centre, natural};
use super::style::Style;
use super::surface::Kind;
use super::tree::{clump, scatter};
use super::vehicle::vehicle;
use super::world::World;

/// A grid of streets: parallel ones every `block` metres, crossed by some every `cross` metres.
fn grid(world: &mut World, frame: &Frame, block: f32, cross: f32, lanes: usize) -> Vec<Road> {
    let (block, cross) = (world.m(block), world.m(cross));
    let side = world.side();
    let walk = if world.chance(0.6) {
        world.m(if lanes > 2 { 3.2 } else { 2.0 })
    } else {
        0.0
    };
    let bend = if world.chance(0.35) {
        world.range(-0.25, 0.25) * side
    } else {
        0.0
    };
    let mut roads = Vec::new();
    let shift = world.range(-0.5, 0.5) * block;
    let rows = ((side * 0.7 / block) as i32).clamp(0, 2);
    for row in -rows..=rows {
        roads.push(
            across(world, frame, row as f32 * block + shift, bend, lanes, true).with_sidewalk(walk),
        );
    }
    if world.chance(0.75) {
        let turned = frame.quarter();
        let shift = world.range(-0.5, 0.5) * cross;
        let columns = i32::from(side * 0.5 > cross);
        for column in -columns..=columns {
            let road = across(
                world,
                &turned,
                column as f32 * cross + shift,
                0.0,
                lanes,
                true,
            );
            roads.push(road.with_sidewalk(walk));
        }
    }
    roads.truncate(8);
    roads
}

/// Houses along both sides of a road, with driveways, pools and gardens.
fn row(world: &mut World, road: &Road, style: Style, pools: f32) {
    let length = road.length();
    let setback = world.range(3.0, 7.0);
    let sheds = world.chance(0.4);
    for side in [-1.0f32, 1.0] {
        let mut along = world.m(6.5 - 2.5 * side);
        while along < length {
            let lot_m = world.range(14.0, 23.0);
            let place = road.at(along);
            along += world.m(lot_m);
            let (a_m, b_m) = (lot_m * world.range(0.3, 0.44), world.range(4.5, 9.0));
            let (a, b) = (world.m(a_m), world.m(b_m));
            let away = road.half + world.m(setback + 3.0) + b;
            let turn = world.range(-0.06, 0.06);
            let (x, y) = place.world(0.0, side * away);
            if !world.canvas.holds(x, y, a + b) {
                continue;
            }
            let frame = Frame::new(x, y, place.angle() + turn);
            let gap = world.m(1.2);
            if !world.is_free(&frame, a + gap, b + gap, SOFT) {
                continue;
            }
            if world.chance(0.6) {
                let shift = world.pick(&[-0.6f32, 0.6]) * a;
                let deep = (away - b - road.half) * 0.5;
                let drive = place.moved(shift, side * (road.half + deep + world.m(0.5)));
                slab(world, drive, world.m(1.7), deep, Kind::Concrete);
                if world.chance(0.5) {
                    vehicle(world, drive.quarter(), Class::Car);
                }
            }
            building(world, frame, a, b, style);
            let yard = place.moved(world.range(-0.5, 0.5) * a, side * (away + b + world.m(5.0)));
            if world.chance(pools) {
                let (pa, pb) = (world.m(4.4), world.m(2.3));
                let (pa, pb) = (pa * world.range(0.8, 1.3), pb * world.range(0.8, 1.3));
                if world.is_free(&yard, pa + gap * 2.0, pb + gap * 2.0, SOFT) {
                    pool(world, yard, pa, pb);
                }
            } else if sheds && world.chance(0.3) {
                let (sa, sb) = (world.m(2.2), world.m(1.7));
                if world.is_free(&yard, sa + gap, sb + gap, SOFT) {
                    building(world, yard, sa, sb, Style::Shack);
                }
            }
        }
    }
}

/// Houses along streets.
pub fn residential(world: &mut World) {
    let (kind, patches) = natural(world);
    let share = world.range(0.1, 0.6);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let block = world.range(52.0, 78.0);
    let cross = world.range(90.0, 170.0);
    let roads = grid(world, &frame, block, cross, 2);
    draw(world, &roads);
    if world.chance(0.15) {
        let (x, y) = world.point(0.0);
        let radius = world.m(1.0) * world.range(10.0, 30.0);
        let place = Frame::new(x, y, 0.0);
        if world.is_free(&place, radius * 1.4, radius * 1.4, SOFT) {
            lake(world, x, y, radius);
        }
    }
    if world.chance(0.25) {
        sport(world, 1);
    }
    tracks(world, 2);
    let (shrubs, rubbish) = (world.range(0.0, 4.0), world.range(0.0, 1.5));
    bushes(world, shrubs);
    litter(world, rubbish);
    let style = if world.chance(0.75) {
        Style::House
    } else {
        Style::Villa
    };
    let pools = if world.chance(0.5) {
        world.range(0.05, 0.4)
    } else {
        0.0
    };
    for road in &roads {
        row(world, road, style, pools);
    }
    let (driving, parked) = (world.range(0.0, 2.0), world.range(0.0, 4.0));
    traffic(world, &roads, driving, parked);
    let area = (world.side() / world.canvas.scale / 100.0).powi(2);
    if world.chance(0.3) {
        scatter(world, 6, SOFT, true);
    } else {
        let count = (area * world.range(5.0, 60.0)) as usize;
        scatter(
            world,
            count,
            &[Class::Grass, Class::BareLand, Class::Sidewalk],
            false,
        );
    }
}

/// Streets with large buildings and parking lots between them.
pub fn city(world: &mut World) {
    let kind = world.pick(&[Kind::Concrete, Kind::OldAsphalt, Kind::Gravel, Kind::Lawn]);
    let share = world.range(0.05, 0.4);
    cover(world, kind, Some(Kind::Lawn), share);
    let frame = centre(world);
    let lanes = world.pick(&[2usize, 4, 4]);
    let (block, cross) = (world.range(70.0, 120.0), world.range(80.0, 150.0));
    let roads = grid(world, &frame, block, cross, lanes);
    draw(world, &roads);
    let lots = world.count(0, 2);
    for _ in 0..lots {
        parked_lot(world, frame.angle());
    }
    if world.chance(0.2) {
        sport(world, 1);
    }
    let dense = world.range(0.3, 1.0);
    fill(
        world,
        frame.angle(),
        (60.0 * dense) as usize,
        (12.0, 26.0),
        Style::Block,
        2.0,
    );
    if world.chance(0.5) {
        let cell = world.range(16.0, 28.0);
        pack(world, frame.angle(), cell, Style::Block, 1.0, dense);
    } else {
        fill(
            world,
            frame.angle(),
            (160.0 * dense) as usize,
            (5.0, 12.0),
            Style::Block,
            1.5,
        );
    }
    let (driving, parked) = (world.range(0.5, 5.0), world.range(0.0, 6.0));
    traffic(world, &roads, driving, parked);
    let count = world.count(0, 50);
    scatter(
        world,
        count,
        &[Class::Grass, Class::Pavement, Class::Sidewalk],
        count < 8,
    );
}

/// Dense small roofs of tin and concrete along dirt tracks, as in the Kampala and Banepa images.
pub fn informal(world: &mut World) {
    let kind = world.pick(&[Kind::RedSoil, Kind::Soil, Kind::Gravel, Kind::Sand]);
    let share = world.range(0.05, 0.5);
    cover(world, kind, Some(Kind::Meadow), share);
    let frame = centre(world);
    let count = world.count(0, 2);
    let mut roads = Vec::new();
    for place in 0..count {
        let offset = world.range(-0.4, 0.4) * world.side();
        let bend = world.range(-0.3, 0.3) * world.side();
        let paved = world.chance(0.4);
        let turned = if place == 0 { frame } else { frame.quarter() };
        roads.push(across(
            world,
            &turned,
            offset,
            bend,
            if paved { 2 } else { 1 },
            paved,
        ));
    }
    draw(world, &roads);
    tracks(world, 3);
    let rubbish = world.range(0.5, 6.0);
    litter(world, rubbish);
    let shrubs = world.range(0.0, 3.0);
    bushes(world, shrubs);
    let dense = world.chance(0.65);
    let gap = if dense {
        world.range(0.1, 0.7)
    } else {
        world.range(1.0, 3.0)
    };
    let full = if dense {
        world.range(0.7, 1.0)
    } else {
        world.range(0.2, 0.6)
    };
    if world.chance(0.6) {
        let large = world.count(2, 14);
        fill(world, frame.angle(), large, (5.0, 10.0), Style::Villa, gap);
        fill(
            world,
            frame.angle(),
            large * 2,
            (4.0, 7.0),
            Style::Shack,
            gap,
        );
    }
    let cell = world.range(5.0, 12.0);
    let style = if world.chance(0.7) {
        Style::Shack
    } else {
        Style::Villa
    };
    pack(world, frame.angle(), cell, style, gap, full);
    fill(world, frame.angle(), 60, (1.6, 3.6), Style::Shack, gap);
    let rate = world.range(0.0, 3.0);
    traffic(world, &roads, rate, rate);
    let cars = world.count(0, 4);
    yard_cars(world, cars);
    if world.chance(0.4) {
        let (x, y) = world.point(0.0);
        let spread = world.m(1.0) * world.range(4.0, 14.0);
        clump(world, x, y, spread, 14, SOFT);
    }
    let trees = world.count(0, 14);
    scatter(world, trees, SOFT, trees < 6);
}

/// Pale ground with villas, wide roads, a few palms and sometimes water.
pub fn desert(world: &mut World) {
    let kind = world.pick(&[Kind::PaleSand, Kind::Sand, Kind::PaleSand]);
    let patches = world.pick(&[Kind::Soil, Kind::Gravel, Kind::Meadow, Kind::Lawn]);
    let share = world.range(0.0, 0.3);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    if world.chance(0.35) {
        let (x, y) = world.point(0.0);
        let radius = world.side() * world.range(0.12, 0.32);
        lake(world, x, y, radius);
    }
    let count = world.count(1, 3);
    let mut roads = Vec::new();
    for place in 0..count {
        let turned = if place == 1 { frame.quarter() } else { frame };
        let offset = world.range(-0.45, 0.45) * world.side();
        let bend = world.range(-0.3, 0.3) * world.side();
        let (lanes, paved) = (world.pick(&[2usize, 4, 6]), world.chance(0.8));
        roads.push(across(
            world,
            &turned,
            offset,
            bend,
            if paved { lanes } else { 1 },
            paved,
        ));
    }
    draw(world, &roads);
    tracks(world, 4);
    let (shrubs, rubbish) = (world.range(0.0, 2.0), world.range(0.0, 1.0));
    bushes(world, shrubs);
    litter(world, rubbish);
    if world.chance(0.4) {
        let (cell, full) = (world.range(15.0, 26.0), world.range(0.3, 0.95));
        pack(world, frame.angle(), cell, Style::Villa, 2.0, full);
    }
    let tries = world.count(2, 60);
    fill(world, frame.angle(), tries, (6.0, 13.0), Style::Villa, 3.0);
    let halls = world.count(0, 8);
    fill(world, frame.angle(), halls, (14.0, 28.0), Style::Block, 3.0);
    let driving = world.range(0.3, 4.0);
    traffic(world, &roads, driving, 0.3);
    let trees = world.count(0, 30);
    scatter(world, trees, SOFT, trees < 9);
}
