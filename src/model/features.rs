//! Feature maps of an image, on the grids of the encoder's levels.

use burn::tensor::Tensor;

use super::grid::GridSize;

/// Tokens of a grid.
#[derive(Debug, Clone)]
pub struct FeatureMap {
    /// `[batch, rows * columns, width]`; straight from a ViT with its class token and registers before.
    pub tokens: Tensor<3>,
    /// Rows and columns.
    pub size: GridSize,
}

/// What the visual encoder makes of an image.
#[derive(Debug, Clone)]
pub struct Features {
    /// The three levels, from fine to coarse.
    pub levels: Vec<FeatureMap>,
    /// The map at the mask's own resolution, where the encoder has one.
    pub fine: Option<FeatureMap>,
}

impl FeatureMap {
    /// The grid alone, without what precedes it.
    pub fn cells(self) -> Self {
        let [_, count, _] = self.tokens.dims();
        let cells = self.size[0] * self.size[1];
        if count == cells {
            return self;
        }
        Self {
            tokens: self.tokens.narrow(1, count - cells, cells),
            size: self.size,
        }
    }
}

impl Features {
    /// The grids alone.
    pub fn cells(self) -> Self {
        Self {
            levels: self.levels.into_iter().map(FeatureMap::cells).collect(),
            fine: self.fine.map(FeatureMap::cells),
        }
    }
}
