//! The visual encoder's own training: dense class labels, and masked patches of images without labels.

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor};

use crate::model::{GridSize, MASK_STRIDE, ModelConfig, VisionEncoder, patches_from_image};

/// The encoder with the two heads that teach it; only the encoder is kept.
#[derive(Module, Debug)]
pub struct DensePretrainer {
    /// What is trained for later use.
    pub vision: VisionEncoder,
    classes: Linear,
    pixels: Linear,
    mask_token: Param<Tensor<3>>,
    patch: usize,
    labels: usize,
}

/// A batch on the device.
#[derive(Debug)]
pub struct DenseBatch {
    /// Normalised images, `[batch, 3, height, width]`.
    pub image: Tensor<4>,
    /// Class ids, one a cell of [`MASK_STRIDE`] pixels, in the order of [`cells_of_patches`],
    /// `[batch * patches, cells a patch]`; any id where the label is unknown.
    pub labels: Tensor<2, Int>,
    /// 1 where the label is known, else 0; same shape.
    pub known: Tensor<2>,
    /// 1 where a patch is hidden from the encoder, else 0, `[batch, patches, 1]`.
    pub hidden: Tensor<3>,
}

impl DensePretrainer {
    /// Random weights for the encoder of `config`, with `labels` classes.
    pub fn new(config: &ModelConfig, labels: usize, device: &Device) -> Self {
        let (width, patch) = (config.vision.width, config.vision.patch);
        let cells = (patch / MASK_STRIDE).pow(2);
        Self {
            vision: VisionEncoder::new(&config.vision, config.grid(), device),
            classes: LinearConfig::new(width, cells * labels).init(device),
            pixels: LinearConfig::new(width, 3 * patch * patch).init(device),
            mask_token: Initializer::Normal {
                mean: 0.0,
                std: 0.02,
            }
            .init([1, 1, width], device),
            patch,
            labels,
        }
    }

    /// Cross-entropy over the known cells plus the masked patches' error.
    pub fn loss(&self, batch: DenseBatch) -> Tensor<1> {
        let [count, _, height, width] = batch.image.dims();
        let size = self.vision.grid_size([height, width]);
        let pixels = patches_from_image(batch.image, self.patch); // [batch, patches, 3 * patch²]
        let patches = self.vision.patch.forward(pixels.clone());
        let shown = batch.hidden.clone().neg() + 1.0;
        let patches = patches * shown + self.mask_token.val() * batch.hidden.clone();

        let x = self.features(patches, size);

        let cells = (self.patch / MASK_STRIDE).pow(2);
        let rows = count * size[0] * size[1] * cells;
        let scores = self.classes.forward(x.clone()).reshape([rows, self.labels]);
        let chosen = log_softmax(scores, 1).gather(1, batch.labels.reshape([rows, 1]));
        let known = batch.known.reshape([rows, 1]);
        let dense = (chosen * known.clone()).sum().neg() / (known.sum() + 1.0);

        let error = (self.pixels.forward(x) - standardised(pixels))
            .abs()
            .mean_dim(2);
        let masked = (error * batch.hidden.clone()).sum() / (batch.hidden.sum() + 1.0);
        dense + masked
    }

    /// The encoder's last features of embedded patches, `[batch, patches, width]`.
    fn features(&self, patches: Tensor<3>, size: GridSize) -> Tensor<3> {
        let x = self.vision.features(patches, size);
        x.narrow(1, self.vision.prefix(), size[0] * size[1])
    }

    /// The most likely class of every cell, `[batch * patches, cells a patch]` as in
    /// [`DenseBatch::labels`].
    pub fn predict(&self, image: Tensor<4>) -> Tensor<2, Int> {
        let [_, _, height, width] = image.dims();
        let size = self.vision.grid_size([height, width]);
        let patches = patches_from_image(image, self.patch);
        let x = self.features(self.vision.patch.forward(patches), size);
        let [batch, patches, _] = x.dims();
        let cells = (self.patch / MASK_STRIDE).pow(2);
        let scores = self
            .classes
            .forward(x)
            .reshape([batch * patches, cells, self.labels]);
        scores.argmax(2).reshape([batch * patches, cells])
    }
}

/// Every patch's pixels with mean 0 and deviation 1 (He et al. 2022, arXiv 2111.06377, section 4.1).
fn standardised(patches: Tensor<3>) -> Tensor<3> {
    let centred = patches.clone() - patches.mean_dim(2);
    let deviation = (centred.clone() * centred.clone()).mean_dim(2).sqrt() + 0.1;
    centred / deviation
}

/// Index into a row-major `height * width` map of the centre of every cell, patch after patch and
/// inside a patch row after row: the order in which the class head answers.
pub fn cells_of_patches(height: usize, width: usize, patch: usize) -> Vec<usize> {
    let half = MASK_STRIDE / 2;
    let mut cells = Vec::with_capacity(height * width / (MASK_STRIDE * MASK_STRIDE));
    for top in (0..height / patch * patch).step_by(patch) {
        for left in (0..width / patch * patch).step_by(patch) {
            for y in (top..top + patch).step_by(MASK_STRIDE) {
                cells.extend(
                    (left..left + patch)
                        .step_by(MASK_STRIDE)
                        .map(|x| (y + half) * width + x + half),
                );
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_go_patch_by_patch() {
        let cells = cells_of_patches(16, 32, 16);
        assert_eq!(cells.len(), 2 * 16);
        assert_eq!(cells[0], 2 * 32 + 2);
        assert_eq!(cells[4], 6 * 32 + 2);
        assert_eq!(cells[16], 2 * 32 + 18);
    }
}
