//! The examples: images, phrases, and the masks that people corrected.

use std::collections::{BTreeMap, BTreeSet};
#[cfg(feature = "native")]
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::source::prompt;
use crate::bundle::TaughtWords;
use crate::data::Sample;
#[cfg(feature = "native")]
use crate::data::referring::{Dataset, DatasetError, Layout};
use crate::vision::Mask;

/// Masks of one phrase over one image that overlap less contradict each other (IoU).
const SAME: f64 = 0.5;
/// A mask that covers a larger share of its image teaches nothing about where things end.
const MOST: f64 = 0.98;

/// Examples that cannot be learned from; the message names them.
#[derive(Debug, Error)]
pub enum ExampleError {
    /// A folder that is not in the layout of one's own data, or has a damaged file.
    #[cfg(feature = "native")]
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// Nothing to learn from.
    #[error("there are {count} examples: give at least two")]
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// Only phrases for what is absent.
    #[error("no example has a mask: mark at least one thing")]
    NoMask,
    /// Two masks for one phrase over one image.
    #[error(
        "two examples contradict each other: {phrase:?} over {image} has two masks with an IoU of {iou:.2}; \
         remove one of them"
    )]
    Contradiction {
        /// The phrase.
        phrase: String,
        /// The image.
        image: String,
        /// The overlap of the two masks.
        iou: f64,
    },
    /// A mask that covers the whole image.
    #[error(
        "the mask of {phrase:?} covers {percent:.0} % of {image}: use a larger part of the image, so that it shows \
         where the thing ends"
    )]
    Everything {
        /// The phrase.
        phrase: String,
        /// The image.
        image: String,
        /// Share of the image in per cent.
        percent: f64,
    },
}

/// Examples, each with the place that it shows: its image.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    samples: Vec<Sample>,
    /// The place of each sample.
    places: Vec<String>,
}

impl Examples {
    /// Takes samples, each of the place with the same index.
    ///
    /// # Errors
    /// Fails if there are fewer than two, or if they teach nothing or contradict each other.
    pub fn of(samples: Vec<Sample>, places: Vec<String>) -> Result<Self, ExampleError> {
        let all = Self { samples, places };
        all.check()?;
        Ok(all)
    }

    /// Reads folders in the layout of one's own data (see [`Layout::Own`]). An empty mask means that nothing in the
    /// image fits the phrase.
    ///
    /// # Errors
    /// Fails if a folder cannot be read, if there are fewer than two examples, or if they teach nothing or contradict
    /// each other.
    #[cfg(feature = "native")]
    pub fn read(folders: &[PathBuf]) -> Result<Self, ExampleError> {
        let mut all = Self::default();
        for folder in folders {
            all.read_folder(folder)?;
        }
        all.check()?;
        Ok(all)
    }

    #[cfg(feature = "native")]
    fn read_folder(&mut self, folder: &Path) -> Result<(), ExampleError> {
        let dataset = Dataset::open(Layout::Own, folder)?;
        for index in 0..dataset.records().len() {
            let place = dataset.relative(&dataset.records()[index].image);
            let mut sample = Sample::from_example(dataset.load(index)?, Layout::Own.name());
            sample.absent = sample.mask.area() == 0;
            self.samples.push(sample);
            self.places.push(format!("{}/{place}", folder.display()));
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ExampleError> {
        if self.samples.len() < 2 {
            return Err(ExampleError::TooFew {
                count: self.samples.len(),
            });
        }
        if self.samples.iter().all(|sample| sample.absent) {
            return Err(ExampleError::NoMask);
        }
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

    /// What the network is asked for these examples, and therefore learns.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::write_png_rgb;
    use crate::vision::RgbImage;
    use std::fs;

    /// Writes a folder of examples: `(image, phrase, masked rows)` of 16 rows.
    fn folder(lines: &[(&str, &str, usize)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |part: &str, name: &str| folder.path().join(part).join(name);
        fs::create_dir(folder.path().join("images")).expect("room");
        fs::create_dir(folder.path().join("masks")).expect("room");
        let mut table = "image,phrase,mask\n".to_owned();
        for (at, (image, phrase, rows)) in lines.iter().enumerate() {
            let grey = RgbImage::filled(16, 16, [90; 3]);
            write_png_rgb(&path("images", image), &grey).expect("room");
            let mut mask = RgbImage::filled(16, 16, [0; 3]);
            for place in 0..rows * 16 {
                mask.set_pixel(place % 16, place / 16, [255; 3]);
            }
            write_png_rgb(&path("masks", &format!("{at}.png")), &mask).expect("room");
            table += &format!("{image},{phrase},{at}.png\n");
        }
        fs::write(folder.path().join("phrases.csv"), table).expect("room");
        folder
    }

    fn read(lines: &[(&str, &str, usize)]) -> Result<Examples, ExampleError> {
        Examples::read(&[folder(lines).path().to_owned()])
    }

    #[test]
    fn an_empty_mask_says_that_nothing_fits() {
        let examples = read(&[("a.png", "the sheds", 4), ("b.png", "the sheds", 0)]);
        let examples = examples.expect("two examples");
        assert!(!examples.samples()[0].absent && examples.samples()[1].absent);
        assert_eq!(examples.phrases()["the sheds"], 2);
        assert_eq!(examples.numbers(|place| place.ends_with("a.png")), [0]);
    }

    #[test]
    fn what_teaches_nothing_is_named() {
        for (lines, said) in [
            (vec![("a.png", "the sheds", 4)], "at least two"),
            (
                vec![("a.png", "the sheds", 0), ("b.png", "the tanks", 0)],
                "no example has a mask",
            ),
            (
                vec![("a.png", "the sheds", 16), ("b.png", "the sheds", 4)],
                "covers 100 %",
            ),
            (
                vec![("a.png", "the sheds", 2), ("a.png", "the sheds", 12)],
                "contradict",
            ),
        ] {
            let error = read(&lines).expect_err(said).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
