//! Linear layers and convolutions, with bias and activation in the same pass.
//!
//! Our own kernel for the CPU, where Burn's products reach half of the processor's speed, copy every window of a
//! convolution, and make another pass over the result for bias and activation. Everywhere else, with gradients, and
//! without a bias, Burn's own operations are used.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "cpu")]
mod kept;
#[cfg(feature = "cpu")]
mod operation;
#[cfg(feature = "cpu")]
pub(super) mod panels;
#[cfg(feature = "cpu")]
pub(super) mod tile;

#[cfg(all(test, feature = "native"))]
mod tests;

use burn::tensor::Tensor;
use burn::tensor::module::{conv2d, linear as burn_linear};
use burn::tensor::ops::{ConvOptions, PadMode};

use super::epilogue::Epilogue;
use super::on_cpu;
use super::padding::same_padding;

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
    epilogue.of(burn_linear(x, weight, bias))
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
    let x = Tensor::cat(vec![first, second], 3);
    convolution(x, weight, bias, 1, epilogue)
}
