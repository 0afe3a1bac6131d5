//! One training on examples: its samples, its loss and its length.

use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::source::{Taught, TaughtSource};
use super::views::{View, Views};
use crate::bundle::Loaded;
use crate::learn::{HostPhrases, LossWeights, Schedule, coverage};
use crate::model::{MASK_STRIDE, Started};
use crate::network::S4eca;
use crate::text::TextError;

/// Decay of the moving average of the trained weights.
const AVERAGE: f32 = 0.95;

/// How long and how fast a training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Steps.
    pub steps: u64,
    /// Samples of a step.
    pub batch: usize,
    /// Highest learning rate.
    pub rate: f64,
}

/// Measured with a word that was new to the network; see docs/training.md.
impl Default for Course {
    fn default() -> Self {
        Self {
            steps: 160,
            batch: 4,
            rate: 1e-3,
        }
    }
}

impl Course {
    /// Side of the training input in pixels by default.
    pub const SIDE: usize = 320;
    /// Decay of the moving average of the trained weights.
    pub const AVERAGE: f32 = AVERAGE;

    /// The learning rate over the steps.
    pub fn schedule(&self) -> Schedule {
        Schedule {
            peak: self.rate,
            warmup: (self.steps / 10).max(1),
            steps: self.steps,
            shape: Default::default(),
        }
    }
}

/// The samples to learn from, and the bundle whose tokenizer and word table are used.
pub struct Lesson {
    /// The samples.
    pub source: TaughtSource,
    /// The images.
    pub views: Arc<Views>,
    /// The tokenizer and the word table.
    pub loaded: Arc<Loaded>,
    /// Length and speed.
    pub course: Course,
}

/// The samples of a step, or some of them, in host memory.
pub struct LessonBatch {
    views: Vec<View>,
    phrases: HostPhrases,
    target: Vec<f32>,
}

impl Lesson {
    /// Makes the samples `share` of step `index`.
    ///
    /// # Errors
    /// Fails if the tokenizer rejects a phrase.
    pub fn batch(&self, index: u64, share: Range<usize>) -> Result<LessonBatch, TextError> {
        let first = index * self.course.batch as u64;
        let drawn: Vec<Taught> = share
            .map(|at| self.source.draw(first + at as u64))
            .collect();
        let phrases = drawn.iter().map(|taught| taught.phrase.as_str());
        let masks = drawn.iter();
        Ok(LessonBatch {
            phrases: HostPhrases::new(phrases, &self.loaded.tokenizer, &self.loaded.words)?,
            target: masks
                .flat_map(|taught| coverage(&taught.mask, self.views.side()))
                .collect(),
            views: drawn.iter().map(|taught| taught.view).collect(),
        })
    }

    /// The loss of `model` on a batch, averaged over its samples. `device` is the model's device, with gradients.
    pub fn loss(&self, model: &S4eca, batch: LessonBatch, device: &Device) -> Tensor<1> {
        let started = batch.views.iter().map(|&view| self.views.started(view));
        let started = Started::joined(started.collect()).constant();
        let (words, padding) = batch.phrases.into_tensors(device);
        let logits = model.mask_of(started, &model.read(words, padding));
        let fine = self.views.side() / MASK_STRIDE;
        let target = TensorData::new(batch.target, [batch.views.len(), 1, fine, fine]);
        let target = Tensor::from_data(target, device);
        LossWeights::default().loss(logits, target, None)
    }
}
