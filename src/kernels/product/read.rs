//! What a linear layer reads.

use burn::tensor::Tensor;

#[cfg(feature = "gpu")]
use super::operation::Reads;

/// The left side of a linear layer: one tensor `[.., input]`, or several that a kernel for GPUs reads where they are.
#[derive(Debug, Clone)]
#[allow(
    clippy::large_enum_variant,
    reason = "handles of tensors, whose numbers are far larger"
)]
pub enum Read<const D: usize> {
    /// A tensor.
    One(Tensor<D>),
    /// The sum of two tensors.
    Sum([Tensor<D>; 2]),
    /// Tensors, at least one, whose channels follow one another.
    Joined(Vec<Tensor<D>>),
}

impl<const D: usize> Read<D> {
    /// Channels of a row.
    pub fn channels(&self) -> usize {
        let channels = |x: &Tensor<D>| x.dims()[D - 1];
        match self {
            Self::One(x) | Self::Sum([x, _]) => channels(x),
            Self::Joined(parts) => parts.iter().map(channels).sum(),
        }
    }

    /// The same as one tensor.
    ///
    /// # Panics
    /// If the shapes of the tensors can neither be joined nor broadcast.
    pub fn whole(self) -> Tensor<D> {
        match self {
            Self::One(x) => x,
            Self::Sum([x, added]) => x + added,
            Self::Joined(parts) => Tensor::cat(parts, D - 1),
        }
    }

    /// The tensors.
    #[cfg(feature = "gpu")]
    pub(super) fn parts(&self) -> &[Tensor<D>] {
        match self {
            Self::One(x) => core::slice::from_ref(x),
            Self::Sum(parts) => parts,
            Self::Joined(parts) => parts,
        }
    }

    /// The same for a kernel, if there is one that reads as many tensors; without a residual connection (`alone`) it
    /// reads one more.
    ///
    /// # Panics
    /// If the shapes of the tensors do not match.
    #[cfg(feature = "gpu")]
    pub(super) fn on_gpu(&self, alone: bool) -> Option<Reads<burn::backend::Dispatch>> {
        let held = |x: &Tensor<D>| x.clone().into_dispatch();
        let rows = |x: &Tensor<D>| x.dims()[..D - 1].to_vec();
        let parts = self.parts();
        let alike = parts.iter().all(|part| rows(part) == rows(&parts[0]));
        match (self, parts) {
            (Self::Sum(_), [x, added]) if x.dims() == added.dims() => {
                Some(Reads::Sum(held(x), held(added)))
            }
            (Self::Sum(_), _) => None,
            (_, [x]) => Some(Reads::One(held(x))),
            (_, [first, second]) if alike => Some(Reads::Two(held(first), held(second))),
            (_, [first, second, third]) if alike && alone => {
                Some(Reads::Three(held(first), held(second), held(third)))
            }
            _ => None,
        }
    }
}
