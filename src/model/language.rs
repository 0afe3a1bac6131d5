//! The result of the text side, which the visual side reads.

use burn::tensor::{Bool, Tensor};

use super::text_encoder::mean_of_real;

/// A batch of phrases after the text encoder and its adapters.
#[derive(Debug, Clone)]
pub struct Language {
    /// Word features, `[batch, tokens, text width]`.
    pub words: Tensor<3>,
    /// True at padding, `[batch, tokens]`.
    pub padding: Tensor<2, Bool>,
    /// What the visual adapters read; `None` if they read the image alone.
    pub guide: Option<Guide>,
    /// Feature of the whole phrase, `[batch, text width]`.
    pub sentence: Tensor<2>,
}

/// Tokens that guide the visual adapters: language proxies, or words if the proxies are ablated.
#[derive(Debug, Clone)]
pub struct Guide {
    tokens: Tensor<3>,
    padding: Option<Tensor<2, Bool>>,
    /// Computed once for all adapters.
    mean: Tensor<3>,
}

impl Guide {
    /// A guide of `tokens`, `[batch, count, adapter text width]`. `padding`, `[batch, count]`, is true at padding;
    /// proxies have none.
    pub fn new(tokens: Tensor<3>, padding: Option<Tensor<2, Bool>>) -> Self {
        let mean = match &padding {
            Some(padding) => mean_of_real(tokens.clone(), padding.clone()).unsqueeze_dim(1),
            None => tokens.clone().mean_dim(1),
        };
        Self {
            tokens,
            padding,
            mean,
        }
    }

    /// The tokens.
    pub fn tokens(&self) -> &Tensor<3> {
        &self.tokens
    }

    /// Which of them are padding.
    pub fn padding(&self) -> Option<&Tensor<2, Bool>> {
        self.padding.as_ref()
    }

    /// Mean over the tokens that are not padding, `[batch, 1, width]`.
    pub fn mean(&self) -> Tensor<3> {
        self.mean.clone()
    }
}
