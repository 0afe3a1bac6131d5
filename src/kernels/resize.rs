//! Bilinear resize of channels-last features, half-pixel centres.
//!
//! Our own kernel for the CPU, where Burn's needs channels first and processes one number at a time. [`crate::model`]
//! chooses it, and uses Burn's own operations for everything else.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "cpu")]
mod operation;

use burn::tensor::Tensor;

use super::on_cpu;

/// Resizes `x`, `[batch, rows, columns, channels]`, to `[batch, size[0], size[1], channels]`. Returns `None` if there
/// is no kernel for the tensor.
pub fn resize(x: &Tensor<4>, size: [usize; 2]) -> Option<Tensor<4>> {
    if !on_cpu(x) {
        return None;
    }
    #[cfg(feature = "cpu")]
    {
        use burn::backend::Dispatch;
        Some(Tensor::from_dispatch(
            <Dispatch as operation::Resize>::resize(x.clone().into_dispatch(), size),
        ))
    }
    #[cfg(not(feature = "cpu"))]
    {
        let _ = size;
        None
    }
}
