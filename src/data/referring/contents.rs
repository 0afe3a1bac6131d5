//! What the annotations of a layout hold.

use super::record::{Record, Split};

/// A part of the annotations that yields no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its name, or its place.
    pub id: String,
    /// Its split, if known.
    pub split: Option<Split>,
    /// What is wrong.
    pub reason: String,
}

/// What the annotations of a layout hold.
#[derive(Debug, Default)]
pub struct Contents {
    pub records: Vec<Record>,
    pub rejected: Vec<Rejected>,
}
