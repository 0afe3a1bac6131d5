//! What a training run was started with; stored in its folder, so that others can go on from it.

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::{Deserialize, Serialize};

use super::engine_config::EngineConfig;
use super::loss::LossWeights;
use super::run_folder::{RunError, RunFolder};
use crate::measure::Protocol;
use crate::model::{ModelConfig, Precision};

/// Checkpoints that a run keeps.
const KEPT: usize = 3;

/// `config.json` of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// Version of this program.
    #[serde(default)]
    pub version: String,
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
    /// Type of the frozen encoders' matrices.
    #[serde(default)]
    pub frozen_precision: Precision,
    /// Samples of each validation set; 0 for all.
    pub validation_samples: usize,
    /// What is made small.
    #[serde(default)]
    pub loss: LossWeights,
    /// How it is measured.
    #[serde(default)]
    pub protocol: Protocol,
    /// Where samples come from.
    #[serde(default)]
    pub data: DataConfig,
    /// Schedule and intervals.
    pub engine: EngineConfig,
    /// Checkpoints that are kept.
    #[serde(default = "kept")]
    pub keep: usize,
}

/// Where samples come from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DataConfig {
    /// The sets, the first of which decides which checkpoint is the best.
    pub sets: Vec<DataSet>,
    /// Whether images are mirrored and change their light while training.
    pub augment: bool,
}

/// One set of samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSet {
    /// `synthetic`, `labelled` or the layout of a dataset.
    pub name: String,
    /// Its folder; none for synthetic scenes.
    pub path: Option<PathBuf>,
    /// Its share of the samples, in whole parts.
    pub share: usize,
    /// What its annotations are, to tell on resuming that they are the same.
    pub fingerprint: String,
}

impl RunConfig {
    /// This program's version, for [`RunConfig::version`].
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// Makes the folder of a new run with this config.
    ///
    /// # Errors
    /// As [`RunFolder::create`].
    pub fn create(&self, folder: &Path) -> Result<RunFolder, RunError> {
        let command: Vec<String> = std::env::args().collect();
        RunFolder::create(folder, self, &command, self.keep)
    }

    /// Opens the folder of an old run, with the config that it was started with.
    ///
    /// # Errors
    /// As [`RunFolder::resume`].
    pub fn resume(folder: &Path) -> Result<(Self, RunFolder), RunError> {
        let command: Vec<String> = std::env::args().collect();
        let run = RunFolder::resume(folder, &command, KEPT)?;
        let config: Self = run.config()?;
        let keep = config.keep;
        Ok((config, run.keeping(keep)))
    }

    /// Checks that a run can be gone on with: by the same version, on the same data.
    ///
    /// # Errors
    /// What differs.
    pub fn check_resumable(&self, fingerprints: &[String]) -> anyhow::Result<()> {
        let mut differences = Vec::new();
        if self.version != Self::VERSION {
            differences.push(format!(
                "it was started by version {:?}, this is {:?}",
                self.version,
                Self::VERSION
            ));
        }
        for (set, now) in self.data.sets.iter().zip(fingerprints) {
            if set.fingerprint != *now {
                differences.push(format!(
                    "the data {} is another one than at the start (fingerprint {now:.12} instead of \
                     {:.12})",
                    set.name, set.fingerprint
                ));
            }
        }
        if differences.is_empty() {
            return Ok(());
        }
        bail!(
            "this run cannot be gone on with to the same result: {}; add --force to go on all the same",
            differences.join("; ")
        )
    }
}

fn kept() -> usize {
    KEPT
}
