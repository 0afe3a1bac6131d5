//! The visual encoder's pre-training as a stage.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use burn::module::ParamGroup;
use burn::tensor::{Device, Int, Tensor, TensorData};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::dense_pretrainer::{DenseBatch, DensePretrainer, cells_of_patches};
use super::ranks::Ranks;
use super::stage::{Figures, Stage};
use crate::data::{Class, Source, UNKNOWN};
use crate::vision::{Normalisation, RgbImage, to_input};

/// Share of the patches that is hidden in an image that has no labels.
const HIDDEN_SHARE: f32 = 0.5;

/// An image with a class id for every pixel, or without.
#[derive(Debug, Clone)]
pub struct LabelledImage {
    /// The image, `side` x `side` pixels.
    pub image: RgbImage,
    /// Class ids, row-major; [`UNKNOWN`] where there is no label.
    pub labels: Vec<u8>,
}

/// The stage's data and sizes.
pub struct DenseStage {
    /// Where labelled images come from; their phrases are not used.
    pub source: Arc<dyn Source>,
    /// Images without labels, learnt from by hiding patches of them; may be empty.
    pub unlabelled: Vec<RgbImage>,
    /// Images of a batch that are taken from `unlabelled`, if there are any.
    pub unlabelled_count: usize,
    /// Images of a batch in all.
    pub batch: usize,
    /// Side of the input in pixels.
    pub side: usize,
    /// Side of a patch in pixels.
    pub patch: usize,
    /// Seed of what is drawn here.
    pub seed: u64,
    /// Labelled images to measure on.
    pub validation: Vec<LabelledImage>,
}

/// A batch in ordinary memory.
#[derive(Debug)]
pub struct DenseHostBatch {
    image: Vec<f32>,
    labels: Vec<i32>,
    known: Vec<f32>,
    hidden: Vec<f32>,
}

impl Stage for DenseStage {
    type Model = DensePretrainer;
    type Batch = DenseHostBatch;

    fn batch_size(&self) -> usize {
        self.batch
    }

    /// Always the whole batch: this training runs in one process.
    fn batch(&self, step: u64, _: Range<usize>) -> anyhow::Result<DenseHostBatch> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ step.wrapping_mul(0x9E37_79B9));
        let without = if self.unlabelled.is_empty() {
            0
        } else {
            self.unlabelled_count
        };
        let with = self.batch - without;
        let cells = cells_of_patches(self.side, self.side, self.patch);
        let patches = (self.side / self.patch).pow(2);
        let mut batch = DenseHostBatch::empty();
        for index in 0..with as u64 {
            let scene = self.source.scene(step * with as u64 + index);
            batch.push(&scene.image, &scene.labels, self.side, &cells);
            batch.hidden.extend(std::iter::repeat_n(0.0, patches));
        }
        for _ in 0..without {
            let image = &self.unlabelled[rng.random_range(0..self.unlabelled.len())];
            let labels = vec![UNKNOWN; image.width() * image.height()];
            batch.push(image, &labels, self.side, &cells);
            let hide = |_| {
                if rng.random::<f32>() < HIDDEN_SHARE {
                    1.0
                } else {
                    0.0
                }
            };
            batch.hidden.extend((0..patches).map(hide));
        }
        Ok(batch)
    }

    fn loss(&self, model: &DensePretrainer, batch: DenseHostBatch, device: &Device) -> Tensor<1> {
        model.loss(batch.into_batch(self.side, self.patch, device))
    }

    fn trained(&self, _: &DensePretrainer) -> ParamGroup {
        ParamGroup::all()
    }

    fn headline(&self) -> &'static str {
        "val_dense_miou"
    }

    fn validate(&self, model: &DensePretrainer, _: &Path, _: &Ranks) -> anyhow::Result<Figures> {
        let device = model.vision.class_token.val().device();
        let cells = cells_of_patches(self.side, self.side, self.patch);
        let mut both = [0u64; Class::COUNT];
        let mut either = [0u64; Class::COUNT];
        let (mut right, mut all) = (0u64, 0u64);
        for group in self.validation.chunks(8) {
            let mut batch = DenseHostBatch::empty();
            for labelled in group {
                batch.push(&labelled.image, &labelled.labels, self.side, &cells);
            }
            let image = TensorData::new(batch.image, [group.len(), 3, self.side, self.side]);
            let found = model.predict(Tensor::from_data(image, &device));
            let found: Vec<i64> = found.into_data().iter::<i64>().collect();
            let cells = batch.labels.iter().zip(&batch.known).zip(found);
            for ((&truth, _), found) in cells.filter(|((_, known), _)| **known > 0.0) {
                let (truth, found) = (truth as usize, found as usize);
                all += 1;
                either[truth] += 1;
                if truth == found {
                    right += 1;
                    both[truth] += 1;
                } else {
                    either[found] += 1;
                }
            }
        }
        let ious: Vec<f64> = both
            .iter()
            .zip(&either)
            .filter(|(_, either)| **either > 0)
            .map(|(&both, &either)| both as f64 / either as f64)
            .collect();
        Ok(Figures::from([
            (
                "dense_miou".to_owned(),
                ious.iter().sum::<f64>() / ious.len().max(1) as f64,
            ),
            (
                "dense_accuracy".to_owned(),
                right as f64 / all.max(1) as f64,
            ),
        ]))
    }
}

impl DenseHostBatch {
    fn empty() -> Self {
        Self {
            image: vec![],
            labels: vec![],
            known: vec![],
            hidden: vec![],
        }
    }

    fn push(&mut self, image: &RgbImage, labels: &[u8], side: usize, cells: &[usize]) {
        self.image
            .extend(to_input(image, [side, side], Normalisation::ImageNet));
        let (width, height) = (image.width(), image.height());
        for &cell in cells {
            let (x, y) = (cell % side * width / side, cell / side * height / side);
            let label = labels[y * width + x];
            self.labels.push(if label == UNKNOWN {
                0
            } else {
                i32::from(label)
            });
            self.known.push(if label == UNKNOWN { 0.0 } else { 1.0 });
        }
    }

    fn into_batch(self, side: usize, patch: usize, device: &Device) -> DenseBatch {
        let patches = (side / patch).pow(2);
        let count = self.hidden.len() / patches;
        let rows = count * patches;
        let cells = self.labels.len() / rows;
        let image = TensorData::new(self.image, [count, 3, side, side]);
        let hidden = TensorData::new(self.hidden, [count, patches, 1]);
        DenseBatch {
            image: Tensor::from_data(image, device),
            labels: Tensor::<2, Int>::from_data(
                TensorData::new(self.labels, [rows, cells]),
                device,
            ),
            known: Tensor::from_data(TensorData::new(self.known, [rows, cells]), device),
            hidden: Tensor::from_data(hidden, device),
        }
    }
}
