//! The visual adapter: multi-scale dense extractor, then language-guided scale and spatial selection.
//!
//! Stated by the paper: these parts and their order. Inferred from DETRIS: the place beside the MLP of every second
//! block of a ViT, the bottleneck, the special tokens that bypass the grid. Ours: cross-attention to the proxies after
//! the selection, the zero-initialised up-projection, and the place after a block of a hierarchical encoder, with a
//! norm at the adapter's input.

use burn::module::Module;
use burn::nn::{Initializer, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::added::Added;
use super::attention::CrossAttention;
use super::config::{AdapterConfig, GuideKind};
use super::dense_extractor::DenseExtractor;
use super::grid::GridSize;
use super::language::Guide;
use super::norm::{EPSILON, layer_norm};
use super::precision::linear_then;
use super::selection::{ScaleSelection, SpatialSelection, sum_of};
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

/// Attention heads inside the bottleneck.
const HEADS: usize = 4;

/// Runs beside the MLP of a visual block, or after a block without an MLP.
#[derive(Module, Debug)]
pub struct VisualAdapter {
    norm: Option<LayerNorm>,
    down: Linear,
    extractor: DenseExtractor,
    scale: Option<ScaleSelection>,
    spatial: Option<SpatialSelection>,
    proxies: Option<CrossAttention>,
    up: Linear,
}

/// The part of an adapter's computation that depends on the image alone.
#[derive(Debug, Clone)]
pub struct Extracted {
    /// The tokens in the bottleneck, `[batch, prefix + rows * columns, inner]`.
    low: Tensor<3>,
    /// The extractor's branches, `[batch, rows * columns, inner]` each.
    branches: Vec<Tensor<3>>,
    /// What the scale selection reads of them.
    context: Option<Tensor<3>>,
}

impl VisualAdapter {
    /// An adapter for tokens of `width` channels; `normed`: whether they are already normalised.
    pub fn new(width: usize, normed: bool, config: &AdapterConfig, device: &Device) -> Self {
        let inner = config.vision_width;
        let parts = config.parts;
        let guide = match parts.guide {
            GuideKind::Nothing => 0,
            GuideKind::Proxies | GuideKind::Words => config.text_width,
        };
        let extractor = DenseExtractor::new(inner, config.reduced, parts.multi_scale, device);
        let branches = extractor.branches();
        Self {
            norm: (!normed).then(|| LayerNormConfig::new(width).init(device)),
            down: LinearConfig::new(width, inner).init(device),
            extractor,
            scale: parts
                .scale_selection
                .then(|| ScaleSelection::new(inner, guide, branches, device)),
            spatial: parts
                .spatial_selection
                .then(|| SpatialSelection::new(inner, guide, device)),
            proxies: (parts.proxy_attention && guide > 0)
                .then(|| CrossAttention::new(inner, guide, HEADS, device)),
            // Zero, so that training starts from the frozen encoder's own features.
            up: LinearConfig::new(inner, width)
                .with_initializer(Initializer::Zeros)
                .init(device),
        }
    }

    /// Returns what is added to the MLP's or the block's output, in the shape of `tokens`,
    /// `[batch, prefix + rows * columns, width]`.
    pub fn forward(
        &self,
        tokens: Tensor<3>,
        prefix: usize,
        size: GridSize,
        guide: Option<&Guide>,
    ) -> Added<'_> {
        self.select(self.extract(tokens, prefix, size), prefix, size, guide)
    }

    /// The part of [`Self::forward`] that does not read the guide.
    pub fn extract(&self, tokens: Tensor<3>, prefix: usize, size: GridSize) -> Extracted {
        let tokens = match &self.norm {
            Some(norm) => layer_norm(norm, EPSILON, tokens),
            None => tokens,
        };
        let low = linear_then(&self.down, tokens, Epilogue::Relu); // [batch, prefix + patches, inner]
        let grid = without_prefix(low.clone(), prefix);

        let branches = self.extractor.forward(grid, size);
        let context = self
            .scale
            .is_some()
            .then(|| ScaleSelection::context(&branches));
        Extracted {
            low,
            branches,
            context,
        }
    }

    /// Completes [`Self::forward`].
    pub fn select(
        &self,
        Extracted {
            low,
            branches,
            context,
        }: Extracted,
        prefix: usize,
        size: GridSize,
        guide: Option<&Guide>,
    ) -> Added<'_> {
        let grid = without_prefix(low.clone(), prefix);
        let mut x = match (&self.scale, context) {
            (Some(selection), Some(context)) => selection.forward(branches, context, guide),
            _ => sum_of(branches),
        };
        x = match &self.spatial {
            Some(selection) => selection.forward_onto(x, guide, size, grid),
            None => x + grid,
        };
        if let (Some(attention), Some(guide)) = (&self.proxies, guide) {
            let (tokens, padding) = (guide.tokens().clone(), guide.padding().cloned());
            x = attention.forward_onto(Read::One(x.clone()), tokens, padding, x);
        }
        let whole = with_prefix_of(&low, x, prefix);
        Added::Product(&self.up, Read::Sum([whole, low]))
    }
}

/// Removes the special tokens from `[batch, prefix + rows * columns, width]`.
pub fn without_prefix(tokens: Tensor<3>, prefix: usize) -> Tensor<3> {
    let cells = tokens.dims()[1] - prefix;
    match prefix {
        0 => tokens,
        _ => tokens.narrow(1, prefix, cells),
    }
}

/// Puts the special tokens of `tokens` before `grid`.
pub fn with_prefix_of(tokens: &Tensor<3>, grid: Tensor<3>, prefix: usize) -> Tensor<3> {
    match prefix {
        0 => grid,
        _ => Tensor::cat(vec![tokens.clone().narrow(1, 0, prefix), grid], 1),
    }
}
