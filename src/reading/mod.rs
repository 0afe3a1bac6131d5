//! From a phrase to what it asks for, by rules alone: no network, the same on every target.

mod request;

pub use request::{Condition, Key, Number, Rank, Relation, Request, Thing};
