//! Loads downloaded weights for teaching.

use std::sync::Arc;

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::teacher::Teacher;
use crate::bundle::{BundleLoader, FileEntry, WeightStorage};
use crate::js::to_js;

/// Takes a bundle's files and checks each.
#[wasm_bindgen]
pub struct WeightsLoader {
    inner: BundleLoader,
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

    /// The network, ready to learn.
    pub fn finish(self) -> Result<Teacher, JsError> {
        let device = Device::flex().autodiff();
        let manifest = self.inner.manifest().clone();
        let loaded = self.inner.finish(WeightStorage::Float, &device)?;
        Ok(Teacher::new(Arc::new(loaded), manifest, device))
    }
}
