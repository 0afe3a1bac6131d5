//! The neck: three feature levels gated by the sentence and merged, with coordinates.
//!
//! Inferred from DETRIS and CRIS: one gate per level, concatenation, CoordConv (arXiv 1807.03247). 1x1 convolutions
//! are linear layers over tokens. All levels of a plain ViT share one grid; those of a hierarchical encoder are gated
//! on their own grids and then resized to the middle level's grid.

use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};

use super::config::{FeatureShape, ModelConfig};
use super::features::FeatureMap;
use super::grid::{GridSize, TokenConv, regrid};
use super::precision::{linear, linear_then};
use crate::kernels::epilogue::Epilogue;

/// The neck's weights.
#[derive(Module, Debug)]
pub struct Neck {
    levels: Vec<Level>,
    merge: Linear,
    coordinates: TokenConv,
    norm: LayerNorm,
}

/// Projection and gate of one level.
#[derive(Module, Debug)]
struct Level {
    norm: LayerNorm,
    project: Linear,
    gate: Linear,
}

impl Neck {
    /// A neck for the encoders of `config`.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let width = config.fusion.width;
        let level = |level: &FeatureShape| Level {
            norm: LayerNormConfig::new(level.width).init(device),
            project: LinearConfig::new(level.width, width).init(device),
            gate: LinearConfig::new(config.text.width, width).init(device),
        };
        let levels: Vec<Level> = config.vision.levels().iter().map(level).collect();
        Self {
            merge: LinearConfig::new(levels.len() * width, width).init(device),
            coordinates: TokenConv::new([width + 2, width], 3, device),
            norm: LayerNormConfig::new(width).init(device),
            levels,
        }
    }

    /// Gates and merges the levels. `features`: one map per level, `[batch, cells, level width]`; `sentence`:
    /// `[batch, text width]`. Returns `[batch, cells, width]` on the middle level's grid.
    pub fn forward(&self, features: &[FeatureMap], sentence: Tensor<2>) -> FeatureMap {
        let size = features[features.len() / 2].size;
        let sentence: Tensor<3> = sentence.unsqueeze_dim(1); // [batch, 1, text width]
        let gated = self
            .levels
            .iter()
            .zip(features)
            .map(|(level, feature)| {
                let gate = linear(&level.gate, sentence.clone()) + 1.0;
                let normed = level.norm.forward(feature.tokens.clone());
                let gated = linear_then(&level.project, normed, Epilogue::Relu) * gate;
                regrid(gated, feature.size, size)
            })
            .collect();
        let merged = linear(&self.merge, Tensor::cat(gated, 2));
        let batch = merged.dims()[0];
        let places = coordinates(size, &merged.device()).expand([batch, size[0] * size[1], 2]);
        let placed = [merged.clone(), places];
        let seen = self.coordinates.forward_two(placed, size, Epilogue::Relu);
        let tokens = self.norm.forward(merged + seen);
        FeatureMap { tokens, size }
    }
}

/// Horizontal and vertical position of every patch's centre in -1..1, `[1, patches, 2]`.
fn coordinates([rows, columns]: GridSize, device: &Device) -> Tensor<3> {
    let line = |count: usize| {
        Tensor::<1, Int>::arange(0..count as i64, device)
            .float()
            .add_scalar(0.5)
            .mul_scalar(2.0 / count as f32)
            .sub_scalar(1.0)
    };
    let x: Tensor<2> = line(columns).reshape([1, columns]).expand([rows, columns]);
    let y: Tensor<2> = line(rows).reshape([rows, 1]).expand([rows, columns]);
    Tensor::stack::<3>(vec![x, y], 2).reshape([1, rows * columns, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_run_from_left_to_right_and_from_top_to_bottom() {
        let values: Vec<f32> = coordinates([2, 4], &Device::flex())
            .into_data()
            .try_into_vec()
            .expect("floats");
        assert_eq!(&values[..4], &[-0.75, -0.5, -0.25, -0.5]);
        assert_eq!(&values[14..], &[0.75, 0.5]);
    }
}
