//! Examples as an endless source of training samples.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::choosing::{Answer, Ways, is_alone};
use crate::data::photometric::Photometric;
use crate::data::rewrite::phrase_after;
use crate::data::sample::derive;
use crate::data::transform::D4;
use crate::data::{Sample, SampleSource};
use crate::vision::{Mask, RgbImage};

/// Share of samples with a phrase of another image, for which nothing is masked.
const ABSENT: f32 = 0.15;
/// Share of phrases that are asked as the program asks the network.
const AS_ASKED: f32 = 0.75;
/// Share of samples that show a part of the image.
const PARTS: f32 = 0.5;
/// Smallest part, as a share of the shorter side.
const SMALLEST: f32 = 0.6;

/// Samples drawn from examples, varied so that their phrases stay true.
pub struct TaughtSource {
    samples: Vec<Sample>,
    places: Vec<String>,
    /// The network's prompt for each phrase that names things and nothing else.
    prompts: Vec<Option<String>>,
    seed: u64,
}

impl TaughtSource {
    /// A source of `samples`, each of the place with the same index.
    pub fn new(samples: &[Sample], places: &[String], seed: u64) -> Self {
        let prompts = samples.iter().map(|sample| prompt(&sample.phrase));
        Self {
            prompts: prompts.collect(),
            samples: samples.to_vec(),
            places: places.to_vec(),
            seed,
        }
    }

    fn draw(&self, place: u64) -> Sample {
        let mut rng = ChaCha8Rng::seed_from_u64(derive(self.seed, place, 0x7ea4));
        let (mut sample, prompt) = self.taught(&mut rng);
        // A phrase with a place or a size in it may be untrue of a part, or of a turned image.
        let transform = match prompt {
            Some(_) => D4::random(&mut rng),
            None => [D4::IDENTITY, D4::MIRROR, D4::FLIP][rng.random_range(0..3)],
        };
        if prompt.is_some() && rng.random::<f32>() < PARTS {
            cut(&mut sample, &mut rng);
        }
        sample.image = transform.image(&sample.image);
        sample.mask = transform.mask(&sample.mask);
        sample.phrase = match prompt {
            Some(prompt) if rng.random::<f32>() < AS_ASKED => prompt,
            Some(_) => sample.phrase,
            None => phrase_after(transform, &sample.phrase),
        };
        Photometric::random(derive(self.seed, place, 0x11f7)).apply(&mut sample.image);
        sample
    }

    /// An example, or its image with a phrase of another place, and the phrase's prompt.
    fn taught(&self, rng: &mut ChaCha8Rng) -> (Sample, Option<String>) {
        let at = rng.random_range(0..self.samples.len());
        let mut sample = self.samples[at].clone();
        let mut prompt = self.prompts[at].clone();
        let others: Vec<usize> = self.foreign(at).collect();
        if !others.is_empty() && rng.random::<f32>() < ABSENT {
            let other = others[rng.random_range(0..others.len())];
            sample.phrase.clone_from(&self.samples[other].phrase);
            prompt.clone_from(&self.prompts[other]);
            sample.mask = Mask::empty(sample.image.width(), sample.image.height());
            sample.absent = true;
        }
        (sample, prompt)
    }

    /// Samples whose phrase no sample of the place of sample `at` has.
    fn foreign(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let here = move |phrase: &str| {
            let mut own = self.samples.iter().zip(&self.places);
            own.any(|(sample, place)| *place == self.places[at] && sample.phrase == phrase)
        };
        (0..self.samples.len()).filter(move |&other| !here(&self.samples[other].phrase))
    }
}

impl SampleSource for TaughtSource {
    fn samples(&self, index: u64, count: usize) -> anyhow::Result<Vec<Sample>> {
        let first = index * count as u64;
        Ok((first..first + count as u64)
            .map(|place| self.draw(place))
            .collect())
    }

    fn records(&self) -> Option<usize> {
        Some(self.samples.len())
    }
}

/// What the program asks the network for a phrase that names things and has no condition.
pub fn prompt(phrase: &str) -> Option<String> {
    match Ways::default().answer(phrase) {
        Answer::Request(request) if is_alone(&request) => Some(request.prompt()),
        Answer::Phrase(prompt) if prompt != phrase => Some(prompt),
        _ => None,
    }
}

/// Replaces a sample by a square part of it.
fn cut(sample: &mut Sample, rng: &mut ChaCha8Rng) {
    let (width, height) = (sample.image.width(), sample.image.height());
    let shorter = width.min(height);
    let side = (shorter as f32 * rng.random_range(SMALLEST..=1.0)) as usize;
    let side = side.clamp(1, shorter);
    let x = rng.random_range(0..=width - side);
    let y = rng.random_range(0..=height - side);
    let mut image = RgbImage::filled(side, side, [0; 3]);
    let mut mask = Mask::empty(side, side);
    for row in 0..side {
        for column in 0..side {
            image.set_pixel(column, row, sample.image.pixel(x + column, y + row));
            mask.set(column, row, sample.mask.get(x + column, y + row));
        }
    }
    sample.image = image;
    sample.mask = mask;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(phrase: &str) -> Sample {
        let mut mask = Mask::empty(40, 30);
        (0..10).for_each(|at| mask.set(at, at, true));
        Sample {
            image: RgbImage::filled(40, 30, [120; 3]),
            phrase: phrase.to_owned(),
            mask,
            known: None,
            absent: false,
            category: None,
            kind: None,
            source: String::new(),
            truth: None,
        }
    }

    #[test]
    fn samples_depend_on_their_index_alone_and_phrases_stay_true() {
        let samples = [sample("all of the houses"), sample("the shed on the left")];
        let places = ["a", "b"].map(str::to_owned);
        let source = TaughtSource::new(&samples, &places, 1);
        let mut phrases = std::collections::BTreeSet::new();
        for index in 0..100 {
            let drawn = source.samples(index, 2).expect("samples");
            assert_eq!(drawn, source.samples(index, 2).expect("the same"));
            for sample in drawn {
                assert_eq!(sample.mask.width(), sample.image.width());
                assert!(!sample.absent || sample.mask.area() == 0);
                phrases.insert(sample.phrase);
            }
        }
        let wanted = [
            "all of the houses",
            "the buildings",
            "the shed on the left",
            "the shed on the right",
        ];
        assert_eq!(phrases.into_iter().collect::<Vec<_>>(), wanted);
    }
}
