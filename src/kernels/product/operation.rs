//! The operations as declared to Burn.

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

/// What follows a product on a GPU.
#[cfg(feature = "gpu")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Finish {
    /// Whether a base is added.
    pub onto: bool,
    /// The function that is applied at the end.
    pub epilogue: Epilogue,
}

/// Linear layers on GPUs.
#[cfg(feature = "gpu")]
#[backend_extension(Cube)]
pub trait GpuProduct: Backend {
    /// The outputs `part` of [`linear`](super::linear) or [`linear_onto`](super::linear_onto). `base` is not read without
    /// [`Finish::onto`].
    fn linear(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        base: FloatTensor<Self>,
        part: Range<usize>,
        finish: Finish,
    ) -> FloatTensor<Self>;

    /// The same with weights of eight bits, [`BLOCK`](crate::quant::BLOCK) of which share a scale.
    fn packed_linear(
        x: FloatTensor<Self>,
        weight: QuantizedTensor<Self>,
        bias: FloatTensor<Self>,
        base: FloatTensor<Self>,
        part: Range<usize>,
        finish: Finish,
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
