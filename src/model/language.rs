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
    /// `[batch, count, adapter text width]`.
    pub tokens: Tensor<3>,
    /// True at padding, `[batch, count]`; proxies have none.
    pub padding: Option<Tensor<2, Bool>>,
}

impl Guide {
    /// Mean over the tokens that are not padding, `[batch, 1, width]`.
    pub fn mean(&self) -> Tensor<3> {
        match &self.padding {
            Some(padding) => mean_of_real(self.tokens.clone(), padding.clone()).unsqueeze_dim(1),
            None => self.tokens.clone().mean_dim(1),
        }
    }
}
