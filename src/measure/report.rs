//! The report of a set of scores.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::figures::{Absent, Figures};
use super::interval::RESAMPLES;
use super::phrase_kinds::PhraseKinds;
use super::protocol::{Protocol, Resolution};
use super::sample_score::SampleScore;

/// Facts about the measurement besides the scores.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The protocol under which the scores were made.
    pub protocol: Protocol,
    /// Side of the network's input in pixels.
    pub input_side: usize,
    /// Name of the method in tables, such as `S4ECA (base)`.
    pub method: String,
    /// The data, such as `rrsis-d test`.
    pub data: String,
    /// Whether masks were compared at the image's own size instead of the protocol's.
    #[serde(default)]
    pub own_size: bool,
    /// The program, its version and its command, so that the figures can be reproduced.
    pub made_by: String,
}

/// A group of phrases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The category, or the kind of phrase.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// The figures of a set of phrases, for the whole set and by group.
///
/// Its `Display` is a table for the terminal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Facts about the measurement.
    #[serde(flatten)]
    pub about: About,
    /// The size at which masks were compared.
    pub resolution: Resolution,
    /// A description of the protocol in words.
    pub description: String,
    /// Number of resamples for the 95 % intervals.
    pub resamples: usize,
    /// The figures of all phrases.
    pub figures: Figures,
    /// The answers to phrases for absent objects. These phrases count nowhere else.
    #[serde(default)]
    pub absent: Absent,
    /// The figures per category of the dataset, by name.
    pub per_category: Vec<Group>,
    /// The figures per kind of phrase. A phrase may have several kinds, so the counts do not add up.
    pub per_kind: Vec<Group>,
    /// The figures per kind of phrase as given by the dataset, by name.
    #[serde(default)]
    pub per_stated_kind: Vec<Group>,
}

impl Report {
    /// Makes the report of scores that were made under `about.protocol`.
    pub fn new(about: About, scores: &[SampleScore]) -> Self {
        let protocol = about.protocol;
        let mut categories: BTreeMap<&str, Vec<&SampleScore>> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, Vec<&SampleScore>> = BTreeMap::new();
        let mut stated: BTreeMap<&str, Vec<&SampleScore>> = BTreeMap::new();
        for score in scores.iter().filter(|score| !score.absent) {
            if let Some(kind) = &score.stated_kind {
                stated.entry(kind).or_default().push(score);
            }
            if let Some(category) = &score.category {
                categories.entry(category).or_default().push(score);
            }
            for kind in score.kinds.names() {
                kinds.entry(kind).or_default().push(score);
            }
        }
        let group = |name: &str, scores: Vec<&SampleScore>| Group {
            name: name.to_owned(),
            figures: Figures::of(protocol, scores),
        };
        Self {
            resolution: match about.own_size {
                true => Resolution::Original,
                false => protocol.resolution(),
            },
            description: protocol.description_at(about.own_size, about.input_side),
            resamples: RESAMPLES,
            figures: Figures::of(protocol, scores),
            absent: Absent::of(scores),
            per_stated_kind: stated
                .into_iter()
                .map(|(name, scores)| group(name, scores))
                .collect(),
            per_category: categories
                .into_iter()
                .map(|(name, scores)| group(name, scores))
                .collect(),
            per_kind: PhraseKinds::NAMES
                .into_iter()
                .filter_map(|name| Some(group(name, kinds.remove(name)?)))
                .collect(),
            about,
        }
    }

    /// Returns the report as indented JSON; figures are fractions from 0 to 1.
    ///
    /// # Errors
    /// Never fails in practice: a report is text and numbers.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// Returns the groups with their headings, without empty ones.
    pub(super) fn sections(&self) -> impl Iterator<Item = (&'static str, &[Group])> {
        [
            ("category", &self.per_category),
            ("kind of phrase", &self.per_kind),
            ("kind as given", &self.per_stated_kind),
        ]
        .into_iter()
        .filter(|(_, groups)| !groups.is_empty())
        .map(|(heading, groups)| (heading, groups.as_slice()))
    }
}
