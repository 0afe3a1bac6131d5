//! `s4eca samples`: writes the samples that training would see as a binary stream.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::shipped::shipped_weights;
use super::sources::{SourceArgs, held_out_samples, training_samples};
use crate::data::SampleSource;
use crate::text::PhraseTokenizer;
use crate::train::{Batches, SampleRecord};

/// Maximum tokens per phrase, including start and end token.
const MAX_TOKENS: usize = 40;

/// Arguments of `samples`.
#[derive(Debug, Args)]
pub struct SamplesArgs {
    #[command(flatten)]
    sources: SourceArgs,
    /// Samples to write: train, or val for the held-out ones, in order and without augmentation
    #[arg(long, value_enum, default_value = "train")]
    split: Part,
    /// Side of the images in pixels, a multiple of 4 from 64 to 1024
    #[arg(long, default_value_t = 384)]
    side: usize,
    /// Seed of the training samples
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Index of the first scene
    #[arg(long, default_value_t = 0)]
    start: u64,
    /// Number of scenes; 0 for an endless stream
    #[arg(long, default_value_t = 0)]
    count: u64,
    /// Maximum phrases per scene
    #[arg(long, default_value_t = 6)]
    phrases_per_scene: usize,
    /// Tokenizer: a tokenizer.json, or a folder that contains one (default: that of the shipped bundle)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    tokenizer: PathBuf,
    /// Also write the class of every pixel
    #[arg(long)]
    labels: bool,
    /// Number of threads; 0 for one per core
    #[arg(long, default_value_t = 0)]
    threads: usize,
    /// File to write to (default: standard output)
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Train,
    Val,
}

/// Runs the command.
pub fn run(args: &SamplesArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        args.side.is_multiple_of(4) && (64..=1024).contains(&args.side),
        "--side {}: give a multiple of 4 from 64 to 1024",
        args.side
    );
    anyhow::ensure!(
        args.phrases_per_scene > 0,
        "--phrases-per-scene must be at least 1"
    );
    let tokenizer = tokenizer(&args.tokenizer)?;
    let data = args.sources.data(true)?;
    let source = match args.split {
        Part::Train => training_samples(&data, args.seed, args.side)?,
        Part::Val => held_out_samples(&data, args.side)?,
    };
    // The number of a source is its place in --data.
    let numbered = data.sets.iter().zip(0u8..);
    let numbers: Vec<u8> = numbered
        .filter(|(set, _)| set.share > 0)
        .map(|(_, number)| number)
        .collect();
    let make = |index: u64| -> anyhow::Result<Vec<SampleRecord>> {
        let number = numbers[source.place(index).0];
        let samples = source.samples(index, args.phrases_per_scene)?;
        let record =
            |group: &[_]| SampleRecord::new(group, number, args.side, args.labels, &tokenizer);
        // Each record of a dataset has its own image; the phrases of a scene share one.
        let groups = samples.chunk_by(|a, b| a.source == b.source && a.image == b.image);
        Ok(groups.map(record).collect::<Result<_, _>>()?)
    };
    let mut output: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(io::stdout().lock()),
    };
    let written = stream(
        args,
        &make,
        &mut BufWriter::with_capacity(1 << 20, &mut output),
    );
    match written {
        // The reader has closed the pipe.
        Err(error) if is_closed_pipe(&error) => Ok(()),
        other => other,
    }
}

fn stream(
    args: &SamplesArgs,
    make: &(impl Fn(u64) -> anyhow::Result<Vec<SampleRecord>> + Sync),
    output: &mut impl Write,
) -> anyhow::Result<()> {
    let end = match args.count {
        0 => u64::MAX,
        count => args.start.saturating_add(count),
    };
    let threads = match args.threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    thread::scope(|scope| {
        let mut records = Batches::start(scope, args.start..end, threads, make);
        for _ in args.start..end {
            for record in records.next()? {
                record.write(output)?;
            }
        }
        output.flush()?;
        Ok(())
    })
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(ErrorKind::BrokenPipe)
}

fn tokenizer(path: &Path) -> anyhow::Result<PhraseTokenizer> {
    let file = match path.is_dir() {
        true => path.join("tokenizer.json"),
        false => path.to_owned(),
    };
    let json = fs::read(&file).with_context(|| file.display().to_string())?;
    Ok(PhraseTokenizer::from_bytes(&json, MAX_TOKENS)?)
}
