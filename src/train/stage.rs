//! What a training is made of, apart from the loop that runs it.

use std::collections::BTreeMap;
use std::path::Path;

use burn::module::{Module, ParamGroup};
use burn::tensor::{Device, Tensor};

/// Figures of a validation, by name.
pub type Figures = BTreeMap<String, f64>;

/// One kind of training: what it trains, on what, towards what.
pub trait Stage: Sync {
    /// The network.
    type Model: Module;
    /// A batch in ordinary memory.
    type Batch: Send;

    /// The batch of step `step`. It depends on nothing else, which is what makes a resumed training
    /// the same as an unbroken one.
    fn batch(&self, step: u64) -> anyhow::Result<Self::Batch>;

    /// The loss of one batch, a single number still on the device.
    fn loss(&self, model: &Self::Model, batch: Self::Batch, device: &Device) -> Tensor<1>;

    /// The parameters that are trained and kept in checkpoints.
    fn trained(&self, model: &Self::Model) -> ParamGroup;

    /// Measures `model`, which has no gradients, and puts pictures into `pictures`.
    ///
    /// # Errors
    /// A device that fails, or pictures that cannot be written.
    fn validate(&self, model: &Self::Model, pictures: &Path) -> anyhow::Result<Figures>;

    /// Name of the figure that the curves put first.
    fn headline(&self) -> &'static str;
}
