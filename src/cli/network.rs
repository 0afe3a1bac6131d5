//! Options that change a preset's network, for the commands that build one.

use std::str::FromStr;

use clap::Args;

use crate::model::{FrozenPrecision, ModelConfig};
use crate::study::{Ablation, freezes, with_budget};

/// Encoders that replace a preset's.
#[derive(Debug, Clone, Args)]
pub struct EncoderArgs {
    /// Visual encoder in place of the preset's, such as dinov2-l14-reg or dinov3-l16-sat
    #[arg(long)]
    visual_encoder: Option<String>,
    /// Text encoder in place of the preset's: minilm-l6, bert-base or clip-b16
    #[arg(long)]
    text_encoder: Option<String>,
}

impl EncoderArgs {
    /// Returns the network of `preset` with these encoders.
    ///
    /// # Errors
    /// Fails if a name is unknown.
    pub fn config(&self, preset: &str) -> anyhow::Result<ModelConfig> {
        let (vision, text) = (self.visual_encoder.as_deref(), self.text_encoder.as_deref());
        Ok(ModelConfig::preset(preset)?.with_encoders(vision, text)?)
    }
}

/// Options on top of a preset.
#[derive(Debug, Clone, Args)]
pub struct NetworkArgs {
    #[command(flatten)]
    encoders: EncoderArgs,
    /// Maximum size of the adapters as a share of the backbones' parameters, such as 1.2%
    #[arg(long)]
    adapter_budget: Option<Share>,
    /// Rows of the ablation table to apply (`s4eca inspect PRESET --ablations` lists them)
    #[arg(long, num_args = 1..)]
    ablate: Vec<String>,
}

impl NetworkArgs {
    /// Returns the network of `preset` with these options.
    ///
    /// # Errors
    /// Fails if a name is unknown or the budget cannot be met.
    pub fn config(&self, preset: &str) -> anyhow::Result<ModelConfig> {
        let mut config = self.encoders.config(preset)?;
        if let Some(Share(share)) = self.adapter_budget {
            config = with_budget(&config, share)?;
        }
        for name in &self.ablate {
            config = Ablation::named(name)?.of(&config);
        }
        Ok(config)
    }
}

/// Returns `precision` if the network of `config` keeps its encoders' matrices frozen.
///
/// # Errors
/// Fails if `precision` is not f32 and the network trains these matrices or adds to them.
pub fn frozen_precision(
    precision: FrozenPrecision,
    config: &ModelConfig,
) -> anyhow::Result<FrozenPrecision> {
    anyhow::ensure!(
        precision == FrozenPrecision::F32 || freezes(config.tuning),
        "--frozen-precision {precision} needs frozen encoders, and this network trains their matrices \
         or adds to them: omit --frozen-precision, or omit --ablate full or lora"
    );
    Ok(precision)
}

/// A share, above 0 and up to 1; written as `1.2%` or `0.012`.
#[derive(Debug, Clone, Copy)]
struct Share(f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = match text.strip_suffix('%') {
            Some(number) => (number, 100.0),
            None => (text, 1.0),
        };
        let share = number.trim().parse::<f64>().map(|value| value / unit);
        match share {
            Ok(share) if share > 0.0 && share <= 1.0 => Ok(Self(share)),
            _ => Err(format!(
                "{text:?} is not a share: give one such as 2.4% or 0.024"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_in_either_form() {
        let read = |text: &str| text.parse::<Share>().map(|share| share.0);
        assert_eq!(read("1.2%"), Ok(0.012));
        assert_eq!(read("0.024"), Ok(0.024));
        for text in ["", "%", "-1%", "0", "101%", "nan", "much"] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
