//! Downloaded weights. Each module finishes them in its own way.

use wasm_bindgen::prelude::*;

use super::to_js;
use crate::bundle::{BundleLoader, FileEntry};

/// Takes a bundle's files and checks each.
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

    /// The required files: `[{ name, bytes, sha256 }]`.
    pub fn files(&self) -> Result<JsValue, JsError> {
        let files: Vec<&FileEntry> = self.inner.manifest().files().collect();
        Ok(to_js(&files)?)
    }

    /// Checks a file's size and hash and adds it.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), JsError> {
        Ok(self.inner.add(name, bytes)?)
    }
}
