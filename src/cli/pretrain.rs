//! `s4eca pretrain`: trains the visual encoder of a preset that no public checkpoint fits.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use burn::module::Module;
use clap::Args;

use super::DeviceChoice;
use super::schedule::{Defaults, ScheduleArgs};
use super::sources::{SourceArgs, training_scenes, validation_sets};
use crate::bundle::Tensors;
use crate::data::referring::Split;
use crate::files::write_atomic;
use crate::learn::LossWeights;
use crate::measure::Protocol;
use crate::model::{FrozenPrecision, ModelConfig};
use crate::things::Class;
use crate::train::{DensePretrainer, DenseStage, LabelledImage, Ranks, RunConfig, View, train};

/// Arguments of `pretrain`.
#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub struct PretrainArgs {
    /// Preset whose visual encoder is trained
    #[arg(long, default_value = "tiny")]
    preset: String,
    /// Folder of the run; the result is vision.bpk in it
    #[arg(long, default_value = "runs/vision")]
    run: PathBuf,
    /// Resume from the run's last checkpoint
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    sources: SourceArgs,
    #[command(flatten)]
    schedule: ScheduleArgs,
    /// Batch size in images
    #[arg(long, default_value_t = 16)]
    batch: usize,
    /// Input side in pixels, a multiple of the network's input step (32 for tiny)
    #[arg(long, default_value_t = 192)]
    side: usize,
    /// Images per validation set
    #[arg(long, default_value_t = 48)]
    validation_samples: usize,
    /// Random seed for weights and data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Values for options that are not given.
const DEFAULTS: Defaults = Defaults {
    steps: 4000,
    learning_rate: 1e-3,
    warmup: 100,
    weight_decay: 0.05,
    // The whole batch at once: its loss is not a mean over samples.
    lanes: 1,
};

/// Runs the command.
pub fn run(args: &PretrainArgs) -> anyhow::Result<()> {
    Ranks::run(|ranks| run_on(args, ranks))
}

fn run_on(args: &PretrainArgs, ranks: &Ranks) -> anyhow::Result<()> {
    anyhow::ensure!(
        ranks.count() == 1,
        "pre-training runs in one process: start it without mpirun"
    );
    let (config, mut folder) = if args.resume {
        RunConfig::resume(&args.run)?
    } else {
        let config = config(args)?;
        let folder = config.create(&args.run)?;
        (config, folder)
    };
    let sets = validation_sets(
        &config.data,
        Split::Val,
        config.validation_samples,
        config.side,
    )?;
    let mut labelled = Vec::new();
    for set in &sets {
        for index in 0..set.len() {
            let sample = set.sample(index)?.into_owned();
            let truth = sample.truth.context("the data has no dense labels")?;
            labelled.push(LabelledImage {
                image: sample.image,
                labels: truth.labels,
            });
        }
    }
    let stage = DenseStage {
        source: training_scenes(&config.data, config.seed, config.side)?,
        batch: config.batch,
        side: config.side,
        normalisation: config.model.vision.normalisation(),
        validation: labelled,
    };
    let chosen = args.device.open()?;
    let device = chosen.device.clone().autodiff();
    device.seed(config.seed);
    println!("training on {chosen} into {}", args.run.display());
    let model = DensePretrainer::new(&config.model, Class::COUNT, &device);
    let model = train(
        &stage,
        model,
        &config.engine,
        Some(&mut folder),
        &[device],
        ranks,
        View::Line,
    )?;

    let path = args.run.join("vision.bpk");
    let bytes = Tensors::of_module(model.valid().vision, "vision")?.into_bytes()?;
    write_atomic(&path, |file| file.write_all(&bytes))?;
    println!("done: {}", path.display());
    Ok(())
}

fn config(args: &PretrainArgs) -> anyhow::Result<RunConfig> {
    let model = ModelConfig::preset(&args.preset)?;
    model.check_input([args.side, args.side])?;
    Ok(RunConfig {
        version: RunConfig::VERSION.to_owned(),
        model,
        encoders: Vec::new(),
        seed: args.seed,
        batch: args.batch,
        phrases_per_scene: 1,
        side: args.side,
        frozen_precision: FrozenPrecision::F32,
        validation_samples: args.validation_samples,
        loss: LossWeights::default(),
        protocol: Protocol::default(),
        data: args.sources.data(true)?,
        engine: args.schedule.engine(DEFAULTS, || Ok(None), args.batch)?,
        keep: args.schedule.keep,
    })
}
