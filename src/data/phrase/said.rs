//! Which parts of a query a piece of a phrase states.

use super::predicate::Predicate;
use super::query::{Query, Superlative};

/// A set of parts of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Said(u16);

impl Said {
    /// No part: a class alone.
    pub const NOTHING: Self = Self(0);
    /// A size within the class.
    pub const SIZE: Self = Self(1);
    /// A colour, or light or dark.
    pub const COLOUR: Self = Self(1 << 1);
    /// The material of a roof.
    pub const MATERIAL: Self = Self(1 << 2);
    /// A position in the image.
    pub const POSITION: Self = Self(1 << 3);
    /// A relation to something else.
    pub const RELATION: Self = Self(1 << 4);
    /// A superlative of size or side.
    pub const MOST: Self = Self(1 << 5);
    /// The thing that is closest to something, or farthest from it.
    pub const NEAREST: Self = Self(1 << 6);
    /// A place in an order.
    pub const ORDINAL: Self = Self(1 << 7);

    /// An outline: "round".
    pub const SHAPE: Self = Self(1 << 8);

    const ADJECTIVES: u16 = Self::SIZE.0 | Self::COLOUR.0 | Self::MATERIAL.0 | Self::SHAPE.0;
    const SINGLE: u16 = Self::MOST.0 | Self::NEAREST.0 | Self::ORDINAL.0;

    /// All parts that a query states.
    pub fn of(query: &Query) -> Self {
        let predicates = query.predicates.iter().map(|predicate| match predicate {
            Predicate::Size(_) => Self::SIZE,
            Predicate::Colour(_) | Predicate::Tone(_) => Self::COLOUR,
            Predicate::Shape(_) => Self::SHAPE,
            Predicate::Material(_) => Self::MATERIAL,
            Predicate::Position(_) => Self::POSITION,
            Predicate::Relation(..) => Self::RELATION,
        });
        let superlative = query.superlative.map(|superlative| match superlative {
            Superlative::Ordinal(_) => Self::ORDINAL,
            Superlative::Closest(_) | Superlative::Farthest(_) => Self::NEAREST,
            _ => Self::MOST,
        });
        predicates
            .chain(superlative)
            .fold(Self::NOTHING, Self::with)
    }

    /// The union of both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The parts without those of `other`; `None` if `other` is not a subset.
    pub fn without(self, other: Self) -> Option<Self> {
        (self.0 & other.0 == other.0).then_some(Self(self.0 & !other.0))
    }

    /// Whether the two have a part in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is only a class.
    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether adjectives state all of it.
    pub fn is_adjectives(self) -> bool {
        self.0 & !Self::ADJECTIVES == 0
    }

    /// Whether it states which one of several is meant.
    pub fn singles_out(self) -> bool {
        self.0 & Self::SINGLE != 0
    }
}
