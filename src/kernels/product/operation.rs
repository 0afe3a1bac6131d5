//! The operations as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

use crate::kernels::epilogue::Epilogue;

/// Products on the CPU. Every other backend uses Burn's own operations.
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
