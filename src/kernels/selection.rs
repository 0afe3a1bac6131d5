//! The parts of the language-guided selection that Burn computes in many dispatches on a GPU: [`average`] takes three,
//! [`weigh`] thirteen, [`describe`] fourteen, [`gate`] three.
//!
//! Our own kernels for GPUs, one dispatch each. [`crate::model`] chooses them, and uses Burn's own operations for
//! everything else.

#[cfg(feature = "gpu")]
mod gpu;
#[cfg(feature = "gpu")]
mod operation;

use burn::tensor::Tensor;

#[cfg(feature = "gpu")]
use super::on_gpu;

/// Added to squared lengths, so that they are never zero.
pub const NORM_EPSILON: f32 = 1e-6;

/// The mean over the patches of the sum of three `branches`, `[batch, patches, width]`: `[batch, 1, width]`. `None` if
/// there is no kernel for these tensors.
pub fn average(branches: &[Tensor<3>]) -> Option<Tensor<3>> {
    #[cfg(feature = "gpu")]
    if let [one, two, three] = branches
        && branches.iter().all(on_gpu)
    {
        use burn::backend::Dispatch;
        return Some(Tensor::from_dispatch(
            <Dispatch as operation::Selection>::average(
                one.clone().into_dispatch(),
                two.clone().into_dispatch(),
                three.clone().into_dispatch(),
            ),
        ));
    }
    let _ = branches;
    None
}

/// The sum of three `branches`, `[batch, patches, width]`, weighted by the softmax of `scores`, `[batch, 3, width]`, over
/// the branches. `None` if there is no kernel for these tensors.
pub fn weigh(branches: &[Tensor<3>], scores: &Tensor<3>) -> Option<Tensor<3>> {
    #[cfg(feature = "gpu")]
    if let [one, two, three] = branches
        && [one, two, three, scores].into_iter().all(on_gpu)
    {
        use burn::backend::Dispatch;
        return Some(Tensor::from_dispatch(
            <Dispatch as operation::Selection>::weigh(
                one.clone().into_dispatch(),
                two.clone().into_dispatch(),
                three.clone().into_dispatch(),
                scores.clone().into_dispatch(),
            ),
        ));
    }
    let _ = (branches, scores);
    None
}

/// Of each patch of `x`, `[batch, patches, width]`: its mean, its largest channel, and its largest cosine similarity to
/// one of `tokens`, `[batch, count, width]`. Returns `[batch, patches, 3]`, or `None` if there is no kernel for these
/// tensors.
pub fn describe(x: &Tensor<3>, tokens: &Tensor<3>) -> Option<Tensor<3>> {
    #[cfg(feature = "gpu")]
    if [x, tokens].into_iter().all(on_gpu) {
        use burn::backend::Dispatch;
        return Some(Tensor::from_dispatch(
            <Dispatch as operation::Selection>::describe(
                x.clone().into_dispatch(),
                tokens.clone().into_dispatch(),
            ),
        ));
    }
    let _ = (x, tokens);
    None
}

/// `x * sigmoid(gate) + base`; `x` and `base`: `[batch, patches, width]`, `gate`: `[batch, patches, 1]`. `None` if there
/// is no kernel for these tensors.
pub fn gate(x: &Tensor<3>, gate: &Tensor<3>, base: &Tensor<3>) -> Option<Tensor<3>> {
    #[cfg(feature = "gpu")]
    if [x, gate, base].into_iter().all(on_gpu) {
        use burn::backend::Dispatch;
        return Some(Tensor::from_dispatch(
            <Dispatch as operation::Selection>::gate(
                x.clone().into_dispatch(),
                gate.clone().into_dispatch(),
                base.clone().into_dispatch(),
            ),
        ));
    }
    let _ = (x, gate, base);
    None
}
