//! Interface of the wasm module of the page's model worker. It only converts types and has no model code.

mod backend;
mod gpu_log;
mod loader;
mod segmenter;
mod self_test;

use wasm_bindgen::prelude::*;

pub use loader::WeightsLoader;
pub use segmenter::WebSegmenter;

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    /// Runs the static constructors, by which Burn's compiler registers its operations. The linker generates it and
    /// calls it at the start of *every* exported function, unless the program calls it itself: thousands of times per
    /// segmentation, each time registering everything again.
    fn __wasm_call_ctors();
}

/// Runs once when the module is loaded; makes panics and log records visible.
#[wasm_bindgen(start)]
pub fn start() {
    #[cfg(target_family = "wasm")]
    // SAFETY: called once, before anything else of the module, as the linker's own start code would.
    unsafe {
        __wasm_call_ctors();
    }
    console_error_panic_hook::set_once();
    gpu_log::install();
}

/// Returns what the GPU runtime last logged as an error. A shader that does not compile is only logged and leaves stale
/// numbers behind, so anything here makes the GPU's results worthless.
#[wasm_bindgen]
pub fn last_gpu_error() -> Option<String> {
    gpu_log::last_error()
}
