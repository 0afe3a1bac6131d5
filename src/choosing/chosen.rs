//! The outcome of a choice.

use serde::Serialize;
use thiserror::Error;

use crate::things::region::Region;

use super::crossings::Crossings;
use super::objects::Candidate;

/// Why nothing was chosen, or something other than what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Error)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ChoiceProblem {
    /// What a relation refers to was not found: nothing is masked.
    #[error("no {noun} was found that the phrase could refer to")]
    AnchorMissing {
        /// The noun as it was written.
        noun: String,
    },
    /// What a relation refers to was not found, and it is not a well-known kind of thing: the relation is omitted.
    #[error("no {noun} was found: the relation to it is omitted")]
    AnchorLeftOut {
        /// The noun as it was written.
        noun: String,
    },
    /// Only one thing is asked for and none fits: the closest match is masked.
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
    /// Everything that was found is far too small or too faint to be such a thing: nothing is masked.
    #[error("what looks like {noun} here is too small or too faint to be real")]
    TooSmall {
        /// The noun as it was written.
        noun: String,
    },
    /// Fewer were found than asked for. All of them are masked, or none if the requested place in an order is not
    /// reached.
    #[error("{wanted} {noun} were asked for, {found} found")]
    TooFew {
        /// The noun as it was written.
        noun: String,
        /// How many were asked for.
        wanted: usize,
        /// How many there are.
        found: usize,
    },
    /// There are more objects than can be examined: only the largest are considered.
    #[error("there are too many {noun}: only the {kept} largest were considered")]
    TooMany {
        /// The noun as it was written.
        noun: String,
        /// How many were considered.
        kept: usize,
    },
    /// A colour or tone is asked for, but there are no pixels to measure it in.
    #[error("there are no pixels to measure colours in")]
    NoPixels,
    /// There is no map of things of this kind: nothing is masked.
    #[error("there is no map of {noun}")]
    NoMap {
        /// The noun as it was written.
        noun: String,
    },
    /// Conditions are nested more deeply than is followed: nothing is masked.
    #[error("the phrase is nested too deeply")]
    TooDeep,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chosen {
    /// All objects of the kinds asked for.
    pub objects: Vec<Candidate>,
    /// Numbers of the objects that are meant.
    pub chosen: Vec<usize>,
    /// Numbers of objects that fit nearly as well as the chosen ones and were not chosen.
    pub near_ties: Vec<usize>,
    /// What could not be done as requested.
    pub problem: Option<ChoiceProblem>,
    /// Width of the maps in pixels.
    pub width: usize,
    /// `[height, width]`: the map restricted to the chosen objects, 0 elsewhere.
    pub map: Vec<u8>,
    /// `[height, width]`: the pixels that the choice keeps.
    pub keep: Vec<bool>,
    /// Whether the whole map is kept because the request has nothing to choose by.
    pub whole: bool,
    /// Number of things chosen; for mass nouns, the number of connected parts.
    pub count: usize,
    /// What relations refer to, for outlines.
    pub anchors: Vec<Region>,
    /// What stands in place of the maps of things that cross water.
    pub crossings: Crossings,
}

impl Chosen {
    /// Adds the result of another request.
    pub(super) fn add(&mut self, more: Chosen) {
        let first = self.objects.len();
        self.objects.extend(more.objects);
        self.chosen
            .extend(more.chosen.iter().map(|place| first + place));
        self.near_ties
            .extend(more.near_ties.iter().map(|place| first + place));
        self.anchors.extend(more.anchors);
        self.problem = self.problem.take().or(more.problem);
        self.count += more.count;
        self.whole &= more.whole;
        for (value, other) in self.map.iter_mut().zip(more.map) {
            *value = (*value).max(other);
        }
        for (keep, other) in self.keep.iter_mut().zip(more.keep) {
            *keep |= other;
        }
    }

    /// Removes the pixels of another result, and objects that lose more than half of their pixels.
    pub(super) fn take(&mut self, less: &Chosen, threshold: u8) {
        let width = self.width;
        self.whole = false;
        for (at, &value) in less.map.iter().enumerate() {
            if value >= threshold {
                self.map[at] = 0;
                self.keep[at] = false;
            }
        }
        let keep = &self.keep;
        let objects = &self.objects;
        let remains = |place: usize| {
            let region = &objects[place].region;
            let left = region.pixels().filter(|(x, y)| keep[y * width + x]).count();
            left * 2 >= region.area()
        };
        self.chosen.retain(|&place| remains(place));
        self.near_ties.retain(|&place| remains(place));
        self.count = self.chosen.len();
    }
}
