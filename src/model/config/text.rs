//! Shape of the text encoder.

use serde::{Deserialize, Serialize};

/// Sizes and kind of the text encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextConfig {
    /// Entries of the word table.
    pub vocabulary: usize,
    /// Channels of a token.
    pub width: usize,
    /// Number of blocks.
    pub depth: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden channels of the feed-forward layer.
    pub mlp: usize,
    /// Tokens that a phrase may have, special tokens included.
    pub tokens: usize,
    /// Order of the parts and kind of attention.
    #[serde(default)]
    pub architecture: TextArchitecture,
}

impl TextConfig {
    /// Inputs and outputs of every linear layer inside the blocks.
    pub fn matrices(&self) -> Vec<[usize; 2]> {
        let (width, mlp) = (self.width, self.mlp);
        let block = [
            [width, 3 * width],
            [width, width],
            [width, mlp],
            [mlp, width],
        ];
        block.repeat(self.depth)
    }
}

/// The two families of text encoders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextArchitecture {
    /// BERT (Devlin et al. 2019, arXiv 1810.04805): norms after the branches, bidirectional attention; the sentence
    /// is the mean of the words.
    #[default]
    Bert,
    /// CLIP's text tower (Radford et al. 2021, arXiv 2103.00020): pre-norm, causal attention, QuickGELU; the
    /// sentence feature is the projected feature of the end token.
    Clip,
}
