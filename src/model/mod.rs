//! The network, one file per block of the paper. This module contains no file access, no training and nothing
//! platform-specific.
//!
//! S4ECA: Semantic-driven Scale and Spatial Selection for Efficient Cross-modal Alignment,
//! arXiv 2606.30244. Where a block goes beyond what the abstract states, its file says whether the
//! rest is inferred from the model's lineage (DETRIS, arXiv 2501.08580) or ours.
//!
//! ```text
//! words ── text encoder + textual adapters ──┐
//!                                            ├ Language { words, padding, proxies, sentence }
//! image ── visual encoder + visual adapters ─┴─ 3 levels ── neck ── decoder ── mask head ── logits
//! ```

mod added;
mod attention;
mod config;
mod decoder;
mod dense_extractor;
mod efficientnet;
mod features;
mod feed_forward;
mod grid;
mod language;
mod mask_head;
mod neck;
mod norm;
mod peer;
mod places;
mod position;
mod precision;
mod s4eca;
mod selection;
mod text_encoder;
mod textual_adapter;
mod vision_encoder;
mod visual_adapter;
mod vit;
mod walk;
mod weight_order;

pub use added::Added;
pub use config::{
    AdapterConfig, AdapterParts, BlockConfig, ConfigError, EfficientNetConfig, FeatureShape,
    FeedForward, FusionConfig, GuideKind, InputSizeError, MASK_STRIDE, ModelConfig, PRESETS,
    Positions, StageConfig, TEXT_ENCODERS, TextArchitecture, TextConfig, Tuning, UnknownName,
    VISUAL_ENCODERS, VisionConfig, VitConfig, text_encoder, visual_encoder,
};
pub use efficientnet::{EfficientNet, StartedBlocks};
pub use features::{FeatureMap, Features};
pub use grid::{GridSize, grid_from_tokens, patches_from_image, resize, tokens_from_grid};
pub use language::{Guide, Language};
pub use peer::{NoPeer, Peer};
pub use precision::{FrozenPrecision, PrecisionError};
pub use s4eca::{S4eca, Started, TRAINED};
pub use text_encoder::{Encoded, TextEncoder};
pub use vision_encoder::{StartedImage, VisionEncoder};
pub use vit::Vit;
pub use walk::{ParameterVisitor, walk};
pub use weight_order::in_kernel_order;

// For counts and baselines in `study`.
#[cfg(feature = "native")]
pub(crate) use {
    attention::CrossAttention,
    mask_head::PIXELS,
    precision::LINEAR,
    selection::HIDDEN,
    visual_adapter::{with_prefix_of, without_prefix},
};
