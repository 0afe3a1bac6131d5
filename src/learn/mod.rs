//! What every training does, natively and in the browser: samples become a batch, the loss compares logits with masks,
//! and gradients move the parameters. It reads no files, starts no threads and reads the device without blocking.

mod average;
mod batch;
mod execute;
mod gradients;
mod learner;
mod loss;
mod schedule;

pub use average::Average;
pub use batch::{Batch, CELL_PIXELS, Example, HostBatch, HostPhrases, coverage, covered_pixels};
pub use execute::execute;
pub use gradients::{clip_global_norm, scaled};
pub use learner::Learner;
pub use loss::LossWeights;
pub use schedule::{Schedule, Shape};
