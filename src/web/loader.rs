//! Starts the network of downloaded weights on the device.

use wasm_bindgen::prelude::*;

use super::backend;
use super::gpu_log;
use super::segmenter::WebSegmenter;
use super::self_test::self_test;
use crate::js::WeightsLoader;
use crate::segment::Segmenter;

#[wasm_bindgen]
impl WeightsLoader {
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
