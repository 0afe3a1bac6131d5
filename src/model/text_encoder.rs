//! The frozen text encoder: BERT (Devlin et al. 2019, arXiv 1810.04805), here with the weights of
//! all-MiniLM-L6-v2. The word table is not part of it: see [`crate::text::WordTable`].

use burn::module::{Module, Param};
use burn::nn::{Gelu, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Bool, Device, Tensor};

use super::attention::SelfAttention;
use super::config::TextConfig;

/// Epsilon of BERT's layer norms.
const NORM_EPSILON: f64 = 1e-12;

/// The encoder's weights.
#[derive(Module, Debug)]
pub struct TextEncoder {
    /// Position embedding plus the embedding of token type 0, `[tokens, width]`.
    pub position: Param<Tensor<2>>,
    /// Norm over the summed embeddings.
    pub norm: LayerNorm,
    /// The blocks.
    pub blocks: Vec<TextBlock>,
}

/// One post-norm block.
#[derive(Module, Debug)]
pub struct TextBlock {
    attention: SelfAttention,
    norm1: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    norm2: LayerNorm,
}

impl TextEncoder {
    /// An encoder with random weights.
    pub fn new(config: &TextConfig, device: &Device) -> Self {
        let small = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        Self {
            position: small.init([config.tokens, config.width], device),
            norm: LayerNormConfig::new(config.width)
                .with_epsilon(NORM_EPSILON)
                .init(device),
            blocks: (0..config.depth)
                .map(|_| TextBlock::new(config, device))
                .collect(),
        }
    }

    /// Rows of the word table `[batch, tokens, width]` to what the first block reads.
    pub fn embed(&self, words: Tensor<3>) -> Tensor<3> {
        let tokens = words.dims()[1];
        self.norm
            .forward(words + self.position.val().narrow(0, 0, tokens).unsqueeze())
    }
}

impl TextBlock {
    fn new(config: &TextConfig, device: &Device) -> Self {
        let norm = LayerNormConfig::new(config.width).with_epsilon(NORM_EPSILON);
        Self {
            attention: SelfAttention::new(config.width, config.heads, device),
            norm1: norm.init(device),
            fc1: LinearConfig::new(config.width, config.mlp).init(device),
            fc2: LinearConfig::new(config.mlp, config.width).init(device),
            norm2: norm.init(device),
        }
    }

    /// `x`: `[batch, tokens, width]`; `padding`, `[batch, tokens]`, is true at padding. `parallel`
    /// sees what the feed-forward layer sees, and what it returns is added to that layer's output.
    pub fn forward(
        &self,
        x: Tensor<3>,
        padding: Tensor<2, Bool>,
        parallel: Option<impl FnOnce(Tensor<3>) -> Option<Tensor<3>>>,
    ) -> Tensor<3> {
        let attended = self.attention.forward(x.clone(), None, Some(padding));
        let x = self.norm1.forward(x + attended);
        let mut y = self
            .fc2
            .forward(Gelu::new().forward(self.fc1.forward(x.clone())));
        if let Some(added) = parallel.and_then(|adapter| adapter(x.clone())) {
            y = y + added;
        }
        self.norm2.forward(x + y)
    }
}
