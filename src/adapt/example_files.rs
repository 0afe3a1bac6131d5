//! Examples as folders and zips.

use std::path::{Path, PathBuf};

use super::example_error::ExampleError;
use super::examples::Examples;
use super::unpacked::Unpacked;
use crate::archive::check_name;
use crate::data::Sample;
use crate::data::referring::{Dataset, Layout, MaskSource, Record};

impl Examples {
    /// Reads folders in the layout of one's own data (see [`Layout::Own`]), and zips of such folders. An empty mask
    /// means that nothing in the image fits the phrase. An example that occurs twice counts once, and equal images are
    /// one place, wherever they are.
    ///
    /// # Errors
    /// Fails if a folder or zip cannot be read or has a line that describes no example, if there are no examples, or
    /// if they teach nothing, contradict each other or differ too much in scale.
    pub fn read(paths: &[PathBuf]) -> Result<Self, ExampleError> {
        let mut all = Self::default();
        for path in paths {
            if path.is_file() {
                all.add_zip(path)?;
            } else {
                all.add(&Dataset::open(Layout::Own, path)?, path)?;
            }
        }
        all.check()?;
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
}

/// The image and the mask file of a record.
fn files(record: &Record) -> Vec<&Path> {
    let mut files = vec![record.image.as_path()];
    if let MaskSource::File { path, .. } = &record.mask {
        files.push(path);
    }
    files
}

#[cfg(test)]
#[path = "examples_tests.rs"]
mod tests;
