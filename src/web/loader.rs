//! Loads downloaded weights onto the device.

use wasm_bindgen::prelude::*;

use super::gpu_log;
use super::preparation::Opened;
use super::segmenter::WebSegmenter;
use crate::js::WeightsLoader;
use crate::segment::Segmenter;

#[wasm_bindgen]
impl WeightsLoader {
    /// Starts the network on `"webgpu"` or `"cpu"`. If the device was not prepared, tests it and, on a GPU, runs the
    /// network once, so that the first real phrase does not wait for shaders.
    pub async fn finish(self, kind: String) -> Result<WebSegmenter, JsError> {
        let (opened, is_cold) = match Opened::prepared(&kind) {
            Some(opened) => (opened, false),
            None => {
                let opened = Opened::open(&kind).await;
                let opened = opened.map_err(|text| JsError::new(&text))?;
                let is_cold = opened.has_shaders();
                (opened, is_cold)
            }
        };
        let manifest = self.inner.manifest().clone();
        let loaded = self.inner.finish(opened.storage, &opened.device)?;
        let trained = loaded.trained.clone();
        let segmenter = Segmenter::new(loaded, &opened.device);
        let segmenter = WebSegmenter::new(segmenter, manifest, trained, opened.backend);
        if is_cold {
            segmenter.warm_up().await?;
        }
        match gpu_log::last_error() {
            Some(error) if kind == "webgpu" => Err(JsError::new(&error)),
            _ => Ok(segmenter),
        }
    }
}
