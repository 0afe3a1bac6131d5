//! `s4eca fixtures`: writes the CPU's results, the reference for every other platform.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use burn::tensor::Device;
use clap::Args;
use serde::Serialize;

use super::bench::write_rgba;
use crate::bundle::{WeightStorage, read_bundle};
use crate::data::{Source, Synthetic};
use crate::files::{write_atomic, write_png_rgb};
use crate::segment::Segmenter;

/// Arguments of `fixtures`.
#[derive(Debug, Args)]
pub struct FixtureArgs {
    /// Folder of the weights bundle
    #[arg(long)]
    weights: PathBuf,
    /// Bundle path that is written into the fixtures, relative to their folder
    #[arg(long)]
    named: String,
    /// Prefix of the file names
    #[arg(long)]
    prefix: String,
    /// Folder to write the fixtures to
    #[arg(long)]
    out: PathBuf,
    /// Number of images
    #[arg(long, default_value_t = 2)]
    count: u64,
    /// Backend that must reproduce the results; repeatable (default: all)
    #[arg(long)]
    backend: Vec<String>,
}

#[derive(Serialize)]
struct Fixture<'a> {
    weights: &'a str,
    image: String,
    rgba: String,
    phrase: &'a str,
    width: usize,
    height: usize,
    probability_path: String,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    backends: &'a [String],
}

/// Runs the command.
pub fn run(args: &FixtureArgs) -> anyhow::Result<()> {
    let images = args.out.join("images");
    fs::create_dir_all(&images).with_context(|| images.display().to_string())?;
    let device = Device::flex();
    let (manifest, loaded) = read_bundle(&args.weights, WeightStorage::Float, &device)?;
    let segmenter = Segmenter::new(loaded, &device);
    let side = manifest.model.input.max(96);
    for index in 0..args.count {
        let samples = Synthetic::held_out(1, side).samples_of_scene(index, 1);
        let sample = samples.first().context("the scene has no phrase")?;
        let name = format!("{}-{index}", args.prefix);
        let prepared = segmenter.prepare(&sample.image);
        let found = pollster::block_on(segmenter.segment(&prepared, &sample.phrase))?;
        let (width, height) = (sample.image.width(), sample.image.height());
        let bytes = found.probability.to_bytes(width, height);
        write_png_rgb(&args.out.join(format!("{name}.png")), &sample.image)?;
        // The size goes into a JSON file of the same name. In a folder of its own it is not mistaken for a fixture.
        write_rgba(&images.join(format!("{name}.rgba")), &sample.image)?;
        write_atomic(&args.out.join(format!("{name}.bin")), |file| {
            file.write_all(&bytes)
        })?;
        let fixture = Fixture {
            weights: &args.named,
            image: format!("{name}.png"),
            rgba: format!("images/{name}.rgba"),
            phrase: &sample.phrase,
            width,
            height,
            probability_path: format!("{name}.bin"),
            backends: &args.backend,
        };
        let path = args.out.join(format!("{name}.json"));
        write_atomic(&path, |file| {
            Ok(serde_json::to_writer_pretty(file, &fixture)?)
        })?;
        let inside = bytes.iter().filter(|&&byte| byte >= 128).count();
        println!(
            "{name}: {:?}, {inside} of {} pixels",
            sample.phrase,
            bytes.len()
        );
    }
    Ok(())
}
