//! Depthwise convolution on channels-last features, with bias and ReLU6 in the same pass.
//!
//! Our own kernel: Burn's convolutions need channels first, and have no fast depthwise path on WebGPU. It is one
//! operation of Burn's extension mechanism, with an implementation for the CPU (`cpu`), one for every GPU (`gpu`) and
//! the derivative (`backward`).

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "cpu")]
mod cpu_gradient;
#[cfg(feature = "cpu")]
mod geometry;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod gpu_gradient;
#[cfg(feature = "cpu")]
mod operation;

#[cfg(feature = "gradients")]
mod backward;
mod composed;
#[cfg(all(test, feature = "native"))]
mod tests;

#[cfg(feature = "cpu")]
use burn::tensor::DType;
use burn::tensor::Tensor;

/// Depthwise correlation, bias, ReLU6: `x` `[batch, rows, columns, channels]`, `weight`
/// `[k, k, channels]`, `bias` `[channels]`, to `[batch, ceil(rows / stride), ceil(columns / stride),
/// channels]`.
///
/// Zeros are padded as in TensorFlow's `SAME`: `max((ceil(n / stride) - 1) * stride + k - n, 0)` in total, the
/// smaller half before. Half-precision tensors are summed in f32; f64 uses Burn's own convolution.
///
/// # Panics
/// If the shapes do not match or `stride` is 0.
pub fn depthwise(x: Tensor<4>, weight: Tensor<3>, bias: Tensor<1>, stride: usize) -> Tensor<4> {
    let [_, _, _, channels] = x.dims();
    let [rows, columns, filters] = weight.dims();
    assert!(stride > 0, "a depthwise convolution of stride 0");
    assert_eq!(rows, columns, "a depthwise kernel is square");
    assert_eq!(
        (filters, bias.dims()),
        (channels, [channels]),
        "one filter and one bias for each of {channels} channels"
    );
    #[cfg(feature = "cpu")]
    if x.dtype() != DType::F64 {
        use burn::backend::Dispatch;
        return Tensor::from_dispatch(<Dispatch as operation::Depthwise>::depthwise(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.into_dispatch(),
            stride,
        ));
    }
    composed::depthwise(x, weight, bias, stride)
}
