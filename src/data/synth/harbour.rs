//! Coasts: quays, piers, marinas and ships.

use crate::things::class::Class;

use super::block::{fill, parked_lot};
use super::detail::litter;
use super::frame::Frame;
use super::ground::{cover, sea, slab};
use super::industry::tank_farm;
use super::road::{draw, traffic};
use super::ship::ship;
use super::spot::{SOFT, across, centre, natural};
use super::style::Style;
use super::surface::Kind;
use super::tree::scatter;
use super::world::World;

const WATER: &[Class] = &[Class::Water];

/// A harbour or a stretch of coast.
pub fn harbour(world: &mut World) {
    let (kind, patches) = natural(world);
    let share = world.range(0.1, 0.5);
    cover(world, kind, Some(patches), share);
    let frame = centre(world);
    let side = world.side();
    let quay = world.chance(0.6);
    let shore = world.range(-0.55, 0.3) * side;
    let wavy = if quay {
        0.0
    } else {
        world.range(0.0, 0.05) * side
    };
    let coast = frame.moved(shore, 0.0);
    if world.chance(0.5) {
        let road = across(world, &coast.quarter(), world.m(20.0), 0.0, 2, true);
        draw(world, std::slice::from_ref(&road));
        sea(world, coast, wavy, quay);
        let rate = world.range(0.2, 3.0);
        traffic(world, &[road], rate, rate);
    } else {
        sea(world, coast, wavy, quay);
    }
    let small = world.chance(0.5);
    let piers = if quay {
        world.count(0, 3)
    } else {
        world.count(0, 1)
    };
    let spacing = side / (piers + 1) as f32;
    for pier in 0..piers {
        let v = (pier as f32 + 1.0) * spacing - side * 0.5 + world.range(-0.1, 0.1) * spacing;
        let long = side * world.range(0.12, 0.3);
        let wide = world.m(if small { 1.6 } else { 6.0 }) * world.range(0.8, 1.5);
        let place = coast.moved(long - world.m(3.0), v);
        slab(
            world,
            place,
            long,
            wide.max(1.0),
            if small { Kind::Concrete } else { Kind::Gravel },
        );
        berths(world, place, long, wide, small);
    }
    let afloat = world.count(1, 9);
    for _ in 0..afloat {
        let (x, y) = world.point(0.0);
        let moving = world.chance(0.45);
        let length = if small {
            world.range(6.0, 24.0)
        } else {
            world.range(14.0, 110.0)
        };
        let place = Frame::new(x, y, world.range(0.0, 6.3));
        let (a, b) = (world.m(length * 0.55), world.m(length * 0.16 + 2.0));
        if world.is_free(&place, a, b, WATER) {
            ship(world, place, length, moving);
        }
    }
    if world.chance(0.4) {
        tank_farm(world);
    }
    if world.chance(0.3) {
        parked_lot(world, frame.angle());
    }
    let rubbish = world.range(0.0, 1.5);
    litter(world, rubbish);
    let halls = world.count(0, 60);
    let style = world.pick(&[Style::Hall, Style::Hall, Style::Villa]);
    fill(world, frame.angle(), halls, (7.0, 24.0), style, 3.0);
    let trees = world.count(0, 20);
    scatter(world, trees, SOFT, trees < 8);
}

/// Boats along both sides of a pier.
fn berths(world: &mut World, pier: Frame, long: f32, wide: f32, small: bool) {
    let length = if small {
        world.range(7.0, 14.0)
    } else {
        world.range(30.0, 80.0)
    };
    let full = world.range(0.2, 0.9);
    for side in [-1.0f32, 1.0] {
        // Small boats are moored at right angles to the pier, ships along it.
        let pitch = world.m(if small { length * 0.42 } else { length * 1.15 });
        let mut u = -long * 0.7;
        while u < long - pitch * 0.4 {
            let size = length * world.range(0.8, 1.05);
            let away = if small {
                world.m(size * 0.5)
            } else {
                world.m(size * 0.11 + 1.0)
            };
            let (x, y) = pier.world(u, side * (wide + away + 1.0));
            u += pitch;
            let free = world.chance(full) && world.canvas.holds(x, y, 2.0);
            let turn = if small {
                std::f32::consts::FRAC_PI_2 * side
            } else {
                0.0
            };
            let place = Frame::new(x, y, pier.angle() + turn);
            let (a, b) = (world.m(size * 0.5), world.m(size * 0.12));
            if free && world.is_free(&place, a, b, WATER) {
                ship(world, place, size, false);
            }
        }
    }
}
