//! The file of a checkpoint: a header in JSON and three sections of bytes, whose contents are Burn's.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::progress::Progress;

/// First bytes of a checkpoint.
const MAGIC: &[u8; 8] = b"S4ECACK2";
/// Largest header that is read.
const LARGEST_HEADER: usize = 1 << 20;

/// A file that is not a checkpoint, or is truncated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the checkpoint was not written by this program, or is truncated: resume from an older one"
)]
pub struct NotACheckpoint;

/// The parts of a checkpoint, serialised.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckpointFile {
    /// The training progress.
    pub progress: Progress,
    /// The trained parameters.
    pub parameters: Vec<u8>,
    /// The optimizer's state.
    pub optimizer: Vec<u8>,
    /// The average of the parameters; empty if there is none.
    pub average: Vec<u8>,
}

/// The header before the sections.
#[derive(Serialize, Deserialize)]
struct Header {
    progress: Progress,
    /// Sizes of the parameters, the optimizer and the average in bytes.
    sections: [usize; 3],
}

impl CheckpointFile {
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

    /// Reads what [`CheckpointFile::write`] wrote.
    ///
    /// # Errors
    /// Fails with [`NotACheckpoint`].
    pub fn read(bytes: &[u8]) -> Result<Self, NotACheckpoint> {
        let format = || NotACheckpoint;
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(format)?;
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(format)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| format())?;
        if length > LARGEST_HEADER {
            return Err(format());
        }
        let (header, mut rest) = rest.split_at_checked(length).ok_or_else(format)?;
        let header: Header = serde_json::from_slice(header).map_err(|_| format())?;
        if !header.progress.is_usable() {
            return Err(format());
        }
        let mut take = |length: usize| -> Result<Vec<u8>, NotACheckpoint> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truncated_checkpoint_is_noticed() {
        let checkpoint = CheckpointFile {
            progress: Progress::default(),
            parameters: vec![1, 2, 3],
            optimizer: vec![4],
            average: Vec::new(),
        };
        let mut bytes = Vec::new();
        checkpoint.write(&mut bytes).expect("a vector takes all");
        assert_eq!(CheckpointFile::read(&bytes).ok(), Some(checkpoint));
        for length in 0..bytes.len() {
            assert!(
                CheckpointFile::read(&bytes[..length]).is_err(),
                "{length} bytes"
            );
        }
        bytes.push(0);
        assert!(CheckpointFile::read(&bytes).is_err());
    }

    // Found by fuzzing: such a factor is read as infinite, and then written as null, which cannot be read again.
    #[test]
    fn a_loss_scale_beyond_all_numbers_is_refused() {
        let header = |factor: &str| {
            let scale = format!("{{\"factor\":{factor},\"clean\":3}}");
            let progress = format!(
                "{{\"step\":4,\"best\":null,\"without_gain\":0,\"loss_scale\":{scale},\"smoothed\":0.3,\
                 \"lowest\":null,\"overflows\":0}}"
            );
            let header = format!("{{\"progress\":{progress},\"sections\":[0,0,0]}}");
            let length = (header.len() as u64).to_le_bytes();
            [MAGIC.as_slice(), &length, header.as_bytes()].concat()
        };
        assert!(CheckpointFile::read(&header("65536.0")).is_ok());
        for factor in ["1e308", "0.0", "-2.0"] {
            assert_eq!(
                CheckpointFile::read(&header(factor)),
                Err(NotACheckpoint),
                "{factor}"
            );
        }
    }
}
