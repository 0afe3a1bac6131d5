//! Estimates how much memory a training step takes, before it is run.
//!
//! The tensors that automatic differentiation keeps are counted per block: attention maps, copies of the block's
//! tokens, and hidden layers. The counts were measured with Burn 0.22 on the CPU, varying one size at a time;
//! `tests/memory.rs` compares the estimate with the heap. A block below the first adapter keeps nothing, and a frozen
//! matrix keeps no input.

use std::fmt;

use crate::model::{
    EfficientNetConfig, FeatureShape, FrozenPrecision, GuideKind, MASK_STRIDE, ModelConfig, Tuning,
    VisionConfig,
};
use crate::study::ParameterTable;

/// Bytes per number.
const FLOAT: usize = 4;
/// Numbers that AdamW keeps per parameter.
const MOMENTS: usize = 2;
/// Maps that an attention layer keeps: scores, shifted scores, probabilities.
const MAPS: f64 = 3.0;
/// The same with gradient checkpointing, which recomputes all maps except one.
const MAPS_CHECKPOINTED: f64 = 1.0;
/// The same if both matrix products use 16 bits and the softmax between them uses f32.
const MAPS_HALF: f64 = 2.2;
/// The same with gradient checkpointing.
const MAPS_HALF_CHECKPOINTED: f64 = 1.5;
/// Fraction of the kept tensors other than maps that remains with gradient checkpointing.
const CHECKPOINTED: f64 = 0.8;
/// Temporary memory of backward operations, as a fraction of the kept memory.
const TRANSIENT: f64 = 0.06;

/// Memory of a training step in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingMemory {
    /// All parameters.
    pub weights: usize,
    /// The word table, in host memory even when training on a GPU.
    pub words: usize,
    /// The optimizer's state, for trained parameters only.
    pub optimizer: usize,
    /// Gradients, for trained parameters only.
    pub gradients: usize,
    /// What the forward pass keeps for the backward pass, plus temporary memory of the backward pass.
    pub activations: usize,
}

impl TrainingMemory {
    /// Estimates the memory of a step of `batch` samples of `side` pixels and `words` tokens. `frozen` is the
    /// type of the frozen encoders' matrices.
    pub fn new(
        config: &ModelConfig,
        batch: usize,
        side: usize,
        words: usize,
        checkpointing: bool,
        frozen: FrozenPrecision,
    ) -> Self {
        let table = ParameterTable::new(config);
        let parameters = table.vision + table.text + table.lora + table.fusion();
        let adapters = table.textual_adapters + table.visual_adapters;
        let kept = Kept {
            config,
            side,
            words: words as f64,
            maps: if checkpointing {
                MAPS_CHECKPOINTED
            } else {
                MAPS
            },
            frozen_maps: match (frozen, checkpointing) {
                (FrozenPrecision::F32, false) => MAPS,
                (FrozenPrecision::F32, true) => MAPS_CHECKPOINTED,
                (FrozenPrecision::F16 | FrozenPrecision::Bf16, false) => MAPS_HALF,
                (FrozenPrecision::F16 | FrozenPrecision::Bf16, true) => MAPS_HALF_CHECKPOINTED,
            },
            rest: if checkpointing { CHECKPOINTED } else { 1.0 },
        };
        let sample = kept.sample() * (1.0 + TRANSIENT) + 3.0 * (side * side) as f64;
        Self {
            weights: FLOAT * (parameters + adapters) - (FLOAT - frozen.bytes()) * table.matrices,
            words: FLOAT * table.words,
            optimizer: FLOAT * MOMENTS * table.trained(),
            gradients: FLOAT * table.trained(),
            activations: FLOAT * (batch as f64 * sample + kept.composed()) as usize,
        }
    }

    /// Returns the peak memory: at the start of the backward pass, or during the optimizer step.
    pub fn peak(&self) -> usize {
        self.weights + self.words + self.optimizer + self.activations.max(2 * self.gradients)
    }
}

impl fmt::Display for TrainingMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, bytes) in [
            ("weights", self.weights),
            ("word table", self.words),
            ("optimizer", self.optimizer),
            ("gradients", self.gradients),
            ("activations", self.activations),
        ] {
            writeln!(f, "  {name:<12} {:>10.1} MB", bytes as f64 / 1e6)?;
        }
        write!(f, "  {:<12} {:>10.1} MB", "peak", self.peak() as f64 / 1e6)
    }
}

/// Counts the numbers that are kept for one sample.
struct Kept<'a> {
    config: &'a ModelConfig,
    /// Side of the input in pixels.
    side: usize,
    words: f64,
    maps: f64,
    /// Maps that an encoder's attention layer keeps.
    frozen_maps: f64,
    /// Factor on everything except maps.
    rest: f64,
}

impl Kept<'_> {
    /// Returns the number of cells of a grid of that stride.
    fn cells(&self, stride: usize) -> f64 {
        (self.side / stride).pow(2) as f64
    }

    /// Returns the number of cells of the neck's and decoder's grid.
    fn middle(&self) -> f64 {
        self.cells(self.config.vision.neck().stride)
    }

    fn sample(&self) -> f64 {
        let adapter = &self.config.adapter;
        let text = &self.config.text;
        let seen = match &self.config.vision {
            VisionConfig::EfficientNet(vision) => self.efficientnet(vision),
            VisionConfig::Vit(vision) => self.transformer(
                self.cells(vision.patch) + vision.prefix() as f64,
                [vision.width, vision.mlp, vision.heads, vision.depth],
                &adapter.vision_blocks,
            ),
        };
        let read = self.transformer(
            self.words,
            [text.width, text.mlp, text.heads, text.depth],
            &adapter.text_blocks,
        );
        seen + read + self.adapters() + self.neck() + self.decoder() + self.head()
    }

    /// Counts inverted residual blocks that gradients pass through.
    fn efficientnet(&self, vision: &EfficientNetConfig) -> f64 {
        let first = self.config.adapter.vision_blocks.first();
        let blocks = vision.blocks();
        // Factors on the hidden channels before and after the kernel, and on the output channels.
        let (below, [before, after, out]) = match self.config.tuning {
            Tuning::S4eca | Tuning::Detris => (
                first.map_or(blocks.len(), |first| first + 1),
                [1.0, 1.0, 0.4],
            ),
            Tuning::Lora { .. } => (0, [1.0, 1.0, 0.5]),
            Tuning::Full => (0, [1.6, 1.6, 0.8]),
            Tuning::Frozen => (blocks.len(), [0.0; 3]),
        };
        let kept = blocks.iter().skip(below).map(|block| {
            let hidden = block.hidden as f64;
            let outside = self.cells(block.shape.stride);
            let inside = outside * block.stride.pow(2) as f64;
            before * inside * hidden + outside * (after * hidden + out * block.shape.width as f64)
        });
        self.rest * kept.sum::<f64>()
    }

    /// Counts blocks of a transformer of `[width, mlp, heads, depth]` that gradients pass through.
    fn transformer(&self, tokens: f64, sizes: [usize; 4], adapted: &[usize]) -> f64 {
        let [width, mlp, heads, depth] = sizes.map(|size| size as f64);
        let below = adapted.first().map_or(depth, |first| *first as f64 + 1.0);
        // Factors on the tokens and on the hidden layer: a trained matrix keeps its input.
        let (blocks, streams, hidden) = match self.config.tuning {
            Tuning::S4eca | Tuning::Detris => (depth - below, 5.0, 1.0),
            Tuning::Lora { .. } => (depth, 8.5, 2.0),
            Tuning::Full => (depth, 13.0, 2.0),
            Tuning::Frozen => (0.0, 0.0, 0.0),
        };
        let maps = self.frozen_maps * heads * tokens * tokens;
        blocks * (maps + self.rest * tokens * (streams * width + hidden * mlp))
    }

    fn adapters(&self) -> f64 {
        let adapter = &self.config.adapter;
        let textual = adapter.text_blocks.len() as f64;
        let text = self.config.text.width as f64;
        let blocks = self.config.vision.blocks();
        let visual = |each: &dyn Fn(FeatureShape) -> f64| -> f64 {
            let carrying = adapter.vision_blocks.iter();
            carrying.map(|&at| each(blocks[at])).sum()
        };
        match self.config.tuning {
            Tuning::S4eca => {
                let textual = if adapter.parts.textual { textual } else { 0.0 };
                let inner = adapter.text_width as f64;
                let words = self.words * (12.0 * inner + 2.0 * text);
                self.rest * (visual(&|shape| self.visual(shape)) + textual * words)
            }
            Tuning::Detris => {
                let grid = |shape: FeatureShape| {
                    let width = shape.width as f64;
                    self.tokens(shape) * (11.0 * width / 6.0 + 1.5 * width + self.entrance(width))
                };
                self.rest * (visual(&grid) + textual * self.words * 3.0 * text)
            }
            Tuning::Lora { .. } | Tuning::Full | Tuning::Frozen => 0.0,
        }
    }

    /// Returns the number of tokens of a block: its cells and the prefix tokens.
    fn tokens(&self, shape: FeatureShape) -> f64 {
        self.cells(shape.stride) + self.config.vision.prefix() as f64
    }

    /// Returns what the norm at an adapter's input keeps per token, or 0 if there is no such norm.
    fn entrance(&self, width: f64) -> f64 {
        match self.config.vision.adapters_follow() {
            true => 3.0 * width,
            false => 0.0,
        }
    }

    /// Counts one visual adapter: multiples of its bottleneck, its reductions, and attention maps to the
    /// guide.
    fn visual(&self, shape: FeatureShape) -> f64 {
        let adapter = &self.config.adapter;
        let parts = adapter.parts;
        let inner = adapter.vision_width as f64;
        let mut streams = 5.0;
        let mut reduced = 0.0;
        if parts.multi_scale {
            streams += 7.5;
            reduced = 4.0 * adapter.reduced as f64;
        }
        if parts.scale_selection {
            streams += if parts.multi_scale { 3.0 } else { 1.0 };
        }
        if parts.spatial_selection {
            streams += 2.25;
        }
        let guide = match parts.guide {
            GuideKind::Proxies if parts.textual => adapter.queries as f64,
            GuideKind::Nothing => 0.0,
            GuideKind::Proxies | GuideKind::Words => self.words,
        };
        let mut maps = guide;
        if parts.proxy_attention && guide > 0.0 {
            streams += 3.3;
            maps += 4.0 * self.maps * guide;
        }
        let width = shape.width as f64;
        self.tokens(shape) * (streams * inner + 1.5 * width + self.entrance(width))
            + self.cells(shape.stride) * (reduced + maps)
    }

    fn neck(&self) -> f64 {
        let width = self.config.fusion.width as f64;
        let level = |level: FeatureShape| {
            self.cells(level.stride) * (2.0 * level.width as f64 + 3.0 * width)
        };
        let levels: f64 = self.config.vision.levels().into_iter().map(level).sum();
        self.rest * (levels + self.middle() * 5.0 * width)
    }

    fn decoder(&self) -> f64 {
        let (fusion, patches) = (&self.config.fusion, self.middle());
        let maps = self.maps * fusion.heads as f64 * patches * (patches + self.words);
        let streams = 16.5 * fusion.width as f64 + 2.25 * fusion.mlp as f64;
        fusion.layers as f64 * (maps + self.rest * patches * streams)
    }

    fn head(&self) -> f64 {
        let (fusion, vision) = (&self.config.fusion, &self.config.vision);
        let seen = match vision.fine_block() {
            // A level of the frozen encoder, which is kept in any case.
            Some(block) => vision.blocks()[block].width as f64,
            None => 48.0,
        };
        let (detail, lateral) = match fusion.detail_width as f64 {
            0.0 => (0.0, 0.0),
            width if vision.lateral().is_some() => (seen + 2.5 * width, 2.5 * width / 4.0),
            width => (seen + 2.5 * width, 0.0),
        };
        let kept = 5.7 * fusion.head_width as f64 + detail + lateral;
        self.rest * self.cells(MASK_STRIDE) * kept
    }

    /// Counts the matrices that LoRA composes, once per step regardless of the batch size.
    fn composed(&self) -> f64 {
        let Tuning::Lora { .. } = self.config.tuning else {
            return 0.0;
        };
        let table = ParameterTable::new(self.config);
        (table.vision + table.text) as f64
    }
}
