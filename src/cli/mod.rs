//! The native program: one file per command, each a thin layer over the library.

mod adapt;
mod bench;
mod check;
mod device;
mod device_list;
mod encode;
mod eval;
mod fixtures;
mod import;
mod inspect;
mod network;
mod pretrain;
mod quantize;
mod reading;
mod recipe;
mod samples;
mod scenes;
mod schedule;
mod segment;
mod shipped;
mod sources;
mod step;
mod synth;
mod tensor_file;
mod train;

use clap::{Parser, Subcommand};

pub use device::{ChosenDevice, DeviceChoice};
pub use device_list::DeviceList;
pub use step::PerturbTrained;

/// Text after the list of commands.
const SHIPPED: &str = "The shipped weights are looked for in $S4ECA_WEIGHTS (the folder of a bundle), in weights/tiny, \
                       and beside the program.";

/// Type a phrase, get its mask on an aerial image: S4ECA, trained and run natively.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = SHIPPED)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Train S4ECA with frozen encoders (default command)
    Train(Box<train::TrainArgs>),
    /// Train the visual encoder that `train` uses frozen
    Pretrain(pretrain::PretrainArgs),
    /// Check a dataset: report every broken file and how it is handled
    Check(check::CheckArgs),
    /// Measure a model under published protocols and compare it with its baselines
    Eval(eval::EvalArgs),
    /// Segment an image by a phrase
    Segment(segment::SegmentArgs),
    /// Adapt weights to a place with a few corrected masks, and write an adapter pack
    Adapt(adapt::AdaptArgs),
    /// Import public weights of the frozen encoders
    Import(import::ImportArgs),
    /// Write the encoders' outputs for an image and a phrase
    Encode(encode::EncodeArgs),
    /// Write a weights bundle from a training run, another bundle or a tensor file
    Quantize(quantize::QuantizeArgs),
    /// Print the parameter table of a preset or a bundle
    Inspect(inspect::InspectArgs),
    /// Write samples as a binary stream, for training outside this program
    Samples(samples::SamplesArgs),
    /// Draw synthetic scenes with their phrases and masks
    Synth(synth::SynthArgs),
    /// Time inference on a device of this machine
    Bench(bench::BenchArgs),
    /// Time a training step
    Step(step::StepArgs),
    /// Write the reference results that every other platform is compared with
    Fixtures(fixtures::FixtureArgs),
    /// Write what the scene reader finds in the TIFFs of a folder, which the page is compared with
    Scenes(scenes::SceneArgs),
}

/// Runs the command given by the process arguments.
///
/// # Errors
/// Returns the command's error, to be shown to the user.
pub fn run() -> anyhow::Result<()> {
    let arguments = recipe::expanded(std::env::args_os().collect())?;
    let command = match Cli::parse_from(arguments).command {
        Some(command) => command,
        None => match Cli::parse_from(["s4eca", "train"]).command {
            Some(command) => command,
            None => anyhow::bail!("no command: see s4eca --help"),
        },
    };
    match command {
        Command::Train(args) => train::run(&args),
        Command::Pretrain(args) => pretrain::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Segment(args) => segment::run(&args),
        Command::Adapt(args) => adapt::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Encode(args) => encode::run(&args),
        Command::Quantize(args) => quantize::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Samples(args) => samples::run(&args),
        Command::Synth(args) => synth::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Step(args) => step::run(&args),
        Command::Fixtures(args) => fixtures::run(&args),
        Command::Scenes(args) => scenes::run(&args),
    }
}
