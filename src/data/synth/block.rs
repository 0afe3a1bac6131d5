//! Things placed where there is room: buildings, courts, parking lots, cars.

use crate::things::class::Class;

use super::building::building;
use super::court::{court, half_size_m};
use super::frame::Frame;
use super::ground::lot;
use super::spot::{OPEN, centre};
use super::style::Style;
use super::vehicle::{parking, vehicle};
use super::world::World;

/// Rectangular buildings in free places: `tries` attempts, half sides in metres from `low` to `high`.
pub fn fill(
    world: &mut World,
    angle: f32,
    tries: usize,
    (low, high): (f32, f32),
    style: Style,
    gap_m: f32,
) {
    for _ in 0..tries {
        let (x, y) = world.point(10.0);
        let a_m = world.range(low, high);
        let b_m = (a_m * world.range(0.5, 1.0)).max(low * 0.8);
        put(world, Frame::new(x, y, angle), (a_m, b_m), style, gap_m);
    }
}

/// Draws one building if there is room for it on open ground. Half of the time it is turned by 90 degrees.
fn put(world: &mut World, place: Frame, (a_m, b_m): (f32, f32), style: Style, gap_m: f32) {
    let turn = if world.chance(0.5) {
        0.0
    } else {
        std::f32::consts::FRAC_PI_2
    };
    let jitter = if style == Style::Shack {
        world.range(-0.2, 0.2)
    } else {
        0.0
    };
    let frame = Frame::new(place.x, place.y, place.angle() + turn + jitter);
    let (a, b, gap) = (world.m(a_m), world.m(b_m), world.m(gap_m));
    if world.is_free(&frame, a + gap, b + gap, OPEN) {
        building(world, frame, a, b, style);
    }
}

/// Rows of buildings close together: cells of `cell_m` metres, of which a share of `full` is built on.
pub fn pack(world: &mut World, angle: f32, cell_m: f32, style: Style, gap_m: f32, full: f32) {
    let cell = world.m(cell_m);
    let middle = Frame::new(world.side() * 0.5, world.side() * 0.5, angle);
    let reach = (world.side() * 0.72 / cell).ceil() as i32;
    for row in -reach..=reach {
        let shift = world.range(-0.5, 0.5) * cell;
        for column in -reach..=reach {
            if !world.chance(full) {
                continue;
            }
            let wobble = world.range(-0.12, 0.12) * cell;
            let place = middle.moved(column as f32 * cell + shift, row as f32 * cell + wobble);
            if !world.canvas.holds(place.x, place.y, cell * 0.6) {
                continue;
            }
            let half = cell_m * 0.5 - gap_m;
            let (a, b) = (half * world.range(0.72, 1.08), half * world.range(0.6, 1.0));
            put(world, place, (a, b), style, gap_m * 0.4);
        }
    }
}

/// Up to `count` courts or pitches where there is room.
pub fn sport(world: &mut World, count: usize) {
    for _ in 0..count {
        let class = world.pick(&[
            Class::TennisCourt,
            Class::TennisCourt,
            Class::BasketballCourt,
            Class::SoccerField,
            Class::BaseballField,
            Class::TrackField,
        ]);
        let (a, b) = half_size_m(class);
        let scale = world.range(0.75, 1.05);
        for _ in 0..6 {
            let (x, y) = world.point(0.0);
            let angle = centre(world).angle();
            let place = Frame::new(x, y, angle);
            let (wide, high) = (world.m(a * scale + 3.0), world.m(b * scale + 3.0));
            if world.is_free(&place, wide, high, OPEN) {
                court(world, place, class, scale);
                break;
            }
        }
    }
}

/// A parking lot with cars where there is room.
pub fn parked_lot(world: &mut World, angle: f32) {
    let (x, y) = world.point(0.0);
    let place = Frame::new(x, y, angle);
    let (a, b) = (
        world.m(1.0) * world.range(14.0, 34.0),
        world.m(1.0) * world.range(9.0, 26.0),
    );
    if world.is_free(&place, a + 2.0, b + 2.0, OPEN) {
        lot(world, place, a, b);
        let filled = world.range(0.1, 0.8);
        parking(world, place, a - world.m(1.0), b - world.m(1.0), filled);
    }
}

/// Single parked cars on open ground.
pub fn yard_cars(world: &mut World, count: usize) {
    for _ in 0..count {
        let (x, y) = world.point(0.0);
        let frame = Frame::new(x, y, world.range(0.0, 6.3));
        let (a, b) = (world.m(2.8), world.m(1.4));
        if world.is_free(&frame, a, b, OPEN) {
            let class = if world.chance(0.2) {
                Class::Truck
            } else {
                Class::Car
            };
            vehicle(world, frame, class);
        }
    }
}
