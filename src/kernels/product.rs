//! Linear layers and convolutions, with bias and activation in the same pass.
//!
//! Our own kernels. On the CPU, Burn's products reach half of the processor's speed, copy every window of a convolution,
//! and make another pass over the result for bias and activation. On GPUs, Burn's linear layer with a residual connection
//! and an activation takes up to eight dispatches. Everywhere else, with gradients, and without a bias, Burn's own
//! operations are used.

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
#[cfg(feature = "cpu")]
pub(super) mod tile;

#[cfg(all(test, feature = "native"))]
mod tests;

use core::ops::Range;

use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, linear as burn_linear};
use burn::tensor::ops::{ConvOptions, PadMode};
#[cfg(feature = "gpu")]
use burn::tensor::{DType, quantization::ScaleDtype};

use super::epilogue::Epilogue;
use super::on_cpu;
#[cfg(feature = "gpu")]
use super::on_gpu;
use super::padding::same_padding;
#[cfg(feature = "gpu")]
use crate::quant::{BLOCK, Bits};

/// `epilogue(x * weight + bias)`: `x` `[.., input]`, `weight` `[input, output]`, `bias` `[output]`, to `[.., output]`.
///
/// # Panics
/// If the shapes do not match.
pub fn linear<const D: usize>(
    x: Tensor<D>,
    weight: Tensor<2>,
    bias: Option<Tensor<1>>,
    epilogue: Epilogue,
) -> Tensor<D> {
    let [inputs, outputs] = weight.dims();
    assert_eq!(x.dims()[D - 1], inputs, "a row of weights for each channel");
    if let Some(bias) = &bias {
        assert_eq!(bias.dims(), [outputs], "a bias for each output");
    }
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
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias
        && let Some(y) = linear_on_gpu(&x, &weight, bias, 0..outputs, None, epilogue)
    {
        return y;
    }
    epilogue.of(burn_linear(x, weight, bias))
}

/// `x * weight + bias + base`: [`linear`] added to `base`, `[.., output]`.
///
/// # Panics
/// If the shapes do not match.
pub fn linear_onto<const D: usize>(
    x: Tensor<D>,
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
    x: Tensor<D>,
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
    x: &Tensor<D>,
    weight: &Tensor<2>,
    bias: &Tensor<1>,
    part: Range<usize>,
    base: Option<&Tensor<D>>,
    epilogue: Epilogue,
) -> Option<Tensor<D>> {
    use burn::backend::Dispatch;
    use operation::{Finish, GpuProduct};
    if !(on_gpu(x) && on_gpu(bias) && base.is_none_or(on_gpu)) {
        return None;
    }
    let packed = DType::QFloat(Bits::Q8.scheme(BLOCK, ScaleDtype::F32));
    let product = match weight.dtype() {
        DType::F32 => <Dispatch as GpuProduct>::linear,
        dtype if dtype == packed => <Dispatch as GpuProduct>::packed_linear,
        _ => return None,
    };
    if [part.start, part.len()]
        .iter()
        .any(|edge| !edge.is_multiple_of(gpu::LANES))
        && part != (0..bias.dims()[0])
    {
        return None;
    }
    let finish = Finish {
        onto: base.is_some(),
        epilogue,
    };
    Some(Tensor::from_dispatch(product(
        x.clone().into_dispatch(),
        weight.clone().into_dispatch(),
        bias.clone().into_dispatch(),
        base.unwrap_or(x).clone().into_dispatch(),
        part,
        finish,
    )))
}

/// A convolution with [`same_padding`]: `x` `[batch, rows, columns, input]`, `weight` `[output, input, side, side]`,
/// `bias` `[output]`, to `[batch, ceil(rows / stride), ceil(columns / stride), output]`.
///
/// # Panics
/// If the shapes do not match or `stride` is 0.
pub fn convolution(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    stride: usize,
    epilogue: Epilogue,
) -> Tensor<4> {
    let [_, rows, columns, channels] = x.dims();
    let [outputs, inputs, side, wide] = weight.dims();
    assert!(stride > 0, "a convolution of stride 0");
    assert_eq!(
        (inputs, side),
        (channels, wide),
        "a square kernel for these channels"
    );
    if let Some(bias) = &bias {
        assert_eq!(bias.dims(), [outputs], "a bias for each output");
    }
    #[cfg(feature = "cpu")]
    if let Some(bias) = bias.as_ref().filter(|_| on_cpu(&x) && on_cpu(&weight)) {
        use burn::backend::Dispatch;
        return Tensor::from_dispatch(<Dispatch as operation::Product>::convolution(
            x.into_dispatch(),
            weight.into_dispatch(),
            bias.clone().into_dispatch(),
            stride,
            epilogue,
        ));
    }
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias
        && let Some(y) = convolution_on_gpu(&x, None, &weight, bias, stride, epilogue)
    {
        return y;
    }
    let sides = [rows, columns].map(|size| same_padding(size, side, stride));
    let even = sides.iter().all(|(before, after)| before == after);
    let x = x.permute([0, 3, 1, 2]);
    let (x, padding) = match even {
        true => (x, sides.map(|(before, _)| before)),
        false => (x.pad(sides, PadMode::Constant(0.0)), [0, 0]),
    };
    let options = ConvOptions::new([stride, stride], padding, [1, 1], 1);
    let y = conv2d(x, weight, bias, options);
    epilogue.of(y).permute([0, 2, 3, 1])
}

/// [`convolution`] with stride 1 of two tensors whose channels follow one another; without a copy of both together
/// where there is a kernel for it.
///
/// # Panics
/// If the shapes do not match.
pub fn convolution_of_two(
    [first, second]: [Tensor<4>; 2],
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    epilogue: Epilogue,
) -> Tensor<4> {
    let (one, other) = (first.dims(), second.dims());
    let [outputs, inputs, side, wide] = weight.dims();
    assert_eq!(one[..3], other[..3], "the same cells");
    assert_eq!(
        (inputs, side),
        (one[3] + other[3], wide),
        "a square kernel for these channels"
    );
    if let Some(bias) = &bias {
        assert_eq!(bias.dims(), [outputs], "a bias for each output");
    }
    #[cfg(feature = "cpu")]
    if let Some(bias) = &bias
        && [&first, &second, &weight].into_iter().all(on_cpu)
    {
        use burn::backend::Dispatch;
        return Tensor::from_dispatch(<Dispatch as operation::Product>::convolution_of_two(
            first.into_dispatch(),
            second.into_dispatch(),
            weight.into_dispatch(),
            bias.clone().into_dispatch(),
            epilogue,
        ));
    }
    #[cfg(feature = "gpu")]
    if let Some(bias) = &bias
        && let Some(y) = convolution_on_gpu(&first, Some(&second), &weight, bias, 1, epilogue)
    {
        return y;
    }
    let x = Tensor::cat(vec![first, second], 3);
    convolution(x, weight, bias, 1, epilogue)
}

/// [`convolution`] or [`convolution_of_two`], if there is a kernel for these tensors.
#[cfg(feature = "gpu")]
fn convolution_on_gpu(
    first: &Tensor<4>,
    second: Option<&Tensor<4>>,
    weight: &Tensor<4>,
    bias: &Tensor<1>,
    stride: usize,
    epilogue: Epilogue,
) -> Option<Tensor<4>> {
    use burn::backend::Dispatch;
    use operation::GpuConvolution;
    if !(on_gpu(first) && second.is_none_or(on_gpu) && on_gpu(weight) && on_gpu(bias)) {
        return None;
    }
    Some(Tensor::from_dispatch(
        <Dispatch as GpuConvolution>::convolution(
            first.clone().into_dispatch(),
            second.unwrap_or(first).clone().into_dispatch(),
            weight.clone().into_dispatch(),
            bias.clone().into_dispatch(),
            second.is_some(),
            stride,
            epilogue,
        ),
    ))
}
