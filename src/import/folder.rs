//! Reads a folder as Hugging Face's libraries save and cache it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::entry::Entry;
use super::error::ImportError;
use super::file::open_file;

/// The weights in one safetensors file.
pub(super) const SAFETENSORS: &str = "model.safetensors";
/// The weights in one PyTorch file.
pub(super) const TORCH: &str = "pytorch_model.bin";
/// Files that hold all weights, in order of preference; the last two are open_clip's.
const WHOLE: [&str; 4] = [
    SAFETENSORS,
    TORCH,
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.bin",
];
/// Lists of shards, in order of preference.
const INDEXES: [&str; 2] = [
    "model.safetensors.index.json",
    "pytorch_model.bin.index.json",
];
/// Extensions of files that may be weights under another name.
const EXTENSIONS: [&str; 4] = ["safetensors", "pth", "pt", "bin"];

#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// Returns the folder with the files: the cache keeps them in `snapshots/REVISION`.
///
/// # Errors
/// Fails if there are several revisions.
pub(super) fn snapshot(folder: &Path) -> Result<PathBuf, ImportError> {
    let mut revisions = list(&folder.join("snapshots"));
    match revisions.len() {
        0 => Ok(folder.to_owned()),
        1 => Ok(revisions.remove(0)),
        count => Err(ImportError::NoWeights {
            path: folder.to_owned(),
            hint: format!(" (it is a cache with {count} revisions: give one folder of snapshots/)"),
        }),
    }
}

/// Returns the folder's tensors by name.
///
/// # Errors
/// Fails if the folder has no weights or not all of its shards, or if a file cannot be read.
pub(super) fn open(folder: &Path) -> Result<BTreeMap<String, Entry>, ImportError> {
    // For each format the single file comes before the index; safetensors come before PyTorch files, and open_clip's
    // files last.
    for (whole, index) in [(WHOLE[0], INDEXES[0]), (WHOLE[1], INDEXES[1])] {
        if folder.join(whole).exists() {
            return open_file(&folder.join(whole));
        }
        if folder.join(index).exists() {
            return open_shards(folder, &folder.join(index));
        }
    }
    if let Some(whole) = WHOLE[2..].iter().find(|name| folder.join(name).exists()) {
        return open_file(&folder.join(whole));
    }
    let files = list(folder);
    let extension = |path: &PathBuf| path.extension()?.to_str().map(str::to_lowercase);
    let candidates: Vec<_> = files
        .iter()
        .filter(|path| extension(path).is_some_and(|e| EXTENSIONS.contains(&e.as_str())))
        .collect();
    if let [only] = candidates.as_slice() {
        return open_file(only);
    }
    let hint = if candidates.len() > 1 {
        let names = candidates.iter().filter_map(|path| path.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
        format!("; give one of its files by name: {}", names.join(", "))
    } else if files.iter().any(|path| {
        extension(path).is_some_and(|e| ["h5", "msgpack", "onnx"].contains(&e.as_str()))
    }) {
        "; it has the weights only in a format of TensorFlow, Flax or ONNX".to_owned()
    } else {
        String::new()
    };
    Err(ImportError::NoWeights {
        path: folder.to_owned(),
        hint,
    })
}

/// Returns the tensors of all shards that the index lists.
fn open_shards(folder: &Path, path: &Path) -> Result<BTreeMap<String, Entry>, ImportError> {
    let damaged = |reason: String| ImportError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let text = fs::read(path).map_err(|source| ImportError::Io {
        path: path.to_owned(),
        source,
    })?;
    let Index { weight_map } = serde_json::from_slice(&text)
        .map_err(|error| damaged(format!("it is not an index of shards: {error}")))?;
    let shards: BTreeSet<&String> = weight_map.values().collect();
    // A shard must be a file beside its index; other paths are rejected.
    if let Some(shard) = shards.iter().find(|shard| {
        Path::new(shard.as_str()).file_name() != Some(shard.as_ref()) || shard.contains('\\')
    }) {
        return Err(damaged(format!("{shard:?} is not a file name")));
    }
    let missing: Vec<_> = shards
        .iter()
        .filter(|shard| !folder.join(shard).exists())
        .map(|shard| shard.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(ImportError::MissingShards {
            index: path.to_owned(),
            shards: missing,
        });
    }
    let mut opened = BTreeMap::new();
    for shard in shards {
        opened.insert(shard.clone(), open_file(&folder.join(shard))?);
    }
    let mut entries = BTreeMap::new();
    for (tensor, shard) in weight_map {
        let entry = opened
            .get_mut(&shard)
            .and_then(|shard| shard.remove(&tensor));
        let Some(entry) = entry else {
            return Err(ImportError::IndexMismatch {
                index: path.to_owned(),
                shard,
                tensor,
            });
        };
        entries.insert(tensor, entry);
    }
    Ok(entries)
}

/// Returns the sorted content of a folder; empty if the folder does not exist.
fn list(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}
