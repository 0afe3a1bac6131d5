//! The same convolution from Burn's own operations. Tests compare the kernel with it. It is also used for f64, and for
//! all types if no backend that the kernel supports is compiled in.

use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::{ConvOptions, PadMode};

use crate::kernels::epilogue::Epilogue;
use crate::kernels::padding::same_padding;

/// [`depthwise`](super::depthwise) as a grouped convolution, channels first.
pub(super) fn depthwise(
    x: Tensor<4>,
    weight: Tensor<3>,
    bias: Tensor<1>,
    stride: usize,
) -> Tensor<4> {
    let [_, rows, columns, channels] = x.dims();
    let [kernel, _, _] = weight.dims();
    let x = x.permute([0, 3, 1, 2]);
    let sides = [rows, columns].map(|size| same_padding(size, kernel, stride));
    let x = x.pad(sides, PadMode::Constant(0.0));
    let weight = weight.permute([2, 0, 1]).unsqueeze_dim(1);
    let options = ConvOptions::new([stride, stride], [0, 0], [1, 1], channels);
    let y = conv2d(x, weight, Some(bias), options);
    Epilogue::Relu6.of(y).permute([0, 2, 3, 1])
}
