//! Shape of the visual encoder, of either kind, as adapters, neck and head need it.

use serde::{Deserialize, Serialize};

use super::efficientnet::EfficientNetConfig;
use super::shape::{FeatureShape, MASK_STRIDE};
use super::vit::{FeedForward, VitConfig};
use crate::vision::Normalisation;

/// Strides of the feature levels of a hierarchical encoder, in pixels.
const LEVEL_STRIDES: [usize; 3] = [8, 16, 32];

/// The visual encoder, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum VisionConfig {
    /// Convolutions on increasingly coarse grids.
    EfficientNet(EfficientNetConfig),
    /// Attention on one grid.
    Vit(VitConfig),
}

impl VisionConfig {
    /// Output shapes of all blocks, in order.
    pub fn blocks(&self) -> Vec<FeatureShape> {
        match self {
            Self::EfficientNet(config) => config.blocks().iter().map(|block| block.shape).collect(),
            Self::Vit(config) => {
                let shape = FeatureShape {
                    stride: config.patch,
                    width: config.width,
                };
                vec![shape; config.depth]
            }
        }
    }

    /// Blocks whose outputs become the three feature levels, counted from 0, ascending.
    pub fn level_blocks(&self) -> [usize; 3] {
        match self {
            Self::EfficientNet(_) => {
                let blocks = self.blocks();
                LEVEL_STRIDES.map(|stride| last_at(&blocks, stride).unwrap_or(blocks.len() - 1))
            }
            Self::Vit(config) => config.levels,
        }
    }

    /// The three feature levels.
    pub fn levels(&self) -> [FeatureShape; 3] {
        let blocks = self.blocks();
        self.level_blocks().map(|block| blocks[block])
    }

    /// The level whose grid neck and decoder work on: the middle one.
    pub fn neck(&self) -> FeatureShape {
        self.levels()[1]
    }

    /// Index of the level at twice the mask's stride, which the mask head reads on its way up; `None` if the encoder
    /// has no such level.
    pub fn lateral(&self) -> Option<usize> {
        let levels = self.levels();
        levels
            .iter()
            .position(|level| level.stride == 2 * MASK_STRIDE)
    }

    /// The block whose output has the mask's own resolution; `None` if no block has it.
    pub fn fine_block(&self) -> Option<usize> {
        last_at(&self.blocks(), MASK_STRIDE)
    }

    /// Sides of an input must be multiples of this many pixels.
    pub fn step(&self) -> usize {
        let strides = self.blocks().into_iter().map(|block| block.stride);
        strides.max().unwrap_or(1)
    }

    /// Tokens that precede the cells of every feature map: the class token and the registers of a ViT.
    pub fn prefix(&self) -> usize {
        match self {
            Self::EfficientNet(_) => 0,
            Self::Vit(config) => config.prefix(),
        }
    }

    /// Whether an adapter runs after a block and reads its raw output, so that it needs a norm of its own. Beside the
    /// MLP of a ViT's block it reads tokens that the block has already normalised.
    pub fn adapters_follow(&self) -> bool {
        matches!(self, Self::EfficientNet(_))
    }

    /// Normalisation that the encoder was trained with.
    pub fn normalisation(&self) -> Normalisation {
        match self {
            Self::EfficientNet(config) => config.normalisation,
            Self::Vit(config) => config.normalisation,
        }
    }

    /// Inputs and outputs of every linear layer inside the blocks.
    pub fn matrices(&self) -> Vec<[usize; 2]> {
        match self {
            Self::EfficientNet(config) => {
                let blocks = config.blocks();
                blocks.iter().flat_map(|block| block.matrices()).collect()
            }
            Self::Vit(config) => {
                let (width, mlp) = (config.width, config.mlp);
                let widened = match config.feed_forward {
                    FeedForward::Gelu => mlp,
                    FeedForward::SwiGlu => 2 * mlp,
                };
                [
                    [width, 3 * width],
                    [width, width],
                    [width, widened],
                    [mlp, width],
                ]
                .repeat(config.depth)
            }
        }
    }

    /// Blocks for `count` adapters that a preset does not place.
    ///
    /// In a ViT: the blocks are divided into `count` equal groups, and the last block of each group has an adapter. In
    /// a hierarchical encoder, whatever `count` is: the last block of every stage from the first level's on; from the
    /// third of these stages on, also the middle block of a stage of three or more. If the next stage is a single block
    /// on the same grid, that block replaces the last one of the stage before it.
    pub fn adapter_blocks(&self, count: usize) -> Vec<usize> {
        match self {
            Self::EfficientNet(config) => config.adapter_blocks(self.level_blocks()[0]),
            Self::Vit(config) => (1..=count)
                .map(|share| (share * config.depth / count).max(1) - 1)
                .collect(),
        }
    }

    /// The ViT's configuration; `None` for another kind.
    pub fn vit(&self) -> Option<&VitConfig> {
        match self {
            Self::EfficientNet(_) => None,
            Self::Vit(config) => Some(config),
        }
    }

    /// The ViT's configuration, mutable; `None` for another kind.
    pub fn vit_mut(&mut self) -> Option<&mut VitConfig> {
        match self {
            Self::EfficientNet(_) => None,
            Self::Vit(config) => Some(config),
        }
    }

    /// The same encoder with the feature levels of `other` if both are ViTs; otherwise unchanged.
    pub fn with_levels_of(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Vit(config), Self::Vit(other)) => Self::Vit(VitConfig {
                levels: other.levels,
                ..config.clone()
            }),
            _ => self.clone(),
        }
    }
}

impl From<VitConfig> for VisionConfig {
    fn from(config: VitConfig) -> Self {
        Self::Vit(config)
    }
}

/// The last block of that stride.
fn last_at(blocks: &[FeatureShape], stride: usize) -> Option<usize> {
    blocks.iter().rposition(|block| block.stride == stride)
}

#[cfg(test)]
mod tests {
    use super::super::visual_encoder;
    use super::*;

    fn encoder(name: &str) -> VisionConfig {
        visual_encoder(name).expect("a name of the list")
    }

    #[test]
    fn a_hierarchy_offers_its_strides() {
        let lite2 = encoder("efficientnet-lite2");
        assert_eq!(lite2.level_blocks(), [6, 14, 20]);
        let levels = lite2.levels().map(|level| (level.stride, level.width));
        assert_eq!(levels, [(8, 48), (16, 120), (32, 352)]);
        assert_eq!(lite2.fine_block(), Some(3));
        assert_eq!((lite2.step(), lite2.lateral()), (32, Some(0)));
        assert_eq!(lite2.neck().grid([384, 256]), [24, 16]);
        assert_eq!(lite2.adapter_blocks(6), [6, 10, 12, 14, 17, 20]);
        assert_eq!(
            encoder("efficientnet-lite0").adapter_blocks(6),
            [4, 7, 9, 10, 12, 15]
        );
    }

    #[test]
    fn a_vit_has_one_grid() {
        let vit = encoder("dinov2-b14-reg");
        assert_eq!(vit.levels().map(|level| level.stride), [14; 3]);
        assert_eq!((vit.lateral(), vit.fine_block()), (None, None));
        assert_eq!(vit.adapter_blocks(6), [1, 3, 5, 7, 9, 11]);
        assert_eq!(vit.matrices().len(), 48);
    }

    #[test]
    fn either_kind_survives_json() {
        for name in ["efficientnet-lite0", "dinov3-s16"] {
            let config = encoder(name);
            let json = serde_json::to_string(&config).expect("plain data");
            assert_eq!(
                serde_json::from_str::<VisionConfig>(&json).expect("its own JSON"),
                config
            );
        }
    }
}
