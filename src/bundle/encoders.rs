//! Builds one frozen encoder from a set of tensors, and uses every tensor of that encoder.

use burn::module::Module;
use burn::tensor::Device;

use super::error::BundleError;
use super::stored::{WORDS, WeightStorage};
use super::tensors::Tensors;
use crate::model::{TextConfig, TextEncoder, VisionConfig, VisionEncoder};
use crate::text::WordTable;

impl Tensors {
    /// Builds the visual encoder from these tensors; `grid`: patches along one side of the preset's input.
    ///
    /// # Errors
    /// Fails if a tensor is missing, has another shape, or is not the encoder's.
    pub fn into_vision(
        self,
        config: &VisionConfig,
        grid: usize,
        device: &Device,
    ) -> Result<VisionEncoder, BundleError> {
        let (record, _) = self
            .part("vision.")
            .into_record(None, WeightStorage::Float)?;
        VisionEncoder::new(config, grid, device)
            .try_load_record(record)
            .map_err(|error| mismatch("visual encoder", error.to_string()))
    }

    /// Builds the text encoder and its word table from these tensors.
    ///
    /// # Errors
    /// As [`Tensors::into_vision`].
    pub fn into_text(
        self,
        config: &TextConfig,
        device: &Device,
    ) -> Result<(TextEncoder, WordTable), BundleError> {
        let (record, words) = self
            .part("text.")
            .into_record(Some(config), WeightStorage::Float)?;
        let words = words
            .ok_or_else(|| mismatch("text encoder", format!("the tensor {WORDS} is missing")))?;
        let encoder = TextEncoder::new(config, device)
            .try_load_record(record)
            .map_err(|error| mismatch("text encoder", error.to_string()))?;
        Ok((encoder, words))
    }
}

fn mismatch(what: &str, reason: String) -> BundleError {
    BundleError::Mismatch {
        preset: what.to_owned(),
        reason,
    }
}
