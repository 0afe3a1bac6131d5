//! The content of a layout's annotations.

use super::record::{Record, Split};

/// A part of the annotations that yields no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Name of the record, or its place in the annotations.
    pub id: String,
    /// Its split, if known.
    pub split: Option<Split>,
    /// What is wrong.
    pub reason: String,
}

/// The content of a layout's annotations.
#[derive(Debug, Default)]
pub struct Contents {
    pub records: Vec<Record>,
    pub rejected: Vec<Rejected>,
}
