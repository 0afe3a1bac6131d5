//! Figures with their confidence intervals.

use serde::{Deserialize, Serialize};

use super::interval::{Intervals, bootstrap};
use super::metrics::{Metrics, Summary};
use super::protocol::Protocol;
use super::sample_score::SampleScore;

/// The seed of the intervals: fixed, so that the same scores always give the same report.
const SEED: u64 = 0x54EC_A000;

/// The figures of a set of phrases as fractions, with their 95 % intervals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// Their intervals.
    pub intervals: Intervals,
}

impl Figures {
    /// Returns the figures of `scores`, which must have been made under `protocol`. Skips phrases for absent
    /// objects: see [`Absent`].
    pub fn of<'a>(protocol: Protocol, scores: impl IntoIterator<Item = &'a SampleScore>) -> Self {
        let rules = protocol.rules();
        let mut metrics = Metrics::new(rules);
        let mut overlaps = Vec::new();
        for score in scores.into_iter().filter(|score| !score.absent) {
            metrics.add(score.intersection, score.union);
            overlaps.push((score.intersection, score.union));
        }
        Self {
            summary: metrics.summary(),
            intervals: bootstrap(&overlaps, &rules, SEED),
        }
    }
}

/// The answers to phrases for absent objects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Absent {
    /// Number of such phrases.
    pub phrases: u64,
    /// Fraction of them that got a mask of at least one pixel.
    pub false_masks: f64,
    /// Mean number of predicted pixels over all such phrases.
    pub false_pixels: f64,
}

impl Absent {
    /// Returns the figures of those `scores` that are for absent objects.
    pub fn of<'a>(scores: impl IntoIterator<Item = &'a SampleScore>) -> Self {
        let (mut phrases, mut masks, mut pixels) = (0u64, 0u64, 0u64);
        for score in scores.into_iter().filter(|score| score.absent) {
            phrases += 1;
            masks += u64::from(score.predicted > 0);
            pixels += score.predicted;
        }
        let all = phrases.max(1) as f64;
        Self {
            phrases,
            false_masks: masks as f64 / all,
            false_pixels: pixels as f64 / all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vision::Mask;

    #[test]
    fn absent_phrases_have_figures_of_their_own() {
        let (none, one) = (Mask::empty(2, 1), Mask::new(2, 1, vec![true, false]));
        let score = |predicted: &Mask, truth: &Mask, absent: bool| {
            SampleScore::new(Protocol::Rmsin, "a", "the ship", None, (predicted, truth))
                .of_absent(absent)
        };
        let scores = [
            score(&one, &one, false),
            score(&one, &none, true),
            score(&none, &none, true),
        ];
        let figures = Figures::of(Protocol::Rmsin, &scores);
        assert_eq!((figures.summary.samples, figures.summary.miou), (1, 1.0));
        assert_eq!(figures.summary.oiou, 1.0);
        let absent = Absent::of(&scores);
        assert_eq!(
            (absent.phrases, absent.false_masks, absent.false_pixels),
            (2, 0.5, 0.5)
        );
        assert_eq!(scores[1].iou, None);
    }
}
