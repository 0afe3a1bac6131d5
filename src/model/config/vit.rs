//! Shape of a ViT.

use serde::{Deserialize, Serialize};

use crate::vision::Normalisation;

/// Sizes and rules of the encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VitConfig {
    /// Channels of a token.
    pub width: usize,
    /// Number of blocks.
    pub depth: usize,
    /// Attention heads.
    pub heads: usize,
    /// Hidden channels of the MLP; with [`FeedForward::SwiGlu`] after the gate.
    pub mlp: usize,
    /// Side of a patch in pixels.
    pub patch: usize,
    /// Register tokens (Darcet et al. 2024), 4 in DINOv2 with registers; may be 0.
    pub registers: usize,
    /// LayerScale on both branches of a block, as in DINOv2.
    pub layer_scale: bool,
    /// Blocks whose outputs become the three feature levels, counted from 0, ascending.
    pub levels: [usize; 3],
    /// How a patch's position is encoded.
    #[serde(default)]
    pub positions: Positions,
    /// Form of the MLP.
    #[serde(default)]
    pub feed_forward: FeedForward,
    /// Epsilon of the layer norms.
    #[serde(default = "dinov2_epsilon")]
    pub norm_epsilon: f64,
    /// Normalisation that the encoder was trained with.
    #[serde(default)]
    pub normalisation: Normalisation,
}

/// How a patch's position is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Positions {
    /// Learnt for the preset's own grid; bilinear for any other.
    #[default]
    Fitted,
    /// Learnt for `side` x `side` patches, and resized bicubically for any other grid, as the publisher does it.
    Bicubic {
        /// Side of the stored grid in patches, 37 for DINOv2.
        side: usize,
        /// Patches that the original DINOv2 adds to the size when it computes the scale: 0.1 without
        /// registers, 0 with them.
        offset: f64,
        /// Whether the kernel widens when the grid shrinks: Whether it is resized with antialiasing, as for DINOv2 with
        /// registers.
        antialias: bool,
    },
    /// Queries and keys are rotated by the patch's place in -1..1, as in DINOv3.
    Rotary {
        /// Longest period over the shortest, 100 in DINOv3.
        base: f64,
    },
}

/// Form of the MLP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedForward {
    /// Linear, GELU, linear.
    #[default]
    Gelu,
    /// SwiGLU (Shazeer 2020, arXiv 2002.05202), as in DINOv2's ViT-g.
    SwiGlu,
}

/// DINOv2's epsilon.
fn dinov2_epsilon() -> f64 {
    1e-6
}

impl VitConfig {
    /// Tokens that precede the patches: the class token and the registers.
    pub fn prefix(&self) -> usize {
        1 + self.registers
    }

    /// Side of the grid that the position embedding is stored for; `None` if there is none. `own` is the grid of the
    /// preset's own input.
    pub fn stored_grid(&self, own: usize) -> Option<usize> {
        match self.positions {
            Positions::Fitted => Some(own),
            Positions::Bicubic { side, .. } => Some(side),
            Positions::Rotary { .. } => None,
        }
    }
}
