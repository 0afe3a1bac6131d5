//! What is done on a device before the weights have arrived.

use std::cell::RefCell;

use burn::tensor::{Bool, Device, Tensor, TensorData};
use wasm_bindgen::prelude::*;

use super::backend::{self, Backend};
use super::self_test::self_test;
use crate::bundle::{Manifest, WeightStorage, blank_network};
use crate::kernels::pool::in_pool;

thread_local! {
    /// The device that was prepared, until a network takes it. A GPU can be opened only once.
    static PREPARED: RefCell<Option<Opened>> = const { RefCell::new(None) };
}

/// A device that computes correctly.
pub struct Opened {
    pub device: Device,
    pub storage: WeightStorage,
    pub backend: Backend,
}

impl Opened {
    /// Opens `"webgpu"` or `"cpu"` and tests it.
    ///
    /// # Errors
    /// Returns a text that says what is wrong.
    pub async fn open(kind: &str) -> Result<Self, String> {
        let (device, storage, backend) = backend::open(kind).await?;
        self_test(&device).await?;
        Ok(Self {
            device,
            storage,
            backend,
        })
    }

    /// Whether the first run of every kernel compiles it.
    pub fn has_shaders(&self) -> bool {
        self.backend.kind == "webgpu"
    }

    /// The device that [`prepare`] prepared, if it is of this kind.
    pub fn prepared(kind: &str) -> Option<Self> {
        PREPARED.take().filter(|opened| opened.backend.kind == kind)
    }
}

/// Opens `"webgpu"` or `"cpu"` and tests it. On a GPU it also runs a network without weights, of the shape in the text of
/// a `manifest.json`, so that the first real phrase does not wait for shaders. All of this can be done while the weights
/// arrive. [`super::WeightsLoader::finish`] uses the device.
#[wasm_bindgen]
pub async fn prepare(kind: String, manifest: String) -> Result<(), JsError> {
    let failed = |text: String| JsError::new(&text);
    let manifest = Manifest::parse(&manifest)?;
    let opened = Opened::open(&kind).await.map_err(failed)?;
    if opened.has_shaders() {
        rehearse(&manifest, &opened).await.map_err(failed)?;
    }
    PREPARED.set(Some(opened));
    Ok(())
}

/// Runs every kernel of the network once.
async fn rehearse(manifest: &Manifest, opened: &Opened) -> Result<(), String> {
    let Opened {
        device, storage, ..
    } = opened;
    let model = blank_network(manifest, *storage, device).map_err(|error| error.to_string())?;
    let (side, text) = (manifest.model.input, &manifest.model.text);
    let image = Tensor::zeros([1, 3, side, side], device);
    let words = Tensor::zeros([1, text.tokens, text.width], device);
    let padding = TensorData::new(vec![false; text.tokens], [1, text.tokens]);
    let padding = Tensor::<2, Bool>::from_data(padding, device);
    let logits = in_pool(device, || model.forward(image, words, padding));
    let data = logits.into_data_async().await;
    data.map(|_| ()).map_err(|error| error.to_string())
}
