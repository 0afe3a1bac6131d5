//! Multi-head attention, over one sequence or from one to another.

#[cfg(all(test, feature = "native"))]
mod tests;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::softmax;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, FloatDType, Tensor};

use super::position::Rotation;
use super::precision::{
    linear, linear_of, linear_onto, linear_part, lowered, product_of, product_onto, raised,
};
use crate::kernels::attention as kernels;
use crate::kernels::epilogue::Epilogue;
use crate::kernels::product::Read;

/// Which tokens a token may attend to.
#[derive(Debug, Clone, Copy)]
pub enum Visible<'a> {
    /// All tokens.
    All,
    /// Tokens that are not padding. The mask, `[batch, tokens]`, is true at padding.
    Real(&'a Tensor<2, Bool>),
    /// The token itself and those before it.
    Earlier,
}

/// Attention of a sequence to itself, with one fused projection as in timm's ViT.
#[derive(Module, Debug)]
pub struct SelfAttention {
    /// Query, key and value projection, `[width, 3 * width]`.
    pub qkv: Linear,
    /// Output projection, `[width, width]`.
    pub out: Linear,
    heads: usize,
}

impl SelfAttention {
    /// Attention of `heads` heads over tokens of `width` channels.
    pub fn new(width: usize, heads: usize, device: &Device) -> Self {
        Self {
            qkv: LinearConfig::new(width, 3 * width).init(device),
            out: LinearConfig::new(width, width).init(device),
            heads,
        }
    }

    /// Attends from every token to the visible ones. `x` and the result: `[batch, tokens, width]`; `rotation` rotates
    /// queries and keys.
    pub fn forward(
        &self,
        x: Tensor<3>,
        visible: Visible<'_>,
        rotation: Option<&Rotation>,
    ) -> Tensor<3> {
        let own = x.dtype();
        raised(
            product_of(&self.out, self.attended(x, visible, rotation)),
            own,
        )
    }

    /// [`Self::forward`] without a rotation, added to `base`.
    pub fn forward_onto(&self, x: Tensor<3>, visible: Visible<'_>, base: Tensor<3>) -> Tensor<3> {
        product_onto(&self.out, self.attended(x, visible, None), base)
    }

    /// The heads' results, before the output projection, in the type that the projections are held in.
    fn attended(
        &self,
        x: Tensor<3>,
        visible: Visible<'_>,
        rotation: Option<&Rotation>,
    ) -> Tensor<3> {
        let [q, k, v] = thirds(product_of(&self.qkv, lowered(&self.qkv, x)));
        attend(q, k, v, self.heads, visible, rotation)
    }

    /// Attends to all tokens, with `position`, of `x`'s shape, added for queries and keys only. The result is added to
    /// `base`.
    pub fn forward_placed(&self, x: Tensor<3>, position: Tensor<3>, base: Tensor<3>) -> Tensor<3> {
        let width = x.dims()[2];
        let placed = Read::Sum([x.clone(), position]);
        let placed = linear_part(&self.qkv, placed, 0..2 * width);
        let [q, k] = [0, 1].map(|part| placed.clone().narrow(2, part * width, width));
        let v = linear_part(&self.qkv, Read::One(x), 2 * width..3 * width);
        let attended = attend(q, k, v, self.heads, Visible::All, None);
        linear_onto(&self.out, attended, base)
    }
}

/// Attention from one sequence to another.
#[derive(Module, Debug)]
pub struct CrossAttention {
    /// Query projection.
    pub query: Linear,
    /// Key projection.
    pub key: Linear,
    /// Value projection.
    pub value: Linear,
    /// Output projection.
    pub out: Linear,
    heads: usize,
}

impl CrossAttention {
    /// Attention of `heads` heads from tokens of `width` channels to tokens of `source_width`.
    pub fn new(width: usize, source_width: usize, heads: usize, device: &Device) -> Self {
        Self {
            query: LinearConfig::new(width, width).init(device),
            key: LinearConfig::new(source_width, width).init(device),
            value: LinearConfig::new(source_width, width).init(device),
            out: LinearConfig::new(width, width).init(device),
            heads,
        }
    }

    /// Attends from `query`, `[batch, tokens, width]`, to `source`, `[batch, others, source_width]`. `padding`,
    /// `[batch, others]`, is true where a token must not be attended to. Returns `[batch, tokens, width]`.
    #[cfg(feature = "native")] // only the study's networks add nothing to it
    pub fn forward(
        &self,
        query: Tensor<3>,
        source: Tensor<3>,
        padding: Option<Tensor<2, Bool>>,
    ) -> Tensor<3> {
        let attended = self.attended(Read::One(query), source, padding);
        linear(&self.out, attended)
    }

    /// [`Self::forward`] of what `query` reads, added to `base`.
    pub fn forward_onto(
        &self,
        query: Read<3>,
        source: Tensor<3>,
        padding: Option<Tensor<2, Bool>>,
        base: Tensor<3>,
    ) -> Tensor<3> {
        linear_onto(&self.out, self.attended(query, source, padding), base)
    }

    /// What the heads found, before the output projection.
    fn attended(
        &self,
        query: Read<3>,
        source: Tensor<3>,
        padding: Option<Tensor<2, Bool>>,
    ) -> Tensor<3> {
        let q = linear_of(&self.query, query, Epilogue::Identity);
        let k = linear(&self.key, source.clone());
        let v = linear(&self.value, source);
        let visible = match &padding {
            Some(padding) => Visible::Real(padding),
            None => Visible::All,
        };
        attend(q, k, v, self.heads, visible, None)
    }
}

/// Splits queries, keys and values, which are side by side in the channels.
fn thirds(x: Tensor<3>) -> [Tensor<3>; 3] {
    let width = x.dims()[2] / 3;
    [0, 1, 2].map(|part| x.clone().narrow(2, part * width, width))
}

/// Scaled dot-product attention over heads that are side by side in the channels.
fn attend(
    q: Tensor<3>,
    k: Tensor<3>,
    v: Tensor<3>,
    heads: usize,
    visible: Visible<'_>,
    rotation: Option<&Rotation>,
) -> Tensor<3> {
    let [batch, queries, width] = q.dims();
    let keys = k.dims()[1];
    let padding = match visible {
        Visible::Real(padding) => Some(padding),
        Visible::All | Visible::Earlier => None,
    };
    let plain = rotation.is_none() && !matches!(visible, Visible::Earlier);
    if plain && let Some(attended) = kernels::attention(&q, &k, &v, padding, heads) {
        return attended;
    }
    let split = |x: Tensor<3>, tokens: usize| {
        x.reshape([batch, tokens, heads, width / heads])
            .swap_dims(1, 2) // [batch, heads, tokens, width / heads]
    };
    let turn = |x: Tensor<4>| match rotation {
        Some(rotation) => rotation.apply(x),
        None => x,
    };
    let is_causal = matches!(visible, Visible::Earlier);
    let mask = padding.map(|padding| {
        let padding = padding.clone().reshape([batch, 1, 1, keys]);
        padding.expand([batch, heads, queries, keys])
    });
    let q = turn(split(q, queries));
    let k = turn(split(k, keys));
    let v = split(v, keys);
    let attended = match FloatDType::from(q.dtype()) {
        FloatDType::F16 | FloatDType::BF16 => attend_in_half(q, k, v, mask, is_causal),
        _ => {
            let options = AttentionModuleOptions {
                is_causal,
                ..Default::default()
            };
            attention(q, k, v, mask, None, options)
        }
    };
    attended.swap_dims(1, 2).reshape([batch, queries, width])
}

/// Scaled dot-product attention on `[batch, heads, tokens, head width]`. Both products are computed in the 16-bit
/// type of `q`, `k` and `v`. The softmax between them is computed in f32, because 16 bits are too coarse for it.
fn attend_in_half(
    q: Tensor<4>,
    k: Tensor<4>,
    v: Tensor<4>,
    mask: Option<Tensor<4, Bool>>,
    is_causal: bool,
) -> Tensor<4> {
    let half = FloatDType::from(q.dtype());
    let [_, _, queries, width] = q.dims();
    let keys = k.dims()[2];
    // Scaled before the product, which might otherwise overflow f16.
    let scale = 1.0 / (width as f32).sqrt();
    let scores = q.mul_scalar(scale).matmul(k.swap_dims(2, 3));
    let mut scores = scores.cast(FloatDType::F32);
    if let Some(mask) = mask {
        scores = scores.mask_fill(mask, f32::NEG_INFINITY);
    }
    if is_causal {
        let later = Tensor::<2, Bool>::tril_mask([queries, keys], 0, &scores.device());
        let later = later.unsqueeze::<4>().expand(scores.dims());
        scores = scores.mask_fill(later, f32::NEG_INFINITY);
    }
    softmax(scores, 3).cast(half).matmul(v)
}
