//! Options that change a preset's network, for the commands that build one.

use std::str::FromStr;

use clap::Args;

use crate::model::{Ablation, ModelConfig, Precision, with_budget};

/// Other encoders than a preset's.
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
    /// The network of `preset` with these encoders.
    ///
    /// # Errors
    /// A name that is not known.
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
    /// Share of the backbones' parameters that the adapters may have, such as 1.2%
    #[arg(long)]
    adapter_budget: Option<Share>,
    /// Rows of the ablation table to apply (`s4eca inspect PRESET --ablations` lists them)
    #[arg(long, num_args = 1..)]
    ablate: Vec<String>,
}

impl NetworkArgs {
    /// The network of `preset` with these options.
    ///
    /// # Errors
    /// A name that is not known, or a budget out of reach.
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

/// `precision`, where the network of `config` leaves its encoders' matrices alone.
///
/// # Errors
/// A network that trains them, or what is added to them.
pub fn frozen_precision(precision: Precision, config: &ModelConfig) -> anyhow::Result<Precision> {
    anyhow::ensure!(
        precision == Precision::F32 || config.tuning.freezes(),
        "--frozen-precision {precision} is for frozen encoders, and this network trains their matrices \
         or adds to them: leave out --frozen-precision, or --ablate full or lora"
    );
    Ok(precision)
}

/// A share of something, 0 to 1; written as `1.2%` or `0.012`.
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
                "{text:?} is no share: give one such as 2.4% or 0.024"
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
