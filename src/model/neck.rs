//! The neck: three feature levels gated by the sentence and merged, with coordinates.
//!
//! Inferred from DETRIS and CRIS: one gate per level, concatenation, CoordConv (arXiv 1807.03247). 1x1 convolutions
//! are linear layers over tokens. All levels of a plain ViT share one grid; those of a hierarchical encoder are gated
//! on their own grids and then resized to the middle level's grid.

use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData};

use super::config::{FeatureShape, ModelConfig};
use super::features::FeatureMap;
use super::grid::{GridSize, TokenConv, regrid};
use super::norm::{EPSILON, layer_norm};
use super::precision::{linear, linear_of, linear_then};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

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
    /// `[batch, text width]`; `places`: [`coordinates`] of the middle level's grid. Returns `[batch, cells, width]` on
    /// that grid.
    pub fn forward(
        &self,
        features: &[FeatureMap],
        sentence: Tensor<2>,
        places: Tensor<3>,
    ) -> FeatureMap {
        let size = features[features.len() / 2].size;
        let sentence: Tensor<3> = sentence.unsqueeze_dim(1); // [batch, 1, text width]
        let gated = self
            .levels
            .iter()
            .zip(features)
            .map(|(level, feature)| {
                let gate = linear(&level.gate, sentence.clone()) + 1.0;
                let normed = layer_norm(&level.norm, EPSILON, feature.tokens.clone());
                let gated = linear_then(&level.project, normed, Epilogue::Relu) * gate;
                regrid(gated, feature.size, size)
            })
            .collect();
        let merged = linear_of(&self.merge, Read::Joined(gated), Epilogue::Identity);
        let batch = merged.dims()[0];
        let places = places.expand([batch, size[0] * size[1], 2]);
        let placed = [merged.clone(), places];
        let seen = self.coordinates.forward_two(placed, size, Epilogue::Relu);
        let tokens = layer_norm(&self.norm, EPSILON, merged + seen);
        FeatureMap { tokens, size }
    }
}

/// Horizontal and vertical position of every patch's centre in -1..1, `[1, patches, 2]`.
pub fn coordinates([rows, columns]: GridSize, device: &Device) -> Tensor<3> {
    let place = |index: usize, count: usize| (index as f32 + 0.5) * 2.0 / count as f32 - 1.0;
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| [column, row]));
    let places = cells.flat_map(|[column, row]| [place(column, columns), place(row, rows)]);
    let places = TensorData::new(places.collect::<Vec<f32>>(), [1, rows * columns, 2]);
    Tensor::from_data(places, device)
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
