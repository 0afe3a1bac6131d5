//! Which records a training or an evaluation takes, given what a check found.

use std::collections::BTreeMap;

use super::finding::Action;
use super::report::Report;
use crate::data::referring::{Dataset, DatasetError, Split};

/// What records are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Learning: an empty mask teaches that the phrase means nothing, and is left out.
    Training,
    /// Measuring: an empty mask stays, since each protocol says what it counts.
    Evaluation,
}

/// The records to take, and the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usable {
    /// Numbers of the records, in the order of the dataset.
    pub indices: Vec<usize>,
    /// Numbers of the records that are left out, each with the reason.
    pub left_out: Vec<(usize, String)>,
}

impl Report {
    /// The records of a split that can be used for a purpose.
    ///
    /// # Errors
    /// [`DatasetError::OtherReport`] where the report is of other annotations.
    pub fn usable(
        &self,
        dataset: &Dataset,
        split: Split,
        purpose: Purpose,
    ) -> Result<Usable, DatasetError> {
        let fingerprint = dataset.fingerprint();
        if self.fingerprint != fingerprint {
            let short = |text: &str| text.chars().take(12).collect();
            return Err(DatasetError::OtherReport {
                report: short(&self.fingerprint),
                dataset: short(&fingerprint),
            });
        }
        let mut reasons: BTreeMap<usize, String> = BTreeMap::new();
        for entry in &self.entries {
            let out = match entry.action {
                Action::LeftOut => true,
                Action::NotTrained => purpose == Purpose::Training,
                Action::Kept | Action::Resized => false,
            };
            if let (Some(index), true) = (entry.index, out) {
                let reason = || format!("{}: {}", entry.id, entry.finding);
                reasons.entry(index).or_insert_with(reason);
            }
        }
        let (left_out, indices): (Vec<_>, Vec<_>) = dataset
            .indices(split)
            .into_iter()
            .partition(|index| reasons.contains_key(index));
        Ok(Usable {
            indices,
            left_out: left_out
                .into_iter()
                .filter_map(|index| Some((index, reasons.remove(&index)?)))
                .collect(),
        })
    }
}
