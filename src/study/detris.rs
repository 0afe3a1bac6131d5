//! The adapters of DETRIS, the baseline that S4ECA is compared with (Huang et al. 2025, arXiv 2501.08580; reference:
//! jiaqihuang01/DETRIS, `model/adapter.py`).
//!
//! The reference's dropout of 0.1 inside the cross-attention is omitted, so that a resumed training gives the same
//! result as an uninterrupted one. After a block of a hierarchical encoder, which the reference does not support, the
//! visual adapter starts with a norm, as S4ECA's does there.

use burn::module::Module;
use burn::nn::conv::{Conv1d, Conv1dConfig, Conv2d, Conv2dConfig};
use burn::nn::{
    BatchNorm, BatchNormConfig, Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig,
    PaddingConfig1d, PaddingConfig2d,
};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

use crate::model::{
    CrossAttention, GridSize, ModelConfig, Peer, Tuning, grid_from_tokens, tokens_from_grid,
    with_prefix_of, without_prefix,
};

/// Factor on an adapter's output.
const SCALE: f32 = 0.2;
/// Heads of the cross-attention.
const HEADS: usize = 8;
/// Epsilon of the batch norms.
const NORM_EPSILON: f64 = 1e-3;
/// Ratio of the visual encoder's width to the visual adapter's bottleneck: 768 to 128.
const VISION_REDUCTION: usize = 6;
/// Ratio of the text encoder's width to the textual adapter's bottleneck: 512 to 64.
const TEXT_REDUCTION: usize = 8;
/// Both bottlenecks are multiples of this, because a branch reduces them to a sixteenth.
const BOTTLENECK_STEP: usize = 16;

/// Adapters of both encoders, in the order of the blocks that carry them; none for a network that is not DETRIS's.
#[derive(Module, Debug)]
pub struct DetrisAdapters {
    /// Beside text blocks.
    pub textual: Vec<DetrisTextual>,
    /// Beside visual blocks.
    pub visual: Vec<DetrisVisual>,
}

impl Peer for DetrisAdapters {
    fn supports(_: Tuning) -> bool {
        true
    }

    fn new(config: &ModelConfig, device: &Device) -> Self {
        if config.tuning != Tuning::Detris {
            return Self {
                textual: Vec::new(),
                visual: Vec::new(),
            };
        }
        let text = config.text.width;
        let (blocks, normed) = (config.vision.blocks(), !config.vision.adapters_follow());
        let textual = |_: &usize| DetrisTextual::new(text, device);
        let visual = |&at: &usize| DetrisVisual::new(blocks[at].width, normed, text, device);
        Self {
            textual: config.adapter.text_blocks.iter().map(textual).collect(),
            visual: config.adapter.vision_blocks.iter().map(visual).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.visual.is_empty()
    }

    fn beside_text(&self, index: usize, words: Tensor<3>) -> Option<Tensor<3>> {
        Some(self.textual.get(index)?.forward(words))
    }

    fn beside_vision(
        &self,
        index: usize,
        tokens: Tensor<3>,
        prefix: usize,
        size: GridSize,
        words: Tensor<3>,
    ) -> Option<Tensor<3>> {
        Some(self.visual.get(index)?.forward(tokens, prefix, size, words))
    }
}

/// Bottleneck of the visual adapter beside an encoder of `width` channels.
pub fn visual_bottleneck(width: usize) -> usize {
    (width / VISION_REDUCTION).next_multiple_of(BOTTLENECK_STEP)
}

/// Bottleneck of the textual adapter beside an encoder of `width` channels.
pub fn textual_bottleneck(width: usize) -> usize {
    (width / TEXT_REDUCTION).next_multiple_of(BOTTLENECK_STEP)
}

/// The dense aligner: densely connected convolutions, then attention to the words.
#[derive(Module, Debug)]
pub struct DetrisVisual {
    entrance: Option<LayerNorm>,
    down: Linear,
    point: ConvNorm2d,
    reduce3: ConvNorm2d,
    conv3: ConvNorm2d,
    reduce5: ConvNorm2d,
    conv5: ConvNorm2d,
    image: Linear,
    words: Linear,
    cross: CrossAttention,
    back: Linear,
    up: Linear,
}

impl DetrisVisual {
    fn new(width: usize, normed: bool, text_width: usize, device: &Device) -> Self {
        let inner = visual_bottleneck(width);
        let (half, quarter, few) = (inner / 2, inner / 4, inner / 16);
        let linear = |input, output| {
            LinearConfig::new(input, output)
                .with_initializer(kaiming())
                .init(device)
        };
        let conv = |input, output, side| ConvNorm2d::new(input, output, side, device);
        Self {
            entrance: (!normed).then(|| LayerNormConfig::new(width).init(device)),
            down: linear(width, inner),
            point: conv(inner, half, 1),
            reduce3: conv(inner + half, few, 1),
            conv3: conv(few, quarter, 3),
            reduce5: conv(inner + half + quarter, few, 1),
            conv5: conv(few, quarter, 5),
            image: linear(inner, inner),
            words: linear(text_width, inner),
            cross: CrossAttention::new(inner, inner, HEADS, device),
            back: linear(inner, inner),
            up: linear(inner, width),
        }
    }

    /// Returns what is added to the MLP's or the block's output. `tokens`: `[batch, prefix + rows * columns, width]`;
    /// `words`: word features, padding included, `[batch, words, text width]`.
    pub fn forward(
        &self,
        tokens: Tensor<3>,
        prefix: usize,
        size: GridSize,
        words: Tensor<3>,
    ) -> Tensor<3> {
        let tokens = match &self.entrance {
            Some(norm) => norm.forward(tokens),
            None => tokens,
        };
        let low = relu(self.down.forward(tokens)); // [batch, prefix + patches, inner]
        let x = grid_from_tokens(without_prefix(low.clone(), prefix), size);
        let one = self.point.forward(x.clone());
        let mut seen = vec![x.clone(), one.clone()];
        let three = self.reduce3.forward(Tensor::cat(seen.clone(), 1));
        let three = self.conv3.forward(three);
        seen.push(three.clone());
        let five = self.reduce5.forward(Tensor::cat(seen, 1));
        let five = self.conv5.forward(five);
        let dense = tokens_from_grid(Tensor::cat(vec![one, three, five], 1) + x);
        let query = self.image.forward(dense);
        let told = self.cross.forward(query, self.words.forward(words), None);
        let x = with_prefix_of(&low, self.back.forward(told), prefix) + low;
        self.up.forward(x).mul_scalar(SCALE)
    }
}

/// The same dense branches along the words; the first token bypasses them.
#[derive(Module, Debug)]
pub struct DetrisTextual {
    down: Linear,
    point: ConvNorm1d,
    reduce3: ConvNorm1d,
    conv3: ConvNorm1d,
    reduce5: ConvNorm1d,
    conv5: ConvNorm1d,
    up: Linear,
}

impl DetrisTextual {
    fn new(width: usize, device: &Device) -> Self {
        let inner = textual_bottleneck(width);
        let (half, quarter, few) = (inner / 2, inner / 4, inner / 16);
        let conv = |input, output, side| ConvNorm1d::new(input, output, side, device);
        Self {
            down: LinearConfig::new(width, inner).init(device),
            point: conv(inner, half, 1),
            reduce3: conv(inner + half, few, 1),
            conv3: conv(few, quarter, 3),
            reduce5: conv(inner + half + quarter, few, 1),
            conv5: conv(few, quarter, 5),
            up: LinearConfig::new(inner, width).init(device),
        }
    }

    /// Returns what is added to the MLP's output. `words`: the residual stream, `[batch, tokens, width]`.
    pub fn forward(&self, words: Tensor<3>) -> Tensor<3> {
        let tokens = words.dims()[1];
        let low = relu(self.down.forward(words)); // [batch, tokens, inner]
        let x = low.clone().narrow(1, 1, tokens - 1).swap_dims(1, 2); // [batch, inner, tokens - 1]
        let one = self.point.forward(x.clone());
        let mut seen = vec![x, one.clone()];
        let three = self.reduce3.forward(Tensor::cat(seen.clone(), 1));
        let three = self.conv3.forward(three);
        seen.push(three.clone());
        let five = self.reduce5.forward(Tensor::cat(seen, 1));
        let five = self.conv5.forward(five);
        let dense = Tensor::cat(vec![one, three, five], 1).swap_dims(1, 2);
        let x = Tensor::cat(vec![low.clone().narrow(1, 0, 1), dense], 1) + low;
        self.up.forward(x).mul_scalar(SCALE)
    }
}

/// Convolution, batch norm and ReLU over a grid.
#[derive(Module, Debug)]
struct ConvNorm2d {
    conv: Conv2d,
    norm: BatchNorm,
}

impl ConvNorm2d {
    fn new(input: usize, output: usize, side: usize, device: &Device) -> Self {
        let half = side / 2;
        let conv = Conv2dConfig::new([input, output], [side, side])
            .with_padding(PaddingConfig2d::Explicit(half, half, half, half))
            .with_initializer(kaiming());
        Self {
            conv: conv.init(device),
            norm: norm(output).init(device),
        }
    }

    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        relu(self.norm.forward(self.conv.forward(x)))
    }
}

/// Convolution, batch norm and ReLU along a sequence.
#[derive(Module, Debug)]
struct ConvNorm1d {
    conv: Conv1d,
    norm: BatchNorm,
}

impl ConvNorm1d {
    fn new(input: usize, output: usize, side: usize, device: &Device) -> Self {
        let half = side / 2;
        let conv = Conv1dConfig::new(input, output, side)
            .with_padding(PaddingConfig1d::Explicit(half, half));
        Self {
            conv: conv.init(device),
            norm: norm(output).init(device),
        }
    }

    fn forward(&self, x: Tensor<3>) -> Tensor<3> {
        relu(self.norm.forward(self.conv.forward(x)))
    }
}

fn norm(channels: usize) -> BatchNormConfig {
    BatchNormConfig::new(channels).with_epsilon(NORM_EPSILON)
}

/// The reference's initialisation, for a ReLU.
fn kaiming() -> Initializer {
    Initializer::KaimingNormal {
        gain: std::f64::consts::SQRT_2,
        fan_out_only: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference's parameters, plus the buffers of the batch norms, which `num_params` counts although they are
    /// not parameters.
    #[test]
    fn the_counts_are_the_references() {
        let device = Device::flex();
        let visual = DetrisVisual::new(768, true, 512, &device);
        let textual = DetrisTextual::new(512, &device);
        let buffers = |channels: usize| 2 * channels;
        let grid = buffers(64 + 8 + 32 + 8 + 32);
        let line = buffers(32 + 4 + 16 + 4 + 16);
        assert_eq!(visual.num_params(), 382_896 + grid);
        assert_eq!(textual.num_params(), 69_720 + line);
    }
}
