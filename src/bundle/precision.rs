//! Which weights get how many bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::stored::WORDS;
use crate::quant::{Bits, block_for};

/// How a bundle is quantised. Only the word table and the matrices of linear layers are quantised, if their rows hold
/// whole blocks; everything else is f16, or f32 with [`Self::F32`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BundlePrecision {
    /// 32 bits, nothing quantised: for measuring the loss of the other precisions.
    F32,
    /// 16 bits, nothing quantised.
    F16,
    /// Eight bits everywhere.
    Q8,
    /// Four bits everywhere.
    Q4,
    /// Four bits for the text encoder and the word table, which are the larger part, and eight for the rest.
    Mixed,
}

/// A precision name that does not exist.
#[derive(Debug, Error)]
#[error("there is no precision {0:?}: choose f32, f16, q8, q4 or mixed")]
pub struct UnknownPrecision(String);

impl BundlePrecision {
    /// Returns the bits of the tensor `name` of shape `shape`, and how many values share a scale; `None` if it is not
    /// quantised.
    pub fn bits_of(self, name: &str, shape: &[usize]) -> Option<(Bits, usize)> {
        let words = name == WORDS;
        // Burn packs along the last dimension, which must hold whole blocks. Embeddings have the shape of a matrix
        // but are not matrices of a linear layer.
        let matrix = shape.len() == 2 && name.ends_with(".weight");
        if !(words || matrix) {
            return None;
        }
        let block = shape.last().and_then(|last| block_for(*last))?;
        let bits = match self {
            Self::F32 | Self::F16 => return None,
            Self::Q8 => Bits::Q8,
            Self::Q4 => Bits::Q4,
            Self::Mixed if words || name.starts_with("text.") => Bits::Q4,
            Self::Mixed => Bits::Q8,
        };
        Some((bits, block))
    }
}

impl fmt::Display for BundlePrecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Q8 => "q8",
            Self::Q4 => "q4",
            Self::Mixed => "mixed",
        })
    }
}

impl FromStr for BundlePrecision {
    type Err = UnknownPrecision;

    fn from_str(name: &str) -> Result<Self, UnknownPrecision> {
        match name {
            "f32" => Ok(Self::F32),
            "f16" => Ok(Self::F16),
            "q8" => Ok(Self::Q8),
            "q4" => Ok(Self::Q4),
            "mixed" => Ok(Self::Mixed),
            other => Err(UnknownPrecision(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_blocks_of_linear_layers_are_quantised() {
        let mixed = BundlePrecision::Mixed;
        assert_eq!(
            mixed.bits_of("text.blocks.0.fc1.weight", &[384, 1536]),
            Some((Bits::Q4, 32))
        );
        assert_eq!(
            mixed.bits_of("vision.blocks.0.fc1.weight", &[192, 768]),
            Some((Bits::Q8, 32))
        );
        assert_eq!(mixed.bits_of(WORDS, &[30_522, 384]), Some((Bits::Q4, 32)));
        assert_eq!(
            mixed.bits_of("neck.coordinates.conv.weight", &[64, 66, 3, 3]),
            None
        );
        assert_eq!(mixed.bits_of("text.position", &[40, 384]), None);
        assert_eq!(mixed.bits_of("head.bias.weight", &[384, 1]), None);
        assert_eq!(
            mixed.bits_of("vision.blocks.9.project.weight", &[528, 88]),
            Some((Bits::Q8, 8))
        );
        let kernel = ("vision.blocks.9.depthwise.weight", [3, 3, 528]);
        assert_eq!(mixed.bits_of(kernel.0, &kernel.1), None);
        assert_eq!(BundlePrecision::F16.bits_of(WORDS, &[30_522, 384]), None);
        for precision in ["f32", "f16", "q8", "q4", "mixed"] {
            let parsed = precision.parse::<BundlePrecision>().ok();
            assert_eq!(parsed.map(|p| p.to_string()).as_deref(), Some(precision));
        }
        assert_eq!(
            "q4".parse::<BundlePrecision>().ok(),
            Some(BundlePrecision::Q4)
        );
    }
}
