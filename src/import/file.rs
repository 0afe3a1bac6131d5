//! A checkpoint file of either kind.

use std::collections::BTreeMap;
use std::path::Path;

use super::content::Content;
use super::entry::Entry;
use super::error::ImportError;
use super::{safetensors_file, torch_file};

/// Returns the tensors of one file by name.
pub fn open_file(path: &Path) -> Result<BTreeMap<String, Entry>, ImportError> {
    match Content::of(path)? {
        Content::Safetensors => safetensors_file::open(path),
        Content::Torch => torch_file::open(path),
    }
}
