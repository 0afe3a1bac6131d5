//! What a phrase is made of.

use super::predicate::Predicate;
use super::query::Query;

/// Which parts a phrase has besides its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Parts {
    pub position: bool,
    pub size: bool,
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
            size: has(|p| matches!(p, Predicate::Size(_))),
            colour: has(|p| matches!(p, Predicate::Colour(_))),
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
