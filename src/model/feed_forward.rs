//! The activation inside a block's MLP; the two linear layers belong to the block.

use burn::nn::Linear;
use burn::tensor::Tensor;
use burn::tensor::activation::{gelu, sigmoid, silu};

use super::config::{FeedForward, TextArchitecture};
use super::precision::{linear, linear_then};
use crate::kernels::epilogue::Epilogue;

/// Slope of the sigmoid in CLIP's QuickGELU.
const QUICK: f32 = 1.702;

/// The function between the two linear layers of an MLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// GELU with the error function.
    Gelu,
    /// `x * sigmoid(1.702 x)`.
    QuickGelu,
    /// The first half of the channels, through SiLU, times the second half.
    SwiGlu,
}

impl Activation {
    /// Applies the activation to `x`, `[batch, tokens, hidden]`; SwiGLU halves the channels.
    fn forward(self, x: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Gelu => gelu(x),
            Self::QuickGelu => x.clone() * sigmoid(x.mul_scalar(QUICK)),
            Self::SwiGlu => {
                let hidden = x.dims()[2] / 2;
                silu(x.clone().narrow(2, 0, hidden)) * x.narrow(2, hidden, hidden)
            }
        }
    }

    /// Applies `first`, the linear layer before the activation, to `x`, and then the activation.
    pub fn after(self, first: &Linear, x: Tensor<3>) -> Tensor<3> {
        match self {
            Self::Gelu => linear_then(first, x, Epilogue::Gelu),
            Self::QuickGelu | Self::SwiGlu => self.forward(linear(first, x)),
        }
    }

    /// Number of outputs of the first linear layer for `hidden` inputs of the second.
    pub fn widened(self, hidden: usize) -> usize {
        match self {
            Self::SwiGlu => 2 * hidden,
            Self::Gelu | Self::QuickGelu => hidden,
        }
    }
}

impl From<FeedForward> for Activation {
    fn from(form: FeedForward) -> Self {
        match form {
            FeedForward::Gelu => Self::Gelu,
            FeedForward::SwiGlu => Self::SwiGlu,
        }
    }
}

impl From<TextArchitecture> for Activation {
    fn from(architecture: TextArchitecture) -> Self {
        match architecture {
            TextArchitecture::Bert => Self::Gelu,
            TextArchitecture::Clip => Self::QuickGelu,
        }
    }
}
