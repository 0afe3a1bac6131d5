//! Floating-point operations of a forward pass, part by part.
//!
//! Matrix products and convolutions count, with two operations per multiply-add, as in PyTorch's `FlopCounterMode`.
//! Norms, activations and resizing do not count.

use super::detris::{textual_bottleneck, visual_bottleneck};
use crate::model::{
    BlockConfig, EfficientNetConfig, FeatureShape, GuideKind, HIDDEN, MASK_STRIDE, ModelConfig,
    PIXELS, TextArchitecture, Tuning, VisionConfig, VitConfig,
};

/// Operations of each part for one image and one phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flops {
    /// Visual encoder.
    pub vision: u64,
    /// Text encoder.
    pub text: u64,
    /// Adapters beside, after or inside the encoders' blocks.
    pub adapters: u64,
    /// Neck, decoder and mask head.
    pub fusion: u64,
}

impl Flops {
    /// Operations for an image of `[height, width]` pixels and a phrase of `words` tokens.
    pub fn new(config: &ModelConfig, size: [usize; 2], words: usize) -> Self {
        let sizes = Sizes {
            config,
            size,
            words,
        };
        Self {
            vision: sizes.vision() as u64,
            text: sizes.text() as u64,
            adapters: sizes.adapters() as u64,
            fusion: (sizes.neck() + sizes.decoder() + sizes.head()) as u64,
        }
    }

    /// Sum of all parts.
    pub fn total(&self) -> u64 {
        self.vision + self.text + self.adapters + self.fusion
    }
}

struct Sizes<'a> {
    config: &'a ModelConfig,
    /// Height and width in pixels.
    size: [usize; 2],
    words: usize,
}

impl Sizes<'_> {
    /// Number of cells of a grid of that stride.
    fn cells(&self, stride: usize) -> usize {
        self.size.iter().map(|side| side / stride).product()
    }

    /// Pixels of the mask.
    fn fine(&self) -> usize {
        self.cells(MASK_STRIDE)
    }

    /// Cells of the grid of neck and decoder.
    fn middle(&self) -> usize {
        self.cells(self.config.vision.neck().stride)
    }

    fn vision(&self) -> usize {
        match &self.config.vision {
            VisionConfig::EfficientNet(config) => self.efficientnet(config),
            VisionConfig::Vit(config) => self.vit(config),
        }
    }

    fn vit(&self, vision: &VitConfig) -> usize {
        let (patches, width) = (self.cells(vision.patch), vision.width);
        let tokens = patches + vision.prefix();
        linear(patches, 3 * vision.patch * vision.patch, width)
            + self.products(tokens)
            + vision.depth * attention(tokens, tokens, width)
    }

    /// All linear layers of the visual encoder's blocks, for `tokens` tokens.
    fn products(&self, tokens: usize) -> usize {
        let matrices = self.config.vision.matrices();
        let product = |[input, output]: [usize; 2]| linear(tokens, input, output);
        matrices.into_iter().map(product).sum()
    }

    fn efficientnet(&self, vision: &EfficientNetConfig) -> usize {
        let mut stride = 2;
        let mut sum = linear(self.cells(stride), 3 * 9, vision.stem);
        for block in vision.blocks() {
            let BlockConfig { shape, hidden, .. } = block;
            if block.expands() {
                sum += linear(self.cells(stride), block.input, hidden);
            }
            stride = shape.stride;
            sum += linear(self.cells(stride), block.kernel.pow(2), hidden)
                + linear(self.cells(stride), hidden, shape.width);
        }
        sum
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
        let textual = adapter.text_blocks.len();
        let blocks = self.config.vision.blocks();
        let visual = |each: &dyn Fn(FeatureShape) -> usize| -> usize {
            let carrying = adapter.vision_blocks.iter();
            carrying.map(|&at| each(blocks[at])).sum()
        };
        match self.config.tuning {
            Tuning::S4eca => {
                let textual = if adapter.parts.textual { textual } else { 0 };
                let words = match self.config.guide() {
                    GuideKind::Words => {
                        linear(self.words, self.config.text.width, adapter.text_width)
                    }
                    GuideKind::Proxies | GuideKind::Nothing => 0,
                };
                textual * self.textual() + visual(&|shape| self.visual(shape)) + words
            }
            Tuning::Detris => {
                textual * self.detris_textual() + visual(&|shape| self.detris_visual(shape))
            }
            // LoRA multiplies the two factors of every matrix, whatever the size of the input.
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

    /// A visual adapter that reads `shape`.
    fn visual(&self, shape: FeatureShape) -> usize {
        let adapter = &self.config.adapter;
        let (patches, inner) = (self.cells(shape.stride), adapter.vision_width);
        let tokens = patches + self.config.vision.prefix();
        let (guide, count) = match self.config.guide() {
            GuideKind::Proxies => (adapter.text_width, adapter.queries),
            GuideKind::Words => (adapter.text_width, self.words),
            GuideKind::Nothing => (0, 0),
        };
        let parts = adapter.parts;
        let mut sum = 2 * linear(tokens, shape.width, inner) + linear(patches, inner, inner);
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

    fn detris_visual(&self, shape: FeatureShape) -> usize {
        let (cells, text) = (self.cells(shape.stride), self.config.text.width);
        let inner = visual_bottleneck(shape.width);
        2 * linear(cells + self.config.vision.prefix(), shape.width, inner)
            + dense(cells, inner, [9, 25])
            + 2 * linear(cells, inner, inner)
            + linear(self.words, text, inner)
            + cross(cells, self.words, inner, inner)
    }

    fn detris_textual(&self) -> usize {
        let width = self.config.text.width;
        let inner = textual_bottleneck(width);
        2 * linear(self.words, width, inner) + dense(self.words.saturating_sub(1), inner, [3, 5])
    }

    fn lora(&self, rank: usize) -> usize {
        let matrices = [self.config.vision.matrices(), self.config.text.matrices()];
        let product = |[input, output]: [usize; 2]| linear(input, rank, output);
        matrices.into_iter().flatten().map(product).sum()
    }

    fn neck(&self) -> usize {
        let (width, cells) = (self.config.fusion.width, self.middle());
        let levels = self.config.vision.levels();
        let level = |level: &FeatureShape| {
            linear(self.cells(level.stride), level.width, width)
                + linear(1, self.config.text.width, width)
        };
        levels.iter().map(level).sum::<usize>()
            + linear(cells, levels.len() * width, width)
            + linear(cells, 9 * (width + 2), width)
    }

    fn decoder(&self) -> usize {
        let fusion = &self.config.fusion;
        let (patches, width) = (self.middle(), fusion.width);
        // Queries and keys are projected with positions, values without, so the same matrix is applied twice.
        let layer = 2 * linear(patches, width, 3 * width)
            + attention(patches, patches, width)
            + linear(patches, width, width)
            + cross(patches, self.words, width, self.config.text.width)
            + 2 * linear(patches, width, fusion.mlp);
        fusion.layers * layer
    }

    fn head(&self) -> usize {
        let (fusion, vision) = (&self.config.fusion, &self.config.vision);
        let (text, head) = (self.config.text.width, fusion.head_width);
        let (detail, fine) = (fusion.detail_width, self.fine());
        let seen = match vision.fine_block() {
            Some(block) => vision.blocks()[block].width,
            None => PIXELS,
        };
        let (beside, lateral) = match vision.lateral().filter(|_| detail > 0) {
            Some(level) => (
                detail,
                linear(fine / 4, vision.levels()[level].width, detail),
            ),
            None => (0, 0),
        };
        linear(self.middle(), fusion.width, fusion.width / 2)
            + lateral
            + linear(fine / 4, 9 * (fusion.width / 2 + beside), 2 * head)
            + linear(fine, seen, detail)
            + linear(fine, 9 * (2 * head + detail), head)
            + linear(1, text, 9 * head + 1)
            + linear(fine, head, 9)
    }
}

/// A linear layer, or a convolution if `input` counts the values of a neighbourhood.
fn linear(rows: usize, input: usize, output: usize) -> usize {
    2 * rows * input * output
}

/// Operations of the scores, and of the sums of the values weighted by them.
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
    use crate::study::ABLATIONS;

    #[test]
    fn a_vit_b_costs_what_is_published() {
        let base = ModelConfig::preset("base").expect("a preset");
        let flops = Flops::new(&base, [224, 224], 77);
        // 256 patches and 5 more tokens: 12 blocks of 12 x 768² multiply-adds per token, without attention.
        let blocks = 2 * 12 * 12 * 768 * 768 * 261u64;
        let scores = 12 * 4 * 768 * 261 * 261u64;
        let patches = 2 * 256 * 588 * 768u64;
        assert_eq!(flops.vision, blocks + scores + patches);
    }

    #[test]
    fn an_efficientnet_costs_what_its_layers_do() {
        // The 407 million operations published for Lite0 at 224 px include norms, activations and the sums of the
        // residuals. The numbers below exclude these, the last 1x1 convolution and the classifier.
        for (name, side, expected) in [
            ("efficientnet-lite0", 224, 363_837_152),
            ("efficientnet-lite2", 384, 1_625_589_504),
        ] {
            let config = ModelConfig::micro().with_encoders(Some(name), None);
            let flops = Flops::new(&config.expect("a name"), [side, side], 1);
            assert_eq!(flops.vision, 2 * expected, "{name}");
        }
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
