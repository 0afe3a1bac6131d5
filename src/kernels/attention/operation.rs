//! The operation as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Attention on the CPU and on GPUs. Every other backend uses Burn's own operations.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub trait Attention: Backend {
    /// See [`attention`](super::attention). If there is padding, `hidden`, `[batch, keys]`, is added to the scores;
    /// otherwise it is not read.
    fn attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        padded: bool,
        heads: usize,
    ) -> FloatTensor<Self>;
}
