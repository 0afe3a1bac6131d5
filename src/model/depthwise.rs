//! The depthwise convolution: every channel has a kernel of its own.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;

use super::grid::same_padding;

/// Largest value that ReLU6 lets through.
const SIX: f32 = 6.0;

/// Correlates every channel of `x`, `[batch, rows, columns, channels]`, with its own kernel in `weight`,
/// `[side, side, channels]`, under TensorFlow's "same" padding; adds `bias`, `[channels]`; ReLU6.
/// Returns `[batch, rows / stride, columns / stride, channels]`, rounded up.
pub fn depthwise(x: Tensor<4>, weight: Tensor<3>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    let [_, rows, columns, channels] = x.dims();
    let [side, _, _] = weight.dims();
    let (top, bottom) = same_padding(rows, side, stride);
    let (left, right) = same_padding(columns, side, stride);
    let x = x.permute([0, 3, 1, 2]).pad((left, right, top, bottom), 0.0);
    let weight = weight.permute([2, 0, 1]).unsqueeze_dim::<4>(1); // [channels, 1, side, side]
    let options = ConvOptions::new([stride, stride], [0, 0], [1, 1], channels);
    let y = conv2d(x, weight, Some(bias), options);
    relu6(y).permute([0, 2, 3, 1])
}

/// Values cut to 0..6.
pub(super) fn relu6<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    relu(x).clamp_max(SIX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn every_channel_is_correlated_alone() {
        let device = Device::flex();
        // Two channels, the second ten times the first.
        let values: Vec<f32> = (0..9)
            .flat_map(|i| [i as f32 / 8.0, 10.0 * i as f32])
            .collect();
        let x = Tensor::<4>::from_data(TensorData::new(values, [1, 3, 3, 2]), &device);
        let weight = Tensor::<3>::ones([3, 3, 2], &device);
        let bias = Tensor::<1>::from_floats([0.5, -100.0], &device);
        let y = depthwise(x, weight, bias, 2);
        assert_eq!(y.dims(), [1, 2, 2, 2]);
        let found: Vec<f32> = y.into_data().iter::<f32>().collect();
        // An odd side pads alike on both sides: corners sum four cells.
        let corners = [8.0, 12.0, 20.0, 24.0];
        let expected: Vec<f32> = corners
            .iter()
            .flat_map(|sum| {
                [
                    (sum / 8.0 + 0.5f32).min(6.0),
                    (10.0 * sum - 100.0).clamp(0.0, 6.0),
                ]
            })
            .collect();
        assert_eq!(found, expected);
    }
}
