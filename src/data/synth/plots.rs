//! The easiest scenes: two large things on a lawn, side by side or one above the other. They show within minutes
//! whether a network learns at all. Training for real images does not use them.

use super::building::building;
use super::frame::Frame;
use super::ground::{cover, field, lake, lot};
use super::style::Style;
use super::surface::Kind;
use super::world::World;

/// What may lie on a plot.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Plot {
    Lake,
    Lot,
    Field,
    Building,
}

/// Two plots.
pub fn plots(world: &mut World) {
    cover(world, Kind::Lawn, None, 0.0);
    let all = [Plot::Lake, Plot::Lot, Plot::Field, Plot::Building];
    let first = world.count(0, all.len() - 1);
    let second = (first + world.count(1, all.len() - 1)) % all.len();
    let beside = world.chance(0.5);
    let side = world.side();
    for (plot, place) in [(all[first], 0.27), (all[second], 0.73)] {
        let across = side * world.range(0.42, 0.58);
        let along = side * place;
        let (x, y) = if beside {
            (along, across)
        } else {
            (across, along)
        };
        let (short, long) = (
            side * world.range(0.16, 0.2),
            side * world.range(0.24, 0.36),
        );
        let (a, b) = if beside { (short, long) } else { (long, short) };
        let frame = Frame::new(x, y, 0.0);
        match plot {
            Plot::Lake => lake(world, x, y, short * 1.1),
            Plot::Lot => lot(world, frame, a, b),
            Plot::Field => field(world, frame, a, b),
            Plot::Building => building(world, frame, a, b, Style::Hall),
        }
    }
}
