//! The anchor of a relation, and how a phrase names it.

use crate::things::class::Class;
use crate::things::colour::Colour;

/// The anchor of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Anything of a class, as in "near the road".
    Class(Class),
    /// One object, by its index in the scene.
    Object(usize),
}

/// How a phrase names the anchor of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The anchor itself.
    pub place: Place,
    /// Its class.
    pub class: Class,
    /// The colour that distinguishes it from others of its class.
    pub colour: Option<Colour>,
    /// Whether it is the largest of its class and the phrase calls it so.
    pub largest: bool,
}
