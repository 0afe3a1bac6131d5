//! Options of the training loop, for the commands that train.

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::train::{EngineConfig, Schedule, Shape};

/// How long, how fast, and what is kept.
#[derive(Debug, Clone, Args)]
pub struct ScheduleArgs {
    /// Steps in all
    #[arg(long)]
    steps: Option<u64>,
    /// Instead of steps: how often to go through the data, where it has an end
    #[arg(long, conflicts_with = "steps")]
    epochs: Option<f64>,
    /// Highest learning rate
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Rate of neck, decoder and head over that of the adapters
    #[arg(long, default_value_t = 1.0)]
    head_rate: f64,
    /// Steps of the warm-up
    #[arg(long)]
    warmup: Option<u64>,
    /// How the rate falls after the warm-up
    #[arg(long, value_enum, default_value = "cosine")]
    schedule: ShapeName,
    /// Exponent of --schedule poly
    #[arg(long, default_value_t = 0.9)]
    power: f64,
    /// Milestones of --schedule multi-step, as shares of all steps
    #[arg(long, num_args = 1.., default_values_t = [0.6, 0.85])]
    milestones: Vec<f64>,
    /// Factor at each milestone
    #[arg(long, default_value_t = 0.1)]
    gamma: f64,
    /// Weight decay of AdamW
    #[arg(long)]
    weight_decay: Option<f32>,
    /// Largest joint norm of the gradients
    #[arg(long, default_value_t = 1.0)]
    clip: f32,
    /// Batches whose gradients make one step
    #[arg(long, default_value_t = 1)]
    accumulate: u64,
    /// Share of the moving average of what is trained that a step keeps, such as 0.999; 0 for none
    #[arg(long, default_value_t = 0.0)]
    average: f32,
    /// Steps between validations
    #[arg(long, default_value_t = 250)]
    validate_every: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 50)]
    checkpoint_every: u64,
    /// Checkpoints to keep, beside the best
    #[arg(long, default_value_t = 3)]
    pub keep: usize,
    /// Figure of the validation that decides which checkpoint is the best, such as oiou
    #[arg(long)]
    best: Option<String>,
    /// Validations without a gain after which to stop; 0 for never
    #[arg(long, default_value_t = 0)]
    patience: u64,
    /// Parts of a batch that are computed side by side; 0 is one for each core where the CPU computes
    /// alone, else one for each device
    #[arg(long, default_value_t = 0)]
    lanes: usize,
    /// Threads that prepare batches
    #[arg(long, default_value_t = 1)]
    workers: usize,
}

/// Names of the shapes.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShapeName {
    Cosine,
    Poly,
    MultiStep,
    Constant,
}

/// What a command takes where nothing is given.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// Steps in all.
    pub steps: u64,
    /// Highest learning rate.
    pub learning_rate: f64,
    /// Steps of the warm-up.
    pub warmup: u64,
    /// Weight decay.
    pub weight_decay: f32,
    /// Parts of a batch.
    pub lanes: usize,
}

impl ScheduleArgs {
    /// The training loop's numbers; `records` of an epoch, if the data has an end, asked for only where
    /// epochs are given, and `batch`, the samples of a batch, turn epochs into steps.
    ///
    /// # Errors
    /// Numbers that make no training, or what `records` returns.
    pub fn engine(
        &self,
        defaults: Defaults,
        records: impl FnOnce() -> anyhow::Result<Option<usize>>,
        batch: usize,
    ) -> anyhow::Result<EngineConfig> {
        anyhow::ensure!(self.accumulate > 0, "--accumulate must be at least 1");
        anyhow::ensure!(
            (0.0..1.0).contains(&self.average),
            "--average {} is no share: give one below 1, such as 0.999",
            self.average
        );
        anyhow::ensure!(
            self.milestones.is_sorted() && self.milestones.iter().all(|m| (0.0..=1.0).contains(m)),
            "--milestones must be ascending shares of all steps, from 0 to 1"
        );
        let steps = match self.epochs {
            None => self.steps.unwrap_or(defaults.steps),
            Some(epochs) => {
                let records =
                    records()?.context("this data has no end: give --steps instead of --epochs")?;
                let samples = epochs * records as f64;
                (samples / (batch as f64 * self.accumulate as f64)).ceil() as u64
            }
        };
        anyhow::ensure!(steps > 0, "a training needs at least one step");
        let schedule = Schedule {
            peak: self.learning_rate.unwrap_or(defaults.learning_rate),
            warmup: self.warmup.unwrap_or(defaults.warmup),
            steps,
            shape: self.shape(),
        };
        let decay = self.weight_decay.unwrap_or(defaults.weight_decay);
        let (validate, checkpoint) = (self.validate_every, self.checkpoint_every);
        Ok(EngineConfig {
            clip: self.clip,
            accumulate: self.accumulate,
            average: self.average,
            head_rate: self.head_rate,
            best: self.best.clone(),
            patience: self.patience,
            lanes: match self.lanes {
                0 => defaults.lanes,
                lanes => lanes,
            },
            workers: self.workers,
            ..EngineConfig::new(schedule, decay, validate, checkpoint)
        })
    }

    fn shape(&self) -> Shape {
        match self.schedule {
            ShapeName::Cosine => Shape::Cosine,
            ShapeName::Poly => Shape::Poly { power: self.power },
            ShapeName::MultiStep => Shape::MultiStep {
                milestones: self.milestones.clone(),
                gamma: self.gamma,
            },
            ShapeName::Constant => Shape::Constant,
        }
    }
}
