//! The operations as declared to Burn.

use burn::backend::tensor::{BoolTensor, FloatTensor};
use burn::backend::{Backend, backend_extension};

/// Attention on the CPU and on GPUs. Every other backend uses Burn's own operations.
#[backend_extension(Cube: cfg(feature = "gpu"), Flex)]
pub trait Attention: Backend {
    /// See [`attention`](super::attention), without padding.
    fn attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        heads: usize,
    ) -> FloatTensor<Self>;

    /// See [`attention`](super::attention), with padding.
    fn padded_attention(
        query: FloatTensor<Self>,
        key: FloatTensor<Self>,
        value: FloatTensor<Self>,
        padding: BoolTensor<Self>,
        heads: usize,
    ) -> FloatTensor<Self>;
}
