//! Trains on examples, and finds on places that were held back how much of what was learned helps.

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;

use super::differences::Differences;
use super::examples::Examples;
use super::folds::folds;
use super::score::{PhraseScore, Reader, mean};
use super::source::TaughtSource;
use super::stage::TaughtStage;
use crate::bundle::{Loaded, TaughtNetwork};
use crate::choosing::Ways;
use crate::data::sample::derive;
use crate::measure::Protocol;
use crate::model::S4eca;
use crate::train::{EngineConfig, LossWeights, MaskStage, Ranks, Schedule, View, train};

/// Shares of the differences that are tried on places that were held back.
pub const SHARES: [f32; 4] = [0.25, 0.5, 0.75, 1.0];
/// The share where no place can be held back.
const UNTESTED: f32 = 0.5;
/// Most groups of places that are held back in turn.
const FOLDS: usize = 3;
/// Decay of the moving average of the trained weights.
const AVERAGE: f32 = 0.95;

/// A bundle that learns from examples.
pub struct Adapter {
    /// The bundle, as floats on a device with gradients.
    pub loaded: Loaded,
    /// That device.
    pub device: Device,
    /// Who answers which phrases with this bundle.
    pub ways: Ways,
    /// Steps of every training.
    pub steps: u64,
    /// Samples of a step.
    pub batch: usize,
    /// Side of the training input in pixels.
    pub side: usize,
    /// Highest learning rate.
    pub rate: f64,
    /// Parts of a batch that are computed in parallel.
    pub lanes: usize,
    /// Seed of the order and variation of samples.
    pub seed: u64,
}

/// What was learned.
pub struct Adapted {
    /// The differences of the training on all examples.
    pub differences: Differences,
    /// The share of them that helps most.
    pub share: f32,
    /// Scores of the held-back examples before; empty if there is one place only.
    pub before: Vec<PhraseScore>,
    /// Their scores after, by what other places taught, for each of [`SHARES`].
    pub after: Vec<Vec<PhraseScore>>,
}

impl Adapted {
    /// Scores of the held-back examples with the chosen share.
    pub fn chosen(&self) -> &[PhraseScore] {
        let place = SHARES.iter().position(|share| *share == self.share);
        place
            .and_then(|place| self.after.get(place))
            .map_or(&[], Vec::as_slice)
    }

    /// Mean score before and after on held-back examples, 0 to 1; `None` if nothing was held back.
    pub fn gain(&self) -> Option<(f64, f64)> {
        (!self.before.is_empty()).then(|| (mean(&self.before), mean(self.chosen())))
    }
}

impl Adapter {
    /// Learns from `examples`. `say` is told what is being done.
    ///
    /// # Errors
    /// Fails if the training diverges or the device fails.
    pub fn learn(&self, examples: &Examples, say: impl Fn(&str)) -> anyhow::Result<Adapted> {
        let base = self.loaded.model.clone().valid();
        let reader = Reader {
            tokenizer: &self.loaded.tokenizer,
            words: &self.loaded.words,
            ways: self.ways,
        };
        let words = examples.words();
        let folds = folds(examples.places(), FOLDS);
        let mut before = Vec::new();
        let mut after = vec![Vec::new(); SHARES.len()];
        for (at, fold) in folds.iter().enumerate() {
            say(&format!(
                "part {} of {}: other places held back",
                at + 1,
                folds.len() + 1
            ));
            let held = examples.of_places(|place| fold.contains(place));
            before.extend(reader.scores(&base, None, held.samples())?);
            let others = examples.of_places(|place| !fold.contains(place));
            let learned = self.train(&base, &others, at as u64)?;
            for (share, scores) in SHARES.iter().zip(&mut after) {
                let taught = TaughtNetwork {
                    name: String::new(),
                    words: words.clone(),
                    model: learned.applied(&base, *share)?,
                };
                scores.extend(reader.scores(&base, Some(&taught), held.samples())?);
            }
        }
        say(&format!("part {0} of {0}: all places", folds.len() + 1));
        let differences = self.train(&base, examples, FOLDS as u64)?;
        let best = (0..SHARES.len()).max_by(|a, b| mean(&after[*a]).total_cmp(&mean(&after[*b])));
        Ok(Adapted {
            differences,
            share: match (folds.is_empty(), best) {
                (false, Some(best)) => SHARES[best],
                _ => UNTESTED,
            },
            before,
            after,
        })
    }

    /// Trains on `examples`; `run` tells apart the trainings of one call.
    fn train(&self, base: &S4eca, examples: &Examples, run: u64) -> anyhow::Result<Differences> {
        let seed = derive(self.seed, run, 0xada7);
        let source = TaughtSource::new(examples.samples(), examples.places(), seed);
        let config = self.loaded.model.config();
        let stage = TaughtStage(MaskStage {
            source: Arc::new(source),
            batch: self.batch,
            phrases_per_scene: 1,
            side: self.side,
            normalisation: config.vision.normalisation(),
            tokenizer: self.loaded.tokenizer.clone(),
            words: self.loaded.words.clone(),
            loss: LossWeights::default(),
            validation: Vec::new(),
            protocol: Protocol::default(),
        });
        let schedule = Schedule {
            peak: self.rate,
            warmup: (self.steps / 10).max(1),
            steps: self.steps,
            shape: Default::default(),
        };
        let engine = EngineConfig {
            average: AVERAGE,
            lanes: self.lanes,
            ..EngineConfig::new(schedule, 0.0, self.steps, self.steps)
        };
        let model = self.loaded.model.clone().prepared();
        let devices = [self.device.clone()];
        let ranks = Ranks::alone();
        let trained = train(&stage, model, &engine, None, &devices, &ranks, View::Line)?;
        Ok(Differences::between(base, &trained)?)
    }
}
