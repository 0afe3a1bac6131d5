//! Training on examples, as a stage of the training loop.

use std::ops::Range;
use std::path::Path;

use burn::module::ParamGroup;
use burn::tensor::{Device, Tensor};

use crate::model::S4eca;
use crate::train::{Figures, HostBatch, MaskStage, Ranks, Stage};

/// The mask stage without a validation of its own: what is learned is measured afterwards, on other places.
pub struct TaughtStage(pub MaskStage);

impl Stage for TaughtStage {
    type Model = S4eca;
    type Batch = HostBatch;

    fn batch_size(&self) -> usize {
        self.0.batch_size()
    }

    fn batch(&self, index: u64, share: Range<usize>) -> anyhow::Result<HostBatch> {
        self.0.batch(index, share)
    }

    fn loss(&self, model: &S4eca, batch: HostBatch, device: &Device) -> Tensor<1> {
        self.0.loss(model, batch, device)
    }

    fn trained(&self, model: &S4eca) -> ParamGroup {
        self.0.trained(model)
    }

    fn headline(&self) -> &'static str {
        "val_examples"
    }

    fn validate(&self, _: &S4eca, _: &Path, _: &Ranks) -> anyhow::Result<Figures> {
        let examples = self.0.source.records().unwrap_or_default();
        Ok(Figures::from([("examples".to_owned(), examples as f64)]))
    }
}
