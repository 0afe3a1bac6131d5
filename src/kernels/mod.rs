//! Our own operations: those that the network needs and Burn computes slowly, one file or folder each.
//!
//! Each is one operation of Burn's extension mechanism. Burn's own operations compute the same, here or in
//! [`crate::model`], for other devices and for comparison. `simd` has the vectors of every processor, `memory` the
//! conversion of the CPU backend's tensors to numbers, `sums` what the GPU kernels of products and convolutions share.

pub mod attention;
pub mod depthwise;
pub mod epilogue;
#[cfg(feature = "cpu")]
mod exponential;
#[cfg(feature = "gpu")]
mod launch;
#[cfg(feature = "cpu")]
mod memory;
pub mod norm;
pub mod padding;
pub mod pool;
pub mod product;
pub mod resize;
#[cfg(all(test, feature = "native"))]
pub(crate) mod seeded;
pub mod selection;
#[cfg(feature = "cpu")]
mod simd;
#[cfg(feature = "gpu")]
mod sums;

use burn::tensor::{DType, Device, Tensor};

/// Whether the kernels for the CPU can compute with `x`: an f32 tensor on the CPU without gradients.
pub(crate) fn on_cpu<const D: usize>(x: &Tensor<D>) -> bool {
    let cpu = cfg!(feature = "cpu");
    let device = x.device();
    cpu && x.dtype() == DType::F32 && !device.is_autodiff() && device == Device::flex()
}

/// Whether the kernels for GPUs can compute with `x`: an f32 tensor on a GPU without gradients.
pub(crate) fn on_gpu<const D: usize>(x: &Tensor<D>) -> bool {
    let gpu = cfg!(feature = "gpu");
    let device = x.device();
    gpu && x.dtype() == DType::F32 && !device.is_autodiff() && device != Device::flex()
}
