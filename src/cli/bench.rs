//! `s4eca bench`: times inference, cold and warm, and prints the result as one line of JSON.
//!
//! A new process is started for each device: otherwise the first inference would not be cold.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::DeviceChoice;
use super::shipped::shipped_weights;
use crate::bundle::read_bundle;
use crate::data::{Source, Synthetic};
use crate::files::write_atomic;
use crate::segment::Segmenter;
use crate::vision::RgbImage;

/// Seed of the scene that is segmented.
const SCENE: u64 = 7;

/// Phrase that runs before `again_ms` is measured, so that the measured phrase is a new one.
const SECOND_PHRASE: &str = "the road";

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Write the benchmark image to this file as raw RGBA, its size to a .json file of the same name, and exit
    #[arg(long)]
    save_image: Option<PathBuf>,
    /// Image to segment: raw RGBA, with its size in a .json file of the same name
    #[arg(long, required_unless_present = "save_image")]
    image: Option<PathBuf>,
    /// Phrase to segment
    #[arg(long, default_value = "the largest building on the left")]
    phrase: String,
    /// Folder of the weights bundle (default: the shipped one)
    #[arg(long, default_value_os_t = shipped_weights(), hide_default_value = true)]
    weights: PathBuf,
    /// Number of warm inferences; the median is reported
    #[arg(long, default_value_t = 5)]
    time: usize,
    /// Afterwards, run one more inference per line of standard input and print its time in milliseconds
    #[arg(long)]
    rounds: bool,
    /// Device to compute on
    #[arg(long, value_enum, default_value = "cpu")]
    device: DeviceChoice,
}

#[derive(Serialize, Deserialize)]
struct Size {
    width: usize,
    height: usize,
}

#[derive(Serialize)]
struct Report {
    info: Info,
    module_ms: f64,
    weights_ms: f64,
    results: [Times; 1],
}

#[derive(Serialize)]
struct Info {
    adapter: String,
}

#[derive(Serialize)]
struct Times {
    first_ms: f64,
    /// Time of another phrase on the same image.
    again_ms: f64,
    warm_ms: Option<f64>,
}

/// Runs the command.
pub fn run(args: &BenchArgs) -> anyhow::Result<()> {
    if let Some(path) = &args.save_image {
        let samples = Synthetic::new(SCENE, 384).samples_of_scene(0, 1);
        let sample = samples.first().context("the scene has no phrase")?;
        return write_rgba(path, &sample.image);
    }
    let path = args.image.as_deref().context("give --image")?;
    let image = read_rgba(path)?;

    let began = Instant::now();
    let chosen = args.device.open()?;
    let module_ms = milliseconds(began);
    let began = Instant::now();
    let (_, loaded) = read_bundle(&args.weights, chosen.storage, &chosen.device)?;
    let segmenter = Segmenter::new(loaded, &chosen.device);
    let weights_ms = milliseconds(began);

    let inference = || -> anyhow::Result<f64> {
        let began = Instant::now();
        let (prepared, phrase) = segmenter.prepare_and_read(&image, &args.phrase)?;
        pollster::block_on(segmenter.answer(&prepared, &phrase))?;
        Ok(milliseconds(began))
    };
    let first_ms = inference()?;
    let prepared = segmenter.prepare(&image);
    pollster::block_on(segmenter.segment(&prepared, SECOND_PHRASE))?;
    let began = Instant::now();
    pollster::block_on(segmenter.segment(&prepared, &args.phrase))?;
    let again_ms = milliseconds(began);
    let mut warm = (0..args.time)
        .map(|_| inference())
        .collect::<anyhow::Result<Vec<_>>>()?;
    warm.sort_by(f64::total_cmp);
    let warm_ms = warm.get(warm.len() / 2).copied();
    let report = Report {
        info: Info {
            adapter: chosen.name,
        },
        module_ms,
        weights_ms,
        results: [Times {
            first_ms,
            again_ms,
            warm_ms,
        }],
    };
    println!("{}", serde_json::to_string(&report)?);
    if args.rounds {
        for line in io::stdin().lines() {
            line?;
            println!("{}", inference()?);
        }
    }
    Ok(())
}

/// Writes raw RGBA, and its size to a JSON file of the same name.
///
/// # Errors
/// Fails if a file cannot be written.
pub(super) fn write_rgba(path: &Path, image: &RgbImage) -> anyhow::Result<()> {
    let rgba: Vec<u8> = image
        .pixels()
        .chunks_exact(3)
        .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
        .collect();
    let size = Size {
        width: image.width(),
        height: image.height(),
    };
    write_atomic(path, |file| file.write_all(&rgba))?;
    write_atomic(&path.with_extension("json"), |file| {
        Ok(serde_json::to_writer(file, &size)?)
    })?;
    Ok(())
}

fn read_rgba(path: &Path) -> anyhow::Result<RgbImage> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let size: Size = serde_json::from_slice(&read(&path.with_extension("json"))?)?;
    Ok(RgbImage::from_rgba(size.width, size.height, &read(path)?)?)
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}
