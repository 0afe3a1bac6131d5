//! Bilinear resize of channels-last features, half-pixel centres.
//!
//! A kernel of our own for the CPU, where Burn's wants channels first and takes one number at a time. It is chosen by
//! [`crate::model`], which has the way through Burn's own operations for everything else.

#[cfg(any(feature = "native", feature = "web"))]
mod cpu;
#[cfg(any(feature = "native", feature = "web"))]
mod operation;

use burn::tensor::Tensor;

use super::on_cpu;

/// `x` `[batch, rows, columns, channels]` at another size, `[batch, size[0], size[1], channels]`. `None` where there
/// is no kernel for the tensor's device.
pub fn resize(x: &Tensor<4>, size: [usize; 2]) -> Option<Tensor<4>> {
    if !on_cpu(x) {
        return None;
    }
    #[cfg(any(feature = "native", feature = "web"))]
    {
        use burn::backend::Dispatch;
        Some(Tensor::from_dispatch(
            <Dispatch as operation::Resize>::resize(x.clone().into_dispatch(), size),
        ))
    }
    #[cfg(not(any(feature = "native", feature = "web")))]
    {
        let _ = size;
        None
    }
}
