//! Pre-training of the visual encoder: dense class labels from a feature pyramid over its levels (Lin et al.
//! 2017, arXiv 1612.03144).

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Device, Int, Tensor};

use crate::model::{
    MASK_STRIDE, ModelConfig, VisionEncoder, grid_from_tokens, resize, tokens_from_grid,
};

/// Channels of the pyramid.
const WIDTH: usize = 64;

/// The encoder with its pre-training head; only the encoder is kept.
#[derive(Module, Debug)]
pub struct DensePretrainer {
    /// The encoder, trained for later use.
    pub vision: VisionEncoder,
    /// Layers from each map to the pyramid's channels, from fine to coarse.
    laterals: Vec<Linear>,
    smooth: Conv2d,
    classes: Linear,
}

/// A batch on the device.
#[derive(Debug)]
pub struct DenseBatch {
    /// Normalised images, `[batch, 3, height, width]`.
    pub image: Tensor<4>,
    /// Class ids, one per cell of [`MASK_STRIDE`] pixels, row-major, `[batch, cells]`; any id where the label
    /// is unknown.
    pub labels: Tensor<2, Int>,
    /// 1 where the label is known, else 0; same shape.
    pub known: Tensor<2>,
}

impl DensePretrainer {
    /// Initialises the encoder of `config` and a head for `labels` classes with random weights.
    pub fn new(config: &ModelConfig, labels: usize, device: &Device) -> Self {
        let vision = &config.vision;
        let fine = vision.fine_block().map(|block| vision.blocks()[block]);
        let maps = fine.into_iter().chain(vision.levels());
        let smooth = Conv2dConfig::new([WIDTH, WIDTH], [3, 3])
            .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1));
        Self {
            vision: VisionEncoder::new(vision, config.grid(), device),
            laterals: maps
                .map(|map| LinearConfig::new(map.width, WIDTH).init(device))
                .collect(),
            smooth: smooth.init(device),
            classes: LinearConfig::new(WIDTH, labels).init(device),
        }
    }

    /// Returns the cross-entropy over the known cells.
    pub fn loss(&self, batch: DenseBatch) -> Tensor<1> {
        let scores = self.scores(batch.image);
        let [count, cells, labels] = scores.dims();
        let scores = log_softmax(scores.reshape([count * cells, labels]), 1);
        let chosen = scores.gather(1, batch.labels.reshape([count * cells, 1]));
        let known = batch.known.reshape([count * cells, 1]);
        (chosen * known.clone()).sum().neg() / (known.sum() + 1.0)
    }

    /// Returns the most likely class of each cell, `[batch, cells]` as in [`DenseBatch::labels`].
    pub fn predict(&self, image: Tensor<4>) -> Tensor<2, Int> {
        let scores = self.scores(image);
        let [count, cells, _] = scores.dims();
        scores.argmax(2).reshape([count, cells])
    }

    /// Returns the class scores, `[batch, cells, labels]`.
    fn scores(&self, image: Tensor<4>) -> Tensor<3> {
        let [_, _, height, width] = image.dims();
        let features = self.vision.features(image, |_, _, _| None).cells();
        let maps: Vec<_> = features.fine.into_iter().chain(features.levels).collect();
        let top_down = self.laterals.iter().zip(maps).rev();
        let merged = top_down.fold(None, |above: Option<Tensor<4>>, (lateral, map)| {
            let map = grid_from_tokens(lateral.forward(map.tokens), map.size);
            Some(match above {
                Some(above) => {
                    let [_, _, rows, columns] = map.dims();
                    map + resize(above, [rows, columns])
                }
                None => map,
            })
        });
        let merged = merged.expect("three levels");
        let cells = [height / MASK_STRIDE, width / MASK_STRIDE];
        let x = relu(self.smooth.forward(resize(merged, cells)));
        self.classes.forward(tokens_from_grid(x))
    }
}

/// Returns the index of each cell's centre in a row-major map of `height` x `width` pixels, row by row.
pub fn cell_centres(height: usize, width: usize) -> Vec<usize> {
    let half = MASK_STRIDE / 2;
    let rows = (half..height / MASK_STRIDE * MASK_STRIDE).step_by(MASK_STRIDE);
    let columns = || (half..width / MASK_STRIDE * MASK_STRIDE).step_by(MASK_STRIDE);
    rows.flat_map(|y| columns().map(move |x| y * width + x))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::module::{ModuleVisitor, Param};
    use burn::optim::GradientsParams;
    use burn::tensor::Distribution;

    #[test]
    fn centres_go_row_by_row() {
        assert_eq!(cell_centres(8, 16), [34, 38, 42, 46, 98, 102, 106, 110]);
    }

    struct Reached<'a>(&'a GradientsParams, usize);

    impl ModuleVisitor for Reached<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            let gradient = self.0.get::<D>(param.id).expect("a gradient");
            assert!(gradient.abs().sum().into_scalar::<f32>() > 0.0);
            self.1 += 1;
        }
    }

    #[test]
    fn every_level_is_taught() {
        let device = Device::flex().autodiff();
        device.seed(3);
        let config = ModelConfig::micro();
        let model = DensePretrainer::new(&config, 5, &device);
        let random = Distribution::Normal(0.0, 1.0);
        let batch = DenseBatch {
            image: Tensor::random([2, 3, 64, 64], random, &device),
            labels: Tensor::<2, Int>::ones([2, 256], &device),
            known: Tensor::ones([2, 256], &device),
        };
        assert_eq!(model.predict(batch.image.clone()).dims(), [2, 256]);
        let gradients = GradientsParams::from_grads(model.loss(batch).backward(), &model);
        let mut reached = Reached(&gradients, 0);
        model.visit(&mut reached);
        assert_eq!(reached.1, 2 + 8 * 6 - 2 + 4 * 2 + 2 + 2);
    }
}
