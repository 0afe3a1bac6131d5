//! The mask head: upsampling to a quarter of the input's resolution, then a kernel per sample.
//!
//! Inferred from DETRIS and CRIS: the sentence determines a 3x3 kernel and a bias for its own image. Ours: the detail
//! path and the lateral path. The detail path adds the encoder's fine features at the mask's resolution, or the
//! image's own pixels if the encoder has none, because a vehicle in an aerial image is often smaller than a patch.
//! The lateral path adds a feature level at half that resolution.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::config::{MASK_STRIDE, ModelConfig};
use super::features::{FeatureMap, Features};
use super::grid::{TokenConv, patches_from_image, resize_tokens};
use super::precision::{linear, linear_then};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::convolution;
use crate::kernels::{on_cpu, on_gpu};

/// Values of the input's pixels in one mask pixel.
pub const PIXELS: usize = 3 * MASK_STRIDE * MASK_STRIDE;
/// Taps of the dynamic 3x3 kernel.
const TAPS: usize = 9;

/// The head's weights.
#[derive(Module, Debug)]
pub struct MaskHead {
    squeeze: Linear,
    lateral: Option<Linear>,
    middle: TokenConv,
    detail: Option<Linear>,
    fine: TokenConv,
    kernel: Linear,
    bias: Linear,
    width: usize,
    /// The level that the lateral path reads.
    lateral_level: Option<usize>,
}

impl MaskHead {
    /// A head for the encoders of `config`.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let fusion = &config.fusion;
        let (wide, width, detail) = (fusion.width / 2, fusion.head_width, fusion.detail_width);
        let vision = &config.vision;
        let seen = match vision.fine_block() {
            Some(block) => vision.blocks()[block].width,
            None => PIXELS,
        };
        let lateral_level = vision.lateral().filter(|_| detail > 0);
        let lateral = lateral_level
            .map(|level| LinearConfig::new(vision.levels()[level].width, detail).init(device));
        let beside = if lateral.is_some() { detail } else { 0 };
        Self {
            squeeze: LinearConfig::new(fusion.width, wide).init(device),
            lateral,
            middle: TokenConv::new([wide + beside, 2 * width], 3, device),
            detail: (detail > 0).then(|| LinearConfig::new(seen, detail).init(device)),
            fine: TokenConv::new([2 * width + detail, width], 3, device),
            kernel: LinearConfig::new(config.text.width, TAPS * width).init(device),
            bias: LinearConfig::new(config.text.width, 1).init(device),
            width,
            lateral_level,
        }
    }

    /// The detail path's features, `[batch, height / 4 * width / 4, detail width]`, of the encoder's `fine` map or,
    /// without one, of the pixels of `image`, `[batch, 3, height, width]`. `None` if there is no such path.
    pub fn detail(&self, image: &Tensor<4>, fine: Option<&FeatureMap>) -> Option<Tensor<3>> {
        let detail = self.detail.as_ref()?;
        let seen = match fine {
            Some(map) => map.tokens.clone(),
            None => patches_from_image(image.clone(), MASK_STRIDE),
        };
        Some(linear_then(detail, seen, Epilogue::Gelu))
    }

    /// Computes the mask's logits, `[batch, 1, height / 4, width / 4]`. `x`: `[batch, rows * columns, width]`;
    /// `features`: the encoder's, without special tokens; `detail`: that of [`Self::detail`]; `pixels`: height and
    /// width of the image; `sentence`: `[batch, text width]`.
    pub fn forward(
        &self,
        x: FeatureMap,
        features: Features,
        detail: Option<Tensor<3>>,
        [height, width]: [usize; 2],
        sentence: Tensor<2>,
    ) -> Tensor<4> {
        let batch = sentence.dims()[0];
        let fine = [height / MASK_STRIDE, width / MASK_STRIDE];
        let middle = [fine[0] / 2, fine[1] / 2];

        let tokens = linear_then(&self.squeeze, x.tokens, Epilogue::Gelu);
        let x = resize_tokens(tokens, x.size, middle);
        let x = if let (Some(lateral), Some(level)) = (&self.lateral, self.lateral_level) {
            let level = features.levels[level].tokens.clone();
            let seen = linear_then(lateral, level, Epilogue::Gelu);
            self.middle.forward_two([x, seen], middle, Epilogue::Gelu)
        } else {
            self.middle.forward(x, middle, Epilogue::Gelu)
        };
        let x = resize_tokens(x, middle, fine);
        let x = match detail {
            Some(seen) => self.fine.forward_two([x, seen], fine, Epilogue::Gelu),
            None => self.fine.forward(x, fine, Epilogue::Gelu),
        }; // [batch, fine cells, head width]

        let kernel = linear(&self.kernel, sentence.clone()).reshape([batch, TAPS, self.width]);
        let bias = linear(&self.bias, sentence);
        let scale = (TAPS as f32 * self.width as f32).sqrt();
        if batch == 1 && (on_cpu(&x) || on_gpu(&x)) {
            let x = x.reshape([1, fine[0], fine[1], self.width]);
            // In the order in which the kernel for GPUs reads it.
            let kernel = kernel.div_scalar(scale).reshape([3, 3, self.width, 1]);
            let kernel = kernel.permute([3, 2, 0, 1]); // [1, head width, 3, 3]
            let logits = convolution(x, kernel, Some(bias.reshape([1])), 1, Epilogue::Identity);
            return logits.reshape([1, 1, fine[0], fine[1]]);
        }
        let bias = bias.reshape([batch, 1, 1, 1]);
        // Elsewhere each tap is a product over channels; the taps are then shifted and added. This equals the
        // reference's grouped convolution, but needs no groups.
        let taps = kernel.matmul(x.swap_dims(1, 2)).div_scalar(scale);
        sum_of_shifts(taps.reshape([batch, TAPS, fine[0], fine[1]])) + bias
    }
}

/// Adds up the nine taps `[batch, 9, rows, columns]` of a 3x3 correlation, each shifted to its place,
/// with zeros beyond the edge. Returns `[batch, 1, rows, columns]`.
fn sum_of_shifts(taps: Tensor<4>) -> Tensor<4> {
    let [_, _, rows, columns] = taps.dims();
    let padded = taps.pad((1, 1, 1, 1), 0.0);
    (0..TAPS)
        .map(|tap| {
            let (dy, dx) = (tap / 3, tap % 3);
            padded
                .clone()
                .narrow(1, tap, 1)
                .narrow(2, dy, rows)
                .narrow(3, dx, columns)
        })
        .reduce(|sum, tap| sum + tap)
        .expect("nine taps")
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::module::conv2d;
    use burn::tensor::ops::ConvOptions;
    use burn::tensor::{Distribution, Tolerance};

    #[test]
    fn shifted_taps_are_a_convolution() {
        let device = Device::flex();
        let x = Tensor::<4>::random([1, 5, 6, 7], Distribution::Default, &device);
        let kernel = Tensor::<3>::random([1, TAPS, 5], Distribution::Default, &device);
        let taps = kernel
            .clone()
            .matmul(x.clone().reshape([1, 5, 42]))
            .reshape([1, TAPS, 6, 7]);
        let weight = kernel.swap_dims(1, 2).reshape([1, 5, 3, 3]);
        let expected = conv2d(x, weight, None, ConvOptions::new([1, 1], [1, 1], [1, 1], 1));
        sum_of_shifts(taps)
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-4));
    }
}
