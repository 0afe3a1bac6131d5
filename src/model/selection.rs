//! Language-guided selection of scale and position.
//!
//! Stated by the paper: a language-guided scale and spatial selection mechanism. Ours: its equations. The scale part
//! follows SKNet's softmax over branches (arXiv 1903.06586), the spatial part LSKNet's map from pooled channels
//! (arXiv 2303.09030); both read the language proxies here, or the image alone if the language is ablated.

#[cfg(all(test, feature = "native"))]
mod tests;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::{sigmoid, softmax};
use burn::tensor::{Device, Tensor};

use super::grid::{GridSize, TokenConv};
use super::language::Guide;
use super::precision::{linear, linear_of};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;
use crate::kernels::selection::{self as kernels, NORM_EPSILON};

/// Hidden channels of the scale selection.
pub const HIDDEN: usize = 16;
/// Side of the spatial selection's kernel, as in LSKNet.
const SPATIAL_SIDE: usize = 7;

/// Weights the branches of the extractor, channel by channel.
#[derive(Module, Debug)]
pub struct ScaleSelection {
    hidden: Linear,
    weights: Linear,
    branches: usize,
}

impl ScaleSelection {
    /// A selection among `branches` of `width` channels, guided by tokens of `guide_width` channels; 0 for no guide.
    pub fn new(width: usize, guide_width: usize, branches: usize, device: &Device) -> Self {
        Self {
            hidden: LinearConfig::new(width + guide_width, HIDDEN).init(device),
            weights: LinearConfig::new(HIDDEN, branches * width).init(device),
            branches,
        }
    }

    /// What it reads of the image: the mean of the sum of `branches`, `[batch, 1, width]`.
    pub fn context(branches: &[Tensor<3>]) -> Tensor<3> {
        match kernels::average(branches) {
            Some(mean) => mean,
            None => sum_of(branches.to_vec()).mean_dim(1),
        }
    }

    /// Returns the weighted sum of `branches`, which are `[batch, patches, width]`, in the same shape; `context`: their
    /// [`Self::context`].
    pub fn forward(
        &self,
        branches: Vec<Tensor<3>>,
        context: Tensor<3>,
        guide: Option<&Guide>,
    ) -> Tensor<3> {
        let [batch, _, width] = branches[0].dims();
        let seen = match guide {
            Some(guide) => Read::Joined(vec![context, guide.mean()]),
            None => Read::One(context),
        };
        let scores = linear(&self.weights, linear_of(&self.hidden, seen, Epilogue::Relu));
        let scores = scores.reshape([batch, self.branches, width]);
        if let Some(weighed) = kernels::weigh(&branches, &scores) {
            return weighed;
        }
        let weights = softmax(scores, 1);
        let weighted = branches
            .into_iter()
            .enumerate()
            .map(|(index, branch)| branch * weights.clone().narrow(1, index, 1))
            .collect();
        sum_of(weighted)
    }
}

/// Weights the patches.
#[derive(Module, Debug)]
pub struct SpatialSelection {
    proxy: Option<Linear>,
    map: TokenConv,
}

impl SpatialSelection {
    /// A selection on `width` channels, guided by tokens of `guide_width` channels; 0 for no guide.
    pub fn new(width: usize, guide_width: usize, device: &Device) -> Self {
        let guided = guide_width > 0;
        Self {
            proxy: guided.then(|| LinearConfig::new(guide_width, width).init(device)),
            map: TokenConv::new([if guided { 3 } else { 2 }, 1], SPATIAL_SIDE, device),
        }
    }

    /// Weights each patch of `x` and adds `base`. `x`, `base` and the result: `[batch, patches, width]`.
    pub fn forward_onto(
        &self,
        x: Tensor<3>,
        guide: Option<&Guide>,
        size: GridSize,
        base: Tensor<3>,
    ) -> Tensor<3> {
        let seen = self.describe(&x, guide);
        let gate = self.map.forward(seen, size, Epilogue::Identity);
        match kernels::gate(&x, &gate, &base) {
            Some(gated) => gated,
            None => x * sigmoid(gate) + base,
        }
    }

    /// Mean and largest channel of every patch and, with a guide, the largest cosine similarity to one of its tokens:
    /// `[batch, patches, 2]` or `[batch, patches, 3]`.
    fn describe(&self, x: &Tensor<3>, guide: Option<&Guide>) -> Tensor<3> {
        let mut seen = Vec::with_capacity(3);
        if let (Some(proxy), Some(guide)) = (&self.proxy, guide) {
            let tokens = linear(proxy, guide.tokens().clone());
            if guide.padding().is_none()
                && let Some(seen) = kernels::describe(x, &tokens)
            {
                return seen;
            }
            // Divided after the product, which has fewer channels.
            let mut similarity = x.clone().matmul(unit(tokens).swap_dims(1, 2)) / norm(x.clone()); // [batch, patches, count]
            if let Some(padding) = guide.padding() {
                let hidden = padding
                    .clone()
                    .unsqueeze_dim::<3>(1)
                    .expand(similarity.shape());
                similarity = similarity.mask_fill(hidden, -1.0);
            }
            seen.push(similarity.max_dim(2));
        }
        seen.insert(0, x.clone().max_dim(2));
        seen.insert(0, x.clone().mean_dim(2));
        Tensor::cat(seen, 2)
    }
}

/// Sum of tensors of the same shape.
pub(super) fn sum_of(tensors: Vec<Tensor<3>>) -> Tensor<3> {
    tensors
        .into_iter()
        .reduce(|sum, next| sum + next)
        .expect("at least one branch")
}

/// Scales the last dimension to length one.
fn unit(x: Tensor<3>) -> Tensor<3> {
    x.clone() / norm(x)
}

/// Length of the last dimension, which becomes 1.
fn norm(x: Tensor<3>) -> Tensor<3> {
    (x.clone() * x).sum_dim(2).add_scalar(NORM_EPSILON).sqrt()
}
