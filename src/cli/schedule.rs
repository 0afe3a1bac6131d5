//! Options of the training loop, for the commands that train.

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::learn::{Schedule, Shape};
use crate::train::EngineConfig;

/// Length, learning rate, validation and checkpoints of training.
#[derive(Debug, Clone, Args)]
pub struct ScheduleArgs {
    /// Total number of steps (default: 4000)
    #[arg(long)]
    steps: Option<u64>,
    /// Number of passes over the data, instead of --steps; not for endless data
    #[arg(long, conflicts_with = "steps")]
    epochs: Option<f64>,
    /// Peak learning rate (default: 5e-4; pretrain: 1e-3)
    #[arg(long)]
    learning_rate: Option<f64>,
    /// Learning rate of neck, decoder and head as a multiple of the adapters' rate
    #[arg(long, default_value_t = 1.0)]
    head_rate: f64,
    /// Number of warm-up steps (default: 100)
    #[arg(long)]
    warmup: Option<u64>,
    /// Shape of the learning rate decay after the warm-up
    #[arg(long, value_enum, default_value = "cosine")]
    schedule: ShapeName,
    /// Exponent of --schedule poly
    #[arg(long, default_value_t = 0.9)]
    power: f64,
    /// Milestones of --schedule multi-step, as shares of all steps
    #[arg(long, num_args = 1.., default_values_t = [0.6, 0.85])]
    milestones: Vec<f64>,
    /// Factor for the rate at each milestone
    #[arg(long, default_value_t = 0.1)]
    gamma: f64,
    /// Weight decay of AdamW (default: 0.01; pretrain: 0.05)
    #[arg(long)]
    weight_decay: Option<f32>,
    /// Maximum global norm of the gradients
    #[arg(long, default_value_t = 1.0)]
    clip: f32,
    /// Number of batches whose gradients are accumulated per step
    #[arg(long, default_value_t = 1)]
    accumulate: u64,
    /// Decay of the moving average of the trained weights, such as 0.999; 0 for no average
    #[arg(long, default_value_t = 0.0)]
    average: f32,
    /// Steps between validations
    #[arg(long, default_value_t = 250)]
    validate_every: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 50)]
    checkpoint_every: u64,
    /// Number of checkpoints to keep, besides the best
    #[arg(long, default_value_t = 3)]
    pub keep: usize,
    /// Validation metric that selects the best checkpoint, such as oiou
    #[arg(long)]
    best: Option<String>,
    /// Stop after this many validations without improvement; 0 for never
    #[arg(long, default_value_t = 0)]
    patience: u64,
    /// Number of parts of a batch that are computed in parallel. 0 means one per core for a single process on the CPU,
    /// otherwise one per device; DETRIS's adapters and pretrain always use 1
    #[arg(long, default_value_t = 0)]
    lanes: usize,
    /// Number of threads that prepare batches
    #[arg(long, default_value_t = 1)]
    workers: usize,
}

/// Names of the decay shapes.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShapeName {
    Cosine,
    Poly,
    MultiStep,
    Constant,
}

/// Values that a command uses for options that are not given.
#[derive(Debug, Clone, Copy)]
pub struct Defaults {
    /// Total number of steps.
    pub steps: u64,
    /// Peak learning rate.
    pub learning_rate: f64,
    /// Number of warm-up steps.
    pub warmup: u64,
    /// Weight decay.
    pub weight_decay: f32,
    /// Parts of a batch.
    pub lanes: usize,
}

impl ScheduleArgs {
    /// Returns the settings of the training loop. To turn --epochs into steps it uses `batch`, the samples per batch,
    /// and `records`, which returns the records per epoch or None for endless data. Without --epochs `records` is not
    /// called.
    ///
    /// # Errors
    /// Fails if the options are not valid, or `records` fails.
    pub fn engine(
        &self,
        defaults: Defaults,
        records: impl FnOnce() -> anyhow::Result<Option<usize>>,
        batch: usize,
    ) -> anyhow::Result<EngineConfig> {
        anyhow::ensure!(self.accumulate > 0, "--accumulate must be at least 1");
        anyhow::ensure!(
            (0.0..1.0).contains(&self.average),
            "--average {} is not a decay: give a number from 0 to below 1, such as 0.999",
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
                    records()?.context("this data is endless: give --steps instead of --epochs")?;
                let samples = epochs * records as f64;
                (samples / (batch as f64 * self.accumulate as f64)).ceil() as u64
            }
        };
        anyhow::ensure!(steps > 0, "training needs at least one step");
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
