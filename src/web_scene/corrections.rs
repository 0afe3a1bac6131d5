//! The corrections of a layer: one for each state that undo and redo can restore.

use std::collections::BTreeMap;

use crate::segment::Correction;

/// Corrections of one layer by number; number 0 is the model's own mask.
#[derive(Default)]
pub(super) struct Corrections {
    known: BTreeMap<u32, Correction>,
    current: u32,
}

impl Corrections {
    /// The correction that is applied to masks; None for the model's own masks.
    pub(super) fn current(&self) -> Option<&Correction> {
        self.known.get(&self.current)
    }

    /// Uses correction `number` from now on. Returns false if there is no such correction.
    pub(super) fn select(&mut self, number: u32) -> bool {
        let is_known = number == 0 || self.known.contains_key(&number);
        if is_known {
            self.current = number;
        }
        is_known
    }

    pub(super) fn add(&mut self, number: u32, correction: Correction) {
        self.known.insert(number, correction);
    }

    /// Drops all corrections except these and the one in use.
    pub(super) fn keep(&mut self, numbers: &[u32]) {
        let current = self.current;
        let is_kept = |number: &u32| *number == current || numbers.contains(number);
        self.known.retain(|number, _| is_kept(number));
    }
}
