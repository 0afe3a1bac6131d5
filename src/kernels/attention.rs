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
        use operation::Attention;
        let [query, key, value] = all.map(|tensor| tensor.clone().into_dispatch());
        Some(Tensor::from_dispatch(match padding {
            Some(padding) => {
                assert_eq!(padding.dims(), [batch, keys], "padding of each key");
                let padding = padding.clone().into_dispatch();
                Dispatch::padded_attention(query, key, value, padding, heads)
            }
            None => Dispatch::attention(query, key, value, heads),
        }))
    }
    #[cfg(not(feature = "cpu"))]
    {
        let _ = (padding, heads);
        None
    }
}
