//! Scaled dot-product attention (Vaswani et al. 2017), heads side by side in the channels.
//!
//! Our own kernel for the CPU, where Burn's processes one number at a time. [`crate::model`] chooses it, and uses
//! Burn's own operations for everything else.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "cpu")]
mod operation;
#[cfg(feature = "cpu")]
mod softmax;

use burn::tensor::{Bool, Tensor};

use super::on_cpu;

/// Computes attention with `heads` heads. `query`: `[batch, queries, width]`; `key` and `value`:
/// `[batch, keys, width]`; `padding`: `[batch, keys]`, true at keys that are not attended to. Returns
/// `[batch, queries, width]`, or `None` if there is no kernel for these tensors. If every key is padding, the result
/// is the mean of the values.
///
/// # Panics
/// If the shapes do not match, there is no key, or `heads` does not divide the width.
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
        "{heads} heads do not divide {width} channels"
    );
    assert!(keys > 0, "attention needs a key");
    for source in [key, value] {
        assert_eq!(
            source.dims(),
            [batch, keys, width],
            "keys and values must match the queries"
        );
    }
    #[cfg(feature = "cpu")]
    {
        use burn::backend::Dispatch;
        let hidden = Tensor::<2>::zeros([batch, keys], &query.device());
        let hidden = match padding {
            // Finite, so that the padded keys of a phrase without words still differ from no keys at all.
            Some(padding) => hidden.mask_fill(padding.clone(), f32::MIN),
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
    #[cfg(not(feature = "cpu"))]
    {
        let _ = (padding, heads);
        None
    }
}
