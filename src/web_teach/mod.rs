//! Interface of the wasm module of the page's teaching worker: a bundle learns from examples, on the CPU. It only
//! converts types; [`crate::adapt`] does the learning.

mod loader;
mod teacher;
mod trainer;

use wasm_bindgen::prelude::*;

use crate::js::start_burn;

pub use teacher::Teacher;

/// Runs once when the module is loaded; makes panics visible.
#[wasm_bindgen(start)]
pub fn start() {
    start_burn();
}
