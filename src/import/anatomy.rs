//! An encoder's sizes, described in its publisher's terms: "a DINOv2 ViT-B/14 with 4 registers".

use std::fmt;

use crate::model::{FeedForward, Positions, TextArchitecture, TextConfig, VitConfig};

/// Sizes of a ViT, from a preset or from a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct VisionAnatomy {
    /// Rotary positions: true for DINOv3, false for DINOv2 or a plain ViT.
    pub rotary: bool,
    pub width: usize,
    pub depth: usize,
    pub patch: usize,
    pub registers: usize,
    /// SwiGLU in place of the MLP.
    pub gated: bool,
    pub layer_scale: bool,
}

impl VisionAnatomy {
    /// Returns the preset's sizes.
    pub fn of(config: &VitConfig) -> Self {
        Self {
            rotary: matches!(config.positions, Positions::Rotary { .. }),
            width: config.width,
            depth: config.depth,
            patch: config.patch,
            registers: config.registers,
            gated: config.feed_forward == FeedForward::SwiGlu,
            layer_scale: config.layer_scale,
        }
    }

    /// Returns the differences that no missing tensor and no shape would show, one line each.
    pub fn differences(&self, wanted: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (what, found, wanted) in [
            ("blocks", self.depth, wanted.depth),
            ("register tokens", self.registers, wanted.registers),
        ] {
            if found != wanted {
                lines.push(format!("{found} {what}, the preset has {wanted}"));
            }
        }
        for (what, found, wanted) in [
            ("a SwiGLU", self.gated, wanted.gated),
            ("LayerScale", self.layer_scale, wanted.layer_scale),
        ] {
            match (found, wanted) {
                (true, false) => lines.push(format!("it has {what}, the preset does not")),
                (false, true) => lines.push(format!("it does not have {what}, the preset does")),
                _ => {}
            }
        }
        lines
    }
}

impl fmt::Display for VisionAnatomy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = match (self.rotary, self.layer_scale) {
            (true, _) => "DINOv3 ",
            (false, true) => "DINOv2 ",
            (false, false) => "plain ",
        };
        let size = match (self.width, self.depth, self.gated) {
            (192, 12, false) => "-Ti",
            (384, 12, false) => "-S",
            (384, 12, true) => "-S+",
            (768, 12, _) => "-B",
            (1024, 24, false) => "-L",
            (1024, 24, true) => "-L+",
            (1280, 32, true) => "-H+",
            (1536, 40, _) => "-g",
            (4096, 40, _) => "-7B",
            _ => "",
        };
        write!(f, "a {family}ViT{size}/{}", self.patch)?;
        match self.registers {
            0 => {}
            1 => write!(f, " with 1 register")?,
            count => write!(f, " with {count} registers")?,
        }
        write!(f, " (width {}, {} blocks)", self.width, self.depth)
    }
}

/// Sizes of a text encoder, from a preset or from a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextAnatomy {
    pub architecture: TextArchitecture,
    pub width: usize,
    pub depth: usize,
    pub vocabulary: usize,
}

impl TextAnatomy {
    /// Returns the preset's sizes.
    pub fn of(config: &TextConfig) -> Self {
        Self {
            architecture: config.architecture,
            width: config.width,
            depth: config.depth,
            vocabulary: config.vocabulary,
        }
    }
}

impl fmt::Display for TextAnatomy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match (self.architecture, self.width, self.depth) {
            (TextArchitecture::Bert, 384, 6) => "BERT of MiniLM-L6's size",
            (TextArchitecture::Bert, 384, 12) => "BERT of MiniLM-L12's size",
            (TextArchitecture::Bert, 768, 12) => "BERT base",
            (TextArchitecture::Bert, 1024, 24) => "BERT large",
            (TextArchitecture::Bert, ..) => "BERT",
            (TextArchitecture::Clip, 512, 12) => {
                "CLIP text tower of ViT-B/16's and ViT-B/32's size"
            }
            (TextArchitecture::Clip, 768, 12) => "CLIP text tower of ViT-L/14's size",
            (TextArchitecture::Clip, ..) => "CLIP text tower",
        };
        write!(
            f,
            "a {name} (width {}, {} blocks, {} words)",
            self.width, self.depth, self.vocabulary
        )
    }
}
