//! The baselines that a model is compared with.

use super::validation::{Answering, ValidationSet, masks, score_of};
use crate::measure::{Protocol, SampleScore};

/// Scores of the baselines.
pub struct Baselines {
    /// Every pixel is foreground.
    pub all_foreground: Vec<SampleScore>,
    /// All pixels of the phrase's class, from the labels: the best possible result of a model that ignores
    /// position, size, colour and relation. None if the set has no labels.
    pub class_alone: Option<Vec<SampleScore>>,
    /// The model, with every phrase replaced by the phrase of another sample.
    pub shuffled: Vec<SampleScore>,
}

impl Baselines {
    /// Measures the baselines on `set`.
    ///
    /// # Errors
    /// Same as [`Answering::predict`].
    pub fn measure(
        answering: Answering<'_>,
        set: &ValidationSet,
        protocol: Protocol,
    ) -> anyhow::Result<Self> {
        let grid = set.grid(answering.side);
        let mut all_foreground = Vec::with_capacity(set.len());
        let mut class_alone = Some(Vec::with_capacity(set.len()));
        for index in 0..set.len() {
            let sample = set.sample(index)?;
            let against = |map: &[f32], size: (usize, usize)| {
                let (predicted, truth) = masks(protocol, map, size, &sample, grid);
                score_of(protocol, &sample, &predicted, &truth)
            };
            all_foreground.push(against(&[1.0], (1, 1)));
            match (&sample.truth, &mut class_alone) {
                (Some(truth), Some(scores)) => {
                    let mask = &truth.class_mask;
                    let map: Vec<f32> = mask
                        .bits()
                        .iter()
                        .map(|&bit| f32::from(u8::from(bit)))
                        .collect();
                    scores.push(against(&map, (mask.width(), mask.height())));
                }
                _ => class_alone = None,
            }
        }
        // Samples of one scene are adjacent in the list, so take the phrase from half the list away.
        let count = set.len();
        let other = |index: usize| Some(set.phrase((index + count / 2) % count));
        let shuffled = answering.score(set, 0..count, protocol, other, |_| Ok(()))?;
        Ok(Self {
            all_foreground,
            class_alone,
            shuffled,
        })
    }
}
