//! The operation as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Layer normalisation on GPUs. Every other backend uses Burn's own operation.
#[backend_extension(Cube)]
pub trait Normalise: Backend {
    /// See [`layer_norm`](super::layer_norm).
    fn normalise(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self>;
}
