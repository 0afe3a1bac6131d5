//! Reads files written by `torch.save` as data: a pickle is a program for Python, and none of it is executed.
//!
//! Nested dictionaries are flattened with dotted names, so weights under "model", "state_dict" or "teacher"
//! only get a longer prefix.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use pytorch_reader::{PickleError, PytorchError, PytorchReader};

use super::entry::Entry;
use super::error::ImportError;

/// Bytes at the end of a zip archive that are searched for its list of names.
const TAIL: u64 = 1 << 20;

/// Returns the file's tensors by name.
///
/// # Errors
/// Fails if the file cannot be read, is damaged, or is a pickle or an archive of something else.
pub(super) fn open(path: &Path) -> Result<BTreeMap<String, Entry>, ImportError> {
    let reader = match PytorchReader::new(path) {
        Ok(reader) => reader,
        // A TorchScript archive: the reader's error would be about a class that is not a dictionary.
        Err(_) if is_torchscript(path) => return Err(torchscript(path)),
        Err(error) => return Err(explained(path, error)),
    };
    if reader.is_empty() {
        return Err(if is_torchscript(path) {
            torchscript(path)
        } else {
            ImportError::Foreign {
                path: path.to_owned(),
                object: "a dictionary without tensors".to_owned(),
            }
        });
    }
    let tensors = reader.into_tensors().into_iter();
    Ok(tensors
        .map(|(name, tensor)| (name, Entry::torch(tensor)))
        .collect())
}

fn torchscript(path: &Path) -> ImportError {
    ImportError::TorchScript {
        path: path.to_owned(),
    }
}

fn explained(path: &Path, error: PytorchError) -> ImportError {
    let path = path.to_owned();
    match error {
        PytorchError::Io(source) if source.raw_os_error().is_some() => {
            ImportError::Io { path, source }
        }
        PytorchError::InvalidFormat(reason) if reason.contains("No data.pkl") => {
            ImportError::NotWeights {
                path,
                what: "a zip archive without a PyTorch checkpoint in it".to_owned(),
                advice: "unpack it and give the file inside",
            }
        }
        PytorchError::InvalidFormat(reason) if reason.starts_with("Big-endian") => {
            let reason = "written on a big-endian computer".to_owned();
            ImportError::Unsupported { path, reason }
        }
        PytorchError::InvalidFormat(reason) => match reason.split_once("PyTorch file, found ") {
            Some((_, object)) => ImportError::Foreign {
                path,
                object: object.to_owned(),
            },
            None => ImportError::Damaged { path, reason },
        },
        // Sparse, quantised and nested tensors.
        PytorchError::Pickle(PickleError::UnsupportedType(reason)) => {
            ImportError::Unsupported { path, reason }
        }
        other => ImportError::Damaged {
            path,
            reason: other.to_string(),
        },
    }
}

/// Returns whether the zip archive's list of names, at its end, has the constants of a compiled program.
fn is_torchscript(path: &Path) -> bool {
    let tail = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.read_to_end(&mut tail)?;
        Ok(tail)
    };
    let mark = b"/constants.pkl";
    tail().is_ok_and(|tail| tail.windows(mark.len()).any(|window| window == mark))
}
