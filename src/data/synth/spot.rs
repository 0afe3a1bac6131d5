//! Where things are put: grounds, frames and roads that several kinds of places share.

use crate::things::class::Class;

use super::frame::Frame;
use super::road::Road;
use super::surface::Kind;
use super::world::World;

/// Ground on which things may be put.
pub const OPEN: &[Class] = &[Class::Grass, Class::BareLand, Class::Pavement];

/// Green or bare ground.
pub const SOFT: &[Class] = &[Class::Grass, Class::BareLand];

/// A frame in the middle of the canvas at a random angle.
pub fn centre(world: &mut World) -> Frame {
    let middle = world.side() * 0.5;
    // Half of the places are aligned with the image, as many real ones are.
    let angle = match world.count(0, 3) {
        0 => 0.0,
        1 => world.range(-0.15, 0.15),
        _ => world.range(0.0, std::f32::consts::TAU),
    };
    Frame::new(middle, middle, angle)
}

/// A road across the canvas: along the axis of the frame, `offset` pixels beside it, bent by `bend`.
pub fn across(
    world: &World,
    frame: &Frame,
    offset: f32,
    bend: f32,
    lanes: usize,
    paved: bool,
) -> Road {
    let reach = world.side() * 0.85;
    let ends = (
        frame.world(-reach, offset),
        frame.world(0.0, offset + bend),
        frame.world(reach, offset),
    );
    Road::new(world, ends, lanes, paved)
}

/// A kind of natural ground and what it is mixed with.
pub fn natural(world: &mut World) -> (Kind, Kind) {
    world.pick(&[
        (Kind::Lawn, Kind::DryGrass),
        (Kind::Meadow, Kind::Soil),
        (Kind::DryGrass, Kind::Soil),
        (Kind::Soil, Kind::Scrub),
        (Kind::Sand, Kind::Scrub),
        (Kind::Gravel, Kind::Meadow),
        (Kind::RedSoil, Kind::Meadow),
        (Kind::Meadow, Kind::Lawn),
    ])
}
