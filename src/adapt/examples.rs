//! The examples: images, phrases, and the masks that people corrected.

use std::collections::{BTreeMap, BTreeSet};

use super::example_error::ExampleError;
use super::source::prompt;
use crate::bundle::TaughtWords;
use crate::data::Sample;
use crate::vision::Mask;

/// Masks of one phrase over one image that overlap less contradict each other (IoU).
const SAME: f64 = 0.5;
/// A mask that covers a larger share of its image teaches nothing about where things end.
const MOST: f64 = 0.98;
/// Images whose ground sample distances differ by this factor are too different to learn from together.
const APART: f64 = 10.0;

/// Examples, each with the place that it shows: its image.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    pub(super) samples: Vec<Sample>,
    /// The place of each sample.
    pub(super) places: Vec<String>,
    /// The ground sample distance of each sample in metres per pixel, if it is known.
    pub(super) gsds: Vec<Option<f64>>,
}

impl Examples {
    /// Takes samples; `places` and the ground sample distances, if known, have the same indices.
    ///
    /// # Errors
    /// Fails if there are none, or if they teach nothing, contradict each other or differ too much in scale.
    pub fn of(
        samples: Vec<Sample>,
        places: Vec<String>,
        gsds: Vec<Option<f64>>,
    ) -> Result<Self, ExampleError> {
        let all = Self {
            samples,
            places,
            gsds,
        };
        all.check()?;
        Ok(all)
    }

    pub(super) fn check(&self) -> Result<(), ExampleError> {
        if self.samples.is_empty() {
            return Err(ExampleError::NoExample);
        }
        if self.samples.iter().all(|sample| sample.absent) {
            return Err(ExampleError::NoMask);
        }
        self.check_scales()?;
        for (at, sample) in self.samples.iter().enumerate() {
            let pixels = sample.mask.width() * sample.mask.height();
            let share = sample.mask.area() as f64 / pixels as f64;
            if share > MOST {
                return Err(ExampleError::Everything {
                    phrase: sample.phrase.clone(),
                    image: self.places[at].clone(),
                    percent: 100.0 * share,
                });
            }
            for (other, place) in self.samples[..at].iter().zip(&self.places) {
                let same = *place == self.places[at] && other.phrase == sample.phrase;
                let iou = iou(&other.mask, &sample.mask);
                if same && iou < SAME {
                    return Err(ExampleError::Contradiction {
                        phrase: sample.phrase.clone(),
                        image: place.clone(),
                        iou,
                    });
                }
            }
        }
        Ok(())
    }

    /// Checks that the finest and the coarsest image are not too far apart.
    fn check_scales(&self) -> Result<(), ExampleError> {
        let gsds = self.gsds.iter().zip(&self.places);
        let known = gsds.filter_map(|(gsd, place)| gsd.map(|gsd| (gsd, place)));
        let known: Vec<(f64, &String)> = known.collect();
        let finest = known.iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let coarsest = known.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        match (finest, coarsest) {
            (Some(&(fine_gsd, fine)), Some(&(coarse_gsd, coarse)))
                if coarse_gsd >= APART * fine_gsd =>
            {
                Err(ExampleError::Scales {
                    fine: fine.clone(),
                    fine_gsd,
                    coarse: coarse.clone(),
                    coarse_gsd,
                })
            }
            _ => Ok(()),
        }
    }

    /// The samples.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The place of every sample.
    pub fn places(&self) -> &[String] {
        &self.places
    }

    /// Number of distinct places.
    pub fn place_count(&self) -> usize {
        self.places.iter().collect::<BTreeSet<_>>().len()
    }

    /// Number of examples per phrase.
    pub fn phrases(&self) -> BTreeMap<String, usize> {
        let mut phrases = BTreeMap::new();
        for sample in &self.samples {
            *phrases.entry(sample.phrase.clone()).or_default() += 1;
        }
        phrases
    }

    /// The prompts that the network gets for these examples, which it therefore learns.
    pub fn words(&self) -> TaughtWords {
        let samples = self.samples.iter();
        let asked = samples.map(|one| prompt(&one.phrase).unwrap_or_else(|| one.phrase.clone()));
        TaughtWords::new(asked)
    }

    /// Numbers of the examples whose place `keep` accepts.
    pub fn numbers(&self, keep: impl Fn(&str) -> bool) -> Vec<usize> {
        let places = self.places.iter().enumerate();
        let kept = places.filter(|(_, place)| keep(place));
        kept.map(|(at, _)| at).collect()
    }
}

/// Intersection over union; two empty masks are the same.
fn iou(a: &Mask, b: &Mask) -> f64 {
    if (a.width(), a.height()) != (b.width(), b.height()) {
        return 0.0;
    }
    let pairs = || a.bits().iter().zip(b.bits());
    let both = pairs().filter(|(a, b)| **a && **b).count();
    let either = pairs().filter(|(a, b)| **a || **b).count();
    match either {
        0 => 1.0,
        _ => both as f64 / either as f64,
    }
}
