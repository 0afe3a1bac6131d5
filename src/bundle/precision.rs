//! Which weights get how many bits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::block::{BLOCK, Bits};
use super::tensors::WORDS;

/// How a bundle is quantised. What is not a matrix of a linear layer is f16 in each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// Eight bits everywhere.
    Q8,
    /// Four bits everywhere.
    Q4,
    /// Four bits for text encoder and word table, which are the larger part, eight for the rest.
    Mixed,
}

/// A precision name that does not exist.
#[derive(Debug, Error)]
#[error("there is no precision {0:?}: choose q8, q4 or mixed")]
pub struct UnknownPrecision(String);

impl Precision {
    /// Bits of the tensor of that name and shape; none where it stays f16.
    pub fn bits_of(self, name: &str, shape: &[usize]) -> Option<Bits> {
        let words = name == WORDS;
        // Burn packs along the last dimension, which must hold whole blocks. Embeddings that are
        // matrices by shape are not matrices of a linear layer.
        let matrix = shape.len() == 2 && name.ends_with(".weight");
        if !(words || matrix) || shape.last().is_none_or(|last| last % BLOCK != 0) {
            return None;
        }
        Some(match self {
            Self::Q8 => Bits::Q8,
            Self::Q4 => Bits::Q4,
            Self::Mixed if words || name.starts_with("text.") => Bits::Q4,
            Self::Mixed => Bits::Q8,
        })
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Q8 => "q8",
            Self::Q4 => "q4",
            Self::Mixed => "mixed",
        })
    }
}

impl FromStr for Precision {
    type Err = UnknownPrecision;

    fn from_str(name: &str) -> Result<Self, UnknownPrecision> {
        match name {
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
        let mixed = Precision::Mixed;
        assert_eq!(
            mixed.bits_of("text.blocks.0.fc1.weight", &[384, 1536]),
            Some(Bits::Q4)
        );
        assert_eq!(
            mixed.bits_of("vision.blocks.0.fc1.weight", &[192, 768]),
            Some(Bits::Q8)
        );
        assert_eq!(mixed.bits_of(WORDS, &[30_522, 384]), Some(Bits::Q4));
        assert_eq!(
            mixed.bits_of("neck.coordinates.conv.weight", &[64, 66, 3, 3]),
            None
        );
        assert_eq!(mixed.bits_of("text.position", &[40, 384]), None);
        assert_eq!(mixed.bits_of("head.bias.weight", &[384, 1]), None);
        assert_eq!("q4".parse::<Precision>().ok(), Some(Precision::Q4));
    }
}
