//! The score of one phrase.

use serde::{Deserialize, Serialize};

use crate::vision::Mask;

use super::metrics::overlap;
use super::phrase_kinds::{PhraseKinds, kinds_of_object};
use super::protocol::Protocol;

/// One phrase's overlap under a protocol: everything that the figures are computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleScore {
    /// Identifier of the sample, such as `rrsis-d/test/02934`.
    pub id: String,
    /// The referring expression.
    pub phrase: String,
    /// The category that the dataset gives, if any.
    pub category: Option<String>,
    /// The kinds of statements in the phrase besides its class.
    pub kinds: PhraseKinds,
    /// Pixels in both masks.
    pub intersection: u64,
    /// Pixels in either mask.
    pub union: u64,
    /// Pixels of the true mask.
    pub truth: u64,
    /// Pixels of the predicted mask.
    pub predicted: u64,
    /// The IoU under the protocol; None if the protocol omits it.
    pub iou: Option<f64>,
    /// Whether the phrase is for an absent object: it has no IoU, and any predicted pixel is wrong.
    #[serde(default)]
    pub absent: bool,
    /// The kind of phrase that the dataset gives, such as `relation`.
    #[serde(default)]
    pub stated_kind: Option<String>,
}

impl SampleScore {
    /// Scores a predicted and a true mask as returned by [`Protocol::masks`].
    ///
    /// Panics if the masks differ in size, which is a programming error.
    pub fn new(
        protocol: Protocol,
        id: impl Into<String>,
        phrase: impl Into<String>,
        category: Option<&str>,
        (predicted, truth): (&Mask, &Mask),
    ) -> Self {
        let (intersection, union) = overlap(predicted, truth);
        let phrase = phrase.into();
        Self {
            id: id.into(),
            kinds: kinds_of_object(&phrase, category.unwrap_or_default()),
            phrase,
            category: category.map(str::to_owned),
            intersection,
            union,
            truth: truth.area() as u64,
            predicted: predicted.area() as u64,
            iou: protocol.rules().iou(intersection, union),
            absent: false,
            stated_kind: None,
        }
    }

    /// Marks the score as that of a phrase for an absent object if `absent` is true.
    pub fn of_absent(mut self, absent: bool) -> Self {
        self.absent = absent;
        if absent {
            self.iou = None;
        }
        self
    }

    /// Sets the kind of phrase that the dataset gives.
    pub fn of_kind(mut self, kind: Option<&str>) -> Self {
        self.stated_kind = kind.map(str::to_owned);
        self
    }
}

/// Returns the scores as JSON lines, one per phrase. Every figure can be recomputed from them.
///
/// # Errors
/// Never fails in practice: the scores are text and numbers.
pub fn json_lines(scores: &[SampleScore]) -> Result<String, serde_json::Error> {
    let mut lines = String::new();
    for score in scores {
        lines.push_str(&serde_json::to_string(score)?);
        lines.push('\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_keeps_all_that_figures_need() {
        let predicted = Mask::new(3, 1, vec![true, true, false]);
        let truth = Mask::new(3, 1, vec![false, true, true]);
        let score = SampleScore::new(
            Protocol::Rmsin,
            "risbench/test/5_9",
            "The small vehicle at the bottom-right corner.",
            Some("small-vehicle"),
            (&predicted, &truth),
        );
        assert_eq!((score.intersection, score.union), (1, 3));
        assert_eq!((score.predicted, score.truth), (2, 2));
        assert_eq!(score.iou, Some(1.0 / 3.0));
        assert!(score.kinds.position && !score.kinds.size);
        let lines = json_lines(&[score.clone(), score.clone()]).expect("text");
        assert_eq!(lines.lines().count(), 2);
        for line in lines.lines() {
            let read: SampleScore = serde_json::from_str(line).expect("its own form");
            assert_eq!(read, score);
        }
        let empty = (&Mask::empty(2, 2), &Mask::empty(2, 2));
        let left_out = SampleScore::new(Protocol::Rsrefseg2, "a", "b", None, empty);
        assert_eq!(left_out.iou, None);
    }
}
