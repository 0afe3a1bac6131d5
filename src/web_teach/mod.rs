//! Interface of the wasm module of the page's teaching worker: a bundle learns from examples, on the CPU. It only
//! converts types; what is learned and how is in [`crate::adapt`].

mod loader;
mod teacher;
mod trainer;

use wasm_bindgen::prelude::*;

use crate::js::start_network;

pub use teacher::Teacher;

/// Runs once when the module is loaded; makes panics visible.
#[wasm_bindgen(start)]
pub fn start() {
    start_network();
}
