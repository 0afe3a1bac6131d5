//! The order in which conditions are listed.

use super::request::Condition;

/// The order in which conditions are listed.
pub fn order_of(condition: &Condition) -> u8 {
    match condition {
        Condition::Size(_) => 0,
        Condition::Shape(_) => 1,
        Condition::Tone(_) => 2,
        Condition::Colour(_) => 3,
        Condition::Material(_) => 4,
        Condition::Position(_) => 5,
        Condition::Relation(..) | Condition::Between(..) => 6,
        Condition::Not(_) => 7,
    }
}
