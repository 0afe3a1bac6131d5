//! Trains on examples, and measures on held-back places how large a share of the learned differences helps.

use std::collections::BTreeMap;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;

use super::differences::Differences;
use super::examples::Examples;
use super::folds::folds;
use super::lesson::{Course, Lesson};
use super::reader::{PhraseScore, Reader, mean};
use super::source::TaughtSource;
use super::trainer::Trainer;
use super::views::Views;
use super::work::Work;
use crate::bundle::{Loaded, TaughtNetwork};
use crate::choosing::Ways;
use crate::data::sample::derive;
use crate::network::S4eca;

/// Shares of the differences that are tried on places that were held back.
pub const SHARES: [f32; 4] = [0.25, 0.5, 0.75, 1.0];
/// Number of the training on all examples, for its seed.
const LAST: u64 = 3;
/// The share that is used if no place is held back.
const UNTESTED: f32 = 0.75;

/// A bundle that learns from examples.
pub struct Adapter {
    /// The bundle, as floats on a device with gradients.
    pub loaded: Arc<Loaded>,
    /// That device.
    pub device: Device,
    /// Who answers which phrases with this bundle.
    pub ways: Ways,
    /// Length and speed of every training.
    pub course: Course,
    /// Side of the training input in pixels.
    pub side: usize,
    /// Maximum number of groups that the places are split into.
    pub folds: usize,
    /// Maximum number of groups that are held back in turn, each with a training of its own.
    pub held_back: usize,
    /// Seed of the order and variation of samples.
    pub seed: u64,
}

/// What was learned.
pub struct Adapted {
    /// The differences of the training on all examples.
    pub differences: Differences,
    /// The share of them that helps most.
    pub share: f32,
    /// Scores of the held-back examples before adapting; empty if nothing was held back, as with one place only.
    pub before: Vec<PhraseScore>,
    /// Scores of the same examples after adapting to the other places, for each of [`SHARES`].
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

    /// The scores of the held-back examples as a pack states them, in per cent.
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let Some((before, after)) = self.gain() else {
            return BTreeMap::new();
        };
        [("held-back before", before), ("held-back after", after)]
            .map(|(name, value)| (name.to_owned(), 100.0 * value))
            .into()
    }
}

impl Adapter {
    /// Learns from `examples`. `trainer` takes the steps and receives the progress.
    ///
    /// # Errors
    /// Fails if the training diverges, the device fails, or the trainer ends it.
    pub async fn learn(
        &self,
        examples: &Examples,
        trainer: &mut impl Trainer,
    ) -> anyhow::Result<Adapted> {
        let base = self.loaded.model.clone().valid();
        let samples = examples.samples();
        let seed = derive(self.seed, 0, 0x71e3);
        let views = Arc::new(Views::new(samples, base.clone(), self.side, seed));
        let reader = Reader::new(&self.loaded, self.ways, &base, samples, &views);
        let mut folds = folds(examples.places(), self.folds);
        folds.truncate(self.held_back);
        let held = |place: &str| folds.iter().any(|fold| fold.contains(place));
        let scored = examples.numbers(held).len();
        let readings = scored * (1 + SHARES.len());
        let parts = (
            folds.len() + 1,
            self.course.steps * self.course.batch as u64,
        );
        let sides = (self.side, base.config().input);
        let mut work = Work::new(trainer, parts, readings, sides);
        let words = examples.words();
        let mut before = Vec::new();
        let mut after = vec![Vec::new(); SHARES.len()];
        for (at, fold) in folds.iter().enumerate() {
            let held = examples.numbers(|place| fold.contains(place));
            before.extend(reader.scores(&base, None, &held, &mut work).await?);
            let others = examples.numbers(|place| !fold.contains(place));
            let learned = self
                .train(&base, examples, &others, &views, at as u64, &mut work)
                .await?;
            for (share, scores) in SHARES.iter().zip(&mut after) {
                let taught = TaughtNetwork {
                    name: String::new(),
                    words: words.clone(),
                    model: learned.applied(&base, *share),
                };
                let found = reader.scores(&base, Some(&taught), &held, &mut work);
                scores.extend(found.await?);
            }
        }
        let all = examples.numbers(|_| true);
        let differences = self
            .train(&base, examples, &all, &views, LAST, &mut work)
            .await?;
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

    /// Trains on the examples with these numbers; `run` distinguishes the trainings of one call.
    async fn train(
        &self,
        base: &S4eca,
        examples: &Examples,
        numbers: &[usize],
        views: &Arc<Views>,
        run: u64,
        work: &mut Work<'_, impl Trainer>,
    ) -> anyhow::Result<Differences> {
        work.begin().await?;
        let seed = derive(self.seed, run, 0xada7);
        let views = Arc::clone(views);
        let lesson = Lesson {
            source: TaughtSource::new(
                Arc::clone(&views),
                examples.samples(),
                examples.places(),
                numbers,
                seed,
            ),
            views,
            loaded: Arc::clone(&self.loaded),
            course: self.course,
        };
        let model = self.loaded.model.clone().with_frozen_encoders();
        let (trainer, progress) = work.trainer();
        let trained = trainer.train(lesson, model, progress).await?;
        work.trained(self.course.steps * self.course.batch as u64);
        Ok(Differences::between(base, &trained.valid()).await?)
    }
}
