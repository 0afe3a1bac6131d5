//! Feature maps of an image, on the grids of the encoder's levels.

use burn::tensor::Tensor;

use super::grid::GridSize;

/// Tokens of a grid.
#[derive(Debug, Clone)]
pub struct FeatureMap {
    /// `[batch, rows * columns, width]`; directly from a ViT, its class token and registers precede the cells.
    pub tokens: Tensor<3>,
    /// Rows and columns.
    pub size: GridSize,
}

/// The visual encoder's output for an image.
#[derive(Debug, Clone)]
pub struct Features {
    /// The three levels, from fine to coarse.
    pub levels: Vec<FeatureMap>,
    /// The map at the mask's own resolution, if the encoder has one.
    pub fine: Option<FeatureMap>,
}

impl FeatureMap {
    /// Removes the tokens that precede the cells.
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
    /// Removes the tokens that precede the cells of every map.
    pub fn cells(self) -> Self {
        Self {
            levels: self.levels.into_iter().map(FeatureMap::cells).collect(),
            fine: self.fine.map(FeatureMap::cells),
        }
    }
}
