//! `s4eca adapt`: corrected masks of a place become an adapter pack.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, ensure};
use clap::Args;
use clap::builder::RangedU64ValueParser;

use super::device::DeviceChoice;
use super::reading::ReadingChoice;
use super::shipped::shipped_weights;
use crate::adapt::{Adapted, Adapter, Course, Examples, NativeTrainer, by_phrase};
use crate::bundle::{Manifest, Pack, PackFacts, WeightStorage, read_bundle};
use crate::files::write_atomic;
use crate::quant::Bits;

/// Ending of a pack's file.
const ENDING: &str = "s4pack";

/// Maximum number of groups of places that are held back in turn.
const FOLDS: usize = 3;

/// Arguments of `adapt`.
#[derive(Debug, Args)]
pub struct AdaptArgs {
    /// Folders of examples in the layout of your own data (docs/training.md), or zips of such folders, as the page
    /// exports them. An empty mask means that nothing in the image fits the phrase
    #[arg(long, num_args = 1.., required = true)]
    examples: Vec<PathBuf>,
    /// Folder of the weights bundle to adapt (default: the shipped one)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    weights: PathBuf,
    /// File to write the pack to, such as packs/valley.s4pack
    #[arg(long)]
    out: PathBuf,
    /// Steps of each training. There is one training for every group of places that is held back, and one on all
    /// examples
    #[arg(long, default_value_t = Course::default().steps, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// Samples per step
    #[arg(long, default_value_t = Course::default().batch)]
    batch: usize,
    /// Side of the training input in pixels
    #[arg(long, default_value_t = Course::SIDE)]
    side: usize,
    /// Peak learning rate
    #[arg(long, default_value_t = Course::default().rate)]
    learning_rate: f64,
    /// Groups of places to hold back in turn, each with a training of its own, to measure what the others teach; 0
    /// trains once and measures nothing
    #[arg(long, default_value_t = FOLDS, value_parser = at_most_folds())]
    held_back: usize,
    /// Random seed for the order and the variation of samples
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the pack even if it does not help on examples that were held back
    #[arg(long)]
    force: bool,
    /// Licence of the examples
    #[arg(long, default_value = "not stated")]
    licence: String,
    /// Person or project to credit for the examples; repeatable
    #[arg(long)]
    credit: Vec<String>,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// The groups that can be held back.
fn at_most_folds() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(..=FOLDS as u64)
}

/// Runs the command.
pub fn run(args: &AdaptArgs) -> anyhow::Result<()> {
    ensure!(args.batch > 0, "--batch must be at least 1");
    let name = args.out.file_stem().context("--out needs a file name")?;
    let name = name.to_string_lossy().into_owned();
    let out = args.out.with_extension(ENDING);
    let examples = Examples::read(&args.examples)?;
    let chosen = args.device.open()?;
    let device = chosen.device.clone().autodiff();
    let (manifest, loaded) = read_bundle(&args.weights, WeightStorage::Float, &device)?;
    loaded.model.config().check_input([args.side, args.side])?;
    println!(
        "{} of {} over {}, on {}",
        counted(examples.samples().len(), "example"),
        counted(examples.phrases().len(), "phrase"),
        counted(examples.place_count(), "place"),
        chosen.name
    );
    let adapter = Adapter {
        loaded: Arc::new(loaded),
        device: device.clone(),
        ways: ReadingChoice::Auto.ways(manifest.reading),
        course: Course {
            steps: args.steps,
            batch: args.batch,
            rate: args.learning_rate,
        },
        side: args.side,
        folds: FOLDS,
        held_back: args.held_back,
        seed: args.seed,
    };
    let began = Instant::now();
    let lanes = args.batch.min(std::thread::available_parallelism()?.get());
    let mut trainer = NativeTrainer::new(device, lanes);
    let adapted = pollster::block_on(adapter.learn(&examples, &mut trainer))?;
    print!("{}", table(&adapted, examples.samples().len()));
    println!("{:.0} s", began.elapsed().as_secs_f64());
    if let Some((before, after)) = adapted.gain() {
        ensure!(
            after > before || args.force,
            "the examples do not help where they were held back ({:.1} before, {:.1} after): give more examples, \
             check their masks, or write the pack with --force",
            100.0 * before,
            100.0 * after
        );
    }
    let pack = pack(args, name, &manifest, &examples, &adapted);
    let bytes = pack.to_bytes()?;
    write(&out, &bytes)?;
    println!(
        "{}: {:.2} MB, {:.0} % of what was learned; use it with --pack",
        out.display(),
        bytes.len() as f64 / 1e6,
        100.0 * adapted.share
    );
    Ok(())
}

fn pack(
    args: &AdaptArgs,
    name: String,
    base: &Manifest,
    examples: &Examples,
    adapted: &Adapted,
) -> Pack {
    let facts = PackFacts {
        name,
        words: examples.words(),
        examples: examples.samples().len(),
        phrases: examples.phrases(),
        metrics: adapted.metrics(),
        licence: args.licence.clone(),
        credits: args.credit.clone(),
        date: today(),
    };
    let differences = adapted.differences.scaled(adapted.share);
    Pack::new(facts, base, differences, Bits::Q4)
}

fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    write_atomic(path, |file| {
        use std::io::Write;
        file.write_all(bytes)
    })?;
    Ok(())
}

/// A number and what it counts, such as "1 place".
fn counted(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// Scores of the held-back examples before and after, one line per phrase, or why there are none.
fn table(adapted: &Adapted, examples: usize) -> String {
    let Some((before, after)) = adapted.gain() else {
        let reason = match examples {
            1 => "there is only one example, so nothing was held back: whether it helps",
            _ => {
                "nothing was held back (--held-back 0, or all examples are of one place): whether they help"
            }
        };
        return format!("{reason} elsewhere is not known\n");
    };
    let mut text = format!(
        "{:>8} {:>8}  on held-back examples, mIoU\n",
        "before", "after"
    );
    let (was, is) = (by_phrase(&adapted.before), by_phrase(adapted.chosen()));
    let lines = was
        .iter()
        .zip(&is)
        .map(|((phrase, (count, was)), (_, (_, is)))| {
            format!(
                "{:8.1} {:8.1}  {phrase} ({count})\n",
                100.0 * was,
                100.0 * is
            )
        });
    text.extend(lines);
    text + &format!("{:8.1} {:8.1}  all\n", 100.0 * before, 100.0 * after)
}

/// The current day in UTC, as 2026-01-31.
fn today() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = now.map_or(0, |passed| (passed.as_secs() / 86_400) as i64);
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of the Gregorian calendar, `days` days after 1 January 1970 (H. Hinnant, `civil_from_days`).
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..10 => (year, month + 3),
        _ => (year + 1, month - 9),
    };
    (year + era * 400, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_788), (2026, 12, 1));
    }
}
