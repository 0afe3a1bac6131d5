//! Sizes and options of the network, and the named presets.

mod adapter;
mod check;
mod efficientnet;
mod encoders;
mod preset;
mod shape;
mod text;
mod vision;
mod vit;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use adapter::{AdapterConfig, AdapterParts, GuideKind, Tuning};
pub use check::ConfigError;
pub use efficientnet::{BlockConfig, EfficientNetConfig, StageConfig};
pub use encoders::{TEXT_ENCODERS, VISUAL_ENCODERS, text_encoder, visual_encoder};
pub use preset::PRESETS;
pub use shape::{FeatureShape, MASK_STRIDE};
pub use text::{TextArchitecture, TextConfig};
pub use vision::VisionConfig;
pub use vit::{FeedForward, Positions, VitConfig};

/// A name that is not known.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("there is no {what} named {name:?}: choose {}", choices.join(", "))]
pub struct UnknownName {
    /// The kind of thing that was looked up, such as a preset.
    pub what: &'static str,
    /// The name.
    pub name: String,
    /// The known names.
    pub choices: Vec<&'static str>,
}

/// An input size that the network cannot run on.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "an input of {width} x {height} pixels does not fit the encoder's grids, whose coarsest has cells of \
     {cell}: both sides must be multiples of {step}, for example {example}"
)]
pub struct InputSizeError {
    width: usize,
    height: usize,
    cell: usize,
    step: usize,
    example: usize,
}

/// Everything that determines the network's shape; stored beside every set of weights.
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
    /// How the encoders are tuned.
    #[serde(default)]
    pub tuning: Tuning,
    /// Neck, decoder and mask head.
    pub fusion: FusionConfig,
}

/// Sizes of the parts that are trained in full: neck, decoder, mask head.
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
    /// Channels of the mask head's detail path, and of its lateral path if it has one; 0 switches both off.
    pub detail_width: usize,
}

impl ModelConfig {
    /// Cells along one side of the neck's grid for the preset's own input; patches in a ViT.
    pub fn grid(&self) -> usize {
        self.input / self.vision.neck().stride
    }

    /// Input sides must be multiples of this many pixels: whole cells for the encoder, and whole
    /// pixels for the mask head, which works at an eighth and at a quarter of the resolution.
    pub fn input_step(&self) -> usize {
        least_common_multiple(self.vision.step(), 2 * MASK_STRIDE)
    }

    /// Checks an input of `height` x `width` pixels.
    ///
    /// # Errors
    /// Returns [`InputSizeError`] if the network cannot run on it.
    pub fn check_input(&self, [height, width]: [usize; 2]) -> Result<(), InputSizeError> {
        let step = self.input_step();
        if [height, width]
            .iter()
            .all(|side| *side > 0 && side.is_multiple_of(step))
        {
            return Ok(());
        }
        Err(InputSizeError {
            width,
            height,
            cell: self.vision.step(),
            step,
            example: (width.max(height).max(1)).next_multiple_of(step),
        })
    }

    /// The part of the language that the visual adapters read. Without textual adapters there are no proxies, so it is
    /// the words instead.
    pub(crate) fn guide(&self) -> GuideKind {
        match self.adapter.parts.guide {
            GuideKind::Proxies if !self.adapter.parts.textual => GuideKind::Words,
            kind => kind,
        }
    }
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    (1..=b)
        .map(|k| k * a)
        .find(|m| m.is_multiple_of(b))
        .unwrap_or(a * b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_found_by_name_and_survive_json() {
        for name in PRESETS {
            let config = ModelConfig::preset(name).expect("a preset");
            let json = serde_json::to_string(&config).expect("plain data");
            assert_eq!(
                serde_json::from_str::<ModelConfig>(&json).expect("its own JSON"),
                config
            );
            assert_eq!(config.check_input([config.input, config.input]), Ok(()));
        }
        let error = ModelConfig::preset("huge").expect_err("no such preset");
        assert!(
            error.to_string().contains("micro, tiny, small, base"),
            "{error}"
        );
    }

    #[test]
    fn a_side_must_hold_whole_patches() {
        let base = ModelConfig::preset("base").expect("a preset");
        assert_eq!(base.input_step(), 56);
        assert!(base.check_input([448, 280]).is_ok());
        let error = base
            .check_input([450, 448])
            .expect_err("450 = 32 patches and 2 pixels");
        assert!(error.to_string().contains("multiples of 56"), "{error}");
        assert!(base.check_input([0, 448]).is_err());
        let tiny = ModelConfig::preset("tiny").expect("a preset");
        assert_eq!((tiny.input_step(), tiny.grid()), (32, 24));
        assert!(tiny.check_input([352, 384]).is_ok());
        assert!(tiny.check_input([368, 384]).is_err());
    }

    #[test]
    fn a_manifest_of_the_first_format_still_reads() {
        let mut config = ModelConfig::preset("tiny").expect("a preset");
        // Value of `tiny` in that format.
        config.vision = VisionConfig::Vit(VitConfig {
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
            normalisation: crate::vision::Normalisation::ImageNet,
        });
        let mut json = serde_json::to_value(&config).expect("plain data");
        json.as_object_mut().expect("an object").remove("tuning");
        let vision = json["vision"].as_object_mut().expect("an object");
        for later in ["positions", "feed_forward", "norm_epsilon", "normalisation"] {
            vision.remove(later);
        }
        json["text"]
            .as_object_mut()
            .expect("an object")
            .remove("architecture");
        let parts = json["adapter"]["parts"].as_object_mut().expect("an object");
        parts.remove("textual");
        parts.remove("guide");
        assert_eq!(
            serde_json::from_value::<ModelConfig>(json).expect("defaults"),
            config
        );
    }
}
