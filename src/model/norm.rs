//! Layer normalisation, in one dispatch where there is a kernel for it.

use burn::nn::LayerNorm;
use burn::tensor::Tensor;

use crate::kernels::norm as kernels;

/// Epsilon of a norm whose config sets none: Burn's default, which is PyTorch's.
pub(super) const EPSILON: f64 = 1e-5;

/// Applies `norm`, which was made with `epsilon`.
pub(super) fn layer_norm<const D: usize>(
    norm: &LayerNorm,
    epsilon: f64,
    x: Tensor<D>,
) -> Tensor<D> {
    let beta = norm.beta.as_ref().map(|beta| beta.val());
    let fast = beta.and_then(|beta| kernels::layer_norm(&x, &norm.gamma.val(), &beta, epsilon));
    fast.unwrap_or_else(|| norm.forward(x))
}
