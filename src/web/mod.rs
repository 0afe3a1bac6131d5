//! Interface of the wasm module of the page's model worker. It only converts types and has no model code.

mod backend;
mod gpu_log;
mod loader;
mod preparation;
mod segmenter;
mod self_test;

use wasm_bindgen::prelude::*;

use crate::js::start_burn;

pub use preparation::prepare;
pub use segmenter::WebSegmenter;

/// Runs once when the module is loaded; makes panics and log records visible.
#[wasm_bindgen(start)]
pub fn start() {
    start_burn();
    gpu_log::install();
}

/// Returns what the GPU runtime last logged as an error. A shader that does not compile is only logged and leaves stale
/// numbers behind, so anything here makes the GPU's results worthless.
#[wasm_bindgen]
pub fn last_gpu_error() -> Option<String> {
    gpu_log::last_error()
}
