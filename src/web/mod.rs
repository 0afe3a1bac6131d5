//! The wasm module's face: what the page's worker calls. Types in and out, no model code.

mod backend;
mod gpu_log;
mod loader;
mod segmenter;
mod self_test;

use wasm_bindgen::prelude::*;

pub use loader::WeightsLoader;
pub use segmenter::WebSegmenter;

/// Runs once when the module is loaded: panics and log records become visible.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    gpu_log::install();
}

/// What the GPU runtime last logged as an error. A shader that does not compile is only logged and
/// leaves stale numbers behind, so anything here makes the GPU's results worthless.
#[wasm_bindgen]
pub fn last_gpu_error() -> Option<String> {
    gpu_log::last_error()
}
