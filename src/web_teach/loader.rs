//! Makes the network of downloaded weights ready to learn.

use std::sync::Arc;

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::teacher::Teacher;
use crate::bundle::WeightStorage;
use crate::js::WeightsLoader;

#[wasm_bindgen]
impl WeightsLoader {
    /// The network, ready to learn.
    pub fn finish(self) -> Result<Teacher, JsError> {
        let device = Device::flex().autodiff();
        let manifest = self.inner.manifest().clone();
        let loaded = self.inner.finish(WeightStorage::Float, &device)?;
        Ok(Teacher::new(Arc::new(loaded), manifest, device))
    }
}
