//! Language-guided selection of scale and of place.
//!
//! Stated by the paper: a language-guided scale and spatial selection mechanism. Ours: its equations.
//! The scale part follows SKNet's softmax over branches (arXiv 1903.06586), the spatial part LSKNet's
//! map from pooled channels (arXiv 2303.09030); both read the language proxies here.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{relu, sigmoid, softmax};
use burn::tensor::{Device, Tensor};

use super::grid::{GridSize, TokenConv};

/// Hidden channels of the scale selection.
const HIDDEN: usize = 16;
/// Side of the spatial selection's kernel, as in LSKNet.
const SPATIAL_SIDE: usize = 7;
/// Keeps the norms of the cosine similarity away from zero.
const NORM_EPSILON: f32 = 1e-6;

/// Weighs the branches of the extractor, channel by channel.
#[derive(Module, Debug)]
pub struct ScaleSelection {
    hidden: Linear,
    weights: Linear,
    branches: usize,
}

impl ScaleSelection {
    /// A selection among `branches` of `width` channels, guided by proxies of `proxy_width`.
    pub fn new(width: usize, proxy_width: usize, branches: usize, device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(width + proxy_width, HIDDEN).init(device),
            weights: LinearConfig::new(HIDDEN, branches * width).init(device),
            branches,
        }
    }

    /// `branches`: tensors `[batch, patches, width]`; `proxies`: `[batch, queries, proxy_width]`.
    /// The weighted sum, `[batch, patches, width]`.
    pub fn forward(&self, branches: Vec<Tensor<3>>, proxies: Tensor<3>) -> Tensor<3> {
        let [batch, _, width] = branches[0].dims();
        let sum = sum_of(branches.clone());
        let context = Tensor::cat(vec![sum.mean_dim(1), proxies.mean_dim(1)], 2);
        let scores = self.weights.forward(relu(self.hidden.forward(context)));
        let weights = softmax(scores.reshape([batch, self.branches, width]), 1);
        let weighted = branches
            .into_iter()
            .enumerate()
            .map(|(index, branch)| branch * weights.clone().narrow(1, index, 1))
            .collect();
        sum_of(weighted)
    }
}

/// Weighs the patches.
#[derive(Module, Debug)]
pub struct SpatialSelection {
    proxy: Linear,
    map: TokenConv,
}

impl SpatialSelection {
    /// A selection on `width` channels, guided by proxies of `proxy_width`.
    pub fn new(width: usize, proxy_width: usize, device: &Device) -> Self {
        Self {
            proxy: LinearConfig::new(proxy_width, width).init(device),
            map: TokenConv::new([3, 1], SPATIAL_SIDE, device),
        }
    }

    /// `x`: `[batch, patches, width]`; `proxies`: `[batch, queries, proxy_width]`.
    pub fn forward(&self, x: Tensor<3>, proxies: Tensor<3>, size: GridSize) -> Tensor<3> {
        let similarity = unit(x.clone())
            .matmul(unit(self.proxy.forward(proxies)).swap_dims(1, 2)) // [batch, patches, queries]
            .max_dim(2);
        let seen = Tensor::cat(
            vec![x.clone().mean_dim(2), x.clone().max_dim(2), similarity],
            2,
        );
        x * sigmoid(self.map.forward(seen, size))
    }
}

/// Sum of tensors of one shape.
pub(super) fn sum_of(tensors: Vec<Tensor<3>>) -> Tensor<3> {
    tensors
        .into_iter()
        .reduce(|sum, next| sum + next)
        .expect("at least one branch")
}

/// Scales the last dimension to length one.
fn unit(x: Tensor<3>) -> Tensor<3> {
    let norm = (x.clone() * x.clone())
        .sum_dim(2)
        .add_scalar(NORM_EPSILON)
        .sqrt();
    x / norm
}
