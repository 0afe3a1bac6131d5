//! Loads downloaded weights onto the device.

use wasm_bindgen::prelude::*;

use super::backend;
use super::gpu_log;
use super::segmenter::WebSegmenter;
use super::self_test::self_test;
use crate::bundle::{BundleLoader, FileEntry};
use crate::js::to_js;
use crate::segment::Segmenter;

/// Takes a bundle's files, checks each, and starts the network.
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

    /// Starts the network on `"webgpu"` or `"cpu"`, tests the device and runs it once, so that the
    /// first real phrase does not wait for shaders.
    pub async fn finish(self, kind: String) -> Result<WebSegmenter, JsError> {
        let (device, storage, backend) = backend::open(&kind)
            .await
            .map_err(|text| JsError::new(&text))?;
        self_test(&device)
            .await
            .map_err(|text| JsError::new(&text))?;
        let manifest = self.inner.manifest().clone();
        let loaded = self.inner.finish(storage, &device)?;
        let trained = loaded.trained.clone();
        let segmenter = Segmenter::new(loaded, &device);
        let segmenter = WebSegmenter::new(segmenter, manifest, trained, backend);
        segmenter.warm_up().await?;
        match gpu_log::last_error() {
            Some(error) if kind == "webgpu" => Err(JsError::new(&error)),
            _ => Ok(segmenter),
        }
    }
}
