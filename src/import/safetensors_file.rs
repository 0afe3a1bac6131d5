//! Reads the header of a safetensors file and leaves the tensors on disk.
//!
//! Format: <https://github.com/huggingface/safetensors>, eight bytes of length, JSON, raw data. The
//! safetensors crate needs the whole file in memory. Here, an encoder of several gigabytes is read one tensor
//! at a time.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::entry::{Entry, Kind};
use super::error::ImportError;

/// The longest header that the format allows.
const MAX_HEADER: u64 = 100_000_000;
/// The only key of the header that is not a tensor.
const METADATA: &str = "__metadata__";

#[derive(Deserialize)]
struct Info {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (u64, u64),
}

/// Returns the file's tensors by name.
///
/// # Errors
/// Fails if the file cannot be read, or if its header is inconsistent or does not match the file's size.
pub(super) fn open(path: &Path) -> Result<BTreeMap<String, Entry>, ImportError> {
    let failed = |source| ImportError::Io {
        path: path.to_owned(),
        source,
    };
    let damaged = |reason: String| ImportError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let mut file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(failed)?;
    let length = u64::from_le_bytes(length);
    if length > MAX_HEADER {
        return Err(damaged(format!(
            "its header claims {length} bytes, more than the format allows"
        )));
    }
    let Some(room) = size.checked_sub(8 + length) else {
        return Err(damaged(format!(
            "its header claims {length} bytes, the whole file has {size}"
        )));
    };
    let mut header = vec![
        0;
        usize::try_from(length)
            .map_err(io::Error::other)
            .map_err(failed)?
    ];
    file.read_exact(&mut header).map_err(failed)?;
    let infos: BTreeMap<String, Value> = serde_json::from_slice(&header)
        .map_err(|error| damaged(format!("its header is not JSON: {error}")))?;

    let file = Arc::new(file);
    let mut entries = BTreeMap::new();
    for (name, info) in infos {
        if name == METADATA {
            continue;
        }
        let info = Info::deserialize(info)
            .map_err(|error| damaged(format!("the header's entry {name}: {error}")))?;
        let (begin, end) = info.data_offsets;
        if end > room {
            return Err(damaged(format!(
                "the tensor {name} ends at byte {end} of the data, but there are only {room}"
            )));
        }
        let kind = match info.dtype.as_str() {
            "F64" => Kind::F64,
            "F32" => Kind::F32,
            "F16" => Kind::F16,
            "BF16" => Kind::Bf16,
            other => Kind::Other(other.to_owned()),
        };
        let bytes = end.checked_sub(begin).and_then(|b| b.try_into().ok());
        let numbers = info
            .shape
            .iter()
            .try_fold(1, |n: usize, &d| n.checked_mul(d));
        let needed = numbers
            .zip(kind.size())
            .and_then(|(numbers, size)| numbers.checked_mul(size));
        let bytes: usize = bytes
            .filter(|_| numbers.is_some())
            .filter(|&bytes| kind.size().is_none() || needed == Some(bytes))
            .ok_or_else(|| {
                damaged(format!(
                    "the tensor {name}, {} {:?}, is stored in the bytes {begin} to {end}",
                    info.dtype, info.shape
                ))
            })?;
        let start = 8 + length + begin;
        let entry = Entry::in_file(info.shape, kind, file.clone(), start, bytes);
        entries.insert(name, entry);
    }
    Ok(entries)
}
