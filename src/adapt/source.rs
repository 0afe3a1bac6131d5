//! Examples as an endless source of training samples.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::views::{View, Views};
use crate::choosing::{Answer, Ways, is_alone};
use crate::data::Sample;
use crate::data::rewrite::phrase_after;
use crate::data::sample::derive;
use crate::vision::Mask;

/// Share of samples with a phrase of another image, for which nothing is masked.
const ABSENT: f32 = 0.15;
/// Share of phrases that are replaced by the prompt that the program would send to the network.
const AS_ASKED: f32 = 0.75;
/// A training sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Taught {
    /// What is shown.
    pub view: View,
    /// What is asked.
    pub phrase: String,
    /// Mask of what fits, over the varied image.
    pub mask: Mask,
}

/// Samples drawn from examples, varied so that their phrases stay true.
pub struct TaughtSource {
    views: Arc<Views>,
    samples: Vec<Sample>,
    /// The place of each sample.
    places: Vec<String>,
    /// The image of each sample.
    images: Vec<usize>,
    /// The network's prompt for each phrase that names things and nothing else.
    prompts: Vec<Option<String>>,
    seed: u64,
}

impl TaughtSource {
    /// A source of those `samples` whose numbers are in `taught`. The place of each sample has the same index. `views`
    /// covers all samples.
    pub fn new(
        views: Arc<Views>,
        samples: &[Sample],
        places: &[String],
        taught: &[usize],
        seed: u64,
    ) -> Self {
        Self {
            samples: taught.iter().map(|&at| samples[at].clone()).collect(),
            places: taught.iter().map(|&at| places[at].clone()).collect(),
            images: taught.iter().map(|&at| views.of_samples()[at]).collect(),
            prompts: taught
                .iter()
                .map(|&at| prompt(&samples[at].phrase))
                .collect(),
            views,
            seed,
        }
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Whether there are no examples.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The sample of an index; it depends on nothing else.
    pub fn draw(&self, index: u64) -> Taught {
        let mut rng = ChaCha8Rng::seed_from_u64(derive(self.seed, index, 0x7ea4));
        let Choice {
            example,
            phrase,
            mask,
            prompt,
        } = self.taught(&mut rng);
        // A phrase that names a place or a size may be untrue of a part of the image, or of a rotated image.
        let image = self.images[example];
        let view = self.views.draw(image, prompt.is_some(), &mut rng);
        let variation = self.views.variation(view);
        let phrase = match prompt {
            Some(prompt) if rng.random::<f32>() < AS_ASKED => prompt,
            Some(_) => phrase,
            None => phrase_after(variation.transform, &phrase),
        };
        Taught {
            view,
            phrase,
            mask: variation.mask(&mask),
        }
    }

    /// Draws an example, or its image with a phrase of another place.
    fn taught(&self, rng: &mut ChaCha8Rng) -> Choice {
        let example = rng.random_range(0..self.samples.len());
        let own = &self.samples[example];
        let others: Vec<usize> = self.foreign(example).collect();
        if !others.is_empty() && rng.random::<f32>() < ABSENT {
            let other = others[rng.random_range(0..others.len())];
            return Choice {
                example,
                phrase: self.samples[other].phrase.clone(),
                mask: Mask::empty(own.image.width(), own.image.height()),
                prompt: self.prompts[other].clone(),
            };
        }
        Choice {
            example,
            phrase: own.phrase.clone(),
            mask: own.mask.clone(),
            prompt: self.prompts[example].clone(),
        }
    }

    /// Samples whose phrase does not occur at the place of sample `at`.
    fn foreign(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let here = move |phrase: &str| {
            let mut own = self.samples.iter().zip(&self.places);
            own.any(|(sample, place)| *place == self.places[at] && sample.phrase == phrase)
        };
        (0..self.samples.len()).filter(move |&other| !here(&self.samples[other].phrase))
    }
}

/// Which phrase is used with which example, before the image is varied.
struct Choice {
    example: usize,
    phrase: String,
    mask: Mask,
    /// The phrase's prompt, if it names things and nothing else.
    prompt: Option<String>,
}

/// What the program asks the network for a phrase that names things and has no condition.
pub fn prompt(phrase: &str) -> Option<String> {
    match Ways::default().answer(phrase) {
        Answer::Request(request) if is_alone(&request) => Some(request.prompt()),
        Answer::Phrase(prompt) if prompt != phrase => Some(prompt),
        _ => None,
    }
}
