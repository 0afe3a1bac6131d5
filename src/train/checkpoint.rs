//! A checkpoint: the trained parameters, the optimizer's state, the average and the training progress, in one
//! file.
//!
//! It does not contain the frozen encoders, whose sources are in the run's config. A batch depends only on its step, so
//! the step is also the position in the data and the state of all random numbers. The file is written under a temporary
//! name and renamed, so it is either complete or absent.

use std::io::{self, Write};

use burn::module::{Module, ParamGroup};
use burn::optim::ModuleOptimizer;
use burn::store::{ModuleRecord, RecordError};
use burn::tensor::Bytes;
use thiserror::Error;

use super::checkpoint_file::{CheckpointFile, NotACheckpoint};
use super::progress::Progress;

/// A checkpoint that cannot be read.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// Not a checkpoint, or truncated.
    #[error(transparent)]
    Format(#[from] NotACheckpoint),
    /// Parameters of another network.
    #[error("the checkpoint does not fit this network: {0}")]
    Mismatch(String),
}

impl From<RecordError> for CheckpointError {
    fn from(error: RecordError) -> Self {
        Self::Mismatch(error.to_string())
    }
}

/// The parts of a checkpoint, serialised.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint(CheckpointFile);

impl Checkpoint {
    /// Takes a checkpoint of the parameters in `trained`, and of their average if there is one.
    ///
    /// # Errors
    /// Fails if a value cannot be read from the device.
    pub fn take<M: Module>(
        progress: Progress,
        model: &M,
        average: Option<&M>,
        trained: &ParamGroup,
        optimizer: &ModuleOptimizer,
    ) -> Result<Self, CheckpointError> {
        let bytes = |model: &M| -> Result<Vec<u8>, RecordError> {
            let record = model.clone().into_record_group(trained.clone());
            Ok(record.into_bytes()?.to_vec())
        };
        Ok(Self(CheckpointFile {
            progress,
            parameters: bytes(model)?,
            optimizer: optimizer.into_bytes()?.to_vec(),
            average: average.map(bytes).transpose()?.unwrap_or_default(),
        }))
    }

    /// The training progress.
    pub fn progress(&self) -> &Progress {
        &self.0.progress
    }

    /// Puts the parameters into `model`.
    ///
    /// # Errors
    /// Fails if the parameters are those of another network.
    pub fn apply_to_model<M: Module>(&self, model: M) -> Result<M, CheckpointError> {
        apply(&self.0.parameters, model)
    }

    /// Puts the averaged parameters, which are measured and shipped, into `model`. If there is no average, it uses the
    /// parameters of the last step.
    ///
    /// # Errors
    /// Fails if the parameters are those of another network.
    pub fn apply_average<M: Module>(&self, model: M) -> Result<M, CheckpointError> {
        match self.0.average.is_empty() {
            true => self.apply_to_model(model),
            false => apply(&self.0.average, model),
        }
    }

    /// Puts the optimizer's state into `optimizer`.
    ///
    /// # Errors
    /// Fails if the state cannot be read.
    pub fn apply_to_optimizer(
        &self,
        optimizer: ModuleOptimizer,
    ) -> Result<ModuleOptimizer, CheckpointError> {
        Ok(optimizer.from_bytes(Bytes::from_bytes_vec(self.0.optimizer.clone()))?)
    }

    /// Writes the checkpoint.
    ///
    /// # Errors
    /// Fails if `out` does.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.0.write(out)
    }

    /// Reads what [`Checkpoint::write`] wrote.
    ///
    /// # Errors
    /// Fails with [`CheckpointError::Format`].
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        Ok(Self(CheckpointFile::read(bytes)?))
    }
}

fn apply<M: Module>(bytes: &[u8], model: M) -> Result<M, CheckpointError> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))?;
    Ok(model.try_load_record(record.allow_partial(true))?)
}
