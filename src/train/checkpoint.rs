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
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::progress::Progress;

/// First bytes of a checkpoint.
const MAGIC: &[u8; 8] = b"S4ECACK2";
/// Largest header that is read.
const LARGEST_HEADER: usize = 1 << 20;

/// A checkpoint that cannot be read.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// Not a checkpoint, or truncated.
    #[error(
        "the checkpoint was not written by this program, or is truncated: resume from an older one"
    )]
    Format,
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
pub struct Checkpoint {
    /// The training progress.
    pub progress: Progress,
    parameters: Vec<u8>,
    optimizer: Vec<u8>,
    average: Vec<u8>,
}

/// The header before the sections.
#[derive(Serialize, Deserialize)]
struct Header {
    progress: Progress,
    /// Sizes of the parameters, the optimizer and the average in bytes.
    sections: [usize; 3],
}

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
        Ok(Self {
            progress,
            parameters: bytes(model)?,
            optimizer: optimizer.into_bytes()?.to_vec(),
            average: average.map(bytes).transpose()?.unwrap_or_default(),
        })
    }

    /// Puts the parameters into `model`.
    ///
    /// # Errors
    /// Fails if the parameters are those of another network.
    pub fn apply_to_model<M: Module>(&self, model: M) -> Result<M, CheckpointError> {
        apply(&self.parameters, model)
    }

    /// Puts the averaged parameters, which are measured and shipped, into `model`. If there is no average, it uses the
    /// parameters of the last step.
    ///
    /// # Errors
    /// Fails if the parameters are those of another network.
    pub fn apply_average<M: Module>(&self, model: M) -> Result<M, CheckpointError> {
        match self.average.is_empty() {
            true => self.apply_to_model(model),
            false => apply(&self.average, model),
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
        Ok(optimizer.from_bytes(Bytes::from_bytes_vec(self.optimizer.clone()))?)
    }

    /// Writes the checkpoint.
    ///
    /// # Errors
    /// Fails if `out` does.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let sections = [&self.parameters, &self.optimizer, &self.average];
        let header = serde_json::to_vec(&Header {
            progress: self.progress.clone(),
            sections: sections.map(Vec::len),
        })?;
        out.write_all(MAGIC)?;
        out.write_all(&(header.len() as u64).to_le_bytes())?;
        out.write_all(&header)?;
        sections
            .iter()
            .try_for_each(|section| out.write_all(section))
    }

    /// Reads what [`Checkpoint::write`] wrote.
    ///
    /// # Errors
    /// Fails with [`CheckpointError::Format`].
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let format = || CheckpointError::Format;
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(format)?;
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(format)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| format())?;
        if length > LARGEST_HEADER {
            return Err(format());
        }
        let (header, mut rest) = rest.split_at_checked(length).ok_or_else(format)?;
        let header: Header = serde_json::from_slice(header).map_err(|_| format())?;
        let mut take = |length: usize| -> Result<Vec<u8>, CheckpointError> {
            let (section, after) = rest.split_at_checked(length).ok_or_else(format)?;
            rest = after;
            Ok(section.to_vec())
        };
        let [parameters, optimizer, average] = header.sections;
        let checkpoint = Self {
            progress: header.progress,
            parameters: take(parameters)?,
            optimizer: take(optimizer)?,
            average: take(average)?,
        };
        match rest.is_empty() {
            true => Ok(checkpoint),
            false => Err(format()),
        }
    }
}

fn apply<M: Module>(bytes: &[u8], model: M) -> Result<M, CheckpointError> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))?;
    Ok(model.try_load_record(record.allow_partial(true))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_checkpoint_is_noticed() {
        let checkpoint = Checkpoint {
            progress: Progress::default(),
            parameters: vec![1, 2, 3],
            optimizer: vec![4],
            average: Vec::new(),
        };
        let mut bytes = Vec::new();
        checkpoint.write(&mut bytes).expect("a vector takes all");
        assert_eq!(Checkpoint::read(&bytes).ok(), Some(checkpoint));
        for length in 0..bytes.len() {
            assert!(
                Checkpoint::read(&bytes[..length]).is_err(),
                "{length} bytes"
            );
        }
        bytes.push(0);
        assert!(Checkpoint::read(&bytes).is_err());
    }
}
