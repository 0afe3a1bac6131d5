//! What an adapter adds to a block's output.

use burn::nn::Linear;
use burn::tensor::Tensor;

use super::precision::linear_of_onto;
use crate::kernels::product::Read;

/// A term that is added to a block's output, `[batch, tokens, width]`.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "handles of tensors, whose numbers are far larger"
)]
pub enum Added<'a> {
    /// The term.
    Term(Tensor<3>),
    /// The term is what a linear layer makes of its input. It is computed and added in one pass where there is a kernel
    /// for it.
    Product(&'a Linear, Read<3>),
}

impl Added<'_> {
    /// `base` plus the term.
    pub fn onto(self, base: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Term(term) => base + term,
            Self::Product(layer, x) => linear_of_onto(layer, x, base),
        }
    }
}
