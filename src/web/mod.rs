//! Interface of the wasm module: what the page's workers call. It only converts types and has no model code.

mod backend;
mod choice;
mod export;
mod georeference;
mod gpu_log;
mod layer;
mod loader;
mod plan;
mod reading;
mod segmenter;
mod self_test;
mod stretch;

use wasm_bindgen::prelude::*;

pub use choice::WebChoice;
pub use export::{VectorExport, geotiff, world_file};
pub use georeference::WebGeoreference;
pub use layer::WebLayer;
pub use loader::WeightsLoader;
pub use plan::WebPlan;
pub use reading::read_phrase;
pub use segmenter::WebSegmenter;
pub use stretch::WebStretch;

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
