//! Shape of the parts that are trained beside the frozen encoders.

use serde::{Deserialize, Serialize};

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

/// One switch for each part of the adapters, so that each can be removed and measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterParts {
    /// Whether there are textual adapters at all; without them the words come from the frozen encoder.
    #[serde(default = "on")]
    pub textual: bool,
    /// The textual adapter adds to the words; its proxies exist either way.
    pub text_feedback: bool,
    /// Each textual adapter starts from the proxies of the one before.
    pub proxy_chain: bool,
    /// The 3x3 and 5x5 branches beside the 1x1 one.
    pub multi_scale: bool,
    /// Softmax over the branches, guided by the language.
    pub scale_selection: bool,
    /// Sigmoid map over the pixels, guided by the language.
    pub spatial_selection: bool,
    /// Cross-attention of the pixels to the language.
    pub proxy_attention: bool,
    /// The part of the language that the visual adapters read.
    #[serde(default)]
    pub guide: GuideKind,
}

/// The part of the language that the visual adapters read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GuideKind {
    /// The proxies of the last textual adapter.
    #[default]
    Proxies,
    /// The words, projected to the width of a proxy.
    Words,
    /// Nothing: the adapters select by the image alone.
    Nothing,
}

/// How the encoders are tuned. The network that ships is S4ECA. The others are baselines, which `study` builds and
/// trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tuning {
    /// Frozen, with S4ECA's adapters beside their blocks.
    #[default]
    S4eca,
    /// Frozen, with DETRIS's adapters (arXiv 2501.08580) beside their blocks.
    Detris,
    /// Frozen, with low-rank updates (LoRA, arXiv 2106.09685) of every matrix in their blocks.
    Lora {
        /// Rank of the updates.
        rank: usize,
    },
    /// Trained in full, except for the word table.
    Full,
    /// Frozen, with no adapters.
    Frozen,
}

impl Default for AdapterParts {
    fn default() -> Self {
        Self {
            textual: true,
            text_feedback: true,
            proxy_chain: true,
            multi_scale: true,
            scale_selection: true,
            spatial_selection: true,
            proxy_attention: true,
            guide: GuideKind::Proxies,
        }
    }
}

fn on() -> bool {
    true
}
