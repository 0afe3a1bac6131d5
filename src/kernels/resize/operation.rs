//! The operation as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Resizing on the CPU. Every other backend uses Burn's own operations.
#[backend_extension(Flex)]
pub trait Resize: Backend {
    /// See [`resize`](super::resize).
    fn resize(x: FloatTensor<Self>, size: [usize; 2]) -> FloatTensor<Self>;
}
