//! Mask losses: a weighted sum of binary cross-entropy, Dice and focal loss.

use burn::tensor::Tensor;
use burn::tensor::activation::{relu, sigmoid};
use serde::{Deserialize, Serialize};

/// Keeps Dice defined for an empty mask, in mask pixels.
const DICE_SMOOTHING: f32 = 1.0;
/// Weight of the foreground in the focal loss (Lin et al. 2017, arXiv 1708.02002).
const FOCAL_ALPHA: f32 = 0.25;

/// Weights of the losses; 0 skips a loss.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LossWeights {
    /// Binary cross-entropy.
    pub bce: f32,
    /// Dice.
    pub dice: f32,
    /// Focal loss with gamma 2.
    pub focal: f32,
}

impl Default for LossWeights {
    fn default() -> Self {
        Self {
            bce: 1.0,
            dice: 1.0,
            focal: 0.0,
        }
    }
}

impl LossWeights {
    /// Returns the weighted sum of the mean losses. If all weights are 0, returns the cross-entropy. `logits`
    /// and `target`, 0 to 1, are both `[batch, 1, height, width]`; a target between 0 and 1 is a partly
    /// covered mask pixel. `known`, of the same shape, is 1 where the target is known and 0 where it is
    /// ignored; None means that all of it is known.
    pub fn loss(
        &self,
        logits: Tensor<4>,
        target: Tensor<4>,
        known: Option<Tensor<4>>,
    ) -> Tensor<1> {
        let parts = [
            (self.bce, cross_entropy as fn(_, _, _) -> _),
            (self.dice, dice),
            (self.focal, focal),
        ];
        let weighed = parts.into_iter().filter(|(weight, _)| *weight > 0.0);
        weighed
            .map(|(weight, part)| part(logits.clone(), target.clone(), known.clone()) * weight)
            .reduce(|sum, part: Tensor<1>| sum + part)
            .unwrap_or_else(|| cross_entropy(logits, target, known))
    }
}

/// Returns the mean of `max(x, 0) - x z + ln(1 + exp(-|x|))`, which does not overflow.
fn cross_entropy(logits: Tensor<4>, target: Tensor<4>, known: Option<Tensor<4>>) -> Tensor<1> {
    mean(pixels(logits, target), known)
}

/// Returns the mean over the known values, or 0 if there are none.
fn mean(values: Tensor<4>, known: Option<Tensor<4>>) -> Tensor<1> {
    match known {
        None => values.mean(),
        Some(known) => (values * known.clone()).sum() / known.sum().clamp_min(1.0),
    }
}

fn pixels(logits: Tensor<4>, target: Tensor<4>) -> Tensor<4> {
    let tail = (logits.clone().abs().neg().exp() + 1.0).log();
    relu(logits.clone()) - logits * target + tail
}

/// `1 - (2 sum(p z) + s) / (sum(p) + sum(z) + s)` of each sample (Milletari et al. 2016, with plain sums
/// below), averaged over the batch.
fn dice(logits: Tensor<4>, target: Tensor<4>, known: Option<Tensor<4>>) -> Tensor<1> {
    let [batch, _, height, width] = logits.dims();
    let (p, z) = match known {
        None => (sigmoid(logits), target),
        Some(known) => (sigmoid(logits) * known.clone(), target * known),
    };
    let p = p.reshape([batch, height * width]);
    let z = z.reshape([batch, height * width]);
    let both = (p.clone() * z.clone()).sum_dim(1) * 2.0 + DICE_SMOOTHING;
    let all = p.sum_dim(1) + z.sum_dim(1) + DICE_SMOOTHING;
    (both / all).mean().neg() + 1.0
}

/// Cross-entropy times `(1 - q)^2`, where `q` is the probability of the true class, and times alpha for
/// foreground or `1 - alpha` for background.
fn focal(logits: Tensor<4>, target: Tensor<4>, known: Option<Tensor<4>>) -> Tensor<1> {
    let p = sigmoid(logits.clone());
    let wrong = p.clone() + target.clone() - p * target.clone() * 2.0;
    let alpha = target.clone() * (2.0 * FOCAL_ALPHA - 1.0) + (1.0 - FOCAL_ALPHA);
    mean(
        pixels(logits, target) * wrong.clone() * wrong * alpha,
        known,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn scalar(tensor: Tensor<1>) -> f32 {
        tensor.into_scalar()
    }

    fn case() -> (Tensor<4>, Tensor<4>) {
        let device = Device::flex();
        (
            Tensor::from_data([[[[0.0, 2.0]]]], &device),
            Tensor::from_data([[[[0.0, 1.0]]]], &device),
        )
    }

    #[test]
    fn the_losses_are_what_the_formulas_say() {
        let (logits, target) = case();
        let tail = (1.0 + (-2f32).exp()).ln();
        let bce = (2f32.ln() + tail) / 2.0;
        assert!((scalar(cross_entropy(logits.clone(), target.clone(), None)) - bce).abs() < 1e-5);
        let p = 1.0 / (1.0 + (-2f32).exp());
        let expected = 1.0 - (2.0 * p + 1.0) / (0.5 + p + 1.0 + 1.0);
        assert!((scalar(dice(logits.clone(), target.clone(), None)) - expected).abs() < 1e-5);
        let expected = (0.75 * 0.25 * 2f32.ln() + 0.25 * (1.0 - p).powi(2) * tail) / 2.0;
        assert!((scalar(focal(logits, target, None)) - expected).abs() < 1e-5);
    }

    #[test]
    fn weights_add_the_losses_up() {
        let (logits, target) = case();
        let loss = |bce, dice, focal| {
            let weights = LossWeights { bce, dice, focal };
            scalar(weights.loss(logits.clone(), target.clone(), None))
        };
        let sum = 2.0 * loss(1.0, 0.0, 0.0) + 0.5 * loss(0.0, 1.0, 0.0) + loss(0.0, 0.0, 1.0);
        assert!((loss(2.0, 0.5, 1.0) - sum).abs() < 1e-5);
        assert_eq!(loss(0.0, 0.0, 0.0), loss(1.0, 0.0, 0.0));
    }

    #[test]
    fn what_is_unknown_does_not_count() {
        let device = Device::flex();
        let all = LossWeights {
            focal: 1.0,
            ..LossWeights::default()
        };
        let tensor = |values: [f32; 3]| Tensor::<4>::from_data([[[values]]], &device);
        let known = tensor([1.0, 1.0, 0.0]);
        let loss = |third: f32, target: f32| {
            let (logits, target) = (tensor([0.0, 2.0, third]), tensor([0.0, 1.0, target]));
            scalar(all.loss(logits, target, Some(known.clone())))
        };
        let (logits, target) = case();
        let alone = scalar(all.loss(logits, target, None));
        assert!((loss(5.0, 0.0) - alone).abs() < 1e-5);
        assert!((loss(-3.0, 1.0) - alone).abs() < 1e-5);
        let nothing = tensor([0.0; 3]);
        let loss = scalar(all.loss(tensor([3.0; 3]), tensor([1.0; 3]), Some(nothing)));
        assert!(loss.abs() < 1e-5, "{loss}");
    }

    #[test]
    fn huge_logits_stay_finite() {
        let device = Device::flex();
        let logits = Tensor::<4>::from_data([[[[1e4, -1e4]]]], &device);
        let target = Tensor::<4>::from_data([[[[0.0, 0.0]]]], &device);
        let all = LossWeights {
            focal: 1.0,
            ..LossWeights::default()
        };
        assert!(scalar(all.loss(logits, target, None)).is_finite());
    }
}
