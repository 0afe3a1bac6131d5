//! Figures with their intervals.

use serde::{Deserialize, Serialize};

use super::interval::{Intervals, bootstrap};
use super::metrics::{Metrics, Summary};
use super::protocol::Protocol;
use super::sample_score::SampleScore;

/// The seed of the intervals: fixed, so that the same scores always give the same report.
const SEED: u64 = 0x54EC_A000;

/// The figures of a set of phrases, as fractions, and their 95 % intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// Their intervals.
    pub intervals: Intervals,
}

impl Figures {
    /// The figures of `scores` under `protocol`, which the scores were made under.
    pub fn of<'a>(protocol: Protocol, scores: impl IntoIterator<Item = &'a SampleScore>) -> Self {
        let rules = protocol.rules();
        let mut metrics = Metrics::new(rules);
        let mut overlaps = Vec::new();
        for score in scores {
            metrics.add(score.intersection, score.union);
            overlaps.push((score.intersection, score.union));
        }
        Self {
            summary: metrics.summary(),
            intervals: bootstrap(&overlaps, &rules, SEED),
        }
    }
}
