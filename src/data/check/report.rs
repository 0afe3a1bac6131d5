//! What a check found, as numbers and a list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{Entry, Finding};
use super::inspection::Inspection;
use crate::data::referring::{Dataset, Layout, Split};

/// Bounds of the bins of mask areas, as shares of the image: half-decades.
const AREAS: [f64; 9] = [1e-4, 3.2e-4, 1e-3, 3.2e-3, 1e-2, 3.2e-2, 0.1, 0.32, 1.0];

/// Images of RRSIS-D that RSRefSeg2's loader skips without giving a reason.
const LEFT_OUT_ELSEWHERE: [&str; 3] = ["00413.jpg", "20203.jpg", "22187.jpg"];

/// Class name for records without a class.
pub const NO_CLASS: &str = "(none)";

/// Records of a class, for train, val and test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassCount {
    /// Its name.
    pub name: String,
    /// Number of records.
    pub counts: [usize; 3],
}

impl ClassCount {
    /// Records of all splits.
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }
}

/// Masks whose area lies in a range, for train, val and test. Empty masks are in no range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AreaBin {
    /// Exclusive lower bound of the area, as a share of the image.
    pub above: f64,
    /// Inclusive upper bound of the area, as a share of the image.
    pub up_to: f64,
    /// Number of masks.
    pub counts: [usize; 3],
}

/// What a check of a dataset found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The layout of the dataset on disk.
    pub layout: Layout,
    /// [`Dataset::fingerprint`] of the annotations.
    pub fingerprint: String,
    /// Number of records of train, val and test.
    pub splits: [usize; 3],
    /// Number of image files.
    pub images: usize,
    /// Facts that are not defects but worth knowing.
    pub notes: Vec<String>,
    /// Classes by name.
    pub classes: Vec<ClassCount>,
    /// Areas of masks, the smallest first.
    pub areas: Vec<AreaBin>,
    /// All findings, the most severe kind first, then in the order of the annotations.
    pub entries: Vec<Entry>,
}

impl Report {
    pub(super) fn new(dataset: &Dataset, inspections: Vec<Inspection>, across: Vec<Entry>) -> Self {
        let mut splits = [0; 3];
        let mut classes: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for record in dataset.records() {
            splits[record.split as usize] += 1;
            let class = record.category.as_deref().unwrap_or(NO_CLASS);
            classes.entry(class).or_default()[record.split as usize] += 1;
        }
        let mut areas: Vec<_> = empty_bins().collect();
        for inspection in &inspections {
            for (&index, mask) in inspection.records.iter().zip(&inspection.masks) {
                let share = mask.map_or(0.0, |(_, share)| share);
                let fits = |bin: &&mut AreaBin| share > bin.above && share <= bin.up_to;
                if let Some(bin) = areas.iter_mut().find(fits) {
                    bin.counts[dataset.records()[index].split as usize] += 1;
                }
            }
        }
        let rejected = dataset.rejected().iter().map(|rejected| {
            let finding = Finding::BrokenAnnotation {
                reason: rejected.reason.clone(),
            };
            Entry {
                index: None,
                id: rejected.id.clone(),
                split: rejected.split,
                image: String::new(),
                action: finding.action(),
                finding,
            }
        });
        let images = inspections.len();
        let mut entries: Vec<_> = rejected
            .chain(
                inspections
                    .into_iter()
                    .flat_map(|inspection| inspection.entries),
            )
            .chain(across)
            .collect();
        entries.sort_by_key(|entry| (rank(&entry.finding), entry.index));
        Self {
            layout: dataset.layout(),
            fingerprint: dataset.fingerprint(),
            splits,
            images,
            notes: notes(dataset, splits),
            classes: classes
                .into_iter()
                .map(|(name, counts)| ClassCount {
                    name: name.to_owned(),
                    counts,
                })
                .collect(),
            areas,
            entries,
        }
    }

    /// Number of records.
    pub fn records(&self) -> usize {
        self.splits.iter().sum()
    }

    /// Entries of a kind, by its name in [`Finding::KINDS`].
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.finding.kind() == kind)
    }
}

fn rank(finding: &Finding) -> usize {
    let kinds = Finding::KINDS.iter();
    kinds.take_while(|&&kind| kind != finding.kind()).count()
}

fn empty_bins() -> impl Iterator<Item = AreaBin> {
    let above = std::iter::once(0.0).chain(AREAS);
    above.zip(AREAS).map(|(above, up_to)| AreaBin {
        above,
        up_to,
        counts: [0; 3],
    })
}

fn notes(dataset: &Dataset, splits: [usize; 3]) -> Vec<String> {
    let mut notes = Vec::new();
    for (split, found) in Split::ALL.into_iter().zip(splits) {
        if let Some(published) = dataset.layout().published_in(split)
            && published != found
        {
            notes.push(format!(
                "{split} has {found} records, {published} were published: results on it are not comparable"
            ));
        }
    }
    if dataset.layout() == Layout::RrsisD {
        let names = LEFT_OUT_ELSEWHERE.iter().filter(|name| {
            let mut records = dataset.records().iter();
            records.any(|record| record.image.ends_with(name))
        });
        let names: Vec<_> = names.copied().collect();
        if !names.is_empty() {
            notes.push(format!(
                "{} are used here; RSRefSeg2's loader skips them and gives no reason",
                names.join(", ")
            ));
        }
    }
    notes
}
