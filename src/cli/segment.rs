//! `s4eca segment`: a mask for an image and a phrase.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::DeviceChoice;
use crate::bundle::read_bundle;
use crate::data::read_image;
use crate::segment::{THRESHOLD, overlay};
use crate::train::{write_png_gray, write_png_rgb};

/// Colour of the mask in the overlay picture.
const COLOUR: [u8; 3] = [255, 64, 96];

/// Arguments of `segment`.
#[derive(Debug, Args)]
pub struct SegmentArgs {
    /// The image: PNG, JPEG, TIFF or WebP
    image: PathBuf,
    /// What to find, in English
    #[arg(long)]
    text: String,
    /// Where to write the mask, a black and white PNG of the image's size
    #[arg(long)]
    out: PathBuf,
    /// Where to write the mask drawn over the image, a PNG
    #[arg(long)]
    overlay: Option<PathBuf>,
    /// Where to write the probabilities, a grey PNG
    #[arg(long)]
    probability: Option<PathBuf>,
    /// Folder of the weights bundle
    #[arg(long, default_value = "weights/tiny")]
    weights: PathBuf,
    /// Probability from which on a pixel belongs to the mask, 0 to 1
    #[arg(long, default_value_t = THRESHOLD)]
    threshold: f32,
    /// Where to compute
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Runs the command.
pub fn run(args: &SegmentArgs) -> anyhow::Result<()> {
    anyhow::ensure!(
        (0.0..=1.0).contains(&args.threshold),
        "--threshold {} is not a probability: give a number from 0 to 1",
        args.threshold
    );
    let image = read_image(&args.image)?;
    let device = args.device.open()?;
    let (_, segmenter) = read_bundle(&args.weights, device.residence, &device.device)?;

    let began = Instant::now();
    let prepared = segmenter.prepare(&image);
    let found = pollster::block_on(segmenter.segment(&prepared, &args.text))?;
    let seconds = began.elapsed().as_secs_f64();

    let (width, height) = (image.width(), image.height());
    let mask = found.probability.mask(width, height, args.threshold);
    let bits: Vec<u8> = mask
        .bits()
        .iter()
        .map(|&bit| if bit { 255 } else { 0 })
        .collect();
    write_png_gray(&args.out, width, height, &bits)?;
    if let Some(path) = &args.overlay {
        write_png_rgb(path, &overlay(&image, &mask, COLOUR, 0.45))?;
    }
    if let Some(path) = &args.probability {
        let map = found.probability.resized(width, height);
        let grey: Vec<u8> = map.iter().map(|p| (p * 255.0).round() as u8).collect();
        write_png_gray(path, width, height, &grey)?;
    }
    if found.tokens.truncated {
        eprintln!("warning: the phrase is longer than the model reads; its end was ignored");
    }
    let share = 100.0 * mask.area() as f64 / (width * height) as f64;
    println!(
        "{share:.2} % of the image, score {:.2}, {seconds:.2} s on {device}: {}",
        found.probability.score(args.threshold),
        args.out.display()
    );
    if mask.area() == 0 {
        eprintln!("nothing fits the phrase at threshold {}", args.threshold);
    }
    Ok(())
}
