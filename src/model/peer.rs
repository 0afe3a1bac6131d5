//! The place for another paper's adapters at the blocks that carry S4ECA's. The network that ships has none.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::config::{ModelConfig, Tuning};
use super::grid::GridSize;

/// Adapters in place of S4ECA's, for comparison.
pub trait Peer: Module {
    /// Whether a network that was tuned in this way can be built with these peers.
    fn supports(tuning: Tuning) -> bool;

    /// The adapters that `config` asks for; none if it asks for S4ECA's.
    fn new(config: &ModelConfig, device: &Device) -> Self;

    /// Whether there are no adapters.
    fn is_empty(&self) -> bool;

    /// Returns what the textual adapter `index`, counted from 0, adds to the MLP's output. `words`: the residual
    /// stream, `[batch, tokens, text width]`.
    fn beside_text(&self, index: usize, words: Tensor<3>) -> Option<Tensor<3>>;

    /// Returns what the visual adapter `index`, counted from 0, adds to the MLP's or the block's output. `tokens`:
    /// `[batch, prefix + rows * columns, width]`; `words`: word features, padding included, `[batch, words, text
    /// width]`.
    fn beside_vision(
        &self,
        index: usize,
        tokens: Tensor<3>,
        prefix: usize,
        size: GridSize,
        words: Tensor<3>,
    ) -> Option<Tensor<3>>;
}

/// No other adapters.
#[derive(Module, Debug)]
pub struct NoPeer;

impl Peer for NoPeer {
    fn supports(tuning: Tuning) -> bool {
        tuning == Tuning::S4eca
    }

    fn new(_: &ModelConfig, _: &Device) -> Self {
        Self
    }

    fn is_empty(&self) -> bool {
        true
    }

    fn beside_text(&self, _: usize, _: Tensor<3>) -> Option<Tensor<3>> {
        None
    }

    fn beside_vision(
        &self,
        _: usize,
        _: Tensor<3>,
        _: usize,
        _: GridSize,
        _: Tensor<3>,
    ) -> Option<Tensor<3>> {
        None
    }
}
