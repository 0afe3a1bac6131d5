//! The frozen text encoder: BERT (Devlin et al. 2019, arXiv 1810.04805) or CLIP's text tower (Radford et al. 2021,
//! arXiv 2103.00020). Both have the same weights per block, in a different order. The word table is not included: see
//! [`crate::text::WordTable`].

use burn::module::{Module, Param};
use burn::nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Bool, Device, Tensor};

use super::added::Added;
use super::attention::{SelfAttention, Visible};
use super::config::{TextArchitecture, TextConfig};
use super::feed_forward::Activation;
use super::norm::layer_norm;
use super::precision::{linear, linear_onto};

/// Epsilon of BERT's layer norms.
const BERT_EPSILON: f64 = 1e-12;
/// Epsilon of CLIP's layer norms.
const CLIP_EPSILON: f64 = 1e-5;

/// The encoder's weights.
#[derive(Module, Debug)]
pub struct TextEncoder {
    /// Position embedding, `[tokens, width]`; BERT's with the embedding of token type 0 added.
    pub position: Param<Tensor<2>>,
    /// BERT: norm over the summed embeddings. CLIP: norm after the last block.
    pub norm: LayerNorm,
    /// The blocks.
    pub blocks: Vec<TextBlock>,
    /// Projects the end token's feature to the sentence's, `[width, width]`; CLIP only.
    pub projection: Option<Linear>,
    #[module(skip)]
    architecture: TextArchitecture,
}

/// One block.
#[derive(Module, Debug)]
pub struct TextBlock {
    attention: SelfAttention,
    norm1: LayerNorm,
    fc1: Linear,
    fc2: Linear,
    norm2: LayerNorm,
    #[module(skip)]
    architecture: TextArchitecture,
}

/// Inputs of an adapter beside a block's MLP, which may read either.
#[derive(Debug, Clone)]
pub struct BesideText {
    /// Input of the MLP, `[batch, tokens, width]`.
    pub normed: Tensor<3>,
    /// The residual stream that the MLP's output is added to; for BERT the same as `normed`.
    pub residual: Tensor<3>,
}

/// Word features and the feature of the whole sentence.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// `[batch, tokens, width]`.
    pub words: Tensor<3>,
    /// `[batch, width]`.
    pub sentence: Tensor<2>,
}

impl TextEncoder {
    /// An encoder with random weights.
    pub fn new(config: &TextConfig, device: &Device) -> Self {
        let small = Initializer::Normal {
            mean: 0.0,
            std: 0.02,
        };
        let width = config.width;
        let projected = config.architecture == TextArchitecture::Clip;
        Self {
            position: small.init([config.tokens, width], device),
            norm: norm(config).init(device),
            blocks: (0..config.depth)
                .map(|_| TextBlock::new(config, device))
                .collect(),
            projection: projected.then(|| {
                LinearConfig::new(width, width)
                    .with_bias(false)
                    .init(device)
            }),
            architecture: config.architecture,
        }
    }

    /// Encodes rows of the word table, `[batch, tokens, width]`. `padding`, `[batch, tokens]`, is true at padding,
    /// which follows the phrase. `beside` is called for every block and returns what is added to the MLP's output.
    pub fn forward<'a>(
        &self,
        words: Tensor<3>,
        padding: Tensor<2, Bool>,
        mut beside: impl FnMut(usize, BesideText) -> Option<Added<'a>>,
    ) -> Encoded {
        let tokens = words.dims()[1];
        let mut x = words + self.position.val().narrow(0, 0, tokens).unsqueeze();
        if self.architecture == TextArchitecture::Bert {
            x = normed(&self.norm, self.architecture, x);
        }
        for (index, block) in self.blocks.iter().enumerate() {
            x = block.forward(x, &padding, |input| beside(index, input));
        }
        if self.architecture == TextArchitecture::Clip {
            x = normed(&self.norm, self.architecture, x);
        }
        Encoded {
            sentence: self.sentence(x.clone(), padding),
            words: x,
        }
    }

    /// The sentence's feature. BERT: the mean of the words, all-MiniLM-L6-v2's own pooling. CLIP: the end token,
    /// projected.
    fn sentence(&self, words: Tensor<3>, padding: Tensor<2, Bool>) -> Tensor<2> {
        let Some(projection) = &self.projection else {
            return mean_of_real(words, padding);
        };
        // The end token is the last one that is not padding.
        let real = padding.bool_not().float(); // [batch, tokens]
        let [batch, tokens] = real.dims();
        let next = Tensor::cat(
            vec![
                real.clone().narrow(1, 1, tokens - 1),
                Tensor::zeros([batch, 1], &real.device()),
            ],
            1,
        );
        let end: Tensor<3> = (real - next).unsqueeze_dim(2); // [batch, tokens, 1]
        let feature: Tensor<2> = (words * end).sum_dim(1).squeeze_dim(1);
        linear(projection, feature)
    }
}

impl TextBlock {
    fn new(config: &TextConfig, device: &Device) -> Self {
        Self {
            attention: SelfAttention::new(config.width, config.heads, device),
            norm1: norm(config).init(device),
            fc1: LinearConfig::new(config.width, config.mlp).init(device),
            fc2: LinearConfig::new(config.mlp, config.width).init(device),
            norm2: norm(config).init(device),
            architecture: config.architecture,
        }
    }

    /// Runs the block. `x` and the result: `[batch, tokens, width]`.
    fn forward<'a>(
        &self,
        x: Tensor<3>,
        padding: &Tensor<2, Bool>,
        parallel: impl FnOnce(BesideText) -> Option<Added<'a>>,
    ) -> Tensor<3> {
        let attend = |x, visible: Visible<'_>, base| self.attention.forward_onto(x, visible, base);
        let normed = |norm, x| normed(norm, self.architecture, x);
        match self.architecture {
            TextArchitecture::Bert => {
                let x = normed(&self.norm1, attend(x.clone(), Visible::Real(padding), x));
                normed(&self.norm2, self.mlp(x.clone(), x, parallel))
            }
            TextArchitecture::Clip => {
                let x = attend(normed(&self.norm1, x.clone()), Visible::Earlier, x);
                self.mlp(normed(&self.norm2, x.clone()), x, parallel)
            }
        }
    }

    /// The MLP of `normed`, and what `parallel` returns, added to `residual`.
    fn mlp<'a>(
        &self,
        normed: Tensor<3>,
        residual: Tensor<3>,
        parallel: impl FnOnce(BesideText) -> Option<Added<'a>>,
    ) -> Tensor<3> {
        let activation = Activation::from(self.architecture);
        let hidden = activation.after(&self.fc1, normed.clone());
        let y = linear_onto(&self.fc2, hidden, residual.clone());
        match parallel(BesideText { normed, residual }) {
            Some(added) => added.onto(y),
            None => y,
        }
    }
}

/// Mean over the tokens that are not padding; `x`: `[batch, tokens, width]`.
pub(super) fn mean_of_real(x: Tensor<3>, padding: Tensor<2, Bool>) -> Tensor<2> {
    let real = padding.bool_not().float().unsqueeze_dim::<3>(2); // [batch, tokens, 1]
    let sum: Tensor<2> = (x * real.clone()).sum_dim(1).squeeze_dim(1);
    let count: Tensor<2> = real.sum_dim(1).squeeze_dim(1);
    sum / count
}

fn norm(config: &TextConfig) -> LayerNormConfig {
    LayerNormConfig::new(config.width).with_epsilon(epsilon(config.architecture))
}

fn epsilon(architecture: TextArchitecture) -> f64 {
    match architecture {
        TextArchitecture::Bert => BERT_EPSILON,
        TextArchitecture::Clip => CLIP_EPSILON,
    }
}

/// Applies a norm that [`norm`] made.
fn normed(norm: &LayerNorm, architecture: TextArchitecture, x: Tensor<3>) -> Tensor<3> {
    layer_norm(norm, epsilon(architecture), x)
}
