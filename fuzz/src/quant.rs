//! Stands in for the main crate's quantised blocks, which need Burn. No target quantises anything.

use serde::{Deserialize, Serialize};

/// Bits of a quantised value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bits {
    /// Eight.
    Q8,
    /// Four.
    Q4,
}

/// Returns how many values share a scale in rows of `row` values.
pub fn block_for(row: usize) -> Option<usize> {
    [32, 16, 8]
        .into_iter()
        .find(|&block| row > 0 && row.is_multiple_of(block))
}

/// Blocks of a word table; always empty here.
#[derive(Debug, Clone)]
pub struct Blocks {
    /// Values that share a scale.
    pub block: usize,
}

impl Blocks {
    /// Number of values.
    pub fn len(&self) -> usize {
        0
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        true
    }

    /// No values.
    pub fn decode_range(&self, _first: usize, _count: usize) -> Vec<f32> {
        Vec::new()
    }

    /// No values.
    pub fn decode(&self) -> Vec<f32> {
        Vec::new()
    }
}
