//! What a training is made of, apart from the loop that runs it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use burn::module::{Module, ParamGroup};
use burn::tensor::{Device, Tensor};

use super::ranks::Ranks;

/// Figures of a validation, by name.
pub type Figures = BTreeMap<String, f64>;

/// One kind of training: what it trains, on what, towards what.
pub trait Stage: Sync {
    /// The network.
    type Model: Module;
    /// A batch in ordinary memory.
    type Batch: Send;

    /// Samples of a batch, over all ranks.
    fn batch_size(&self) -> usize;

    /// The samples `share`, not empty, of batch `index`. They depend on nothing else, which is what
    /// makes a resumed training the same as an unbroken one.
    fn batch(&self, index: u64, share: Range<usize>) -> anyhow::Result<Self::Batch>;

    /// The loss of one batch, the mean over its samples, a single number still on the device.
    fn loss(&self, model: &Self::Model, batch: Self::Batch, device: &Device) -> Tensor<1>;

    /// The parameters that are trained and kept in checkpoints.
    fn trained(&self, model: &Self::Model) -> ParamGroup;

    /// The parameters that have a rate of their own, see `EngineConfig::head_rate`.
    fn heads(&self) -> Option<ParamGroup> {
        None
    }

    /// Measures `model`, which has no gradients, each rank its share, and puts pictures into `pictures`.
    /// All ranks get all figures.
    ///
    /// # Errors
    /// A device that fails, or pictures that cannot be written.
    fn validate(
        &self,
        model: &Self::Model,
        pictures: &Path,
        ranks: &Ranks,
    ) -> anyhow::Result<Figures>;

    /// Name of the figure that the curves put first.
    fn headline(&self) -> &'static str;
}
