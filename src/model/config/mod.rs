//! Sizes and options of the network, and the named presets.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A preset name that does not exist.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no preset named {0:?}: choose micro or tiny")]
pub struct UnknownPreset(pub String);

/// Everything that decides the network's shape; stored beside every set of weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelConfig {
    /// Preset that the sizes come from, for messages.
    pub preset: String,
    /// Side of the square input in pixels.
    pub input: usize,
    /// Visual encoder.
    pub vision: VisionConfig,
    /// Text encoder.
    pub text: TextConfig,
    /// Both adapters.
    pub adapter: AdapterConfig,
    /// Neck, decoder and mask head.
    pub fusion: FusionConfig,
}

/// Sizes of the ViT.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisionConfig {
    /// Channels of a token.
    pub width: usize,
    /// Number of blocks.
    pub depth: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden channels of the MLP.
    pub mlp: usize,
    /// Side of a patch in pixels.
    pub patch: usize,
    /// Register tokens (Darcet et al. 2024), 4 in DINOv2 with registers.
    pub registers: usize,
    /// LayerScale on both branches of a block, as DINOv2 has it.
    pub layer_scale: bool,
    /// Blocks whose outputs become the three feature levels, counted from 0, ascending.
    pub levels: [usize; 3],
}

/// Sizes of the BERT-family encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextConfig {
    /// Entries of the word table.
    pub vocabulary: usize,
    /// Channels of a token.
    pub width: usize,
    /// Number of blocks.
    pub depth: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden channels of the feed-forward layer.
    pub mlp: usize,
    /// Tokens that a phrase may have, special tokens included.
    pub tokens: usize,
}

/// Sizes of the adapters, and a switch for each of their parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdapterConfig {
    /// Visual blocks that carry an adapter, counted from 0.
    pub vision_blocks: Vec<usize>,
    /// Text blocks that carry an adapter, counted from 0.
    pub text_blocks: Vec<usize>,
    /// Bottleneck of the visual adapter.
    pub vision_width: usize,
    /// Bottleneck of the textual adapter, and width of a proxy.
    pub text_width: usize,
    /// Learnable queries, and so proxies, of the textual adapter.
    pub queries: usize,
    /// Channels to which the 3x3 and 5x5 branches reduce first.
    pub reduced: usize,
    /// Parts that are on.
    pub parts: AdapterParts,
}

/// One switch for each part of the adapters, so that each can be taken away and measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterParts {
    /// The textual adapter adds to the words; its proxies exist either way.
    pub text_feedback: bool,
    /// Each textual adapter starts from the proxies of the one before.
    pub proxy_chain: bool,
    /// The 3x3 and 5x5 branches beside the 1x1 one.
    pub multi_scale: bool,
    /// Softmax over the branches, guided by the proxies.
    pub scale_selection: bool,
    /// Sigmoid map over the pixels, guided by the proxies.
    pub spatial_selection: bool,
    /// Cross-attention of the pixels to the proxies.
    pub proxy_attention: bool,
}

impl Default for AdapterParts {
    fn default() -> Self {
        Self {
            text_feedback: true,
            proxy_chain: true,
            multi_scale: true,
            scale_selection: true,
            spatial_selection: true,
            proxy_attention: true,
        }
    }
}

/// Sizes of what is trained in full: neck, decoder, mask head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FusionConfig {
    /// Channels of neck and decoder.
    pub width: usize,
    /// Decoder layers.
    pub layers: usize,
    /// Attention heads of the decoder.
    pub heads: usize,
    /// Hidden channels of the decoder's feed-forward layer.
    pub mlp: usize,
    /// Channels on which the per-sample kernel works.
    pub head_width: usize,
    /// Channels taken from the image's own pixels at the mask's resolution; 0 switches that off.
    pub detail_width: usize,
}

impl ModelConfig {
    /// The preset of that name.
    ///
    /// # Errors
    /// [`UnknownPreset`] for any other name.
    pub fn preset(name: &str) -> Result<Self, UnknownPreset> {
        match name {
            "micro" => Ok(Self::micro()),
            "tiny" => Ok(Self::tiny()),
            other => Err(UnknownPreset(other.to_owned())),
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
            },
            text: TextConfig {
                vocabulary: 30_522,
                width: 64,
                depth: 2,
                heads: 2,
                mlp: 128,
                tokens: 24,
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

    /// Patches along one side of the preset's own input.
    pub fn grid(&self) -> usize {
        self.input / self.vision.patch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_found_by_name_and_survive_json() {
        for name in ["micro", "tiny"] {
            let config = ModelConfig::preset(name).expect("a preset");
            let json = serde_json::to_string(&config).expect("plain data");
            assert_eq!(
                serde_json::from_str::<ModelConfig>(&json).expect("its own JSON"),
                config
            );
            assert_eq!(config.input % config.vision.patch, 0);
        }
        assert_eq!(
            ModelConfig::preset("huge"),
            Err(UnknownPreset("huge".to_owned()))
        );
    }
}
