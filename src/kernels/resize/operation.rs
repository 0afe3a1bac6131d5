//! The operation as Burn is told it.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Resizing on the CPU. Every other backend does it by Burn's own operations.
#[backend_extension(Flex)]
pub trait Resize: Backend {
    /// See [`resize`](super::resize).
    fn resize(x: FloatTensor<Self>, size: [usize; 2]) -> FloatTensor<Self>;
}
