//! Kinds of places: which ground, roads and things make up a scene.

use std::fmt;

use super::world::World;
use super::{airport, harbour, industry, plots, rural, town};

/// A kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Theme {
    Residential,
    City,
    Informal,
    Desert,
    Industrial,
    Airport,
    Harbour,
    Rural,
    Park,
    /// Two large things on a lawn; not among [`Theme::ALL`].
    Plots,
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{self:?}").to_lowercase();
        f.write_str(&name)
    }
}

impl Theme {
    /// The kind of place with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .chain([Self::Plots])
            .find(|theme| theme.to_string() == name)
    }

    /// Every kind of place except [`Theme::Plots`].
    pub const ALL: [Theme; 9] = [
        Theme::Residential,
        Theme::City,
        Theme::Informal,
        Theme::Desert,
        Theme::Industrial,
        Theme::Airport,
        Theme::Harbour,
        Theme::Rural,
        Theme::Park,
    ];

    /// Range of ground sample distances, in metres per pixel of an image 384 pixels wide.
    pub fn gsd_m(self) -> (f32, f32) {
        match self {
            Theme::Residential => (0.13, 0.6),
            Theme::City => (0.18, 0.75),
            Theme::Informal => (0.08, 0.34),
            Theme::Desert => (0.2, 0.8),
            Theme::Industrial => (0.2, 0.8),
            Theme::Airport => (0.3, 1.0),
            Theme::Harbour => (0.2, 0.9),
            Theme::Rural => (0.25, 1.0),
            Theme::Park => (0.2, 0.7),
            Theme::Plots => (0.3, 0.5),
        }
    }

    /// Draws the place.
    pub fn draw(self, world: &mut World) {
        match self {
            Theme::Residential => town::residential(world),
            Theme::City => town::city(world),
            Theme::Informal => town::informal(world),
            Theme::Desert => town::desert(world),
            Theme::Industrial => industry::industrial(world),
            Theme::Airport => airport::airport(world),
            Theme::Harbour => harbour::harbour(world),
            Theme::Rural => rural::rural(world),
            Theme::Park => rural::park(world),
            Theme::Plots => plots::plots(world),
        }
    }
}
