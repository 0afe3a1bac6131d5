//! Trains on examples, and finds on places that were held back how much of what was learned helps.

use std::collections::BTreeSet;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;

use super::differences::Differences;
use super::examples::Examples;
use super::folds::folds;
use super::score::{PhraseScore, Reader, mean};
use super::source::{Kept, TaughtSource, prompt};
use super::stage::TaughtStage;
use crate::bundle::Loaded;
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
/// Prompts whose answers are kept while others are learned (knowledge distillation; Li and Hoiem 2016, Learning without
/// Forgetting, arXiv 1606.09282).
const KNOWN: [&str; 12] = [
    "the buildings",
    "the roads",
    "the trees",
    "the vegetation",
    "the grass",
    "the water",
    "the bare land",
    "the cars",
    "the swimming pools",
    "the parking lots",
    "the solar panels",
    "the sports courts",
];
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
        let kept = reader.kept(&base, examples.samples(), &KNOWN)?;
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
            before.extend(reader.scores(&base, held.samples())?);
            let learned = self.train(
                &base,
                examples,
                &kept,
                |place| !fold.contains(place),
                at as u64,
            )?;
            for (share, scores) in SHARES.iter().zip(&mut after) {
                let model = learned.applied(&base, *share)?;
                scores.extend(reader.scores(&model, held.samples())?);
            }
        }
        say(&format!("part {0} of {0}: all places", folds.len() + 1));
        let differences = self.train(&base, examples, &kept, |_| true, FOLDS as u64)?;
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

    /// Trains on the examples whose place `is_taught` accepts. `kept` is what `base` answers over all of them; prompts
    /// that these examples teach are left out.
    fn train(
        &self,
        base: &S4eca,
        examples: &Examples,
        kept: &[Kept],
        is_taught: impl Fn(&str) -> bool,
        run: u64,
    ) -> anyhow::Result<Differences> {
        let seed = derive(self.seed, run, 0xada7);
        let places = examples.places().iter().enumerate();
        let numbers: Vec<usize> = places
            .filter(|(_, place)| is_taught(place))
            .map(|(number, _)| number)
            .collect();
        let examples = examples.of_places(is_taught);
        let samples = examples.samples().iter();
        let taught: BTreeSet<String> = samples.filter_map(|one| prompt(&one.phrase)).collect();
        let kept = kept.iter().filter(|one| !taught.contains(&one.prompt));
        let kept = kept.filter_map(|one| {
            let example = numbers.binary_search(&one.example).ok()?;
            Some(Kept {
                example,
                ..one.clone()
            })
        });
        let kept = kept.collect();
        let source = TaughtSource::new(examples.samples(), examples.places(), kept, seed);
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
