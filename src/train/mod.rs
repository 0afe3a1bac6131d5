//! Training: a stage defines what is trained on which data, and the engine runs it.
//!
//! A run has a folder: its config, checkpoints of the trained parameters, metrics as JSON lines, curves and
//! pictures of predictions. If it is killed at any moment, it can be resumed with the same results.

mod baselines;
mod batches;
mod checkpoint;
mod checkpoint_file;
mod closer;
mod curves;
#[cfg(feature = "tui")]
mod dashboard;
mod dense_pretrainer;
mod dense_stage;
mod encoders;
mod engine;
mod engine_config;
mod event_file;
mod frozen;
mod lanes;
mod loss_scale;
mod mask_stage;
mod memory;
mod picture;
mod progress;
mod rank_gradients;
mod ranks;
mod run_config;
mod run_folder;
mod sample_record;
mod stage;
mod validation;
mod watch;

pub use baselines::Baselines;
pub(crate) use batches::Batches;
pub use checkpoint::{Checkpoint, CheckpointError};
pub use curves::*;
pub use dense_pretrainer::{DenseBatch, DensePretrainer, cell_centres};
pub use dense_stage::{DenseStage, LabelledImage};
pub use encoders::{Assembled, RANDOM, assemble, read_tensors};
pub use engine::train;
pub use engine_config::EngineConfig;
pub use event_file::EventFile;
pub use frozen::{FROZEN, FrozenEncoders};
pub use lanes::{Lanes, Part};
pub use loss_scale::LossScale;
pub use mask_stage::MaskStage;
pub use memory::TrainingMemory;
pub use picture::*;
pub use progress::{Best, Progress};
pub use ranks::*;
pub use run_config::{DataConfig, DataSet, RunConfig};
pub use run_folder::*;
pub use sample_record::{MAGIC, SampleRecord};
pub use stage::{Figures, Stage};
pub use validation::{Answering, Items, Scored, ValidationSet, validate};
pub use watch::View;
