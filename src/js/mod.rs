//! Values and errors for JavaScript, for both wasm modules.

mod error;

use serde::Serialize;
use wasm_bindgen::JsValue;

pub use error::coded;

/// Converts a value to plain JavaScript objects and numbers.
///
/// # Errors
/// Fails if the value cannot be represented, such as a map whose keys are not text.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
