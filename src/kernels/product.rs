//! Linear layers and convolutions, with bias and activation in the same pass.
//!
//! Our own kernels. On the CPU, Burn's products reach half of the processor's speed, copy every window of a convolution,
//! and make another pass over the result for bias and activation. On GPUs, Burn's linear layer with a residual connection
//! and an activation takes up to eight dispatches. Everywhere else, with gradients, and without a bias, Burn's own
//! operations are used.

mod convolutions;
#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod gpu_convolution;
#[cfg(feature = "cpu")]
mod kept;
mod operation;
#[cfg(feature = "cpu")]
pub(super) mod panels;
mod read;
#[cfg(feature = "cpu")]
pub(super) mod tile;

#[cfg(all(test, feature = "native"))]
mod gpu_tests;
#[cfg(all(test, feature = "native"))]
mod tests;

pub use convolutions::{convolution, convolution_of_two};
pub use read::Read;

use core::ops::Range;

use burn::tensor::Tensor;
use burn::tensor::module::linear as burn_linear;
#[cfg(feature = "gpu")]
use burn::tensor::{DType, quantization::ScaleDtype};

use super::epilogue::Epilogue;
use super::on_cpu;
#[cfg(feature = "gpu")]
use super::on_gpu;
#[cfg(feature = "gpu")]
use crate::quant::{BLOCK, Bits};

/// `epilogue(x * weight + bias)`: `x` `[.., input]`, `weight` `[input, output]`, `bias` `[output]`, to `[.., output]`.
///
/// # Panics
/// If the shapes do not match.
pub fn linear<const D: usize>(
    x: Read<D>,
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
    epilogue: Epilogue,
) -> Tensor<D> {
    let [inputs, outputs] = weight.dims();
    assert_eq!(x.channels(), inputs, "a row of weights for each channel");
    if let Some(bias) = &bias {
        assert_eq!(bias.dims(), [outputs], "a bias for each output");
    }
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias
        && let Some(y) = linear_on_gpu(&x, &weight, bias, 0..outputs, None, epilogue)
    {
        return y;
    }
    let x = x.whole();
    #[cfg(feature = "cpu")]
    if let Some(bias) = bias.as_ref().filter(|_| on_cpu(&x) && on_cpu(&weight)) {
        use burn::backend::Dispatch;
        return Tensor::from_dispatch(<Dispatch as operation::Product>::product(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.clone().into_dispatch(),
            epilogue,
        ));
    }
    epilogue.of(burn_linear(x, weight, bias))
}

/// `x * weight + bias + base`: [`linear`] added to `base`, `[.., output]`.
///
/// # Panics
/// If the shapes do not match.
pub fn linear_onto<const D: usize>(
    x: Read<D>,
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
    base: Tensor<D>,
) -> Tensor<D> {
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias {
        let (all, plain) = (0..bias.dims()[0], Epilogue::Identity);
        if let Some(y) = linear_on_gpu(&x, &weight, bias, all, Some(&base), plain) {
            return y;
        }
    }
    base + linear(x, weight, bias, Epilogue::Identity)
}

/// The outputs `part` of [`linear`] without an epilogue.
///
/// # Panics
/// If the shapes do not match.
pub fn linear_part<const D: usize>(
    x: Read<D>,
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
    part: Range<usize>,
) -> Tensor<D> {
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias
        && let Some(y) = linear_on_gpu(&x, &weight, bias, part.clone(), None, Epilogue::Identity)
    {
        return y;
    }
    let weight = weight.slice_dim(1, part.clone());
    let bias = bias.map(|bias| bias.slice_dim(0, part));
    linear(x, weight, bias, Epilogue::Identity)
}

/// The outputs `part` of [`linear_onto`] with an epilogue after it, if there is a kernel for these tensors.
#[cfg(feature = "gpu")]
fn linear_on_gpu<const D: usize>(
    x: &Read<D>,
    weight: &Tensor<2>,
    bias: &Tensor<1>,
    part: Range<usize>,
    base: Option<&Tensor<D>>,
    epilogue: Epilogue,
) -> Option<Tensor<D>> {
    use burn::backend::Dispatch;
    use operation::{GpuProduct, Matrix, Residual};
    if !(x.parts().iter().all(on_gpu) && on_gpu(bias) && base.is_none_or(on_gpu)) {
        return None;
    }
    assert_eq!(
        weight.dims(),
        [x.channels(), bias.dims()[0]],
        "the shapes of a linear layer match"
    );
    assert!(part.end <= bias.dims()[0], "a part of the outputs is asked");
    let whole = part == (0..bias.dims()[0]);
    if !whole
        && [part.start, part.len()]
            .iter()
            .any(|edge| !edge.is_multiple_of(gpu::LANES))
    {
        return None;
    }
    let packed = DType::QFloat(Bits::Q8.scheme(BLOCK, ScaleDtype::F32));
    let held = weight.clone().into_dispatch();
    let weight = match weight.dtype() {
        DType::F32 => Matrix::Floats(held),
        dtype if dtype == packed => Matrix::Packed(held),
        _ => return None,
    };
    let base = match base {
        Some(base) => Residual::Tensor(base.clone().into_dispatch()),
        None => Residual::Nothing,
    };
    Some(Tensor::from_dispatch(<Dispatch as GpuProduct>::linear(
        x.on_gpu(matches!(base, Residual::Nothing))?,
        weight,
        bias.clone().into_dispatch(),
        base,
        part,
        epilogue,
    )))
}
