//! The operation as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Attention on the CPU. Every other backend uses Burn's own operations.
#[backend_extension(Flex)]
pub trait Attention: Backend {
    /// See [`attention`](super::attention).
    fn attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        hidden: FloatTensor<Self>,
        heads: usize,
    ) -> FloatTensor<Self>;
}
