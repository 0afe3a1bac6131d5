//! A dataset of referring expressions as a source of samples.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::notice::notify;
use super::photometric::Photometric;
use super::referring::{Dataset, DatasetError, Example, Split};
use super::rewrite::phrase_after;
use super::sample::{Sample, SampleSource, derive};
use super::transform::D4;

/// Number of records to try in a row before a dataset counts as unreadable.
const TRIES: usize = 64;

/// The records of a split, reshuffled every epoch.
pub struct ReferringSource {
    dataset: Arc<Dataset>,
    indices: Vec<usize>,
    seed: u64,
    augment: bool,
    /// The order of the epoch requested last.
    order: Mutex<Option<(u64, Arc<Vec<usize>>)>>,
    /// Records that were skipped; each is reported once.
    passed: Mutex<BTreeSet<usize>>,
}

impl ReferringSource {
    /// The records of `split` to learn from, in another order every epoch. With `augment`, images are mirrored left
    /// to right or top to bottom, together with the direction words of their phrases, and their lighting is varied.
    ///
    /// # Errors
    /// Fails if the split has no records.
    pub fn new(
        dataset: Arc<Dataset>,
        split: Split,
        seed: u64,
        augment: bool,
    ) -> Result<Self, DatasetError> {
        let indices = dataset.indices(split);
        if indices.is_empty() {
            return Err(DatasetError::EmptySplit {
                path: dataset.root().to_owned(),
                split,
            });
        }
        Ok(Self {
            dataset,
            indices,
            seed,
            augment,
            order: Mutex::new(None),
            passed: Mutex::new(BTreeSet::new()),
        })
    }

    /// The record at `place` in the endless sequence of epochs.
    fn record(&self, place: u64) -> usize {
        let count = self.indices.len() as u64;
        let (epoch, within) = (place / count, (place % count) as usize);
        let mut cached = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        let order = match &*cached {
            Some((of, order)) if *of == epoch => order.clone(),
            _ => {
                let mut order = self.indices.clone();
                let mut rng = ChaCha8Rng::seed_from_u64(derive(self.seed, epoch, 0x0e90));
                order.shuffle(&mut rng);
                let order = Arc::new(order);
                *cached = Some((epoch, order.clone()));
                order
            }
        };
        order[within]
    }

    /// The example at `place`. A record that cannot be read, or has an empty mask without being marked absent, is
    /// replaced by another one.
    fn example(&self, place: u64) -> Result<Example, DatasetError> {
        let count = self.indices.len() as u64;
        let mut index = self.record(place);
        for attempt in 1..=TRIES as u64 {
            let problem = match self.dataset.load(index) {
                Ok(example) if example.absent || example.mask.area() > 0 => return Ok(example),
                Ok(_) => "its mask is empty".to_owned(),
                Err(error) if attempt == TRIES as u64 => return Err(error),
                Err(error) => error.to_string(),
            };
            let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
            if passed.insert(index) {
                let id = &self.dataset.records()[index].id;
                let layout = self.dataset.layout();
                notify(format!("skipping {id} of {layout}: {problem}"));
            }
            drop(passed);
            let draw = derive(self.seed ^ place, attempt, 0x9a55) % count;
            index = self.indices[draw as usize];
        }
        Err(DatasetError::NoRecord {
            index,
            count: self.indices.len(),
        })
    }
}

impl SampleSource for ReferringSource {
    fn samples(&self, index: u64, count: usize) -> anyhow::Result<Vec<Sample>> {
        let places = index * count as u64..(index + 1) * count as u64;
        places
            .map(|place| {
                let example = self.example(place)?;
                let mut sample = Sample::from_example(example, self.dataset.layout().name());
                if self.augment {
                    augment(&mut sample, derive(self.seed, place, 0xa063));
                }
                Ok(sample)
            })
            .collect()
    }

    fn records(&self) -> Option<usize> {
        Some(self.indices.len())
    }
}

/// Varies the lighting and mirrors the image left to right, top to bottom, or not at all. Quarter turns are excluded:
/// they would swap rows and columns, for which phrases use different words.
fn augment(sample: &mut Sample, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let transforms = [D4::IDENTITY, D4::MIRROR, D4::FLIP];
    let transform = transforms[rng.random_range(0..transforms.len())];
    sample.image = transform.image(&sample.image);
    sample.mask = transform.mask(&sample.mask);
    sample.phrase = phrase_after(transform, &sample.phrase);
    Photometric::random(seed).apply(&mut sample.image);
}
