//! What the wasm modules share: values and errors for JavaScript, and the start and the weights of those with the
//! network.

mod error;
#[cfg(feature = "model")]
mod loader;
#[cfg(feature = "model")]
mod start;

use serde::Serialize;
use wasm_bindgen::JsValue;

pub use error::coded;
#[cfg(feature = "model")]
pub use loader::WeightsLoader;
#[cfg(feature = "model")]
pub use start::start_network;

/// Converts a value to plain JavaScript objects and numbers.
///
/// # Errors
/// Fails if the value cannot be represented, such as a map whose keys are not text.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
