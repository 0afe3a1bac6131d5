//! The examples: images, phrases, and the masks that people corrected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::example_error::ExampleError;
use super::unpacked::Unpacked;
use crate::archive::check_name;
use crate::data::Sample;
use crate::data::referring::{Dataset, Layout, MaskSource, Record};
use crate::vision::Mask;

/// Masks of one phrase over one image that overlap less contradict each other (IoU).
const SAME: f64 = 0.5;
/// A mask that covers a larger share of its image teaches nothing about where things end.
const MOST: f64 = 0.98;
/// Ground sample distances that are this factor apart show too different things.
const APART: f64 = 10.0;

/// Examples, each with the place that it shows: its image.
#[derive(Debug, Clone, Default)]
pub struct Examples {
    samples: Vec<Sample>,
    /// The place of each sample.
    places: Vec<String>,
    /// The ground sample distance of each sample in metres per pixel, if it is known.
    gsds: Vec<Option<f64>>,
}

impl Examples {
    /// Reads folders in the layout of one's own data (see [`Layout::Own`]), and zips of such folders. An empty mask
    /// means that nothing in the image fits the phrase. An example that occurs twice counts once, and equal images are one
    /// place, wherever they are.
    ///
    /// # Errors
    /// Fails if a folder or zip cannot be read or has a line that describes no example, if there are fewer than two
    /// examples, or if they teach nothing, contradict each other or differ too much in scale.
    pub fn read(paths: &[PathBuf]) -> Result<Self, ExampleError> {
        let mut all = Self::default();
        for path in paths {
            if path.is_file() {
                all.add_zip(path)?;
            } else {
                all.add(&Dataset::open(Layout::Own, path)?, path)?;
            }
        }
        all.check(paths.first().map_or(Path::new(""), PathBuf::as_path))?;
        Ok(all)
    }

    fn add_zip(&mut self, path: &Path) -> Result<(), ExampleError> {
        let unpacked = Unpacked::of(path)?;
        let dataset = Dataset::open(Layout::Own, &unpacked.path());
        let dataset = dataset.map_err(|error| unpacked.in_zip(&error, path))?;
        for record in dataset.records() {
            let mut files = files(record).into_iter().map(|file| dataset.relative(file));
            if let Some(file) = files.find(|file| check_name(file).is_err()) {
                return Err(ExampleError::Outside {
                    path: path.to_owned(),
                    line: record.id.clone(),
                    file,
                });
            }
        }
        self.add(&dataset, path).map_err(|error| match error {
            ExampleError::Dataset(error) => unpacked.in_zip(&error, path),
            other => other,
        })
    }

    /// Adds the examples of `dataset`; `path` is its name in messages.
    fn add(&mut self, dataset: &Dataset, path: &Path) -> Result<(), ExampleError> {
        if let Some(first) = dataset.rejected().first() {
            return Err(ExampleError::Line {
                path: path.to_owned(),
                reason: first.reason.clone(),
            });
        }
        for (index, record) in dataset.records().iter().enumerate() {
            let image = dataset.relative(&record.image);
            let mut sample = Sample::from_example(dataset.load(index)?, Layout::Own.name());
            sample.absent = sample.mask.area() == 0;
            let same = self
                .samples
                .iter()
                .position(|other| other.image == sample.image);
            let place = match same {
                Some(at) => self.places[at].clone(),
                None => format!("{}/{image}", path.display()),
            };
            let both = self.samples.iter().zip(&self.places);
            let is_known = both.into_iter().any(|(other, there)| {
                *there == place && other.phrase == sample.phrase && other.mask == sample.mask
            });
            if !is_known {
                self.samples.push(sample);
                self.places.push(place);
                self.gsds.push(record.stated.gsd);
            }
        }
        Ok(())
    }

    fn check(&self, path: &Path) -> Result<(), ExampleError> {
        if self.samples.len() < 2 {
            return Err(ExampleError::TooFew {
                path: path.to_owned(),
                count: self.samples.len(),
            });
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

    /// The examples whose place `keep` accepts.
    pub fn of_places(&self, keep: impl Fn(&str) -> bool) -> Self {
        let mut kept = Self::default();
        for (at, place) in self
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| keep(place))
        {
            kept.samples.push(self.samples[at].clone());
            kept.places.push(place.clone());
            kept.gsds.push(self.gsds[at]);
        }
        kept
    }
}

/// The image and the mask file of a record.
fn files(record: &Record) -> Vec<&Path> {
    let mut files = vec![record.image.as_path()];
    if let MaskSource::File { path, .. } = &record.mask {
        files.push(path);
    }
    files
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
#[path = "examples_tests.rs"]
mod tests;
