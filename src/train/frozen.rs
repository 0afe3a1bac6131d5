//! `encoders.json`: what the files of an import are, so that nothing else is built on them.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::model::{ModelConfig, TextConfig, VisionConfig};

/// File name inside the folder of an import.
pub const FROZEN: &str = "encoders.json";

/// The encoders in a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenEncoders {
    /// Preset that they were imported for.
    pub preset: String,
    /// The visual encoder, if it is there.
    pub vision: Option<VisionConfig>,
    /// The text encoder, if it is there.
    pub text: Option<TextConfig>,
}

impl FrozenEncoders {
    /// Reads the description in `folder`; none where there is none, as beside a pre-trained encoder.
    ///
    /// # Errors
    /// A file that cannot be read or does not parse.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(FROZEN);
        if !path.is_file() {
            return Ok(None);
        }
        let name = || path.display().to_string();
        let json = fs::read(&path).with_context(name)?;
        Ok(Some(serde_json::from_slice(&json).with_context(name)?))
    }

    /// Checks that `config` has these very encoders. Feature levels and tokens may differ.
    ///
    /// # Errors
    /// An encoder of other sizes or rules, which the text names.
    pub fn check(&self, config: &ModelConfig) -> anyhow::Result<()> {
        if let Some(vision) = &self.vision {
            let same = vision.with_levels_of(&config.vision);
            if same != config.vision {
                bail!(
                    "the visual encoder was imported for {} as {same:?}, and the network has {:?}: \
                     choose the same --preset and --visual-encoder as for the import",
                    self.preset,
                    config.vision
                );
            }
        }
        if let Some(text) = &self.text
            && *text != config.text
        {
            bail!(
                "the text encoder was imported for {} as {text:?}, and the network has {:?}: choose \
                 the same --preset and --text-encoder as for the import",
                self.preset,
                config.text
            );
        }
        Ok(())
    }
}
