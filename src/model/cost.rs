//! Floating-point operations of a forward pass, part by part.
//!
//! Counted are matrix products and convolutions, two operations a multiply-add, as PyTorch's
//! `FlopCounterMode` does; norms, activations and resizing are not.

use super::config::{FeedForward, GuideKind, ModelConfig, TextArchitecture, Tuning, VisionConfig};
use super::detris::{textual_bottleneck, visual_bottleneck};
use super::mask_head::MASK_STRIDE;
use super::selection::HIDDEN;

/// Operations of each part for one image and one phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flops {
    /// Visual encoder.
    pub vision: u64,
    /// Text encoder.
    pub text: u64,
    /// What runs beside or inside the encoders' blocks.
    pub adapters: u64,
    /// Neck, decoder and mask head.
    pub fusion: u64,
}

impl Flops {
    /// Operations for an image of `[height, width]` pixels and a phrase of `words` tokens.
    pub fn new(config: &ModelConfig, [height, width]: [usize; 2], words: usize) -> Self {
        let patch = config.vision.patch;
        let sizes = Sizes {
            config,
            patches: (height / patch) * (width / patch),
            words,
            fine: (height / MASK_STRIDE) * (width / MASK_STRIDE),
        };
        Self {
            vision: sizes.vision() as u64,
            text: sizes.text() as u64,
            adapters: sizes.adapters() as u64,
            fusion: (sizes.neck() + sizes.decoder() + sizes.head()) as u64,
        }
    }

    /// All parts together.
    pub fn total(&self) -> u64 {
        self.vision + self.text + self.adapters + self.fusion
    }
}

struct Sizes<'a> {
    config: &'a ModelConfig,
    patches: usize,
    words: usize,
    /// Pixels of the mask.
    fine: usize,
}

impl Sizes<'_> {
    fn tokens(&self) -> usize {
        self.patches + self.config.vision.prefix()
    }

    fn vision(&self) -> usize {
        let vision = &self.config.vision;
        let (tokens, width) = (self.tokens(), vision.width);
        let block = linear(tokens, width, 3 * width)
            + attention(tokens, tokens, width)
            + linear(tokens, width, width)
            + linear(tokens, width, gate(vision) * vision.mlp)
            + linear(tokens, vision.mlp, width);
        linear(self.patches, 3 * vision.patch * vision.patch, width) + vision.depth * block
    }

    fn text(&self) -> usize {
        let text = &self.config.text;
        let (tokens, width) = (self.words, text.width);
        let block = linear(tokens, width, 4 * width)
            + attention(tokens, tokens, width)
            + 2 * linear(tokens, width, text.mlp);
        let projection = match text.architecture {
            TextArchitecture::Bert => 0,
            TextArchitecture::Clip => linear(1, width, width),
        };
        text.depth * block + projection
    }

    fn adapters(&self) -> usize {
        let adapter = &self.config.adapter;
        let (visual, textual) = (adapter.vision_blocks.len(), adapter.text_blocks.len());
        match self.config.tuning {
            Tuning::S4eca => {
                let textual = if adapter.parts.textual { textual } else { 0 };
                let words = match self.config.guide() {
                    GuideKind::Words => {
                        linear(self.words, self.config.text.width, adapter.text_width)
                    }
                    GuideKind::Proxies | GuideKind::Nothing => 0,
                };
                textual * self.textual() + visual * self.visual() + words
            }
            Tuning::Detris => textual * self.detris_textual() + visual * self.detris_visual(),
            // The product of the two factors of every matrix, whatever the input.
            Tuning::Lora { rank } => self.lora(rank),
            Tuning::Full | Tuning::Frozen => 0,
        }
    }

    fn textual(&self) -> usize {
        let adapter = &self.config.adapter;
        let (words, queries, inner) = (self.words, adapter.queries, adapter.text_width);
        let down = linear(words, self.config.text.width, inner);
        let distil = cross(queries, words, inner, inner);
        if !adapter.parts.text_feedback {
            return down + distil;
        }
        let up = linear(words, inner, self.config.text.width);
        down + distil + cross(words, queries, inner, inner) + up
    }

    fn visual(&self) -> usize {
        let adapter = &self.config.adapter;
        let (patches, inner) = (self.patches, adapter.vision_width);
        let (guide, count) = match self.config.guide() {
            GuideKind::Proxies => (adapter.text_width, adapter.queries),
            GuideKind::Words => (adapter.text_width, self.words),
            GuideKind::Nothing => (0, 0),
        };
        let parts = adapter.parts;
        let mut sum = 2 * linear(self.tokens(), self.config.vision.width, inner)
            + linear(patches, inner, inner);
        let mut branches = 1;
        if parts.multi_scale {
            for (index, side) in [3, 5].into_iter().enumerate() {
                sum += linear(patches, inner * (index + 2), adapter.reduced)
                    + linear(patches, adapter.reduced * side * side, inner);
                branches += 1;
            }
        }
        if parts.scale_selection {
            sum += linear(1, inner + guide, HIDDEN) + linear(1, HIDDEN, branches * inner);
        }
        if parts.spatial_selection {
            let maps = if guide > 0 { 3 } else { 2 };
            sum += linear(count, guide, inner)
                + linear(patches, inner, count)
                + linear(patches, maps * 7 * 7, 1);
        }
        if parts.proxy_attention && guide > 0 {
            sum += cross(patches, count, inner, guide);
        }
        sum
    }

    fn detris_visual(&self) -> usize {
        let (width, text) = (self.config.vision.width, self.config.text.width);
        let inner = visual_bottleneck(width);
        2 * linear(self.tokens(), width, inner)
            + dense(self.patches, inner, [9, 25])
            + 2 * linear(self.patches, inner, inner)
            + linear(self.words, text, inner)
            + cross(self.patches, self.words, inner, inner)
    }

    fn detris_textual(&self) -> usize {
        let width = self.config.text.width;
        let inner = textual_bottleneck(width);
        2 * linear(self.words, width, inner) + dense(self.words.saturating_sub(1), inner, [3, 5])
    }

    fn lora(&self, rank: usize) -> usize {
        let product = |width: usize, widened: usize, mlp: usize| {
            linear(width, rank, 4 * width) + linear(width, rank, widened) + linear(mlp, rank, width)
        };
        let (vision, text) = (&self.config.vision, &self.config.text);
        vision.depth * product(vision.width, gate(vision) * vision.mlp, vision.mlp)
            + text.depth * product(text.width, text.mlp, text.mlp)
    }

    fn neck(&self) -> usize {
        let width = self.config.fusion.width;
        let levels = self.config.vision.levels.len();
        let level = linear(self.patches, self.config.vision.width, width)
            + linear(1, self.config.text.width, width);
        levels * level
            + linear(self.patches, levels * width, width)
            + linear(self.patches, 9 * (width + 2), width)
    }

    fn decoder(&self) -> usize {
        let fusion = &self.config.fusion;
        let (patches, width) = (self.patches, fusion.width);
        // Queries and keys are projected with positions, values without: twice the same matrix.
        let layer = 2 * linear(patches, width, 3 * width)
            + attention(patches, patches, width)
            + linear(patches, width, width)
            + cross(patches, self.words, width, self.config.text.width)
            + 2 * linear(patches, width, fusion.mlp);
        fusion.layers * layer
    }

    fn head(&self) -> usize {
        let fusion = &self.config.fusion;
        let (text, head) = (self.config.text.width, fusion.head_width);
        let detail = fusion.detail_width;
        linear(self.patches, fusion.width, fusion.width / 2)
            + linear(self.fine / 4, 9 * fusion.width / 2, 2 * head)
            + linear(self.fine, 3 * MASK_STRIDE * MASK_STRIDE, detail)
            + linear(self.fine, 9 * (2 * head + detail), head)
            + linear(1, text, 9 * head + 1)
            + linear(self.fine, head, 9)
    }
}

/// Outputs of the MLP's first layer for each input of its second.
pub(super) fn gate(vision: &VisionConfig) -> usize {
    match vision.feed_forward {
        FeedForward::Gelu => 1,
        FeedForward::SwiGlu => 2,
    }
}

/// A linear layer, or a convolution whose inputs are a neighbourhood.
fn linear(rows: usize, input: usize, output: usize) -> usize {
    2 * rows * input * output
}

/// Scores and their sums.
fn attention(queries: usize, keys: usize, width: usize) -> usize {
    2 * linear(queries, width, keys)
}

/// Cross-attention with its four projections.
fn cross(queries: usize, keys: usize, width: usize, source: usize) -> usize {
    2 * linear(queries, width, width)
        + 2 * linear(keys, source, width)
        + attention(queries, keys, width)
}

/// DETRIS's dense branches with kernels of `taps`.
fn dense(rows: usize, inner: usize, taps: [usize; 2]) -> usize {
    let (half, quarter, few) = (inner / 2, inner / 4, inner / 16);
    linear(rows, inner, half)
        + linear(rows, inner + half, few)
        + linear(rows, taps[0] * few, quarter)
        + linear(rows, inner + half + quarter, few)
        + linear(rows, taps[1] * few, quarter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ABLATIONS;

    #[test]
    fn a_vit_b_costs_what_is_published() {
        let base = ModelConfig::preset("base").expect("a preset");
        let flops = Flops::new(&base, [224, 224], 77);
        // 256 patches and 5 more tokens: 12 blocks of 12 x 768² multiply-adds a token, attention aside.
        let blocks = 2 * 12 * 12 * 768 * 768 * 261u64;
        let scores = 12 * 4 * 768 * 261 * 261u64;
        let patches = 2 * 256 * 588 * 768u64;
        assert_eq!(flops.vision, blocks + scores + patches);
    }

    #[test]
    fn what_is_taken_away_costs_nothing() {
        let base = ModelConfig::preset("base").expect("a preset");
        let cost = |name: &str| {
            let row = ABLATIONS.iter().find(|row| row.name == name);
            Flops::new(&row.expect("a row").of(&base), [448, 448], 20)
        };
        let own = cost("s4eca");
        for row in [
            "no-textual-adapter",
            "no-dense-extractor",
            "no-spatial-selection",
        ] {
            assert!(cost(row).adapters < own.adapters, "{row}");
        }
        assert_eq!(cost("head-only").adapters, 0);
        assert_eq!(cost("head-only").fusion, own.fusion);
    }
}
