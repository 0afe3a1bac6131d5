//! The parts of a phrase.

use super::predicate::Predicate;
use super::query::Query;

/// Which parts a phrase has besides its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Parts {
    pub position: bool,
    /// A size or a shape.
    pub size: bool,
    /// A colour, or light or dark.
    pub colour: bool,
    pub superlative: bool,
    pub relation: bool,
    pub material: bool,
}

impl Parts {
    /// The parts of a query.
    pub fn of(query: &Query) -> Self {
        let has = |test: fn(&Predicate) -> bool| query.predicates.iter().any(test);
        Self {
            position: has(|p| matches!(p, Predicate::Position(_))),
            size: has(|p| matches!(p, Predicate::Size(_) | Predicate::Shape(_))),
            colour: has(|p| matches!(p, Predicate::Colour(_) | Predicate::Tone(_))),
            relation: has(|p| matches!(p, Predicate::Relation(..))),
            material: has(|p| matches!(p, Predicate::Material(_))),
            superlative: query.superlative.is_some(),
        }
    }

    /// Whether the phrase names a class and nothing else.
    pub fn is_bare(self) -> bool {
        self == Self::default()
    }
}
