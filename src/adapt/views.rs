//! The images of the examples in a few variations, and the output of the network's frozen part for them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use burn::tensor::{Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::data::Sample;
use crate::data::photometric::Photometric;
use crate::data::sample::derive;
use crate::data::transform::D4;
use crate::kernels::pool::in_pool;
use crate::model::Started;
use crate::network::S4eca;
use crate::vision::{Mask, RgbImage, to_input};

/// Maximum number of variations of an image. Each is computed once and used by many steps.
const MOST: usize = 12;
/// Minimum number: the variations for phrases that name a place.
const FEWEST: usize = PLAIN.len();
/// Maximum number of variations of all images together. It bounds the memory: with `tiny` at 256 px each takes 1.4 MB.
const ALL: usize = 240;
/// Share of variations that show a part of the image.
const PARTS: f32 = 0.5;
/// Smallest part, as a share of the shorter side.
const SMALLEST: f32 = 0.6;
/// The first variations: under these, phrases that name a place are still true or can be rewritten.
const PLAIN: [D4; 3] = [D4::IDENTITY, D4::MIRROR, D4::FLIP];

/// One variation of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct View {
    /// Number of the image.
    pub image: usize,
    /// Number of the variation.
    pub variation: usize,
}

/// How an image is varied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variation {
    /// The symmetry.
    pub transform: D4,
    /// Left, top and side of the square part that is shown, before the symmetry; `None` for all of it.
    part: Option<[usize; 3]>,
    light: Photometric,
}

/// The distinct images of examples, each in a few variations.
pub struct Views {
    images: Vec<RgbImage>,
    /// The image of each sample.
    of_samples: Vec<usize>,
    variations: usize,
    seed: u64,
    /// The part of the network that no training changes, without gradients.
    base: S4eca,
    side: usize,
    started: Mutex<HashMap<View, Started>>,
}

impl Views {
    /// The images of `samples`, varied by `seed` and shown to `base`, which has no gradients, at `side` pixels.
    pub fn new(samples: &[Sample], base: S4eca, side: usize, seed: u64) -> Self {
        let mut images: Vec<RgbImage> = Vec::new();
        let of_samples = samples.iter().map(|sample| {
            let known = images.iter().position(|image| *image == sample.image);
            known.unwrap_or_else(|| {
                images.push(sample.image.clone());
                images.len() - 1
            })
        });
        let of_samples = of_samples.collect();
        Self {
            variations: (ALL / images.len().max(1)).clamp(FEWEST, MOST),
            images,
            of_samples,
            seed,
            base,
            side,
            started: Mutex::default(),
        }
    }

    /// The distinct images.
    pub fn images(&self) -> &[RgbImage] {
        &self.images
    }

    /// The image of each sample.
    pub fn of_samples(&self) -> &[usize] {
        &self.of_samples
    }

    /// Side of the network's input in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Draws a view of an image. `is_free`: whether the phrase stays true under any symmetry and for any part of the
    /// image.
    pub fn draw(&self, image: usize, is_free: bool, rng: &mut ChaCha8Rng) -> View {
        let count = if is_free { self.variations } else { FEWEST };
        View {
            image,
            variation: rng.random_range(0..count),
        }
    }

    /// How a view varies its image.
    pub fn variation(&self, view: View) -> Variation {
        let seed = derive(self.seed, view.image as u64, view.variation as u64);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let image = &self.images[view.image];
        let plain = PLAIN.get(view.variation).copied();
        Variation {
            transform: plain.unwrap_or_else(|| D4::random(&mut rng)),
            part: (plain.is_none() && rng.random::<f32>() < PARTS)
                .then(|| part(image.width(), image.height(), &mut rng)),
            light: Photometric::random(derive(seed, 0, 0x11f7)),
        }
    }

    /// The output of the network's frozen part for a view, computed on first use.
    pub fn started(&self, view: View) -> Started {
        // Each value is written whole, so a thread that panicked left no partial value.
        let known = || self.started.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(started) = known().get(&view) {
            return started.clone();
        }
        let image = self.variation(view).image(&self.images[view.image]);
        let started = start(&self.base, &image, self.side);
        known().insert(view, started.clone());
        started
    }
}

/// Runs the frozen part of `model`, which has no gradients, on `image` at `side` pixels.
pub fn start(model: &S4eca, image: &RgbImage, side: usize) -> Started {
    let device = model.vision.device();
    let normalisation = model.config().vision.normalisation();
    let pixels = to_input(image, [side, side], normalisation);
    let pixels = TensorData::new(pixels, [1, 3, side, side]);
    let pixels = Tensor::from_data(pixels, &device);
    in_pool(&device, || model.start(pixels).frozen())
}

impl Variation {
    /// The varied image.
    pub fn image(&self, image: &RgbImage) -> RgbImage {
        let shown = match self.part {
            None => image.clone(),
            Some([x, y, side]) => {
                let mut shown = RgbImage::filled(side, side, [0; 3]);
                for (row, column) in pixels(side) {
                    shown.set_pixel(column, row, image.pixel(x + column, y + row));
                }
                shown
            }
        };
        let mut varied = self.transform.image(&shown);
        self.light.apply(&mut varied);
        varied
    }

    /// The mask that fits the varied image.
    pub fn mask(&self, mask: &Mask) -> Mask {
        let shown = match self.part {
            None => mask.clone(),
            Some([x, y, side]) => {
                let mut shown = Mask::empty(side, side);
                for (row, column) in pixels(side) {
                    shown.set(column, row, mask.get(x + column, y + row));
                }
                shown
            }
        };
        self.transform.mask(&shown)
    }
}

/// Row and column of every pixel of a square.
fn pixels(side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..side).flat_map(move |row| (0..side).map(move |column| (row, column)))
}

/// Left, top and side of a square part.
fn part(width: usize, height: usize, rng: &mut ChaCha8Rng) -> [usize; 3] {
    let shorter = width.min(height);
    let side = (shorter as f32 * rng.random_range(SMALLEST..=1.0)) as usize;
    let side = side.clamp(1, shorter);
    let x = rng.random_range(0..=width - side);
    let y = rng.random_range(0..=height - side);
    [x, y, side]
}
