//! Pre-training of the visual encoder as a stage.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use burn::module::ParamGroup;
use burn::tensor::{Device, Int, Tensor, TensorData};

use super::dense_pretrainer::{DenseBatch, DensePretrainer, cell_centres};
use super::ranks::Ranks;
use super::stage::{Figures, Stage};
use crate::data::Source;
use crate::things::{Class, UNKNOWN};
use crate::vision::{Normalisation, RgbImage, to_input};

/// An image with a class id per pixel.
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
    /// Images per batch.
    pub batch: usize,
    /// Side of the input in pixels.
    pub side: usize,
    /// Colour normalisation that the encoder expects.
    pub normalisation: Normalisation,
    /// Labelled images to measure on.
    pub validation: Vec<LabelledImage>,
}

/// A batch in host memory.
#[derive(Debug)]
pub struct DenseHostBatch {
    image: Vec<f32>,
    labels: Vec<i32>,
    known: Vec<f32>,
}

impl Stage for DenseStage {
    type Model = DensePretrainer;
    type Batch = DenseHostBatch;

    fn batch_size(&self) -> usize {
        self.batch
    }

    /// Always returns the whole batch: this training runs in one process.
    fn batch(&self, step: u64, _: Range<usize>) -> anyhow::Result<DenseHostBatch> {
        let cells = cell_centres(self.side, self.side);
        let mut batch = DenseHostBatch::empty();
        for index in 0..self.batch as u64 {
            let scene = self.source.scene(step * self.batch as u64 + index);
            batch.push(&scene.image, &scene.labels, self, &cells);
        }
        Ok(batch)
    }

    fn loss(&self, model: &DensePretrainer, batch: DenseHostBatch, device: &Device) -> Tensor<1> {
        model.loss(batch.into_batch(self.side, device))
    }

    fn trained(&self, _: &DensePretrainer) -> ParamGroup {
        ParamGroup::all()
    }

    fn headline(&self) -> &'static str {
        "val_dense_miou"
    }

    fn validate(&self, model: &DensePretrainer, _: &Path, _: &Ranks) -> anyhow::Result<Figures> {
        let device = model.vision.device();
        let cells = cell_centres(self.side, self.side);
        let mut both = [0u64; Class::COUNT];
        let mut either = [0u64; Class::COUNT];
        let (mut right, mut all) = (0u64, 0u64);
        for group in self.validation.chunks(8) {
            let mut batch = DenseHostBatch::empty();
            for labelled in group {
                batch.push(&labelled.image, &labelled.labels, self, &cells);
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
        }
    }

    fn push(&mut self, image: &RgbImage, labels: &[u8], stage: &DenseStage, cells: &[usize]) {
        let side = stage.side;
        self.image
            .extend(to_input(image, [side, side], stage.normalisation));
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

    fn into_batch(self, side: usize, device: &Device) -> DenseBatch {
        let cells = cell_centres(side, side).len();
        let count = self.labels.len() / cells;
        let image = TensorData::new(self.image, [count, 3, side, side]);
        DenseBatch {
            image: Tensor::from_data(image, device),
            labels: Tensor::<2, Int>::from_data(
                TensorData::new(self.labels, [count, cells]),
                device,
            ),
            known: Tensor::from_data(TensorData::new(self.known, [count, cells]), device),
        }
    }
}
