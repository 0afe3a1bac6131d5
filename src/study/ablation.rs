//! The rows of the ablation table. Each removes or replaces a part of S4ECA.

use super::budget::lora_rank;
use crate::model::{GuideKind, ModelConfig, Tuning, UnknownName};

/// One row.
#[derive(Debug, Clone, Copy)]
pub struct Ablation {
    /// Name on the command line.
    pub name: &'static str,
    /// Description in the table.
    pub about: &'static str,
    apply: fn(&mut ModelConfig),
}

/// All rows, S4ECA itself first.
pub const ABLATIONS: [Ablation; 14] = [
    Ablation {
        name: "s4eca",
        about: "S4ECA as it is",
        apply: |_| {},
    },
    Ablation {
        name: "no-textual-adapter",
        about: "no textual adapter; the visual one reads frozen words",
        apply: |config| config.adapter.parts.textual = false,
    },
    Ablation {
        name: "no-text-feedback",
        about: "proxies, but nothing back to the words",
        apply: |config| config.adapter.parts.text_feedback = false,
    },
    Ablation {
        name: "no-proxy-chain",
        about: "every textual adapter distils from its queries alone",
        apply: |config| config.adapter.parts.proxy_chain = false,
    },
    Ablation {
        name: "words",
        about: "words instead of proxies for the visual adapter",
        apply: |config| config.adapter.parts.guide = GuideKind::Words,
    },
    Ablation {
        name: "no-dense-extractor",
        about: "1x1 branch alone, and so no scale to select",
        apply: |config| {
            config.adapter.parts.multi_scale = false;
            config.adapter.parts.scale_selection = false;
        },
    },
    Ablation {
        name: "no-scale-selection",
        about: "branches summed with equal weights",
        apply: |config| config.adapter.parts.scale_selection = false,
    },
    Ablation {
        name: "no-spatial-selection",
        about: "no map over the patches",
        apply: |config| config.adapter.parts.spatial_selection = false,
    },
    Ablation {
        name: "no-language",
        about: "the visual adapter reads the image alone",
        apply: |config| config.adapter.parts.guide = GuideKind::Nothing,
    },
    Ablation {
        name: "no-proxy-attention",
        about: "no cross-attention of patches to proxies",
        apply: |config| config.adapter.parts.proxy_attention = false,
    },
    Ablation {
        name: "detris",
        about: "DETRIS's adapters, the peer",
        apply: |config| config.tuning = Tuning::Detris,
    },
    Ablation {
        name: "lora",
        about: "LoRA of about as many parameters",
        apply: |config| {
            config.tuning = Tuning::Lora {
                rank: lora_rank(config),
            }
        },
    },
    Ablation {
        name: "full",
        about: "both encoders trained in full",
        apply: |config| config.tuning = Tuning::Full,
    },
    Ablation {
        name: "head-only",
        about: "frozen encoders, nothing beside them",
        apply: |config| config.tuning = Tuning::Frozen,
    },
];

impl Ablation {
    /// Returns the row named `name`.
    ///
    /// # Errors
    /// Returns [`UnknownName`] for any other name.
    pub fn named(name: &str) -> Result<Self, UnknownName> {
        let found = ABLATIONS.into_iter().find(|row| row.name == name);
        found.ok_or_else(|| UnknownName {
            what: "ablation",
            name: name.to_owned(),
            choices: ABLATIONS.iter().map(|row| row.name).collect(),
        })
    }

    /// Applies this row to `config`.
    pub fn of(&self, config: &ModelConfig) -> ModelConfig {
        let mut config = config.clone();
        (self.apply)(&mut config);
        config
    }
}
