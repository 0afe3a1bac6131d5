//! The named presets.

use super::adapter::{AdapterConfig, AdapterParts, Tuning};
use super::encoders::{text_encoder, visual_encoder};
use super::text::{TextArchitecture, TextConfig};
use super::vision::{FeedForward, Positions, VisionConfig};
use super::{FusionConfig, ModelConfig, UnknownName};
use crate::vision::Normalisation;

/// Names of the presets, by size.
pub const PRESETS: [&str; 4] = ["micro", "tiny", "small", "base"];

impl ModelConfig {
    /// The preset of that name.
    ///
    /// # Errors
    /// [`UnknownName`] for any other name.
    pub fn preset(name: &str) -> Result<Self, UnknownName> {
        match name {
            "micro" => Ok(Self::micro()),
            "tiny" => Ok(Self::tiny()),
            "small" => Self::small(),
            "base" => Self::base(),
            other => Err(UnknownName {
                what: "preset",
                name: other.to_owned(),
                choices: PRESETS.to_vec(),
            }),
        }
    }

    /// About 0.06 GFLOP, for tests on software GPUs. Its word table is MiniLM's, cut to width.
    pub fn micro() -> Self {
        Self {
            preset: "micro".to_owned(),
            input: 64,
            vision: VisionConfig {
                width: 64,
                depth: 3,
                heads: 2,
                mlp: 128,
                patch: 16,
                registers: 2,
                layer_scale: true,
                levels: [0, 1, 2],
                positions: Positions::Fitted,
                feed_forward: FeedForward::Gelu,
                norm_epsilon: 1e-6,
                normalisation: Normalisation::ImageNet,
            },
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
                vision_blocks: vec![1, 2],
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

    /// The shipped demo: a ViT of width 192 at 384 px, all-MiniLM-L6-v2 for the words.
    pub fn tiny() -> Self {
        Self {
            preset: "tiny".to_owned(),
            input: 384,
            vision: VisionConfig {
                width: 192,
                depth: 12,
                heads: 3,
                mlp: 768,
                patch: 16,
                registers: 4,
                layer_scale: true,
                levels: [3, 7, 11],
                positions: Positions::Fitted,
                feed_forward: FeedForward::Gelu,
                norm_epsilon: 1e-6,
                normalisation: Normalisation::ImageNet,
            },
            // Sizes of sentence-transformers/all-MiniLM-L6-v2; 40 tokens hold RISBench's longest
            // phrase, 27 words.
            text: TextConfig {
                vocabulary: 30_522,
                width: 384,
                depth: 6,
                heads: 12,
                mlp: 1536,
                tokens: 40,
                architecture: TextArchitecture::Bert,
            },
            adapter: AdapterConfig {
                vision_blocks: vec![1, 3, 5, 7, 9, 11],
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
        }
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

    /// The same network on other encoders: adapters beside the same share of their blocks. `None`
    /// keeps an encoder.
    ///
    /// # Errors
    /// [`UnknownName`] for an encoder that is not known.
    pub fn with_encoders(
        mut self,
        vision: Option<&str>,
        text: Option<&str>,
    ) -> Result<Self, UnknownName> {
        let spread = |blocks: &[usize], from: usize, to: usize| -> Vec<usize> {
            // The last of each equal share of the blocks, as in the presets.
            blocks
                .iter()
                .map(|block| (block + 1) * to / from - 1)
                .collect()
        };
        if let Some(name) = vision {
            let encoder = visual_encoder(name)?;
            self.adapter.vision_blocks = spread(
                &self.adapter.vision_blocks,
                self.vision.depth,
                encoder.depth,
            );
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
