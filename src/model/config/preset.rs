//! The named presets.

use super::adapter::{AdapterConfig, AdapterParts, Tuning};
use super::efficientnet::{EfficientNetConfig, StageConfig};
use super::encoders::{text_encoder, visual_encoder};
use super::text::{TextArchitecture, TextConfig};
use super::vision::VisionConfig;
use super::{FusionConfig, ModelConfig, UnknownName};
use crate::vision::Normalisation;

/// Names of the presets, by size.
pub const PRESETS: [&str; 4] = ["micro", "tiny", "small", "base"];

impl ModelConfig {
    /// Returns the preset named `name`.
    ///
    /// # Errors
    /// Returns [`UnknownName`] for any other name.
    pub fn preset(name: &str) -> Result<Self, UnknownName> {
        match name {
            "micro" => Ok(Self::micro()),
            "tiny" => Self::tiny(),
            "small" => Self::small(),
            "base" => Self::base(),
            other => Err(UnknownName {
                what: "preset",
                name: other.to_owned(),
                choices: PRESETS.to_vec(),
            }),
        }
    }

    /// About 0.02 GFLOP, for tests on software GPUs. Its word table is MiniLM's, truncated to its width.
    pub fn micro() -> Self {
        Self {
            preset: "micro".to_owned(),
            input: 64,
            vision: VisionConfig::EfficientNet(micro_efficientnet()),
            text: TextConfig {
                vocabulary: 30_522,
                width: 64,
                depth: 2,
                heads: 2,
                mlp: 128,
                tokens: 24,
                architecture: TextArchitecture::Bert,
            },
            adapter: AdapterConfig {
                vision_blocks: vec![3, 5, 7],
                text_blocks: vec![1],
                vision_width: 32,
                text_width: 32,
                queries: 4,
                reduced: 8,
                parts: AdapterParts::default(),
            },
            tuning: Tuning::S4eca,
            fusion: FusionConfig {
                width: 64,
                layers: 1,
                heads: 2,
                mlp: 128,
                head_width: 16,
                detail_width: 8,
            },
        }
    }

    /// The shipped demo: EfficientNet-Lite2 at 384 px, all-MiniLM-L6-v2 for the words.
    fn tiny() -> Result<Self, UnknownName> {
        Ok(Self {
            preset: "tiny".to_owned(),
            input: 384,
            vision: visual_encoder("efficientnet-lite2")?,
            text: text_encoder("minilm-l6")?,
            adapter: AdapterConfig {
                vision_blocks: vec![6, 10, 12, 14, 17, 20],
                text_blocks: vec![1, 3, 5],
                vision_width: 64,
                text_width: 64,
                queries: 8,
                reduced: 8,
                parts: AdapterParts::default(),
            },
            tuning: Tuning::S4eca,
            fusion: FusionConfig {
                width: 192,
                layers: 2,
                heads: 6,
                mlp: 768,
                head_width: 32,
                detail_width: 32,
            },
        })
    }

    /// For laptops with a GPU of their own: DINOv2-S/14 with registers and all-MiniLM-L6-v2.
    fn small() -> Result<Self, UnknownName> {
        Ok(Self {
            preset: "small".to_owned(),
            input: 448,
            vision: visual_encoder("dinov2-s14-reg")?,
            text: text_encoder("minilm-l6")?,
            adapter: AdapterConfig {
                vision_blocks: vec![1, 3, 5, 7, 9, 11],
                text_blocks: vec![1, 3, 5],
                vision_width: 80,
                text_width: 64,
                queries: 8,
                reduced: 10,
                parts: AdapterParts::default(),
            },
            tuning: Tuning::S4eca,
            fusion: FusionConfig {
                width: 256,
                layers: 2,
                heads: 8,
                mlp: 1024,
                head_width: 64,
                detail_width: 32,
            },
        })
    }

    /// The paper's scale: DINOv2-B/14 with registers and CLIP B/16's text tower, the pair that DETRIS
    /// freezes; neck and decoder of DETRIS's width and depth.
    fn base() -> Result<Self, UnknownName> {
        Ok(Self {
            preset: "base".to_owned(),
            input: 448,
            vision: visual_encoder("dinov2-b14-reg")?,
            text: text_encoder("clip-b16")?,
            adapter: AdapterConfig {
                vision_blocks: vec![1, 3, 5, 7, 9, 11],
                text_blocks: vec![1, 3, 5, 7, 9, 11],
                vision_width: 136,
                text_width: 96,
                queries: 16,
                reduced: 20,
                parts: AdapterParts::default(),
            },
            tuning: Tuning::S4eca,
            fusion: FusionConfig {
                width: 512,
                layers: 3,
                heads: 8,
                mlp: 512,
                head_width: 128,
                detail_width: 32,
            },
        })
    }

    /// Replaces the encoders; `None` keeps the preset's own. The adapters of a text encoder are placed at the same
    /// relative depth; those of a visual encoder at [`VisionConfig::adapter_blocks`].
    ///
    /// # Errors
    /// Returns [`UnknownName`] if an encoder is not known.
    pub fn with_encoders(
        mut self,
        vision: Option<&str>,
        text: Option<&str>,
    ) -> Result<Self, UnknownName> {
        let spread = |blocks: &[usize], from: usize, to: usize| -> Vec<usize> {
            // The blocks are divided into equal groups, and the last block of each carries an adapter, as in the
            // presets.
            blocks
                .iter()
                .map(|block| (block + 1) * to / from - 1)
                .collect()
        };
        if let Some(name) = vision {
            let encoder = visual_encoder(name)?;
            self.adapter.vision_blocks = encoder.adapter_blocks(self.adapter.vision_blocks.len());
            self.vision = encoder;
        }
        if let Some(name) = text {
            let encoder = text_encoder(name)?;
            self.adapter.text_blocks =
                spread(&self.adapter.text_blocks, self.text.depth, encoder.depth);
            self.text = encoder;
        }
        self.input = self.input.next_multiple_of(self.input_step());
        Ok(self)
    }
}

/// A miniature of eight blocks with all strides and kernels of the real encoder, a residual block and an expansion of
/// 1.
fn micro_efficientnet() -> EfficientNetConfig {
    let stage = |[kernel, stride, expand, width, repeats]: [usize; 5]| StageConfig {
        kernel,
        stride,
        expand,
        width,
        repeats,
    };
    let stages = [
        [3, 1, 1, 16, 1],
        [3, 2, 4, 16, 1],
        [5, 2, 4, 24, 2],
        [3, 2, 4, 32, 1],
        [5, 1, 4, 40, 1],
        [5, 2, 4, 64, 1],
        [3, 1, 4, 64, 1],
    ];
    EfficientNetConfig {
        stem: 16,
        stages: stages.map(stage).to_vec(),
        normalisation: Normalisation::Centred,
    }
}
