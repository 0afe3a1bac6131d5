//! Values and errors for JavaScript, and the parts that the wasm modules share.

mod error;
#[cfg(any(feature = "web", feature = "teach"))]
mod startup;
#[cfg(any(feature = "web", feature = "teach"))]
mod weights;

use serde::Serialize;
use wasm_bindgen::JsValue;

pub use error::coded;
#[cfg(any(feature = "web", feature = "teach"))]
pub use startup::start_burn;
#[cfg(any(feature = "web", feature = "teach"))]
pub use weights::WeightsLoader;

/// Converts a value to plain JavaScript objects and numbers.
///
/// # Errors
/// Fails if the value cannot be represented, such as a map whose keys are not text.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}
