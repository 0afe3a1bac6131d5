//! `encoders.json`: describes the encoders of an import, so that they are only used with a matching network.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use crate::model::{ModelConfig, TextConfig, VisionConfig};

/// File name in the folder of an import.
pub const FROZEN: &str = "encoders.json";

/// The encoders in a folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrozenEncoders {
    /// Preset that they were imported for.
    pub preset: String,
    /// The visual encoder, if the folder has it.
    pub vision: Option<VisionConfig>,
    /// The text encoder, if the folder has it.
    pub text: Option<TextConfig>,
}

impl FrozenEncoders {
    /// Reads the description in `folder`. Returns None if the file does not exist: pre-trained encoders have none.
    ///
    /// # Errors
    /// Fails if the file cannot be read or parsed.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(FROZEN);
        if !path.is_file() {
            return Ok(None);
        }
        let name = || path.display().to_string();
        let json = fs::read(&path).with_context(name)?;
        Ok(Some(serde_json::from_slice(&json).with_context(name)?))
    }

    /// Checks that `config` has exactly these encoders. The feature levels of a ViT may differ.
    ///
    /// # Errors
    /// Fails if an encoder has other sizes or settings; the message names them.
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
