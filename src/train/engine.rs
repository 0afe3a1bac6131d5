//! The training loop: batches from a thread of their own, AdamW, checkpoints, validation, curves.

use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

use anyhow::{Context, bail};
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::Device;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::curves::draw_curves;
use super::gradients::clip_global_norm;
use super::run_folder::RunFolder;
use super::schedule::Schedule;
use super::stage::{Figures, Stage};

/// Batches that may wait for the device.
const BATCHES_AHEAD: usize = 2;

/// How a stage is run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EngineConfig {
    /// Learning rate over the steps.
    pub schedule: Schedule,
    /// AdamW's weight decay.
    pub weight_decay: f32,
    /// Largest joint norm of the gradients.
    pub clip: f32,
    /// Steps between validations.
    pub validate_every: u64,
    /// Steps between checkpoints.
    pub checkpoint_every: u64,
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
            validate_every: validate_every.max(1),
            checkpoint_every: checkpoint_every.max(1),
        }
    }
}

/// One line of the run's metrics.
#[derive(Debug, Serialize)]
struct Record {
    loss: f64,
    learning_rate: f64,
    gradient_norm: f64,
    seconds: f64,
    seconds_waited: f64,
    #[serde(flatten)]
    figures: Figures,
}

/// Trains `model` until the schedule ends, from the run's last checkpoint where there is one.
///
/// # Errors
/// A folder that cannot be written, a checkpoint of another network, a loss that is not a number.
pub fn train<S: Stage>(
    stage: &S,
    model: S::Model,
    config: &EngineConfig,
    run: &mut RunFolder,
    device: &Device,
) -> anyhow::Result<S::Model> {
    let mut optimizer = AdamWConfig::new()
        .with_epsilon(1e-8)
        .with_weight_decay(config.weight_decay)
        .init();
    let mut model = model;
    let mut start = 0;
    if let Some(path) = run.latest_checkpoint()? {
        let name = || path.display().to_string();
        let bytes = std::fs::read(&path).with_context(name)?;
        let checkpoint = Checkpoint::read(&bytes).with_context(name)?;
        model = checkpoint.apply_to_model(model)?;
        optimizer = checkpoint.apply_to_optimizer(optimizer)?;
        start = checkpoint.step;
        println!("resuming after step {start}");
    }
    run.rewind_metrics(start)?;

    let steps = config.schedule.steps;
    let bar = progress(steps, start);
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(BATCHES_AHEAD);
        scope.spawn(move || {
            for step in start..steps {
                // The receiver is gone when the loop below has failed.
                if sender.send(stage.batch(step)).is_err() {
                    break;
                }
            }
        });
        for step in start..steps {
            let began = Instant::now();
            let batch = receiver.recv().context("the batches stopped coming")??;
            let waited = began.elapsed().as_secs_f64();
            let loss = stage.loss(&model, batch, device);
            let value: f32 = loss.clone().inner().into_scalar();
            if !value.is_finite() {
                bail!(
                    "the loss became {value} at step {step}: resume from the last checkpoint with a \
                     lower --learning-rate"
                );
            }
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            let (gradients, norm) = clip_global_norm(&model, gradients, config.clip);
            let rate = config.schedule.at(step);
            if norm.is_finite() {
                model = optimizer.step(rate, model, gradients);
            }
            let done = step + 1;
            let last = done == steps;
            let mut record = Record {
                loss: f64::from(value),
                learning_rate: rate,
                gradient_norm: f64::from(norm),
                seconds: began.elapsed().as_secs_f64(),
                seconds_waited: waited,
                figures: Figures::new(),
            };
            if done % config.validate_every == 0 || last {
                let found = stage.validate(&model.valid(), &run.pictures(done))?;
                bar.suspend(|| println!("step {done}: {}", line(&found)));
                let named = found
                    .into_iter()
                    .map(|(name, value)| (format!("val_{name}"), value));
                record.figures = named.collect();
            }
            run.append_metrics(done, &record)?;
            if done % config.checkpoint_every == 0 || last {
                let checkpoint = Checkpoint::take(done, &model, stage.trained(&model), &optimizer)?;
                run.write_checkpoint(done, |file| checkpoint.write(file))?;
                draw_curves(run.folder(), stage.headline())?;
            }
            bar.set_message(format!("loss {value:.3}"));
            bar.set_position(done);
        }
        bar.finish();
        Ok(model)
    })
}

fn progress(steps: u64, start: u64) -> ProgressBar {
    let bar = ProgressBar::new(steps).with_position(start);
    let style = "{elapsed_precise} [{bar:32}] {pos}/{len} {per_sec} left {eta} {msg}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    bar.reset_eta();
    bar
}

fn line(figures: &Figures) -> String {
    let parts: Vec<String> = figures
        .iter()
        .map(|(name, value)| format!("{name} {value:.3}"))
        .collect();
    parts.join("  ")
}
