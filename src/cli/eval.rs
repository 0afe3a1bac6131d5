//! `s4eca eval`: a model beside three baselines.

use std::path::PathBuf;

use clap::Args;

use super::DeviceChoice;
use super::quantize::read_run;
use super::sources::validation_sets;
use crate::bundle::read_bundle;
use crate::model::S4eca;
use crate::text::{PhraseTokenizer, WordTable};
use crate::train::{Comparison, Summary, compare, measure, validate};

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Folder of the bundle to measure
    #[arg(long, default_value = "weights/tiny")]
    weights: PathBuf,
    /// Instead of a bundle: the last checkpoint of this run, in f32
    #[arg(long)]
    run: Option<PathBuf>,
    /// Folder of open-aerial; without it only synthetic scenes are measured
    #[arg(long)]
    open_aerial: Option<PathBuf>,
    /// Samples of each set
    #[arg(long, default_value_t = 200)]
    samples: usize,
    /// Measure the model alone, without the baselines
    #[arg(long)]
    model_only: bool,
    /// Folder for pictures of predictions
    #[arg(long)]
    pictures: Option<PathBuf>,
    /// Where to compute
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Runs the command.
pub fn run(args: &EvalArgs) -> anyhow::Result<()> {
    let chosen = args.device.open()?;
    let device = &chosen.device;
    if let Some(run) = &args.run {
        let (_, assembled) = read_run(run, device)?;
        return print_table(
            args,
            &assembled.model,
            &assembled.tokenizer,
            &assembled.words,
        );
    }
    let (_, segmenter) = read_bundle(&args.weights, chosen.residence, device)?;
    print_table(
        args,
        segmenter.model(),
        segmenter.tokenizer(),
        segmenter.words(),
    )
}

fn print_table(
    args: &EvalArgs,
    model: &S4eca,
    tokenizer: &PhraseTokenizer,
    words: &WordTable,
) -> anyhow::Result<()> {
    anyhow::ensure!(args.samples > 1, "--samples must be at least 2");
    println!("| set | what | oIoU | mIoU | Pr@0.5 | Pr@0.6 | Pr@0.7 | Pr@0.8 | Pr@0.9 |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let side = model.config().input;
    // A set may hold fewer than asked for: some scenes give one phrase alone.
    let mut counts = Vec::new();
    for set in validation_sets(args.open_aerial.as_deref(), args.samples, side)? {
        counts.push(format!("{} {} phrases", set.samples.len(), set.name));
        if args.model_only {
            let phrases: Vec<&str> = set.samples.iter().map(|s| s.phrase.as_str()).collect();
            let ours = measure(model, &set.samples, &phrases, tokenizer, words)?;
            println!("{}", row(&set.name, "model", &ours));
            continue;
        }
        let Comparison {
            all_foreground,
            class_alone,
            shuffled,
            model: ours,
        } = compare(model, &set, tokenizer, words)?;
        println!("{}", row(&set.name, "all foreground", &all_foreground));
        println!(
            "{}",
            row(&set.name, "class alone, from labels", &class_alone)
        );
        println!("{}", row(&set.name, "model, shuffled phrases", &shuffled));
        println!("{}", row(&set.name, "model", &ours));
        if let Some(folder) = &args.pictures {
            validate(model, &set, tokenizer, words, &folder.join(&set.name))?;
        }
    }
    println!();
    println!(
        "{} at {side} px; IoU at the sample's resolution, RMSIN's rules",
        counts.join(", ")
    );
    Ok(())
}

fn row(set: &str, what: &str, summary: &Summary) -> String {
    let mut cells = vec![set.to_owned(), what.to_owned()];
    let figures = [summary.oiou, summary.miou]
        .into_iter()
        .chain(summary.precision);
    cells.extend(figures.map(|figure| format!("{:.1}", 100.0 * figure)));
    format!("| {} |", cells.join(" | "))
}
