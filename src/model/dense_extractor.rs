//! The multi-scale dense extractor: 1x1, 3x3 and 5x5 branches, each reading the outputs of all branches before it.
//!
//! Stated by the paper: a multi-scale dense extractor on hierarchical features. Inferred from DETRIS's D-MoC: the
//! kernel sizes, the dense connections, the reduction before the wide kernels. Ours: every branch has the full
//! bottleneck width, so that the scale selection can weight them channel by channel.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::grid::{GridSize, TokenConv};
use super::precision::{linear_of, linear_then};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

/// The branches.
#[derive(Module, Debug)]
pub struct DenseExtractor {
    point: Linear,
    wide: Vec<WideBranch>,
}

/// A branch that reduces all features so far and convolves them.
#[derive(Module, Debug)]
struct WideBranch {
    reduce: Linear,
    conv: TokenConv,
}

impl DenseExtractor {
    /// An extractor on `width` channels; without `multi_scale` it has only the 1x1 branch.
    pub fn new(width: usize, reduced: usize, multi_scale: bool, device: &Device) -> Self {
        let sides: &[usize] = if multi_scale { &[3, 5] } else { &[] };
        let wide = sides.iter().enumerate().map(|(index, &side)| WideBranch {
            reduce: LinearConfig::new(width * (index + 2), reduced).init(device),
            conv: TokenConv::new([reduced, width], side, device),
        });
        Self {
            point: LinearConfig::new(width, width).init(device),
            wide: wide.collect(),
        }
    }

    /// Number of branches.
    pub fn branches(&self) -> usize {
        1 + self.wide.len()
    }

    /// Returns one tensor per branch, each of the shape of `patches`, `[batch, rows * columns, width]`.
    pub fn forward(&self, patches: Tensor<3>, size: GridSize) -> Vec<Tensor<3>> {
        let mut branches = vec![linear_then(&self.point, patches.clone(), Epilogue::Relu)];
        let mut seen = vec![patches, branches[0].clone()];
        for branch in &self.wide {
            let seen_so_far = Read::Joined(seen.clone());
            let reduced = linear_of(&branch.reduce, seen_so_far, Epilogue::Relu);
            let feature = branch.conv.forward(reduced, size, Epilogue::Relu);
            seen.push(feature.clone());
            branches.push(feature);
        }
        branches
    }
}
