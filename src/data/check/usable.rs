//! Which records training and evaluation use, given what a check found.

use std::collections::BTreeMap;

use super::finding::Action;
use super::report::Report;
use crate::data::referring::{Dataset, DatasetError, Split};

/// The use of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Training. Records with an empty mask are skipped: they would teach that the phrase means nothing.
    Training,
    /// Evaluation. Records with an empty mask are kept: each protocol defines how they count.
    Evaluation,
}

/// The records to use and the records to skip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usable {
    /// Indices of the records to use, in the order of the dataset.
    pub indices: Vec<usize>,
    /// Indices of the skipped records, each with the reason.
    pub left_out: Vec<(usize, String)>,
}

impl Report {
    /// The records of a split that can be used for a purpose.
    ///
    /// # Errors
    /// Returns [`DatasetError::OtherReport`] if the report is for other annotations.
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
