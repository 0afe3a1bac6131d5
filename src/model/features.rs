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
    /// Joins maps of one grid into a batch.
    pub(super) fn joined(maps: Vec<Self>) -> Self {
        let size = maps[0].size;
        let tokens = maps.into_iter().map(|map| map.tokens).collect();
        Self {
            tokens: Tensor::cat(tokens, 0),
            size,
        }
    }

    /// The same as a constant on the device with gradients.
    pub(super) fn constant(self) -> Self {
        Self {
            tokens: Tensor::from_inner(self.tokens),
            size: self.size,
        }
    }

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
    /// Joins the features of images of one size into a batch.
    pub(super) fn joined(all: Vec<Self>) -> Self {
        let mut levels: Vec<Vec<FeatureMap>> = Vec::new();
        let mut fine = Vec::new();
        for one in all {
            levels.resize_with(one.levels.len(), Vec::new);
            for (place, level) in levels.iter_mut().zip(one.levels) {
                place.push(level);
            }
            fine.extend(one.fine);
        }
        Self {
            levels: levels.into_iter().map(FeatureMap::joined).collect(),
            fine: (!fine.is_empty()).then(|| FeatureMap::joined(fine)),
        }
    }

    /// The same as constants on the device with gradients.
    pub(super) fn constant(self) -> Self {
        let levels = self.levels.into_iter();
        Self {
            levels: levels.map(FeatureMap::constant).collect(),
            fine: self.fine.map(FeatureMap::constant),
        }
    }

    /// Removes the tokens that precede the cells of every map.
    pub fn cells(self) -> Self {
        Self {
            levels: self.levels.into_iter().map(FeatureMap::cells).collect(),
            fine: self.fine.map(FeatureMap::cells),
        }
    }
}
