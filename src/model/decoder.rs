//! The decoder: patches attend to each other and to the words.
//!
//! Inferred from DETRIS: pre-norm layers, two-dimensional sines and cosines added to queries and keys,
//! cross-attention to all words under the padding mask.

use burn::module::Module;
use burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData};

use super::attention::{CrossAttention, SelfAttention};
use super::config::ModelConfig;
use super::grid::GridSize;
use super::language::Language;
use super::norm::{EPSILON, layer_norm};
use super::precision::{linear_onto, linear_then};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

/// Longest wavelength of the position code, in places over 2 pi (Vaswani et al. 2017).
const TEMPERATURE: f32 = 10_000.0;
/// Places along a side of the image, as many as patches of 16 in 384 pixels.
const PLACES: f32 = 24.0;

/// The decoder's weights.
#[derive(Module, Debug)]
pub struct Decoder {
    layers: Vec<DecoderLayer>,
    norm: LayerNorm,
}

/// One layer.
#[derive(Module, Debug)]
struct DecoderLayer {
    norm1: LayerNorm,
    attention: SelfAttention,
    norm2: LayerNorm,
    cross: CrossAttention,
    norm3: LayerNorm,
    fc1: Linear,
    fc2: Linear,
}

impl Decoder {
    /// A decoder for the encoders of `config`.
    pub fn new(config: &ModelConfig, device: &Device) -> Self {
        let fusion = &config.fusion;
        let norm = || LayerNormConfig::new(fusion.width).init(device);
        let layer = |_| DecoderLayer {
            norm1: norm(),
            attention: SelfAttention::new(fusion.width, fusion.heads, device),
            norm2: norm(),
            cross: CrossAttention::new(fusion.width, config.text.width, fusion.heads, device),
            norm3: norm(),
            fc1: LinearConfig::new(fusion.width, fusion.mlp).init(device),
            fc2: LinearConfig::new(fusion.mlp, fusion.width).init(device),
        };
        Self {
            layers: (0..fusion.layers).map(layer).collect(),
            norm: norm(),
        }
    }

    /// Runs all layers. `x` and the result: `[batch, patches, width]`; `position`: the [`position_code`] of the patches.
    pub fn forward(&self, mut x: Tensor<3>, position: Tensor<3>, language: &Language) -> Tensor<3> {
        let position = position.expand(x.dims());
        for layer in &self.layers {
            let normed = layer_norm(&layer.norm1, EPSILON, x.clone());
            x = layer.attention.forward_placed(normed, position.clone(), x);
            let normed = layer_norm(&layer.norm2, EPSILON, x.clone());
            let query = Read::Sum([normed, position.clone()]);
            let padding = Some(language.padding.clone());
            let words = language.words.clone();
            x = layer.cross.forward_onto(query, words, padding, x);
            let normed = layer_norm(&layer.norm3, EPSILON, x.clone());
            let hidden = linear_then(&layer.fc1, normed, Epilogue::Gelu);
            x = linear_onto(&layer.fc2, hidden, x);
        }
        layer_norm(&self.norm, EPSILON, x)
    }
}

/// The position code, `[1, patches, width]`: sines and cosines of the column in the first half of the channels, of
/// the row in the second half. Positions are relative to the image's side, so an input of another size has the same
/// code at the same relative position.
pub fn position_code([rows, columns]: GridSize, width: usize, device: &Device) -> Tensor<3> {
    let quarter = width / 4;
    let rates: Vec<f32> = (0..quarter)
        .map(|index| 1.0 / TEMPERATURE.powf(index as f32 / quarter as f32))
        .collect();
    let codes = |count: usize| -> Vec<f32> {
        let places = (0..count).map(|index| (index as f32 + 0.5) * (PLACES / count as f32));
        let waves = places.flat_map(|place| {
            let angles = rates.iter().map(move |rate| place * rate);
            angles.clone().map(f32::sin).chain(angles.map(f32::cos))
        });
        waves.collect()
    };
    let (across, down, half) = (codes(columns), codes(rows), 2 * quarter);
    let mut code = Vec::with_capacity(rows * columns * width);
    for row in 0..rows {
        for column in 0..columns {
            code.extend_from_slice(&across[column * half..][..half]);
            code.extend_from_slice(&down[row * half..][..half]);
            code.resize(code.len() + width % 4, 0.0);
        }
    }
    Tensor::from_data(TensorData::new(code, [1, rows * columns, width]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_code_tells_columns_from_rows() {
        let code: Vec<f32> = position_code([2, 2], 8, &Device::flex())
            .into_data()
            .try_into_vec()
            .expect("floats");
        let token = |index: usize| &code[index * 8..(index + 1) * 8];
        // With two positions along a side of 24, the first one is at 6.
        assert!((token(0)[0] - 6f32.sin()).abs() < 1e-6);
        // A step to the right changes only the first half, and a step down only the second.
        assert_ne!(token(1)[..4], token(0)[..4]);
        assert_eq!(token(1)[4..], token(0)[4..]);
        assert_eq!(token(2)[..4], token(0)[..4]);
        assert_ne!(token(2)[4..], token(0)[4..]);
    }
}
