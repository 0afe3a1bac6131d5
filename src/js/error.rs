//! Errors that tell JavaScript what kind of error they are.

use js_sys::{Error, Reflect};
use wasm_bindgen::JsValue;

/// A JavaScript Error with a `code`, one of the page's own (www/text/en-errors.js).
pub fn coded(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    // Setting a property of a new object cannot fail.
    let _ = Reflect::set(&error, &JsValue::from_str("code"), &JsValue::from_str(code));
    error.into()
}
