//! The textual adapter: learnable queries distil language proxies from the words.
//!
//! Stated by the paper: learnable queries turn word-level embeddings into semantic language proxies, for early
//! grounding. Ours: the bottleneck, the feedback from the proxies to the words, the chain from one adapter's proxies
//! to the next.

use burn::module::{Module, Param};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::tensor::{Bool, Device, Tensor};

use super::added::Added;
use super::attention::CrossAttention;
use super::config::{AdapterConfig, AdapterParts};
use super::precision::linear_then;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

/// Attention heads inside the bottleneck.
const HEADS: usize = 4;

/// Runs beside the feed-forward layer of a text block.
#[derive(Module, Debug)]
pub struct TextualAdapter {
    down: Linear,
    /// Learnable queries, `[1, queries, text_width]`.
    queries: Param<Tensor<3>>,
    distil: CrossAttention,
    feedback: Option<CrossAttention>,
    up: Option<Linear>,
    #[module(skip)]
    parts: AdapterParts,
}

/// Output of a textual adapter: proxies for the visual side, and a term that is added to the words.
#[derive(Debug)]
pub struct Distilled<'a> {
    /// `[batch, queries, text_width]`.
    pub proxies: Tensor<3>,
    /// `[batch, tokens, width]`; `None` if `text_feedback` is off.
    pub added: Option<Added<'a>>,
}

impl TextualAdapter {
    /// An adapter for words of `width` channels.
    pub fn new(width: usize, config: &AdapterConfig, device: &Device) -> Self {
        let inner = config.text_width;
        let feedback = config.parts.text_feedback;
        Self {
            down: LinearConfig::new(width, inner).init(device),
            queries: Initializer::Normal {
                mean: 0.0,
                std: 0.5,
            }
            .init([1, config.queries, inner], device),
            distil: CrossAttention::new(inner, inner, HEADS, device),
            feedback: feedback.then(|| CrossAttention::new(inner, inner, HEADS, device)),
            // Zero, so that training starts from the frozen encoder's own words.
            up: feedback.then(|| {
                LinearConfig::new(inner, width)
                    .with_initializer(Initializer::Zeros)
                    .init(device)
            }),
            parts: config.parts,
        }
    }

    /// Distils proxies from `words`, `[batch, tokens, width]`. `padding`, `[batch, tokens]`, is true at padding;
    /// `previous`: the proxies of the previous adapter, `[batch, queries, text_width]`.
    pub fn forward(
        &self,
        words: Tensor<3>,
        padding: Tensor<2, Bool>,
        previous: Option<Tensor<3>>,
    ) -> Distilled<'_> {
        let words = linear_then(&self.down, words, Epilogue::Relu); // [batch, tokens, text_width]
        let [batch, _, inner] = words.dims();
        let queries = self.queries.val();
        let count = queries.dims()[1];
        let mut queries = queries.expand([batch, count, inner]);
        if let (true, Some(previous)) = (self.parts.proxy_chain, previous) {
            queries = queries + previous;
        }
        let asked = Read::One(queries.clone());
        let proxies = self
            .distil
            .forward_onto(asked, words.clone(), Some(padding), queries);
        let added = match (&self.feedback, &self.up) {
            (Some(feedback), Some(up)) => {
                let asking = Read::One(words.clone());
                let told = feedback.forward_onto(asking, proxies.clone(), None, words);
                Some(Added::Product(up, Read::One(told)))
            }
            _ => None,
        };
        Distilled { proxies, added }
    }
}
