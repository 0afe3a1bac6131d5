//! `s4eca train`: trains S4ECA with frozen encoders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::tensor::Device;
use clap::Args;

use super::network::{NetworkArgs, frozen_precision};
use super::quantize::read_checkpoint;
use super::schedule::{Defaults, ScheduleArgs};
use super::shipped::shipped_weights;
use super::sources::{SourceArgs, fingerprint, training_samples, validation_sets};
use super::{ChosenDevice, DeviceList};
use crate::bundle::WeightStorage;
use crate::data::SampleSource;
use crate::data::referring::Split;
use crate::learn::LossWeights;
use crate::measure::Protocol;
use crate::model::{FrozenPrecision, Tuning};
use crate::network::S4eca;
use crate::study::{ParameterTable, prepared};
use crate::train::{MaskStage, Ranks, RunConfig, RunFolder, View, assemble, train};

/// Arguments of `train`.
#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub struct TrainArgs {
    /// Preset to train: micro, tiny, small or base
    #[arg(long, default_value = "tiny")]
    preset: String,
    #[command(flatten)]
    network: NetworkArgs,
    /// Folder of the run
    #[arg(long, default_value = "runs/tiny")]
    run: PathBuf,
    /// Resume from the run's last checkpoint
    #[arg(long)]
    resume: bool,
    /// With --resume: resume even if the data or this program has changed
    #[arg(long)]
    force: bool,
    /// Sources of the frozen encoders: bundles, outputs of `import` or `pretrain`, or `random` (default for preset
    /// tiny: the shipped bundle)
    #[arg(long, num_args = 1..)]
    encoders: Vec<PathBuf>,
    /// Folder of a run of the same network; training starts from its last checkpoint
    #[arg(long)]
    from: Option<PathBuf>,
    #[command(flatten)]
    sources: SourceArgs,
    /// Do not augment the images of datasets (mirroring, changes of lighting)
    #[arg(long)]
    no_augment: bool,
    #[command(flatten)]
    schedule: ScheduleArgs,
    /// Batch size in samples, over all processes
    #[arg(long, default_value_t = 8)]
    batch: usize,
    /// Phrases per scene
    #[arg(long, default_value_t = 2)]
    phrases_per_scene: usize,
    /// Input side in pixels for training, a multiple of the network's input step; 0 for the preset's own
    #[arg(long, default_value_t = 0)]
    side: usize,
    /// Weight of the binary cross-entropy
    #[arg(long, default_value_t = 1.0)]
    bce: f32,
    /// Weight of the Dice loss
    #[arg(long, default_value_t = 1.0)]
    dice: f32,
    /// Weight of the focal loss
    #[arg(long, default_value_t = 0.0)]
    focal: f32,
    /// Samples per validation set; 0 for all
    #[arg(long, default_value_t = 64)]
    validation_samples: usize,
    /// Validation protocol: rmsin, detris, rsrefseg2 or segearth
    #[arg(long, default_value_t)]
    protocol: Protocol,
    /// Keep fewer activations and recompute them in the backward pass: half the memory, slower
    #[arg(long)]
    checkpointing: bool,
    /// Data type for storing and multiplying the frozen encoders' matrices: f32, f16 or bf16 (default: f32). Trained
    /// parameters stay f32
    #[arg(long)]
    frozen_precision: Option<FrozenPrecision>,
    /// Show a dashboard in the terminal; q leaves it. Needs a build with --features tui
    #[arg(long)]
    tui: bool,
    /// Random seed for weights and data
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Device to compute on: auto, cpu, cuda or vulkan; several devices, such as cuda:0,cuda:1, share each batch
    #[arg(long, default_value = "auto")]
    device: DeviceList,
}

/// Values for options that are not given.
const DEFAULTS: Defaults = Defaults {
    steps: 4000,
    learning_rate: 5e-4,
    warmup: 100,
    weight_decay: 0.01,
    lanes: 1,
};

/// Runs the command, on every rank of an MPI launch.
pub fn run(args: &TrainArgs) -> anyhow::Result<()> {
    Ranks::run(|ranks| run_on(args, ranks))
}

fn run_on(args: &TrainArgs, ranks: &Ranks) -> anyhow::Result<()> {
    let view = match args.tui {
        true => View::dashboard()?,
        false => View::Line,
    };
    let chosen = args.device.open(ranks.local_rank())?;
    let devices: Vec<Device> = chosen
        .iter()
        .map(|chosen| match args.checkpointing {
            true => chosen.device.clone().autodiff().gradient_checkpointing(),
            false => chosen.device.clone().autodiff(),
        })
        .collect();
    let device = &devices[0];
    // A new run creates its folder only after reading all of its inputs; only the first rank writes.
    let (config, training, mut folder) = if args.resume {
        let (config, folder) = resumed(args, ranks)?;
        check_devices(&config, &chosen)?;
        let training = Training::new(&config, None, device)?;
        (config, training, folder)
    } else {
        let lanes = default_lanes(&chosen, ranks);
        let config = config(args, lanes)?;
        check_devices(&config, &chosen)?;
        let training = Training::new(&config, args.from.as_deref(), device)?;
        let folder = match ranks.is_first() {
            true => Some(config.create(&args.run)?),
            false => None,
        };
        (config, training, folder)
    };
    if ranks.is_first() {
        let table = ParameterTable::new(&config.model);
        println!("{}\n{table}", config.model.preset);
        let several = match ranks.count() {
            1 => String::new(),
            count => format!(" in {count} processes"),
        };
        let names: Vec<&str> = chosen.iter().map(|chosen| chosen.name.as_str()).collect();
        let (names, run) = (names.join(", "), args.run.display());
        println!("training on {names}{several} into {run}");
    }
    let Training { stage, model } = training;
    train(
        &stage,
        model,
        &config.engine,
        folder.as_mut(),
        &devices,
        ranks,
        view,
    )?;
    if ranks.is_first() {
        if let Some(bytes) = peak_memory() {
            println!("{:.0} MB peak memory", bytes as f64 / 1e6);
        }
        let run = args.run.display();
        println!("done: write a bundle with `s4eca quantize --run {run}`");
    }
    Ok(())
}

/// Reads the config of an existing run, the same on all ranks, and opens its folder on the first rank.
fn resumed(args: &TrainArgs, ranks: &Ranks) -> anyhow::Result<(RunConfig, Option<RunFolder>)> {
    let mut folder = None;
    let mut json = Vec::new();
    if ranks.is_first() {
        let (config, opened) = RunConfig::resume(&args.run)?;
        if let Some(precision) = args.frozen_precision {
            anyhow::ensure!(
                precision == config.frozen_precision,
                "this run was started with --frozen-precision {}, which a run cannot change: omit \
                 --frozen-precision {precision}, or start a new run with --from",
                config.frozen_precision
            );
        }
        if !args.force {
            let now = config.data.sets.iter().map(fingerprint);
            config.check_resumable(&now.collect::<anyhow::Result<Vec<_>>>()?)?;
        }
        json = serde_json::to_vec(&config)?;
        folder = Some(opened);
    }
    let config = serde_json::from_slice(&ranks.broadcast_bytes(json))?;
    Ok((config, folder))
}

/// A network and the stage that trains it.
struct Training {
    stage: MaskStage,
    model: S4eca,
}

impl Training {
    fn new(config: &RunConfig, from: Option<&Path>, device: &Device) -> anyhow::Result<Self> {
        let assembled = assemble(&config.model, &config.encoders, config.seed, device)?;
        let model = prepared(assembled.model);
        let mut model = model.with_frozen_precision(config.frozen_precision);
        if let Some(from) = from {
            model = read_checkpoint(from)?.apply_to_model(model)?;
        }
        let stage = MaskStage {
            source: Arc::new(training_samples(&config.data, config.seed, config.side)?),
            batch: config.batch,
            phrases_per_scene: config.phrases_per_scene,
            side: config.side,
            normalisation: config.model.vision.normalisation(),
            tokenizer: assembled.tokenizer,
            words: assembled.words,
            loss: config.loss,
            validation: validation_sets(
                &config.data,
                Split::Val,
                config.validation_samples,
                config.model.input,
            )?,
            protocol: config.protocol,
        };
        Ok(Self { stage, model })
    }
}

/// Returns the given sources of the encoders, or the shipped weights for preset tiny.
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
    Ok(vec![shipped_weights()])
}

/// Checks that every device supports the precision and gets a part of each batch.
fn check_devices(config: &RunConfig, chosen: &[ChosenDevice]) -> anyhow::Result<()> {
    for device in chosen {
        config
            .frozen_precision
            .check(&device.device, &device.name)?;
    }
    let (lanes, devices) = (config.engine.lanes, chosen.len());
    anyhow::ensure!(
        lanes >= devices,
        "a batch in {lanes} parts does not keep {devices} devices busy: give fewer devices, or start a new \
         run with --lanes {devices}"
    );
    Ok(())
}

/// Returns the default number of parts of a batch: one per core if a single process uses the CPU alone, otherwise one
/// per device.
fn default_lanes(chosen: &[ChosenDevice], ranks: &Ranks) -> usize {
    match chosen {
        [one] if one.storage == WeightStorage::Float && ranks.count() == 1 => {
            std::thread::available_parallelism().map_or(1, |cores| cores.get())
        }
        devices => devices.len(),
    }
}

fn config(args: &TrainArgs, lanes: usize) -> anyhow::Result<RunConfig> {
    let model = args.network.config(&args.preset)?;
    let side = if args.side == 0 {
        model.input
    } else {
        args.side
    };
    model.check_input([side, side])?;
    anyhow::ensure!(args.batch > 0, "--batch must be at least 1");
    let data = args.sources.data(!args.no_augment)?;
    // The batch norms of DETRIS's adapters need the whole batch.
    let whole = model.tuning == Tuning::Detris;
    let defaults = Defaults {
        lanes: if whole { 1 } else { lanes },
        ..DEFAULTS
    };
    let records = || Ok(training_samples(&data, args.seed, side)?.records());
    let mut engine = args.schedule.engine(defaults, records, args.batch)?;
    let frozen = frozen_precision(args.frozen_precision.unwrap_or_default(), &model)?;
    engine.scale_loss = frozen == FrozenPrecision::F16;
    Ok(RunConfig {
        version: RunConfig::VERSION.to_owned(),
        model,
        encoders: encoders(args)?,
        seed: args.seed,
        batch: args.batch,
        phrases_per_scene: args.phrases_per_scene,
        side,
        frozen_precision: frozen,
        validation_samples: args.validation_samples,
        loss: LossWeights {
            bce: args.bce,
            dice: args.dice,
            focal: args.focal,
        },
        protocol: args.protocol,
        data,
        engine,
        keep: args.schedule.keep,
    })
}

/// Returns the peak memory of this process in bytes, or None if the system does not report it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}
