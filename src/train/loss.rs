//! The loss of a mask: binary cross-entropy plus Dice.

use burn::tensor::Tensor;
use burn::tensor::activation::{relu, sigmoid};

/// Keeps Dice defined for an empty mask, in mask pixels.
const DICE_SMOOTHING: f32 = 1.0;

/// Mean binary cross-entropy plus mean Dice loss. `logits` and `target`, 0 to 1, are both
/// `[batch, 1, height, width]`; a target between 0 and 1 is a mask pixel that is covered in part.
pub fn mask_loss(logits: Tensor<4>, target: Tensor<4>) -> Tensor<1> {
    cross_entropy(logits.clone(), target.clone()) + dice(logits, target)
}

/// `max(x, 0) - x z + ln(1 + exp(-|x|))`, which does not overflow.
fn cross_entropy(logits: Tensor<4>, target: Tensor<4>) -> Tensor<1> {
    let tail = (logits.clone().abs().neg().exp() + 1.0).log();
    (relu(logits.clone()) - logits * target + tail).mean()
}

/// `1 - (2 sum(p z) + s) / (sum(p) + sum(z) + s)` of each sample (Milletari et al. 2016, with plain
/// sums below), averaged over the batch.
fn dice(logits: Tensor<4>, target: Tensor<4>) -> Tensor<1> {
    let [batch, _, height, width] = logits.dims();
    let p = sigmoid(logits).reshape([batch, height * width]);
    let z = target.reshape([batch, height * width]);
    let both = (p.clone() * z.clone()).sum_dim(1) * 2.0 + DICE_SMOOTHING;
    let all = p.sum_dim(1) + z.sum_dim(1) + DICE_SMOOTHING;
    (both / all).mean().neg() + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn scalar(tensor: Tensor<1>) -> f32 {
        tensor.into_scalar()
    }

    #[test]
    fn the_loss_is_what_the_formulas_say() {
        let device = Device::flex();
        let logits = Tensor::<4>::from_data([[[[0.0, 2.0]]]], &device);
        let target = Tensor::<4>::from_data([[[[0.0, 1.0]]]], &device);
        let expected = (2f32.ln() + (1.0 + (-2f32).exp()).ln()) / 2.0;
        assert!((scalar(cross_entropy(logits.clone(), target.clone())) - expected).abs() < 1e-5);
        let p = 1.0 / (1.0 + (-2f32).exp());
        let expected = 1.0 - (2.0 * p + 1.0) / (0.5 + p + 1.0 + 1.0);
        assert!((scalar(dice(logits, target)) - expected).abs() < 1e-5);
    }

    #[test]
    fn huge_logits_stay_finite() {
        let device = Device::flex();
        let logits = Tensor::<4>::from_data([[[[1e4, -1e4]]]], &device);
        let target = Tensor::<4>::from_data([[[[0.0, 0.0]]]], &device);
        assert!(scalar(mask_loss(logits, target)).is_finite());
    }
}
