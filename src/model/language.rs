//! What the text side hands to the visual side.

use burn::tensor::{Bool, Tensor};

/// A batch of phrases after the text encoder and its adapters.
#[derive(Debug, Clone)]
pub struct Language {
    /// Word features, `[batch, tokens, text width]`.
    pub words: Tensor<3>,
    /// True at padding, `[batch, tokens]`.
    pub padding: Tensor<2, Bool>,
    /// Language proxies of the last textual adapter, `[batch, queries, adapter width]`.
    pub proxies: Tensor<3>,
    /// Mean of the words that are not padding, `[batch, text width]`: all-MiniLM-L6-v2's own pooling.
    pub sentence: Tensor<2>,
}

impl Language {
    /// Pools `words` into the sentence.
    pub fn new(words: Tensor<3>, padding: Tensor<2, Bool>, proxies: Tensor<3>) -> Self {
        let real = padding.clone().bool_not().float().unsqueeze_dim::<3>(2); // [batch, tokens, 1]
        let sum: Tensor<2> = (words.clone() * real.clone()).sum_dim(1).squeeze_dim(1);
        let count: Tensor<2> = real.sum_dim(1).squeeze_dim(1);
        Self {
            words,
            padding,
            proxies,
            sentence: sum / count,
        }
    }
}
