//! Whether a config that was read from a file is a network that can be built.

use thiserror::Error;

use super::efficientnet::{EfficientNetConfig, StageConfig};
use super::text::TextConfig;
use super::vision::VisionConfig;
use super::vit::{Positions, VitConfig};
use super::{AdapterConfig, FusionConfig, ModelConfig, Tuning};

/// Largest number of channels of encoders, neck and decoder.
const WIDEST: usize = 16_384;
/// Largest number of channels and queries inside adapters and head.
const WIDEST_INNER: usize = 1024;
/// Largest number of blocks or layers.
const DEEPEST: usize = 256;
/// Largest number of rows of a word table.
const MOST_WORDS: usize = 1 << 22;
/// Longest input side in pixels.
const LONGEST_SIDE: usize = 8192;
/// Attention heads inside the adapters.
const ADAPTER_HEADS: usize = 4;

/// A size of a network that no network has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the network's {field} cannot be {found}")]
pub struct ConfigError {
    field: &'static str,
    found: usize,
}

/// Fails unless `found` is in `allowed`.
fn within(
    field: &'static str,
    found: usize,
    allowed: std::ops::RangeInclusive<usize>,
) -> Result<(), ConfigError> {
    match allowed.contains(&found) {
        true => Ok(()),
        false => Err(ConfigError { field, found }),
    }
}

/// Fails unless `width` is divided evenly among `heads`.
fn divided(field: &'static str, width: usize, heads: usize) -> Result<(), ConfigError> {
    match heads > 0 && width.is_multiple_of(heads) {
        true => Ok(()),
        false => Err(ConfigError {
            field,
            found: heads,
        }),
    }
}

impl ModelConfig {
    /// Checks that all sizes are those of a network that can be built. After this check, deriving further sizes neither
    /// overflows nor allocates much.
    ///
    /// # Errors
    /// Names the first size that is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        within("input", self.input, 1..=LONGEST_SIDE)?;
        check_text(&self.text)?;
        match &self.vision {
            VisionConfig::EfficientNet(config) => check_efficientnet(config)?,
            VisionConfig::Vit(config) => check_vit(config)?,
        }
        let blocks = self.vision.blocks().len();
        check_adapter(&self.adapter, blocks, self.text.depth)?;
        check_fusion(&self.fusion)?;
        if let Tuning::Lora { rank } = self.tuning {
            within("LoRA rank", rank, 1..=WIDEST_INNER)?;
        }
        within("input", self.grid(), 1..=LONGEST_SIDE)
    }

    /// A lower bound on the number of weights, from the largest matrices. Call it after [`ModelConfig::check`].
    pub fn least_weights(&self) -> u64 {
        let product = |[inputs, outputs]: [usize; 2]| inputs as u64 * outputs as u64;
        let encoders = self
            .vision
            .matrices()
            .into_iter()
            .chain(self.text.matrices());
        let words = [self.text.vocabulary, self.text.width];
        let FusionConfig {
            width, layers, mlp, ..
        } = self.fusion;
        let decoder = [[width, width], [width, mlp]].repeat(layers);
        encoders.chain([words]).chain(decoder).map(product).sum()
    }
}

fn check_text(text: &TextConfig) -> Result<(), ConfigError> {
    within("vocabulary", text.vocabulary, 1..=MOST_WORDS)?;
    within("text width", text.width, 1..=WIDEST)?;
    within("text depth", text.depth, 1..=DEEPEST)?;
    within("text feed-forward width", text.mlp, 1..=WIDEST)?;
    within("token limit", text.tokens, 3..=WIDEST_INNER)?;
    divided("text heads", text.width, text.heads)
}

fn check_efficientnet(config: &EfficientNetConfig) -> Result<(), ConfigError> {
    within("stem width", config.stem, 1..=WIDEST)?;
    within("number of stages", config.stages.len(), 1..=16)?;
    for stage in &config.stages {
        let StageConfig {
            kernel,
            stride,
            expand,
            width,
            repeats,
        } = *stage;
        within("kernel", kernel, 1..=15)?;
        within("stride", stride, 1..=2)?;
        within("expansion", expand, 1..=16)?;
        within("stage width", width, 1..=WIDEST)?;
        within("number of blocks of a stage", repeats, 1..=DEEPEST)?;
    }
    Ok(())
}

fn check_vit(config: &VitConfig) -> Result<(), ConfigError> {
    within("ViT width", config.width, 1..=WIDEST)?;
    within("ViT depth", config.depth, 1..=DEEPEST)?;
    within("ViT feed-forward width", config.mlp, 1..=WIDEST)?;
    within("patch side", config.patch, 1..=256)?;
    within("number of registers", config.registers, 0..=256)?;
    divided("ViT heads", config.width, config.heads)?;
    for level in config.levels {
        within("level", level, 0..=config.depth - 1)?;
    }
    match config.positions {
        Positions::Bicubic { side, .. } => within("position grid", side, 1..=WIDEST_INNER),
        // Half of the angles are rows', half columns', and each is a sine and a cosine.
        Positions::Rotary { .. } => divided("ViT heads", config.width, 4 * config.heads),
        Positions::Fitted => Ok(()),
    }
}

fn check_adapter(
    adapter: &AdapterConfig,
    vision_blocks: usize,
    text_blocks: usize,
) -> Result<(), ConfigError> {
    let lists = [
        (
            "adapted visual block",
            &adapter.vision_blocks,
            vision_blocks,
        ),
        ("adapted text block", &adapter.text_blocks, text_blocks),
    ];
    for (field, list, blocks) in lists {
        within(field, list.len(), 0..=blocks)?;
        for &block in list {
            within(field, block, 0..=blocks.saturating_sub(1))?;
        }
    }
    for (field, width) in [
        ("visual adapter width", adapter.vision_width),
        ("text adapter width", adapter.text_width),
    ] {
        within(field, width, 1..=WIDEST_INNER)?;
        divided(field, width, ADAPTER_HEADS)?;
    }
    within("number of queries", adapter.queries, 1..=WIDEST_INNER)?;
    within("reduced width", adapter.reduced, 1..=WIDEST_INNER)
}

fn check_fusion(fusion: &FusionConfig) -> Result<(), ConfigError> {
    within("decoder width", fusion.width, 1..=WIDEST)?;
    within("number of decoder layers", fusion.layers, 1..=DEEPEST)?;
    within("decoder feed-forward width", fusion.mlp, 1..=WIDEST)?;
    within("head width", fusion.head_width, 1..=WIDEST_INNER)?;
    within("detail width", fusion.detail_width, 0..=WIDEST_INNER)?;
    divided("decoder heads", fusion.width, fusion.heads)
}

#[cfg(test)]
mod tests {
    use super::super::{PRESETS, VISUAL_ENCODERS, visual_encoder};
    use super::*;

    #[test]
    fn every_preset_can_be_built() {
        for name in PRESETS {
            let config = ModelConfig::preset(name).expect("a preset");
            assert_eq!(config.check(), Ok(()), "{name}");
        }
        let tiny = ModelConfig::preset("tiny").expect("a preset");
        // 29.7 million weights in all.
        assert!((20_000_000..29_000_000).contains(&tiny.least_weights()));
        for name in VISUAL_ENCODERS {
            let checked = match visual_encoder(name).expect("a name of the list") {
                VisionConfig::EfficientNet(config) => check_efficientnet(&config),
                VisionConfig::Vit(config) => check_vit(&config),
            };
            assert_eq!(checked, Ok(()), "{name}");
        }
    }

    #[test]
    fn sizes_that_panic_or_exhaust_memory_are_refused() {
        type Change = fn(&mut ModelConfig);
        let changes: [(&str, Change); 8] = [
            ("text width", |config| config.text.width = 0),
            ("text heads", |config| config.text.heads = 0),
            ("text heads", |config| config.text.heads = 5),
            ("vocabulary", |config| config.text.vocabulary = usize::MAX),
            ("adapted text block", |config| {
                config.adapter.text_blocks[0] = 6
            }),
            ("visual adapter width", |config| {
                config.adapter.vision_width = 6
            }),
            ("decoder heads", |config| config.fusion.heads = 0),
            ("LoRA rank", |config| {
                config.tuning = Tuning::Lora { rank: 1 << 40 }
            }),
        ];
        for (field, change) in changes {
            let mut config = ModelConfig::preset("tiny").expect("a preset");
            change(&mut config);
            assert_eq!(config.check().expect_err(field).field, field);
        }
        let mut config = ModelConfig::preset("tiny").expect("a preset");
        let VisionConfig::EfficientNet(vision) = &mut config.vision else {
            unreachable!("tiny's encoder is an EfficientNet")
        };
        vision.stages[2].repeats = usize::MAX;
        assert!(config.check().is_err());
        config.vision = VisionConfig::EfficientNet(EfficientNetConfig {
            stages: Vec::new(),
            ..EfficientNetConfig::published([16; 7], [1; 7])
        });
        assert!(config.check().is_err());
        let mut config = ModelConfig::preset("small").expect("a preset");
        config.vision.vit_mut().expect("a ViT").levels[2] = 12;
        assert!(config.check().is_err());
    }
}
