//! How well phrases are answered, before and after.

use std::collections::BTreeMap;

use crate::bundle::TaughtNetwork;
use crate::choosing::Ways;
use crate::data::Sample;
use crate::measure::Protocol;
use crate::model::S4eca;
use crate::text::{PhraseTokenizer, WordTable};
use crate::train::{Answering, Items, ValidationSet};

/// The score of one phrase on one image.
#[derive(Debug, Clone, PartialEq)]
pub struct PhraseScore {
    /// The phrase.
    pub phrase: String,
    /// IoU, 0 to 1; for a phrase that nothing fits, 1 if nothing is masked and else 0.
    pub score: f64,
}

/// What is needed beside the network to answer phrases.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The tokenizer.
    pub tokenizer: &'a PhraseTokenizer,
    /// The word table.
    pub words: &'a WordTable,
    /// Who answers which phrases.
    pub ways: Ways,
}

impl Reader<'_> {
    /// Answers every sample with `model`, which has no gradients, and what `taught` answers with that.
    ///
    /// # Errors
    /// Fails if a phrase cannot be read or the device fails.
    pub fn scores(
        &self,
        model: &S4eca,
        taught: Option<&TaughtNetwork>,
        samples: &[Sample],
    ) -> anyhow::Result<Vec<PhraseScore>> {
        let set = ValidationSet {
            name: "examples".to_owned(),
            items: Items::Made(samples.to_vec()),
            own_size: false,
        };
        let answering = Answering {
            model,
            taught,
            tokenizer: self.tokenizer,
            words: self.words,
            ways: self.ways,
            side: model.config().input,
        };
        let range = 0..samples.len();
        let scores = answering.score(&set, range, Protocol::default(), |_| None, |_| Ok(()))?;
        let scored = scores.into_iter().map(|one| PhraseScore {
            score: match one.absent {
                true => f64::from(u8::from(one.predicted == 0)),
                false => one.iou.unwrap_or(0.0),
            },
            phrase: one.phrase,
        });
        Ok(scored.collect())
    }
}

/// Mean of all scores, 0 to 1.
pub fn mean(scores: &[PhraseScore]) -> f64 {
    let sum: f64 = scores.iter().map(|one| one.score).sum();
    sum / scores.len().max(1) as f64
}

/// Number and mean of the scores of every phrase.
pub fn by_phrase(scores: &[PhraseScore]) -> BTreeMap<&str, (usize, f64)> {
    let mut groups: BTreeMap<&str, (usize, f64)> = BTreeMap::new();
    for one in scores {
        let (count, sum) = groups.entry(&one.phrase).or_default();
        *count += 1;
        *sum += one.score;
    }
    groups
        .into_iter()
        .map(|(phrase, (count, sum))| (phrase, (count, sum / count as f64)))
        .collect()
}
