//! The training loop: batches prepared ahead, AdamW, checkpoints, validation, curves. One process and several
//! ranks give the same result.

use std::thread;
use std::time::{Instant, SystemTime};

use anyhow::{Context, bail};
use burn::module::Module;
use burn::optim::GradientsAccumulator;
use burn::optim::lr_scheduler::constant::ConstantLr;
use burn::optim::lr_scheduler::module_lr_scheduler::{ModuleLearningRate, ModuleLrScheduler};
use burn::tensor::Device;
use serde::Serialize;

use super::batches::Batches;
use super::checkpoint::Checkpoint;
use super::curves::draw_curves;
use super::engine_config::EngineConfig;
use super::event_file::EventFile;
use super::lanes::{Lanes, Part, parts};
use super::loss_scale::LossScale;
use super::progress::Progress;
use super::rank_gradients::average_over_ranks;
use super::ranks::Ranks;
use super::run_folder::RunFolder;
use super::stage::{Figures, Stage};
use super::watch::{RunSpan, View, Watch};
use crate::learn::{Learner, scaled};

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

/// The state of a training run between two steps.
struct State<M> {
    learner: Learner<M>,
    progress: Progress,
}

/// The result of one step.
struct Taken {
    loss: f64,
    norm: f64,
    rate: f64,
    waited: f64,
}

/// Trains `model` until the schedule ends or validations have not improved for long enough. Starts from the
/// run's last checkpoint if there is one. `run` is the folder, on the first rank only. `devices` have
/// gradients; `model` is on the first of them and is measured there. Returns the network that was measured:
/// the average if there is one.
///
/// # Errors
/// Fails if there is no device, the folder cannot be written, the checkpoint is of another network, or the
/// training has diverged.
pub fn train<S: Stage>(
    stage: &S,
    model: S::Model,
    config: &EngineConfig,
    mut run: Option<&mut RunFolder>,
    devices: &[Device],
    ranks: &Ranks,
    view: View,
) -> anyhow::Result<S::Model> {
    let [first, others @ ..] = devices else {
        bail!("training needs at least one device");
    };
    let mut lanes = Lanes::new(&model, first, others);
    let mut state = State::start(model, config);
    if let Some(checkpoint) = last_checkpoint(run.as_deref(), ranks)? {
        state = state.resumed(&checkpoint)?;
        if ranks.is_first() {
            println!("resuming after step {}", state.progress.step);
        }
    }
    let start = state.progress.step;
    let mut events = None;
    if let Some(run) = run.as_deref_mut() {
        run.rewind_metrics(start)?;
        events = Some(EventFile::start(
            run.folder(),
            start + 1,
            SystemTime::now(),
        )?);
    }
    let steps = config.schedule.steps;
    let share = ranks.share(stage.batch_size());

    let make = |index: u64| parts(stage, index, &share, config.lanes);
    thread::scope(|scope| {
        let range = start * config.accumulate..steps * config.accumulate;
        let mut batches = Batches::start(scope, range, config.workers, &make);
        let span = RunSpan {
            start,
            steps,
            validate_every: config.validate_every,
            images: stage.batch_size() as u64 * config.accumulate,
        };
        let mut watch = Watch::start(view, span, ranks);
        let mut early = config.out_of_patience(&state.progress);
        while early.is_none() && state.progress.step < steps {
            let began = Instant::now();
            let taken = state.step(stage, config, &mut batches, &mut lanes, ranks)?;
            let trouble = state.progress.note(taken.loss, taken.norm.is_finite());
            let done = state.progress.step;
            watch.step(done, taken.loss, taken.rate);
            let last = done == steps;
            let mut figures = Figures::new();
            let mut best = false;
            if done.is_multiple_of(config.validate_every) || last {
                watch.validating();
                (figures, best) = state.validate(stage, config, run.as_deref(), ranks)?;
                watch.say(done, &figures);
            }
            let record = Record {
                loss: taken.loss,
                learning_rate: taken.rate,
                gradient_norm: taken.norm,
                seconds: began.elapsed().as_secs_f64(),
                seconds_waited: taken.waited,
                figures,
            };
            if let (Some(run), Some(events)) = (run.as_deref_mut(), events.as_mut()) {
                run.append_metrics(done, &record)?;
                events.scalars(done, SystemTime::now(), record.scalars())?;
                let due = done.is_multiple_of(config.checkpoint_every) || last;
                // A broken state must not replace a good checkpoint.
                if trouble.is_none() && (due || best) {
                    let checkpoint = state.checkpoint(stage)?;
                    if best {
                        run.write_best(|file| checkpoint.write(file))?;
                    }
                    if due {
                        run.write_checkpoint(done, |file| checkpoint.write(file))?;
                        draw_curves(run.folder(), stage.headline())?;
                    }
                }
            }
            if let Some(trouble) = trouble {
                bail!(
                    "{trouble}, at step {done}; the last checkpoint is intact: resume from it with \
                     --resume, or start again with a lower --learning-rate"
                );
            }
            early = config.out_of_patience(&state.progress);
            // Only one rank reads the keyboard, but all stop together.
            if view == View::Dashboard && !last && !ranks.agree(!watch.stop_asked()) {
                early = Some("stopped; run again with --resume to resume".to_owned());
            }
            if let (true, false, Some(run)) = (early.is_some(), last, run.as_deref_mut()) {
                let checkpoint = state.checkpoint(stage)?;
                run.write_checkpoint(done, |file| checkpoint.write(file))?;
            }
        }
        watch.finish(state.progress.step, early.as_deref());
        Ok(state.into_measured())
    })
}

impl<M: Module> State<M> {
    fn start(model: M, config: &EngineConfig) -> Self {
        Self {
            learner: Learner::new(model, config.weight_decay, config.average),
            progress: Progress::new(config.scale_loss.then(LossScale::default)),
        }
    }

    fn resumed(mut self, checkpoint: &Checkpoint) -> anyhow::Result<Self> {
        let learner = &mut self.learner;
        learner.model = checkpoint.apply_to_model(learner.model.clone())?;
        if let Some(average) = &mut learner.average {
            average.model = checkpoint.apply_average(average.model.clone())?;
        }
        learner.optimizer = checkpoint.apply_to_optimizer(learner.optimizer.clone())?;
        self.progress = checkpoint.progress().clone();
        Ok(self)
    }

    /// Takes one step with the gradients of `accumulate` batches, on all ranks. If the loss or a gradient is
    /// not finite, the parameters do not change.
    fn step<S: Stage<Model = M>>(
        &mut self,
        stage: &S,
        config: &EngineConfig,
        batches: &mut Batches<Vec<Part<S::Batch>>>,
        lanes: &mut Lanes<M>,
        ranks: &Ranks,
    ) -> anyhow::Result<Taken> {
        let trained = stage.trained(&self.learner.model);
        lanes.follow(&self.learner.model, &trained);
        let mut sums = GradientsAccumulator::new();
        // The summed loss and the number of samples of this rank.
        let mut seen = [0.0, 0.0];
        let mut waited = 0.0;
        let factor = self.progress.loss_scale.map_or(1.0, LossScale::factor);
        for _ in 0..config.accumulate {
            let began = Instant::now();
            let parts = batches.next()?;
            waited += began.elapsed().as_secs_f64();
            let loss = |model: &M, batch, device: &Device| stage.loss(model, batch, device);
            let sum = lanes.run(&self.learner.model, parts, loss, factor, &mut sums);
            seen[0] += sum.loss;
            seen[1] += sum.samples as f64;
        }
        // All ranks decide from the same numbers.
        let mut shared = seen;
        ranks.sum_f64(&mut shared);
        let loss = shared[0] / shared[1];
        let rate = config.schedule.at(self.progress.step);
        let mut taken = Taken {
            loss,
            norm: f64::NAN,
            rate,
            waited,
        };
        let mut gradients = sums.grads();
        let factor = factor * config.accumulate as f32;
        if factor != 1.0 {
            gradients = scaled(&self.learner.model, gradients, 1.0 / factor);
        }
        let gradients = average_over_ranks(
            &self.learner.model,
            gradients,
            &trained,
            seen[1] as usize,
            ranks,
        );
        if loss.is_finite() {
            let rates = rates(stage, rate, config.head_rate);
            let step = self.progress.step + 1;
            let stepped = self
                .learner
                .step(gradients, config.clip, rates, &trained, step);
            taken.norm = f64::from(pollster::block_on(stepped)?);
        }
        Ok(taken)
    }

    /// Measures the network; returns its figures by name, and whether it is the best so far.
    fn validate<S: Stage<Model = M>>(
        &mut self,
        stage: &S,
        config: &EngineConfig,
        run: Option<&RunFolder>,
        ranks: &Ranks,
    ) -> anyhow::Result<(Figures, bool)> {
        let measured = self.learner.measured();
        let pictures = run.map(|run| run.pictures(self.progress.step));
        let pictures = pictures.unwrap_or_default();
        let found = stage.validate(&measured.valid(), &pictures, ranks)?;
        let name = config.best.as_deref();
        let name = name.unwrap_or_else(|| stage.headline().trim_start_matches("val_"));
        let figure = found.get(name).with_context(|| {
            let names: Vec<&str> = found.keys().map(String::as_str).collect();
            format!(
                "no figure is named {name:?}: choose --best from {}",
                names.join(", ")
            )
        })?;
        let best = self.progress.validated(*figure);
        let named = found
            .into_iter()
            .map(|(name, value)| (format!("val_{name}"), value));
        Ok((named.collect(), best))
    }

    fn checkpoint<S: Stage<Model = M>>(&self, stage: &S) -> anyhow::Result<Checkpoint> {
        let learner = &self.learner;
        let average = learner.average.as_ref().map(|average| &average.model);
        let trained = stage.trained(&self.learner.model);
        let progress = self.progress.clone();
        let (model, optimizer) = (&learner.model, &learner.optimizer);
        Ok(Checkpoint::take(
            progress, model, average, &trained, optimizer,
        )?)
    }

    fn into_measured(self) -> M {
        self.learner.measured().clone()
    }
}

impl Record {
    /// Returns the record's values for an event file.
    fn scalars(&self) -> Vec<(&str, f64)> {
        let mut scalars = vec![
            ("train/loss", self.loss),
            ("train/learning_rate", self.learning_rate),
            ("train/gradient_norm", self.gradient_norm),
            ("train/seconds", self.seconds),
        ];
        let figures = self.figures.iter();
        scalars.extend(figures.map(|(name, value)| (name.as_str(), *value)));
        scalars
    }
}

/// Returns the learning rates: that of all parameters, and that of the heads if it differs.
fn rates(stage: &impl Stage, rate: f64, head_rate: f64) -> ModuleLearningRate {
    match stage.heads() {
        Some(heads) if head_rate != 1.0 => ModuleLrScheduler::new(ConstantLr::new(rate))
            .with_group(heads, ConstantLr::new(rate * head_rate))
            .step(),
        _ => rate.into(),
    }
}

/// Returns the checkpoint that all ranks resume from. The first rank reads it.
fn last_checkpoint(run: Option<&RunFolder>, ranks: &Ranks) -> anyhow::Result<Option<Checkpoint>> {
    let mut bytes = Vec::new();
    let mut name = String::from("the checkpoint");
    if let Some(path) = run.map(RunFolder::latest_checkpoint).transpose()?.flatten() {
        name = path.display().to_string();
        bytes = std::fs::read(&path).with_context(|| name.clone())?;
    }
    let bytes = ranks.broadcast_bytes(bytes);
    match bytes.is_empty() {
        true => Ok(None),
        false => Ok(Some(Checkpoint::read(&bytes).context(name)?)),
    }
}
