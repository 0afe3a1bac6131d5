//! How much memory a training step takes, before it is run.
//!
//! What automatic differentiation keeps is counted tensor by tensor: so many attention maps a block, so
//! many times its tokens, so many hidden layers. The counts were found by measuring Burn 0.22 on the CPU
//! while one size at a time was changed; `tests/memory.rs` holds the estimate against the heap. A block
//! below the first adapter keeps nothing, and a frozen matrix keeps no input.

use std::fmt;

use crate::model::{GuideKind, MASK_STRIDE, ModelConfig, ParameterTable, Precision, Tuning};

/// Bytes of a number.
const FLOAT: usize = 4;
/// Numbers that AdamW keeps for a parameter.
const MOMENTS: usize = 2;
/// Attention maps that an attention keeps: scores, shifted scores, probabilities.
const MAPS: f64 = 3.0;
/// The same with gradient checkpointing, which computes all but one again.
const MAPS_CHECKPOINTED: f64 = 1.0;
/// The same where both products are in 16 bits and the softmax between them is in f32.
const MAPS_HALF: f64 = 2.2;
/// The same with gradient checkpointing.
const MAPS_HALF_CHECKPOINTED: f64 = 1.5;
/// Share of what is kept apart from maps that remains with gradient checkpointing.
const CHECKPOINTED: f64 = 0.8;
/// Room for what a backward operation makes for itself, as a share of what is kept.
const TRANSIENT: f64 = 0.06;

/// Bytes of a training step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrainingMemory {
    /// All parameters.
    pub weights: usize,
    /// The word table, in ordinary memory even where a GPU trains.
    pub words: usize,
    /// The optimizer's state: of trained parameters alone.
    pub optimizer: usize,
    /// Gradients: of trained parameters alone.
    pub gradients: usize,
    /// What the forward pass keeps for the backward pass, and the latter's own room.
    pub activations: usize,
}

impl TrainingMemory {
    /// The memory of a step of `batch` samples of `side` pixels and `words` tokens; `frozen`: the type of
    /// the frozen encoders' matrices.
    pub fn new(
        config: &ModelConfig,
        batch: usize,
        side: usize,
        words: usize,
        checkpointing: bool,
        frozen: Precision,
    ) -> Self {
        let table = ParameterTable::new(config);
        let parameters = table.vision + table.text + table.lora + table.fusion();
        let adapters = table.textual_adapters + table.visual_adapters;
        let patches = (side / config.vision.patch).pow(2);
        let kept = Kept {
            config,
            patches: patches as f64,
            tokens: (patches + config.vision.prefix()) as f64,
            words: words as f64,
            fine: (side / MASK_STRIDE).pow(2) as f64,
            maps: if checkpointing {
                MAPS_CHECKPOINTED
            } else {
                MAPS
            },
            frozen_maps: match (frozen, checkpointing) {
                (Precision::F32, false) => MAPS,
                (Precision::F32, true) => MAPS_CHECKPOINTED,
                (Precision::F16 | Precision::Bf16, false) => MAPS_HALF,
                (Precision::F16 | Precision::Bf16, true) => MAPS_HALF_CHECKPOINTED,
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

    /// The most that is in use at once: when the backward pass begins, or when the optimizer steps.
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

/// Numbers that are kept for one sample.
struct Kept<'a> {
    config: &'a ModelConfig,
    patches: f64,
    tokens: f64,
    words: f64,
    /// Pixels of the mask.
    fine: f64,
    maps: f64,
    /// Those of an encoder's attention.
    frozen_maps: f64,
    /// Factor on all that are not maps.
    rest: f64,
}

impl Kept<'_> {
    fn sample(&self) -> f64 {
        let adapter = &self.config.adapter;
        let (vision, text) = (&self.config.vision, &self.config.text);
        let seen = self.encoder(
            self.tokens,
            [vision.width, vision.mlp, vision.heads, vision.depth],
            &adapter.vision_blocks,
        );
        let read = self.encoder(
            self.words,
            [text.width, text.mlp, text.heads, text.depth],
            &adapter.text_blocks,
        );
        seen + read + self.adapters() + self.neck() + self.decoder() + self.head()
    }

    /// Blocks of an encoder of `[width, mlp, heads, depth]` that gradients pass through.
    fn encoder(&self, tokens: f64, sizes: [usize; 4], adapted: &[usize]) -> f64 {
        let [width, mlp, heads, depth] = sizes.map(|size| size as f64);
        let below = adapted.first().map_or(depth, |first| *first as f64 + 1.0);
        // Times the tokens and times the hidden layer: a trained matrix keeps what it was fed.
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
        let (visual, textual) = (
            adapter.vision_blocks.len() as f64,
            adapter.text_blocks.len() as f64,
        );
        let (vision, text) = (
            self.config.vision.width as f64,
            self.config.text.width as f64,
        );
        match self.config.tuning {
            Tuning::S4eca => {
                let textual = if adapter.parts.textual { textual } else { 0.0 };
                let inner = adapter.text_width as f64;
                let words = self.words * (12.0 * inner + 2.0 * text);
                self.rest * (visual * self.visual(vision) + textual * words)
            }
            Tuning::Detris => {
                let grid = self.tokens * (11.0 * vision / 6.0 + 1.5 * vision);
                self.rest * (visual * grid + textual * self.words * 3.0 * text)
            }
            Tuning::Lora { .. } | Tuning::Full | Tuning::Frozen => 0.0,
        }
    }

    /// One visual adapter: times its bottleneck, its reductions, and maps to the guide.
    fn visual(&self, width: f64) -> f64 {
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
        self.tokens * (streams * inner + 1.5 * width) + self.patches * (reduced + maps)
    }

    fn neck(&self) -> f64 {
        let (vision, width) = (self.config.vision.width, self.config.fusion.width);
        self.rest * self.patches * (6.0 * vision as f64 + 14.0 * width as f64)
    }

    fn decoder(&self) -> f64 {
        let fusion = &self.config.fusion;
        let maps = self.maps * fusion.heads as f64 * self.patches * (self.patches + self.words);
        let streams = 16.5 * fusion.width as f64 + 2.25 * fusion.mlp as f64;
        fusion.layers as f64 * (maps + self.rest * self.patches * streams)
    }

    fn head(&self) -> f64 {
        let fusion = &self.config.fusion;
        let detail = match fusion.detail_width as f64 {
            0.0 => 0.0,
            width => 48.0 + 2.5 * width,
        };
        self.rest * self.fine * (5.7 * fusion.head_width as f64 + detail)
    }

    /// Matrices that LoRA composes, once a step whatever the batch.
    fn composed(&self) -> f64 {
        let Tuning::Lora { .. } = self.config.tuning else {
            return 0.0;
        };
        let table = ParameterTable::new(self.config);
        (table.vision + table.text) as f64
    }
}
