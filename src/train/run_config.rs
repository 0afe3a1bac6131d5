//! The configuration that a training run was started with. It is stored in the run's folder, so that the run
//! can be resumed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::{Deserialize, Serialize};

use super::engine_config::EngineConfig;
use super::run_folder::{RunError, RunFolder};
use crate::learn::LossWeights;
use crate::measure::Protocol;
use crate::model::{FrozenPrecision, ModelConfig};

/// Number of checkpoints that a run keeps by default.
const KEPT: usize = 3;

/// `config.json` of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunConfig {
    /// Version of this program.
    #[serde(default)]
    pub version: String,
    /// The network.
    pub model: ModelConfig,
    /// Sources of the frozen encoders; empty for pre-training.
    pub encoders: Vec<PathBuf>,
    /// Seed for weights and data.
    pub seed: u64,
    /// Samples per batch.
    pub batch: usize,
    /// Phrases taken from one scene.
    pub phrases_per_scene: usize,
    /// Side of the training input in pixels.
    pub side: usize,
    /// Type of the frozen encoders' matrices.
    #[serde(default)]
    pub frozen_precision: FrozenPrecision,
    /// Samples per validation set; 0 for all.
    pub validation_samples: usize,
    /// Loss weights.
    #[serde(default)]
    pub loss: LossWeights,
    /// Protocol of the validation.
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
    /// The sets. The first one decides which checkpoint is the best.
    pub sets: Vec<DataSet>,
    /// Whether training images are augmented: mirrored or flipped, with photometric changes.
    pub augment: bool,
    /// Weight of each labelled scene of a collection, by the collection's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scene_weights: BTreeMap<String, f32>,
}

/// One set of samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSet {
    /// `synthetic`, `labelled` or the layout of a dataset.
    pub name: String,
    /// Its folder; None for synthetic scenes.
    pub path: Option<PathBuf>,
    /// Its share of the samples, as an integer weight.
    pub share: usize,
    /// Fingerprint of its annotations, to check on resuming that they are the same.
    pub fingerprint: String,
}

impl RunConfig {
    /// This program's version, for [`RunConfig::version`].
    pub const VERSION: &'static str = env!("CARGO_PKG_VERSION");

    /// Creates the folder of a new run with this config.
    ///
    /// # Errors
    /// Same as [`RunFolder::create`].
    pub fn create(&self, folder: &Path) -> Result<RunFolder, RunError> {
        let command = command_line();
        RunFolder::create(folder, self, &command, self.keep)
    }

    /// Opens the folder of an existing run. Also returns the config that it was started with.
    ///
    /// # Errors
    /// Same as [`RunFolder::resume`].
    pub fn resume(folder: &Path) -> Result<(Self, RunFolder), RunError> {
        let command = command_line();
        let run = RunFolder::resume(folder, &command, KEPT)?;
        let config: Self = run.config()?;
        let keep = config.keep;
        Ok((config, run.keeping(keep)))
    }

    /// Checks that a run can be resumed: with the same version, on the same data.
    ///
    /// # Errors
    /// Fails with a list of the differences.
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
                    "the data {} has changed since the start (fingerprint {now:.12} instead of \
                     {:.12})",
                    set.name, set.fingerprint
                ));
            }
        }
        if differences.is_empty() {
            return Ok(());
        }
        bail!(
            "this run cannot be resumed with the same result: {}; add --force to resume anyway",
            differences.join("; ")
        )
    }
}

/// The command line of this process, for the run's record; bytes that are not UTF-8 are replaced.
fn command_line() -> Vec<String> {
    let words = std::env::args_os();
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

fn kept() -> usize {
    KEPT
}
