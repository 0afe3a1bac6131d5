//! The outcome of a choice.

use serde::Serialize;
use thiserror::Error;

use crate::things::region::Region;

use super::objects::Candidate;

/// Why nothing was chosen, or something else than was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ChoiceProblem {
    /// What a relation refers to was not found: nothing is masked.
    #[error("no {noun} was found that the phrase could refer to")]
    AnchorMissing {
        /// The noun as it was written.
        noun: String,
    },
    /// What a relation refers to was not found, and it is no kind of thing that is known well: the relation is left
    /// out.
    #[error("no {noun} was found: what refers to it is left out")]
    AnchorLeftOut {
        /// The noun as it was written.
        noun: String,
    },
    /// Only one thing is asked for and none fits: the one that comes closest is masked.
    #[error("no {noun} was found that fits: this one comes closest")]
    Closest {
        /// The noun as it was written.
        noun: String,
    },
    /// Nothing of the kind was found, or nothing that fits: nothing is masked.
    #[error("no {noun} was found that fits")]
    NothingFits {
        /// The noun as it was written.
        noun: String,
    },
    /// All that was found is far smaller than such things are: nothing is masked.
    #[error("what looks like {noun} here is too small to be believed")]
    TooSmall {
        /// The noun as it was written.
        noun: String,
    },
    /// Fewer were found than asked for: all of them are masked, or none for a place in an order that is not reached.
    #[error("{wanted} {noun} were asked for, {found} found")]
    TooFew {
        /// The noun as it was written.
        noun: String,
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// There are more objects than are looked at: only the largest were.
    #[error("there are too many {noun} to look at: only the {kept} largest were")]
    TooMany {
        /// The noun as it was written.
        noun: String,
        /// How many were looked at.
        kept: usize,
    },
    /// A colour or tone was asked for and there are no pixels to measure it.
    #[error("there are no pixels to measure colours of")]
    NoPixels,
    /// There is no map of things of this kind: nothing is masked.
    #[error("there is no map of {noun}")]
    NoMap {
        /// The noun as it was written.
        noun: String,
    },
    /// Conditions are nested deeper than is followed: nothing is masked.
    #[error("the phrase is nested too deeply")]
    TooDeep,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chosen {
    /// Everything of the kinds asked for.
    pub objects: Vec<Candidate>,
    /// Numbers of the objects that are meant.
    pub chosen: Vec<usize>,
    /// Numbers of objects that fit nearly as well as the chosen ones and were not chosen.
    pub near_ties: Vec<usize>,
    /// What could not be done as asked.
    pub problem: Option<ChoiceProblem>,
    /// Width of the maps in pixels.
    pub width: usize,
    /// `[height, width]`: the map where the chosen objects are, 0 elsewhere.
    pub map: Vec<u8>,
    /// `[height, width]`: the places that the choice keeps.
    pub keep: Vec<bool>,
    /// Whether the whole map is kept, because there was nothing to choose by.
    pub whole: bool,
    /// How many things are chosen; of mass nouns, the connected parts.
    pub count: usize,
    /// What relations refer to, for outlines.
    pub anchors: Vec<Region>,
}
