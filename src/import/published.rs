//! A checkpoint as published: named tensors, in one file or in a folder of shards.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::entry::{Entry, Kind};
use super::error::ImportError;
use super::file::open_file;
use super::folder;

/// Named tensors of a published checkpoint. They stay on disk until they are read.
pub struct Published {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
    settings: Option<Value>,
}

impl Published {
    /// Opens a safetensors file, a PyTorch file (zip, legacy or tar), or a Hugging Face folder with either,
    /// whole or in shards. The format is detected by content, not by extension.
    ///
    /// # Errors
    /// Fails if the path does not exist, or if it has no weights or is damaged.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let kind = fs::metadata(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ImportError::NotFound {
                path: path.to_owned(),
            },
            _ => ImportError::Io {
                path: path.to_owned(),
                source,
            },
        })?;
        let (entries, settings) = if kind.is_dir() {
            let folder = folder::snapshot(path)?;
            (folder::open(&folder)?, settings(&folder))
        } else {
            // A file of a Hugging Face folder has its settings beside it. A config.json beside any other file
            // may be unrelated.
            let known = path
                .file_name()
                .is_some_and(|name| name == folder::SAFETENSORS || name == folder::TORCH);
            let beside = path.parent().filter(|_| known);
            (open_file(path)?, beside.and_then(settings))
        };
        Ok(Self {
            path: path.to_owned(),
            entries,
            settings,
        })
    }

    /// Returns the path of the file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the names of all tensors, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Returns the extents of a tensor, outermost first, or None if there is no such tensor.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        self.entries.get(name).map(|entry| entry.shape.as_slice())
    }

    /// Returns the type of a tensor's numbers if they cannot be read as floats.
    pub fn unreadable(&self, name: &str) -> Option<&str> {
        match &self.entries.get(name)?.kind {
            Kind::Other(kind) => Some(kind),
            _ => None,
        }
    }

    /// Reads a tensor's numbers, row-major; f16, bf16 and f64 are converted to f32. Nothing is kept in
    /// memory.
    ///
    /// # Errors
    /// Fails if the tensor does not exist, cannot be read, or holds NaN or infinity.
    pub fn read(&self, name: &str) -> Result<Vec<f32>, ImportError> {
        let damaged = |reason: String| ImportError::Damaged {
            path: self.path.clone(),
            reason,
        };
        let entry = self
            .entries
            .get(name)
            .ok_or_else(|| damaged(format!("there is no tensor {name}")))?;
        let values = entry
            .read()
            .map_err(|error| damaged(format!("the tensor {name} cannot be read: {error}")))?;
        if !values.iter().all(|value| value.is_finite()) {
            return Err(ImportError::NotFinite {
                path: self.path.clone(),
                tensor: name.to_owned(),
            });
        }
        Ok(values)
    }

    /// Returns a setting from the config.json beside the weights, from its section `tower` if it has one.
    pub fn setting(&self, tower: &str, key: &str) -> Option<&Value> {
        let settings = self.settings.as_ref()?;
        let part = settings.get(tower).unwrap_or(settings);
        part.get(key).filter(|value| !value.is_null())
    }
}

/// Returns the network's settings, if the folder has them as valid JSON.
fn settings(folder: &Path) -> Option<Value> {
    let text = fs::read_to_string(folder.join("config.json")).ok()?;
    serde_json::from_str(&text).ok()
}
