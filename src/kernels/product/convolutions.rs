//! Convolutions on channels-last features, with bias and activation in the same pass.

use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::{ConvOptions, PadMode};

use super::operation;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::on_cpu;
#[cfg(feature = "gpu")]
use crate::kernels::on_gpu;
use crate::kernels::padding::same_padding;

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
