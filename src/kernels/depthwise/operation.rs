//! The operation as declared to Burn's backends.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// The forward pass, on every backend that is compiled in.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex, Autodiff: cfg(feature = "gradients"))]
pub trait Depthwise: Backend {
    /// See [`depthwise`](super::depthwise).
    fn depthwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
    ) -> FloatTensor<Self>;
}

/// The parts of the derivative. Only training uses them.
#[cfg_attr(
    not(feature = "gradients"),
    allow(dead_code, reason = "without gradients nothing is trained")
)]
pub trait DepthwiseGradients: Backend {
    /// The gradient of ReLU6's input: that of its `output`, set to 0 where it clamped.
    fn depthwise_cut(output: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The gradient of an input of shape `input`, from the gradient of ReLU6's input.
    fn depthwise_input_gradient(
        gradient: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        input: [usize; 4],
        stride: usize,
    ) -> FloatTensor<Self>;

    /// Partial sums `[parts, k * k + 1, channels]` of the gradients of the weight and, last, the bias.
    fn depthwise_weight_gradient(
        x: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        kernel: usize,
        stride: usize,
    ) -> FloatTensor<Self>;
}
