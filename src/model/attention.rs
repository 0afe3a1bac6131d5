//! Multi-head attention, over one sequence or from one to another.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::softmax;
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, FloatDType, Tensor};

use super::position::Rotation;
use super::precision::{linear, linear_part, lowered, product_of, raised};
use crate::kernels::attention as kernels;

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
        let [q, k, v] = thirds(product_of(&self.qkv, lowered(&self.qkv, x)));
        let attended = attend(q, k, v, self.heads, visible, rotation);
        raised(product_of(&self.out, attended), own)
    }

    /// Attends to all tokens, with `position`, of `x`'s shape, added for queries and keys only.
    pub fn forward_placed(&self, x: Tensor<3>, position: Tensor<3>) -> Tensor<3> {
        let width = x.dims()[2];
        let placed = linear_part(&self.qkv, x.clone() + position, 0..2 * width);
        let [q, k] = [0, 1].map(|part| placed.clone().narrow(2, part * width, width));
        let v = linear_part(&self.qkv, x, 2 * width..3 * width);
        linear(&self.out, attend(q, k, v, self.heads, Visible::All, None))
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
    pub fn forward(
        &self,
        query: Tensor<3>,
        source: Tensor<3>,
        padding: Option<Tensor<2, Bool>>,
    ) -> Tensor<3> {
        let q = linear(&self.query, query);
        let k = linear(&self.key, source.clone());
        let v = linear(&self.value, source);
        let visible = match &padding {
            Some(padding) => Visible::Real(padding),
            None => Visible::All,
        };
        linear(&self.out, attend(q, k, v, self.heads, visible, None))
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

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Distribution, TensorData, Tolerance};

    #[test]
    fn padded_tokens_do_not_matter() {
        let device = Device::flex();
        let module = CrossAttention::new(8, 6, 2, &device);
        let query = Tensor::<3>::random([1, 3, 8], Distribution::Default, &device);
        let real = Tensor::<3>::random([1, 2, 6], Distribution::Default, &device);
        let noise = Tensor::<3>::random([1, 4, 6], Distribution::Default, &device);
        let padding =
            Tensor::<2, Bool>::from_data([[false, false, true, true, true, true]], &device);
        let padded = module.forward(
            query.clone(),
            Tensor::cat(vec![real.clone(), noise], 1),
            Some(padding),
        );
        let plain = module.forward(query, real, None);
        padded
            .into_data()
            .assert_approx_eq::<f32>(&plain.into_data(), Tolerance::absolute(1e-5));
    }

    /// Compares the kernel with Burn's own operations, which a device with gradients uses. Covers several parts of
    /// queries, and widths below and above a vector.
    #[test]
    fn the_kernel_attends_as_burn_does() {
        let plain = Device::flex();
        let tracked = plain.clone().autodiff();
        for (queries, keys, width, heads) in [(1, 1, 4, 1), (30, 17, 24, 6), (50, 70, 40, 2)] {
            let random = |count: usize| {
                Tensor::<3>::random([2, count, width], Distribution::Normal(0.0, 2.0), &plain)
            };
            let (q, k, v) = (random(queries), random(keys), random(keys));
            let hidden: Vec<bool> = (0..2 * keys).map(|at| at % keys > keys / 2).collect();
            let padding = TensorData::new(hidden, [2, keys]);
            let on = |x: &Tensor<3>| Tensor::<3>::from_data(x.to_data(), &tracked);
            for padded in [false, true] {
                let found = |q, k, v, device: &Device| {
                    let padding = Tensor::<2, Bool>::from_data(padding.clone(), device);
                    let visible = match padded {
                        true => Visible::Real(&padding),
                        false => Visible::All,
                    };
                    attend(q, k, v, heads, visible, None).into_data()
                };
                let expected = found(on(&q), on(&k), on(&v), &tracked);
                // Scores up to 40, rounded to 2e-6, weight values up to 8.
                found(q.clone(), k.clone(), v.clone(), &plain)
                    .assert_approx_eq::<f32>(&expected, Tolerance::absolute(2e-5));
            }
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        let device = Device::flex();
        let mut key = vec![0.5; 21 * 8];
        for broken in [f32::NAN, f32::INFINITY] {
            key[13 * 8 + 1] = broken;
            let k = Tensor::<3>::from_data(TensorData::new(key.clone(), [1, 21, 8]), &device);
            let x = Tensor::<3>::ones([1, 21, 8], &device);
            let found = attend(x.clone(), k, x, 2, Visible::All, None);
            let found: Vec<f32> = found.into_data().iter().collect();
            // The first head's channels.
            assert!(
                found[..4].iter().all(|value| value.is_nan()),
                "{broken}: {found:?}"
            );
            assert!(
                found[4..8].iter().all(|value| value.is_finite()),
                "{broken}: {found:?}"
            );
        }
    }

    #[test]
    fn sixteen_bits_attend_as_f32_does() {
        let device = Device::flex();
        let random = || Tensor::<3>::random([2, 6, 16], Distribution::Normal(0.0, 1.0), &device);
        let (q, k, v) = (random(), random(), random());
        let padding = [[false, false, false, false, true, true], [false; 6]];
        let padding = Tensor::<2, Bool>::from_data(padding, &device);
        for visible in [Visible::All, Visible::Real(&padding), Visible::Earlier] {
            let plain = attend(q.clone(), k.clone(), v.clone(), 2, visible, None);
            // The error of a score and of a value is half an ulp of the inputs, at 4.
            for (half, tolerance) in [(FloatDType::F16, 4e-3), (FloatDType::BF16, 4e-2)] {
                let low = |x: &Tensor<3>| x.clone().cast(half);
                let found = attend(low(&q), low(&k), low(&v), 2, visible, None);
                assert_eq!(FloatDType::from(found.dtype()), half);
                let found = found.cast(FloatDType::F32).into_data();
                found.assert_approx_eq::<f32>(&plain.to_data(), Tolerance::absolute(tolerance));
            }
        }
    }

    #[test]
    fn a_position_reaches_queries_and_keys_but_not_values() {
        let device = Device::flex();
        let module = SelfAttention::new(8, 2, &device);
        // A single token attends to itself with weight 1, whatever its query and key are.
        let x = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
        let position = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
        let with = module.forward_placed(x.clone(), position);
        let without = module.forward(x, Visible::All, None);
        with.into_data()
            .assert_approx_eq::<f32>(&without.into_data(), Tolerance::absolute(1e-5));
    }

    #[test]
    fn what_comes_later_does_not_matter_where_it_is_not_visible() {
        let device = Device::flex();
        let module = SelfAttention::new(8, 2, &device);
        let start = Tensor::<3>::random([1, 3, 8], Distribution::Default, &device);
        let end = Tensor::<3>::random([1, 2, 8], Distribution::Default, &device);
        let longer = Tensor::cat(vec![start.clone(), end], 1);
        let alone = module.forward(start, Visible::Earlier, None);
        let with_end = module
            .forward(longer, Visible::Earlier, None)
            .narrow(1, 0, 3);
        with_end
            .into_data()
            .assert_approx_eq::<f32>(&alone.into_data(), Tolerance::absolute(1e-5));
    }
}
