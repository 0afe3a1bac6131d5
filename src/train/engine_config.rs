//! How a stage is run.

use serde::{Deserialize, Serialize};

use super::schedule::Schedule;

/// Numbers of the training loop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineConfig {
    /// Learning rate over the steps.
    pub schedule: Schedule,
    /// AdamW's weight decay.
    pub weight_decay: f32,
    /// Largest joint norm of the gradients.
    pub clip: f32,
    /// Batches whose gradients make one step.
    #[serde(default = "one")]
    pub accumulate: u64,
    /// Share of the moving average that a step keeps; 0 for no average.
    #[serde(default)]
    pub average: f32,
    /// Rate of neck, decoder and head over that of the rest.
    #[serde(default = "same")]
    pub head_rate: f64,
    /// Steps between validations.
    pub validate_every: u64,
    /// Steps between checkpoints.
    pub checkpoint_every: u64,
    /// Figure of the validation that decides which checkpoint is the best; the stage's own where none.
    #[serde(default)]
    pub best: Option<String>,
    /// Validations without a gain after which the training ends; 0 for never.
    #[serde(default)]
    pub patience: u64,
    /// Whether the loss is scaled up for gradients that pass through f16.
    #[serde(default)]
    pub scale_loss: bool,
    /// Parts of a batch that are computed side by side.
    #[serde(default = "workers")]
    pub lanes: usize,
    /// Threads that make batches.
    #[serde(default = "workers")]
    pub workers: usize,
}

impl EngineConfig {
    /// The largest joint norm of the gradients is 1; intervals are at least one step.
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
