//! `s4eca train`: S4ECA's own training.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use clap::Args;

use super::DeviceChoice;
use super::network::NetworkArgs;
use super::quantize::read_checkpoint;
use super::sources::{SourceArgs, training_source, validation_sets};
use crate::model::{ParameterTable, S4eca};
use crate::train::{EngineConfig, MaskStage, RunConfig, Schedule, assemble, train};

/// Arguments of `train`.
#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Preset to train: micro, tiny, small or base
    #[arg(long, default_value = "tiny")]
    preset: String,
    #[command(flatten)]
    network: NetworkArgs,
    /// Folder of the run
    #[arg(long, default_value = "runs/tiny")]
    run: PathBuf,
    /// Go on from the run's last checkpoint
    #[arg(long)]
    resume: bool,
    /// Sources of the frozen encoders: bundles, or what `import` and `pretrain` wrote, or `random`;
    /// weights/tiny for the preset tiny
    #[arg(long, num_args = 1..)]
    encoders: Vec<PathBuf>,
    /// Run whose last checkpoint this one starts from, of the same network
    #[arg(long)]
    from: Option<PathBuf>,
    #[command(flatten)]
    sources: SourceArgs,
    /// Steps in all
    #[arg(long, default_value_t = 4000)]
    steps: u64,
    /// Samples of a batch
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Phrases taken of one scene
    #[arg(long, default_value_t = 2)]
    phrases_per_scene: usize,
    /// Side of the input in pixels while training, in whole patches; 0 is the preset's own
    #[arg(long, default_value_t = 0)]
    side: usize,
    /// Highest learning rate
    #[arg(long, default_value_t = 5e-4)]
    learning_rate: f64,
    /// Steps of the warm-up
    #[arg(long, default_value_t = 100)]
    warmup: u64,
    /// Weight decay of AdamW
    #[arg(long, default_value_t = 0.01)]
    weight_decay: f32,
    /// Steps between validations
    #[arg(long, default_value_t = 250)]
    validate_every: u64,
    /// Steps between checkpoints
    #[arg(long, default_value_t = 50)]
    checkpoint_every: u64,
    /// Samples of each validation set
    #[arg(long, default_value_t = 64)]
    validation_samples: usize,
    /// Keep fewer activations and compute them again in the backward pass: half the memory, slower
    #[arg(long)]
    checkpointing: bool,
    /// Seed of weights and data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to compute
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Runs the command.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    let chosen = args.device.open()?;
    let mut device = chosen.device.clone().autodiff();
    if args.checkpointing {
        device = device.gradient_checkpointing();
    }
    // A new run makes its folder only when all that it reads is there.
    let (config, training, mut folder) = if args.resume {
        let (config, folder) = RunConfig::resume(&args.run)?;
        let training = Training::new(&config, None, &device)?;
        (config, training, folder)
    } else {
        let config = config(args)?;
        let training = Training::new(&config, args.from.as_deref(), &device)?;
        let folder = config.create(&args.run)?;
        (config, training, folder)
    };
    println!(
        "{}\n{}",
        config.model.preset,
        ParameterTable::new(&config.model)
    );
    println!("training on {chosen} into {}", args.run.display());
    let Training { stage, model } = training;
    train(&stage, model, &config.engine, &mut folder, &device)?;
    if let Some(bytes) = peak_memory() {
        println!("{:.0} MB of memory at its peak", bytes as f64 / 1e6);
    }
    println!(
        "done: write a bundle with `s4eca quantize --run {}`",
        args.run.display()
    );
    Ok(())
}

/// A network with all that it learns from.
struct Training {
    stage: MaskStage,
    model: S4eca,
}

impl Training {
    fn new(config: &RunConfig, from: Option<&Path>, device: &Device) -> anyhow::Result<Self> {
        let assembled = assemble(&config.model, &config.encoders, config.seed, device)?;
        let mut model = assembled.model.prepared();
        if let Some(from) = from {
            model = read_checkpoint(from)?.apply_to_model(model)?;
        }
        let stage = MaskStage {
            source: training_source(&config.data, config.seed, config.side)?,
            batch: config.batch,
            phrases_per_scene: config.phrases_per_scene,
            side: config.side,
            normalisation: config.model.vision.normalisation,
            tokenizer: assembled.tokenizer,
            words: assembled.words,
            validation: validation_sets(
                config.data.open_aerial.as_deref(),
                config.validation_samples,
                config.model.input,
            )?,
        };
        Ok(Self { stage, model })
    }
}

/// Sources of the encoders: as given, or the shipped weights for the preset that they are of.
fn encoders(args: &TrainArgs) -> anyhow::Result<Vec<PathBuf>> {
    if !args.encoders.is_empty() {
        return Ok(args.encoders.clone());
    }
    anyhow::ensure!(
        args.preset == "tiny",
        "preset {0} trains on public encoders: write them with `s4eca import --preset {0} --visual \
         FILE --text FILE --out FOLDER`, then give --encoders FOLDER",
        args.preset
    );
    Ok(vec![PathBuf::from("weights/tiny")])
}

fn config(args: &TrainArgs) -> anyhow::Result<RunConfig> {
    let model = args.network.config(&args.preset)?;
    let side = if args.side == 0 {
        model.input
    } else {
        args.side
    };
    model.check_input([side, side])?;
    anyhow::ensure!(
        args.batch > 0 && args.steps > 0,
        "--batch and --steps must be at least 1"
    );
    Ok(RunConfig {
        model,
        encoders: encoders(args)?,
        seed: args.seed,
        batch: args.batch,
        phrases_per_scene: args.phrases_per_scene,
        side,
        validation_samples: args.validation_samples,
        data: args.sources.data(),
        engine: EngineConfig::new(
            Schedule {
                peak: args.learning_rate,
                warmup: args.warmup,
                steps: args.steps,
            },
            args.weight_decay,
            args.validate_every,
            args.checkpoint_every,
        ),
    })
}

/// The most memory that this process has had, where the system says so.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
