//! The interface between a kind of training and the loop that runs it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use burn::module::{Module, ParamGroup};
use burn::tensor::{Device, Tensor};

use super::ranks::Ranks;

/// Figures of a validation, by name.
pub type Figures = BTreeMap<String, f64>;

/// One kind of training: its network, its data and its loss.
pub trait Stage: Sync {
    /// The network.
    type Model: Module;
    /// A batch in host memory.
    type Batch: Send;

    /// Returns the number of samples per batch, over all ranks.
    fn batch_size(&self) -> usize;

    /// Makes the samples `share`, which is not empty, of batch `index`. They must depend on nothing else, so
    /// that a resumed training gives the same result as an uninterrupted one.
    fn batch(&self, index: u64, share: Range<usize>) -> anyhow::Result<Self::Batch>;

    /// Returns the loss of one batch, the mean over its samples, as a single number on the device.
    fn loss(&self, model: &Self::Model, batch: Self::Batch, device: &Device) -> Tensor<1>;

    /// Returns the parameters that are trained and kept in checkpoints.
    fn trained(&self, model: &Self::Model) -> ParamGroup;

    /// Returns the parameters that have a separate learning rate; see `EngineConfig::head_rate`.
    fn heads(&self) -> Option<ParamGroup> {
        None
    }

    /// Measures `model`, which has no gradients, and puts pictures into `pictures`. Each rank measures its
    /// share, and all ranks get all figures.
    ///
    /// # Errors
    /// Fails if the device fails or pictures cannot be written.
    fn validate(
        &self,
        model: &Self::Model,
        pictures: &Path,
        ranks: &Ranks,
    ) -> anyhow::Result<Figures>;

    /// Returns the name of the figure that the curves show first.
    fn headline(&self) -> &'static str;
}
