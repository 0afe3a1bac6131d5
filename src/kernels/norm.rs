//! Layer normalisation over the last dimension (Ba et al. 2016, arXiv 1607.06450).
//!
//! Our own kernel for GPUs, where Burn's takes nine dispatches. [`crate::model`] chooses it, and uses Burn's own operation
//! for everything else.

#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod operation;
#[cfg(all(test, feature = "native"))]
mod tests;

use burn::tensor::Tensor;

#[cfg(feature = "gpu")]
use super::on_gpu;

/// Normalises the rows of `x`, `[.., width]`, and scales and shifts them by `gamma` and `beta`, `[width]`. `None` if there
/// is no kernel for these tensors.
pub fn layer_norm<const D: usize>(
    x: &Tensor<D>,
    gamma: &Tensor<1>,
    beta: &Tensor<1>,
    epsilon: f64,
) -> Option<Tensor<D>> {
    #[cfg(feature = "gpu")]
    if on_gpu(x) && [gamma, beta].into_iter().all(on_gpu) {
        use burn::backend::Dispatch;
        return Some(Tensor::from_dispatch(
            <Dispatch as operation::Normalise>::normalise(
                x.clone().into_dispatch(),
                gamma.clone().into_dispatch(),
                beta.clone().into_dispatch(),
                epsilon as f32,
            ),
        ));
    }
    let _ = (x, gamma, beta, epsilon);
    None
}
