//! Interface of the wasm module of the page's teaching worker: a bundle learns from examples, on the CPU. It only
//! converts types; what is learned and how is in [`crate::adapt`].

mod loader;
mod teacher;
mod trainer;

use wasm_bindgen::prelude::*;

pub use loader::WeightsLoader;
pub use teacher::Teacher;

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    /// See `crate::web`: without this call the linker runs the constructors at the start of every exported function.
    fn __wasm_call_ctors();
}

/// Runs once when the module is loaded; makes panics visible.
#[wasm_bindgen(start)]
pub fn start() {
    #[cfg(target_family = "wasm")]
    // SAFETY: called once, before anything else of the module, as the linker's own start code would.
    unsafe {
        __wasm_call_ctors();
    }
    console_error_panic_hook::set_once();
}
