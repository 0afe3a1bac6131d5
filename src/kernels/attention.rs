//! Scaled dot-product attention (Vaswani et al. 2017), heads side by side in the channels.
//!
//! A kernel of our own for the CPU, where Burn's takes one number at a time. It is chosen by
//! [`crate::model`], which has the way through Burn's own operations for everything else.

#[cfg(any(feature = "native", feature = "web"))]
mod cpu;
#[cfg(any(feature = "native", feature = "web"))]
mod operation;
#[cfg(any(feature = "native", feature = "web"))]
mod softmax;

use burn::tensor::{Bool, Tensor};

use super::on_cpu;

/// Attention of `heads` heads: `query` `[batch, queries, width]`, `key` and `value` `[batch, keys, width]`,
/// `padding` `[batch, keys]`, true at keys that are not attended to; `[batch, queries, width]`. `None` where there is
/// no kernel for these tensors' device. Where every key is padding the answer is the mean of the values.
///
/// # Panics
/// If the extents do not belong together, there is no key, or `heads` does not divide the width.
pub fn attention(
    query: &Tensor<3>,
    key: &Tensor<3>,
    value: &Tensor<3>,
    padding: Option<&Tensor<2, Bool>>,
    heads: usize,
) -> Option<Tensor<3>> {
    if ![query, key, value].into_iter().all(on_cpu) {
        return None;
    }
    let ([batch, _, width], [_, keys, _]) = (query.dims(), key.dims());
    assert!(
        heads > 0 && width.is_multiple_of(heads),
        "{heads} heads of {width} channels"
    );
    assert!(keys > 0, "attention to nothing");
    for source in [key, value] {
        assert_eq!(
            source.dims(),
            [batch, keys, width],
            "keys and values belong together"
        );
    }
    #[cfg(any(feature = "native", feature = "web"))]
    {
        use burn::backend::Dispatch;
        let hidden = Tensor::<2>::zeros([batch, keys], &query.device());
        let hidden = match padding {
            Some(padding) => hidden.mask_fill(padding.clone(), f32::NEG_INFINITY),
            None => hidden,
        };
        Some(Tensor::from_dispatch(
            <Dispatch as operation::Attention>::attention(
                query.clone().into_dispatch(),
                key.clone().into_dispatch(),
                value.clone().into_dispatch(),
                hidden.into_dispatch(),
                heads,
            ),
        ))
    }
    #[cfg(not(any(feature = "native", feature = "web")))]
    {
        let _ = (padding, heads);
        None
    }
}
