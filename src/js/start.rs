//! What a module with the network does first.

#[cfg(target_family = "wasm")]
unsafe extern "C" {
    /// Runs the static constructors, by which Burn's compiler registers its operations. The linker generates it and
    /// calls it at the start of *every* exported function, unless the program calls it itself: thousands of times per
    /// segmentation, each time registering everything again.
    fn __wasm_call_ctors();
}

/// Runs the static constructors and makes panics visible. Call it once, when the module is loaded.
pub fn start_network() {
    #[cfg(target_family = "wasm")]
    // SAFETY: called once, before anything else of the module, as the linker's own start code would.
    unsafe {
        __wasm_call_ctors();
    }
    console_error_panic_hook::set_once();
}
