//! Takes the files of a bundle that the page downloads.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::to_js;
use crate::bundle::{BundleLoader, FileEntry};

/// A file of the bundle.
#[derive(Serialize)]
struct File<'a> {
    #[serde(flatten)]
    entry: &'a FileEntry,
    /// Whether the network can start without it.
    follows: bool,
}

/// Takes a bundle's files and checks each. Each module adds its own `finish`, which starts the network.
#[wasm_bindgen]
pub struct WeightsLoader {
    pub(crate) inner: BundleLoader,
}

#[wasm_bindgen]
impl WeightsLoader {
    /// Starts from the text of `manifest.json`.
    #[wasm_bindgen(constructor)]
    pub fn new(manifest: &str) -> Result<WeightsLoader, JsError> {
        Ok(Self {
            inner: BundleLoader::new(manifest)?,
        })
    }

    /// The files: `[{ name, bytes, sha256, follows }]`. The network can start before those that follow.
    pub fn files(&self) -> Result<JsValue, JsError> {
        let manifest = self.inner.manifest();
        let files = manifest.files().chain(manifest.common_file());
        let files: Vec<File> = files
            .map(|entry| File {
                entry,
                follows: manifest.may_follow(&entry.name),
            })
            .collect();
        Ok(to_js(&files)?)
    }

    /// Checks a file's size and hash and adds it.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        Ok(self.inner.add(name, bytes)?)
    }
}
