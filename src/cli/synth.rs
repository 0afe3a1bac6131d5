//! `s4eca synth`: writes synthetic scenes with phrases and masks, for inspection or other programs.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use crate::data::synth::Theme;
use crate::data::{Source, Synthetic};
use crate::files::{write_atomic, write_png_gray, write_png_rgb};

/// Arguments of `synth`.
#[derive(Debug, Args)]
pub struct SynthArgs {
    /// Folder to write images, masks and phrases.jsonl to: a dataset for `--data folder:PATH`
    #[arg(long)]
    out: PathBuf,
    /// Number of scenes
    #[arg(long, default_value_t = 8)]
    count: u64,
    /// Phrases per scene
    #[arg(long, default_value_t = 4)]
    phrases: usize,
    /// Side of a scene in pixels, 96 to 512
    #[arg(long, default_value_t = 384)]
    side: usize,
    /// Kind of place, such as rural or plots (default: all kinds)
    #[arg(long)]
    kind: Option<String>,
    /// Seed of the first scene
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// A line of phrases.jsonl, as `--data folder:` reads it.
#[derive(Serialize)]
struct Line<'a> {
    image: String,
    mask: String,
    phrase: &'a str,
    category: &'a Option<String>,
}

/// Runs the command.
pub fn run(args: &SynthArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        (96..=512).contains(&args.side),
        "--side {}: give 96 to 512",
        args.side
    );
    for folder in ["images", "masks"] {
        let folder = args.out.join(folder);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    let theme = match &args.kind {
        None => None,
        Some(name) => Some(Theme::named(name).with_context(|| {
            let names = Theme::ALL.map(|theme| theme.to_string()).join(", ");
            format!("there is no kind of place {name:?}: give one of {names}, plots")
        })?),
    };
    let source = Synthetic::new(args.seed, args.side).of(theme);
    let mut lines = Vec::new();
    for scene in 0..args.count {
        let samples = source.samples_of_scene(scene, args.phrases);
        // A dataset folder must not contain empty masks.
        let there = samples.iter().filter(|sample| !sample.absent);
        for (index, sample) in there.enumerate() {
            let image = format!("scene-{scene:04}.png");
            let mask = format!("scene-{scene:04}-{index}.png");
            if index == 0 {
                write_png_rgb(&args.out.join("images").join(&image), &sample.image)?;
            }
            let bits: Vec<u8> = sample
                .mask
                .bits()
                .iter()
                .map(|&bit| if bit { 255 } else { 0 })
                .collect();
            let path = args.out.join("masks").join(&mask);
            write_png_gray(&path, args.side, args.side, &bits)?;
            let line = Line {
                image,
                mask,
                phrase: &sample.phrase,
                category: &sample.category,
            };
            serde_json::to_writer(&mut lines, &line)?;
            lines.push(b'\n');
        }
    }
    write_atomic(&args.out.join("phrases.jsonl"), |file| {
        file.write_all(&lines)
    })?;
    println!("{} scenes in {}", args.count, args.out.display());
    Ok(())
}
