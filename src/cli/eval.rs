//! `s4eca eval`: measures a model under published protocols and compares it with its baselines.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;

use super::DeviceChoice;
use super::quantize::{Chosen, read_run};
use super::reading::ReadingChoice;
use super::shipped::shipped_weights;
use super::sources::{SourceArgs, validation_sets};
use crate::bundle::{read_bundle, read_pack};
use crate::data::referring::Split;
use crate::files::write_atomic;
use crate::measure::{
    About, Calibration, Figures, Protocol, Report, SampleScore, ScoreGallery, json_lines,
};
use crate::model::ModelConfig;
use crate::segment::THRESHOLD;
use crate::train::{Answering, Baselines, Scored, ValidationSet};

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Folder of the bundle to measure (default: the shipped one)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    weights: PathBuf,
    /// Adapter pack made by `adapt` for these weights
    #[arg(long)]
    pack: Option<PathBuf>,
    /// Folder of a run: measure its checkpoint in f32, instead of a bundle
    #[arg(long)]
    run: Option<PathBuf>,
    /// Which checkpoint of the run to use
    #[arg(long, value_enum, default_value = "last")]
    checkpoint: Chosen,
    /// How phrases are answered: network (the network gets the whole phrase), execute (the network finds the things,
    /// rules choose among them), or auto (whichever the bundle records as better for each kind of phrase)
    #[arg(long, value_enum, default_value = "auto")]
    reading: ReadingChoice,
    /// Input side in pixels, instead of the network's own; a larger input shows smaller things
    #[arg(long, value_name = "PX")]
    input: Option<usize>,
    /// Look at every image once, without the closer looks that images of 433 to 1024 px get if they show small things
    #[arg(long)]
    one_look: bool,
    #[command(flatten)]
    sources: SourceArgs,
    /// Split of the datasets: train, val or test
    #[arg(long, default_value = "val")]
    split: Split,
    /// Samples per set; 0 means all, or 200 for synthetic and labelled scenes, which are unlimited
    #[arg(long, default_value_t = 200)]
    samples: usize,
    /// Protocols: rmsin, detris, rsrefseg2, segearth
    #[arg(long, num_args = 1.., default_value = "rmsin")]
    protocol: Vec<Protocol>,
    /// Measure the model alone, without the baselines
    #[arg(long)]
    model_only: bool,
    /// Folder for the reports (JSON, Markdown, LaTeX), the score of every phrase, and an HTML page of pictures
    #[arg(long)]
    out: Option<PathBuf>,
    /// Maximum number of pictures on the page, worst first
    #[arg(long, default_value_t = 200)]
    gallery_limit: usize,
    /// Name of the model in the tables
    #[arg(long, default_value = "S4ECA")]
    method: String,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Runs the command.
pub fn run(args: &EvalArgs) -> anyhow::Result<()> {
    let chosen = args.device.open()?;
    let device = &chosen.device;
    if let Some(run) = &args.run {
        let (_, assembled) = read_run(run, args.checkpoint, device)?;
        let answering = Answering {
            side: args.side(assembled.model.config())?,
            model: &assembled.model,
            taught: None,
            tokenizer: &assembled.tokenizer,
            words: &assembled.words,
            ways: args.reading.ways(None),
            looks_closer: !args.one_look,
        };
        return measure(args, answering);
    }
    let (manifest, loaded) = read_bundle(&args.weights, chosen.storage, device)?;
    let pack = args.pack.as_deref();
    let pack = pack.map(|path| read_pack(path, &manifest, &loaded));
    let pack = pack.transpose()?;
    let answering = Answering {
        side: args.side(loaded.model.config())?,
        model: &loaded.model,
        taught: pack.as_ref(),
        tokenizer: &loaded.tokenizer,
        words: &loaded.words,
        ways: args.reading.ways(manifest.reading),
        looks_closer: !args.one_look,
    };
    measure(args, answering)
}

impl EvalArgs {
    fn side(&self, config: &ModelConfig) -> anyhow::Result<usize> {
        let side = self.input.unwrap_or(config.input);
        let step = config.input_step();
        ensure!(
            side > 0 && side <= 2048 && side.is_multiple_of(step),
            "--input {side}: give a multiple of {step} up to 2048"
        );
        Ok(side)
    }
}

fn measure(args: &EvalArgs, answering: Answering<'_>) -> anyhow::Result<()> {
    let data = args.sources.data(false)?;
    for set in validation_sets(&data, args.split, args.samples, answering.side)? {
        for &protocol in &args.protocol {
            measure_set(args, answering, &set, protocol)?;
        }
    }
    Ok(())
}

fn measure_set(
    args: &EvalArgs,
    answering: Answering<'_>,
    set: &ValidationSet,
    protocol: Protocol,
) -> anyhow::Result<()> {
    let out = args
        .out
        .as_ref()
        .map(|out| out.join(format!("{}-{protocol}", set.name)));
    let mut gallery = out
        .as_deref()
        .map(|out| ScoreGallery::create(out, args.gallery_limit))
        .transpose()?;
    let all = 0..set.len();
    let (mut pixels, mut masks) = (Calibration::default(), Calibration::default());
    let scores = answering.score(
        set,
        all,
        protocol,
        |_| None,
        |one| {
            let Scored { sample, score, .. } = one;
            pixels.add_map(one.map, &sample.mask, sample.known.as_ref());
            if score.predicted > 0 {
                let precision = score.intersection as f32 / score.predicted as f32;
                masks.add(one.map.score(THRESHOLD), precision);
            }
            if let Some(gallery) = &mut gallery {
                gallery.add(score, &sample.image, (one.predicted, one.truth))?;
            }
            Ok(())
        },
    )?;
    let about = About {
        protocol,
        input_side: answering.side,
        method: args.method.clone(),
        data: format!("{} {}", set.name, args.split),
        own_size: set.own_size,
        made_by: format!("s4eca {}", env!("CARGO_PKG_VERSION")),
    };
    let report = Report::new(about, &scores);
    println!("{report}");
    let percent = |calibration: &Calibration| 100.0 * calibration.error().unwrap_or(0.0);
    println!(
        "expected calibration error: pixels {:.1} %, masks {:.1} % (score against precision)\n",
        percent(&pixels),
        percent(&masks)
    );
    if !args.model_only {
        print_baselines(
            &Baselines::measure(answering, set, protocol)?,
            protocol,
            &scores,
        );
    }
    if let (Some(out), Some(gallery)) = (out, gallery) {
        write(&out.join("report.json"), &report.json()?)?;
        write(&out.join("report.md"), &report.markdown())?;
        write(&out.join("row.tex"), &report.latex_row())?;
        write(&out.join("scores.jsonl"), &json_lines(&scores)?)?;
        let page = gallery.finish(&report)?;
        println!("{}", page.display());
    }
    Ok(())
}

fn print_baselines(baselines: &Baselines, protocol: Protocol, model: &[SampleScore]) {
    println!("| what | oIoU | mIoU | Pr@0.5 | Pr@0.6 | Pr@0.7 | Pr@0.8 | Pr@0.9 |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let row = |what: &str, scores: &[SampleScore]| {
        let summary = Figures::of(protocol, scores).summary;
        let figures = [summary.oiou, summary.miou]
            .into_iter()
            .chain(summary.precision);
        let cells: Vec<String> = figures.map(|f| format!("{:.1}", 100.0 * f)).collect();
        println!("| {what} | {} |", cells.join(" | "));
    };
    row("all foreground", &baselines.all_foreground);
    if let Some(class_alone) = &baselines.class_alone {
        row("class alone, from labels", class_alone);
    }
    row("model, shuffled phrases", &baselines.shuffled);
    row("model", model);
    println!();
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    write_atomic(path, |file| file.write_all(text.as_bytes()))?;
    Ok(())
}
