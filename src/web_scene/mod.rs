//! Interface of the wasm module of the page's scene worker: scenes in TIFF files, phrases, masks, choices and exports.
//! It only converts types. The network is not in this module.

mod archive;
mod choice;
mod corrections;
mod coverage;
mod export;
mod file_reader;
mod georeference;
mod layer;
mod outlines;
mod picture;
mod plan;
mod raster;
mod reading;
mod stroke;

use wasm_bindgen::prelude::*;

pub use archive::{WebArchive, WebArchiveWriter};
pub use choice::WebChoice;
pub use coverage::coverage;
pub use export::{VectorExport, geotiff, world_file};
pub use georeference::WebGeoreference;
pub use layer::WebLayer;
pub use picture::jpeg_problem;
pub use plan::WebPlan;
pub use raster::{WebAveraging, WebRaster};
pub use reading::read_phrase;

/// Runs once when the module is loaded; makes panics visible.
#[wasm_bindgen(start)]
pub fn start_scene() {
    console_error_panic_hook::set_once();
}
