//! The operations as declared to Burn.

#[cfg(feature = "gpu")]
use burn::backend::ExtensionType;
use burn::backend::tensor::FloatTensor;
#[cfg(feature = "gpu")]
use burn::backend::tensor::QuantizedTensor;
use burn::backend::{Backend, backend_extension};

#[cfg(feature = "gpu")]
use core::ops::Range;

use crate::kernels::epilogue::Epilogue;

/// Products on the CPU.
#[cfg(feature = "cpu")]
#[backend_extension(Flex)]
pub trait Product: Backend {
    /// See [`linear`](super::linear).
    fn product(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epilogue: Epilogue,
    ) -> FloatTensor<Self>;

    /// See [`convolution`](super::convolution).
    fn convolution(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        stride: usize,
        epilogue: Epilogue,
    ) -> FloatTensor<Self>;

    /// See [`convolution_of_two`](super::convolution_of_two).
    fn convolution_of_two(
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        epilogue: Epilogue,
    ) -> FloatTensor<Self>;
}

/// What a linear layer on a GPU reads: see [`Read`](super::Read).
#[cfg(feature = "gpu")]
#[derive(ExtensionType)]
pub enum Reads<B: Backend> {
    /// One tensor.
    One(FloatTensor<B>),
    /// The sum of two.
    Sum(FloatTensor<B>, FloatTensor<B>),
    /// Two whose channels follow one another.
    Two(FloatTensor<B>, FloatTensor<B>),
    /// Three whose channels follow one another.
    Three(FloatTensor<B>, FloatTensor<B>, FloatTensor<B>),
}

/// The weights of a linear layer on a GPU.
#[cfg(feature = "gpu")]
#[derive(ExtensionType)]
pub enum Matrix<B: Backend> {
    /// Floats.
    Floats(FloatTensor<B>),
    /// Eight bits each, [`BLOCK`](crate::quant::BLOCK) of which share a scale.
    Packed(QuantizedTensor<B>),
}

/// What is added to a linear layer on a GPU.
#[cfg(feature = "gpu")]
#[derive(ExtensionType)]
pub enum Residual<B: Backend> {
    /// Nothing.
    Nothing,
    /// A tensor of the result's shape.
    Tensor(FloatTensor<B>),
}

/// Linear layers on GPUs.
#[cfg(feature = "gpu")]
#[backend_extension(Cube)]
pub trait GpuProduct: Backend {
    /// The outputs `part` of `x * weight + bias + base`, and `epilogue` of them.
    fn linear(
        #[extension_type] x: Reads<Self>,
        #[extension_type] weight: Matrix<Self>,
        bias: FloatTensor<Self>,
        #[extension_type] base: Residual<Self>,
        part: Range<usize>,
        epilogue: Epilogue,
    ) -> FloatTensor<Self>;
}

/// Convolutions on GPUs.
#[cfg(feature = "gpu")]
#[backend_extension(Cube)]
pub trait GpuConvolution: Backend {
    /// See [`convolution`](super::convolution) and [`convolution_of_two`](super::convolution_of_two). Without `two`,
    /// `second` is not read.
    fn convolution(
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        two: bool,
        stride: usize,
        epilogue: Epilogue,
    ) -> FloatTensor<Self>;
}
