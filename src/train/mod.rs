//! Training: stages say what is learnt from what, the engine runs them.
//!
//! A run lives in a folder: its config, checkpoints of what is trained, metrics as JSON lines, curves
//! and pictures of predictions. Killed at any moment, it resumes to the same numbers.

mod atomic_file;
mod batch;
mod checkpoint;
mod curves;
mod dense_pretrainer;
mod dense_stage;
mod encoders;
mod engine;
mod frozen;
mod gradients;
mod loss;
mod mask_stage;
mod memory;
mod metrics;
mod picture;
mod run_config;
mod run_folder;
mod schedule;
mod stage;
mod validation;

pub use atomic_file::*;
pub use batch::{Batch, Example, HostBatch, coverage};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use curves::*;
pub use dense_pretrainer::{DenseBatch, DensePretrainer, cells_of_patches};
pub use dense_stage::{DenseStage, LabelledImage};
pub use encoders::{Assembled, RANDOM, assemble, read_tensors};
pub use engine::{EngineConfig, train};
pub use frozen::{FROZEN, FrozenEncoders};
pub use gradients::clip_global_norm;
pub use loss::mask_loss;
pub use mask_stage::MaskStage;
pub use memory::TrainingMemory;
pub use metrics::*;
pub use picture::*;
pub use run_config::{DataConfig, RunConfig};
pub use run_folder::*;
pub use schedule::Schedule;
pub use stage::{Figures, Stage};
pub use validation::{Comparison, ValidationSet, compare, measure, predict, validate};
