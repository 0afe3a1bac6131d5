//! Multi-head attention, over one sequence or from one to another.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::module::attention;
use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Bool, Device, Tensor};

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

    /// `x`: `[batch, tokens, width]`; `position`, of the same shape, is added for queries and keys
    /// alone; `padding`, `[batch, tokens]`, is true where a token must not be attended to.
    pub fn forward(
        &self,
        x: Tensor<3>,
        position: Option<Tensor<3>>,
        padding: Option<Tensor<2, Bool>>,
    ) -> Tensor<3> {
        let width = x.dims()[2];
        let (qk, v) = match position {
            None => {
                let mut parts = self.qkv.forward(x).chunk(3, 2);
                let v = parts.remove(2);
                (parts, v)
            }
            Some(position) => {
                let v = self.qkv.forward(x.clone()).narrow(2, 2 * width, width);
                (
                    self.qkv
                        .forward(x + position)
                        .narrow(2, 0, 2 * width)
                        .chunk(2, 2),
                    v,
                )
            }
        };
        let [q, k] = qk.try_into().expect("two halves of a tensor");
        self.out.forward(attend(q, k, v, self.heads, padding))
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

    /// `query`: `[batch, tokens, width]`; `source`: `[batch, others, source_width]`; `padding`,
    /// `[batch, others]`, is true where a token must not be attended to.
    pub fn forward(
        &self,
        query: Tensor<3>,
        source: Tensor<3>,
        padding: Option<Tensor<2, Bool>>,
    ) -> Tensor<3> {
        let q = self.query.forward(query);
        let k = self.key.forward(source.clone());
        let v = self.value.forward(source);
        self.out.forward(attend(q, k, v, self.heads, padding))
    }
}

/// Scaled dot-product attention over heads laid side by side in the channels.
fn attend(
    q: Tensor<3>,
    k: Tensor<3>,
    v: Tensor<3>,
    heads: usize,
    padding: Option<Tensor<2, Bool>>,
) -> Tensor<3> {
    let [batch, queries, width] = q.dims();
    let keys = k.dims()[1];
    let split = |x: Tensor<3>, tokens: usize| {
        x.reshape([batch, tokens, heads, width / heads])
            .swap_dims(1, 2) // [batch, heads, tokens, width / heads]
    };
    let mask = padding.map(|padding| {
        padding
            .reshape([batch, 1, 1, keys])
            .expand([batch, heads, queries, keys])
    });
    let attended = attention(
        split(q, queries),
        split(k, keys),
        split(v, keys),
        mask,
        None,
        AttentionModuleOptions::default(),
    );
    attended.swap_dims(1, 2).reshape([batch, queries, width])
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Distribution, Tolerance};

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

    #[test]
    fn a_position_reaches_queries_and_keys_but_not_values() {
        let device = Device::flex();
        let module = SelfAttention::new(8, 2, &device);
        // One token attends to itself with weight 1 whatever its query and key are.
        let x = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
        let position = Tensor::<3>::random([2, 1, 8], Distribution::Default, &device);
        let with = module.forward(x.clone(), Some(position), None);
        let without = module.forward(x, None, None);
        with.into_data()
            .assert_approx_eq::<f32>(&without.into_data(), Tolerance::absolute(1e-5));
    }
}
