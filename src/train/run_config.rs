//! What a training run was started with; stored in its folder, so that others can go on from it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::engine::EngineConfig;
use super::run_folder::{RunError, RunFolder};
use crate::model::ModelConfig;

/// Checkpoints that a run keeps.
const KEPT: usize = 3;

/// `config.json` of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// The network.
    pub model: ModelConfig,
    /// Sources of the frozen encoders; empty for a pre-training.
    pub encoders: Vec<PathBuf>,
    /// Seed of weights and data.
    pub seed: u64,
    /// Samples of a batch.
    pub batch: usize,
    /// Phrases taken of one scene.
    pub phrases_per_scene: usize,
    /// Side of the input in pixels while training.
    pub side: usize,
    /// Samples of each validation set.
    pub validation_samples: usize,
    /// Where samples come from.
    pub data: DataConfig,
    /// Schedule and intervals.
    pub engine: EngineConfig,
}

/// Where samples come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataConfig {
    /// Folder of open-aerial, where it is used.
    pub open_aerial: Option<PathBuf>,
    /// Share of the samples that come from it, 0 to 1.
    pub real_share: f64,
    /// Folder of images without labels, for pre-training.
    pub unlabelled: Option<PathBuf>,
    /// Images without labels in a batch.
    pub unlabelled_count: usize,
}

impl RunConfig {
    /// Makes the folder of a new run with this config.
    ///
    /// # Errors
    /// As [`RunFolder::create`].
    pub fn create(&self, folder: &Path) -> Result<RunFolder, RunError> {
        let command: Vec<String> = std::env::args().collect();
        RunFolder::create(folder, self, &command, KEPT)
    }

    /// Opens the folder of an old run, with the config that it was started with.
    ///
    /// # Errors
    /// As [`RunFolder::resume`].
    pub fn resume(folder: &Path) -> Result<(Self, RunFolder), RunError> {
        let command: Vec<String> = std::env::args().collect();
        let run = RunFolder::resume(folder, &command, KEPT)?;
        Ok((run.config()?, run))
    }
}
