//! A checkpoint: the trained parameters, the optimizer's state and the step, in one file.
//!
//! The frozen encoders are not in it: they are named in the run's config. One file, written beside and
//! renamed, is either there as a whole or not at all.

use std::io::{self, Write};

use burn::module::{Module, ParamGroup};
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use thiserror::Error;

/// First bytes of a checkpoint.
const MAGIC: &[u8; 8] = b"S4ECACK1";

/// A checkpoint that cannot be read.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// Not a checkpoint, or cut off.
    #[error("the checkpoint is not one of this program, or is truncated: resume from an older one")]
    Format,
    /// Parameters of another network.
    #[error("the checkpoint does not fit this network: {0}")]
    Mismatch(String),
}

/// The parts of a checkpoint, serialised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Steps that were taken.
    pub step: u64,
    parameters: Vec<u8>,
    optimizer: Vec<u8>,
}

impl Checkpoint {
    /// Takes a checkpoint after `step` steps of the parameters in `trained`.
    ///
    /// # Errors
    /// Whatever cannot be read from the device.
    pub fn take<M: Module>(
        step: u64,
        model: &M,
        trained: ParamGroup,
        optimizer: &ModuleOptimizer,
    ) -> Result<Self, CheckpointError> {
        let mismatch =
            |error: burn::store::RecordError| CheckpointError::Mismatch(error.to_string());
        let parameters = model
            .clone()
            .into_record_group(trained)
            .into_bytes()
            .map_err(mismatch)?
            .to_vec();
        let optimizer = optimizer.into_bytes().map_err(mismatch)?.to_vec();
        Ok(Self {
            step,
            parameters,
            optimizer,
        })
    }

    /// Puts the parameters into `model`.
    ///
    /// # Errors
    /// Parameters of another network.
    pub fn apply_to_model<M: Module>(&self, model: M) -> Result<M, CheckpointError> {
        let mismatch =
            |error: burn::store::RecordError| CheckpointError::Mismatch(error.to_string());
        let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(self.parameters.clone()))
            .map_err(mismatch)?;
        model
            .try_load_record(record.allow_partial(true))
            .map_err(mismatch)
    }

    /// Puts the optimizer's state into `optimizer`.
    ///
    /// # Errors
    /// A state that cannot be read.
    pub fn apply_to_optimizer(
        &self,
        optimizer: ModuleOptimizer,
    ) -> Result<ModuleOptimizer, CheckpointError> {
        optimizer
            .from_bytes(Bytes::from_bytes_vec(self.optimizer.clone()))
            .map_err(|error| CheckpointError::Mismatch(error.to_string()))
    }

    /// Writes the checkpoint.
    ///
    /// # Errors
    /// Whatever `out` says.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(MAGIC)?;
        for number in [
            self.step,
            self.parameters.len() as u64,
            self.optimizer.len() as u64,
        ] {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(&self.parameters)?;
        out.write_all(&self.optimizer)
    }

    /// Reads what [`Checkpoint::write`] wrote.
    ///
    /// # Errors
    /// [`CheckpointError::Format`].
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let body = bytes.strip_prefix(MAGIC).ok_or(CheckpointError::Format)?;
        let (header, body) = body.split_at_checked(24).ok_or(CheckpointError::Format)?;
        let mut numbers = header
            .as_chunks::<8>()
            .0
            .iter()
            .map(|b| u64::from_le_bytes(*b));
        let mut next = || numbers.next().ok_or(CheckpointError::Format);
        let (step, parameters, optimizer) = (next()?, next()?, next()?);
        if Some(body.len() as u64) != parameters.checked_add(optimizer) {
            return Err(CheckpointError::Format);
        }
        let (parameters, optimizer) = body.split_at(parameters as usize);
        Ok(Self {
            step,
            parameters: parameters.to_vec(),
            optimizer: optimizer.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_checkpoint_is_noticed() {
        let checkpoint = Checkpoint {
            step: 7,
            parameters: vec![1, 2, 3],
            optimizer: vec![4],
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
    }
}
