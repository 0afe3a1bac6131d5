//! Kinds of buildings, and the rectangles that their footprints consist of.

use super::frame::rectangle;

/// Kinds of buildings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Style {
    House,
    Villa,
    Shack,
    Block,
    Hall,
    Barn,
}

/// A rectangle of the footprint, in frame coordinates: centre and half sides.
#[derive(Debug, Clone, Copy)]
pub struct Wing {
    pub u: f32,
    pub v: f32,
    pub a: f32,
    pub b: f32,
}

impl Wing {
    pub fn distance(&self, (u, v): (f32, f32)) -> f32 {
        rectangle((u - self.u, v - self.v), self.a, self.b)
    }
}
