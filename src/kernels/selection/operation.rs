//! The operations as declared to Burn.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};

/// Parts of the selection on GPUs. Every other backend uses Burn's own operations.
#[backend_extension(Cube)]
pub trait Selection: Backend {
    /// See [`average`](super::average).
    fn average(
        one: FloatTensor<Self>,
        two: FloatTensor<Self>,
        three: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// See [`weigh`](super::weigh).
    fn weigh(
        one: FloatTensor<Self>,
        two: FloatTensor<Self>,
        three: FloatTensor<Self>,
        scores: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// See [`describe`](super::describe).
    fn describe(x: FloatTensor<Self>, tokens: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`gate`](super::gate).
    fn gate(
        x: FloatTensor<Self>,
        gate: FloatTensor<Self>,
        base: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}
