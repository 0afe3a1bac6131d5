//! Scaled dot-product attention (Vaswani et al. 2017), heads side by side in the channels.
//!
//! Our own kernels: for the CPU, where Burn's processes one number at a time, and for GPUs, where Burn's takes about
//! fifteen dispatches. [`crate::model`] chooses them, and uses Burn's own operations for everything else.

#[cfg(feature = "cpu")]
mod cpu;
#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "cpu")]
mod operation;
#[cfg(feature = "cpu")]
mod softmax;

use burn::tensor::{Bool, Tensor};

use super::{on_cpu, on_gpu};

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
    let all = [query, key, value];
    if !(all.into_iter().all(on_cpu) || all.into_iter().all(on_gpu)) {
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
        // Finite, so that the padded keys of a phrase without words still differ from no keys at all.
        let hidden = padding.map(|padding| {
            let hidden = Tensor::<2>::zeros([batch, keys], &query.device());
            hidden.mask_fill(padding.clone(), f32::MIN)
        });
        let padded = hidden.is_some();
        Some(Tensor::from_dispatch(
            <Dispatch as operation::Attention>::attention(
                query.clone().into_dispatch(),
                key.clone().into_dispatch(),
                value.clone().into_dispatch(),
                hidden.map_or_else(|| query.clone().into_dispatch(), Tensor::into_dispatch),
                padded,
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
