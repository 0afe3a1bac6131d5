//! Settings of the training loop.

use serde::{Deserialize, Serialize};

use super::progress::Progress;
use crate::learn::Schedule;

/// Settings of the training loop, apart from the stage's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineConfig {
    /// Learning rate over the steps.
    pub schedule: Schedule,
    /// AdamW's weight decay.
    pub weight_decay: f32,
    /// Largest joint norm of the gradients.
    pub clip: f32,
    /// Batches whose gradients are accumulated for one step.
    #[serde(default = "one")]
    pub accumulate: u64,
    /// Decay of the moving average: the fraction that a step keeps. 0 for no average.
    #[serde(default)]
    pub average: f32,
    /// Factor on the learning rate for neck, decoder and head.
    #[serde(default = "same")]
    pub head_rate: f64,
    /// Steps between validations.
    pub validate_every: u64,
    /// Steps between checkpoints.
    pub checkpoint_every: u64,
    /// Validation figure that decides which checkpoint is the best; None for the stage's own.
    #[serde(default)]
    pub best: Option<String>,
    /// Validations without improvement after which the training stops; 0 for never.
    #[serde(default)]
    pub patience: u64,
    /// Whether the loss is scaled up for gradients that pass through f16.
    #[serde(default)]
    pub scale_loss: bool,
    /// Parts of a batch that are computed in parallel.
    #[serde(default = "workers")]
    pub lanes: usize,
    /// Threads that make batches.
    #[serde(default = "workers")]
    pub workers: usize,
}

impl EngineConfig {
    /// Creates a configuration with a gradient norm limit of 1. Intervals are at least one step.
    pub fn new(
        schedule: Schedule,
        weight_decay: f32,
        validate_every: u64,
        checkpoint_every: u64,
    ) -> Self {
        Self {
            schedule,
            weight_decay,
            clip: 1.0,
            accumulate: one(),
            average: 0.0,
            head_rate: same(),
            validate_every: validate_every.max(1),
            checkpoint_every: checkpoint_every.max(1),
            best: None,
            patience: 0,
            scale_loss: false,
            lanes: workers(),
            workers: workers(),
        }
    }

    /// Why the training stops here before its last step, if its validations no longer improve.
    pub fn out_of_patience(&self, progress: &Progress) -> Option<String> {
        let patience = self.patience;
        (patience > 0 && progress.without_gain >= patience)
            .then(|| format!("no improvement in the last {patience} validations, stopping early"))
    }
}

fn one() -> u64 {
    1
}

fn same() -> f64 {
    1.0
}

fn workers() -> usize {
    1
}
