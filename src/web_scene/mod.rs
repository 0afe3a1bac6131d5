//! Interface of the wasm module of the page's scene worker: phrases, masks, choices and exports. It only converts
//! types. The network is not in this module.

mod choice;
mod coverage;
mod export;
mod georeference;
mod layer;
mod plan;
mod reading;
mod stretch;

use wasm_bindgen::prelude::*;

pub use choice::WebChoice;
pub use coverage::coverage;
pub use export::{VectorExport, geotiff, world_file};
pub use georeference::WebGeoreference;
pub use layer::WebLayer;
pub use plan::WebPlan;
pub use reading::read_phrase;
pub use stretch::WebStretch;

/// Runs once when the module is loaded; makes panics visible.
#[wasm_bindgen(start)]
pub fn start_scene() {
    console_error_panic_hook::set_once();
}
