//! Checks of pictures that the browser itself decodes, and decodes even if a part is missing, and of their sizes.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::jpeg::check_jpeg;
use crate::js::to_js;
use crate::vision::check_sides;

/// A defect of a JPEG.
#[derive(Serialize)]
struct Problem {
    kind: &'static str,
    message: String,
}

/// Whether an image is too small to segment.
#[wasm_bindgen(js_name = isTooSmall)]
pub fn is_too_small(width: usize, height: usize) -> bool {
    check_sides(width, height).is_err()
}

/// Decodes the bytes of a JPEG. Returns `{ kind, message }` if they are not a whole picture, where `kind` is that of
/// [`crate::jpeg::JpegError::kind`], or undefined.
#[wasm_bindgen(js_name = jpegProblem)]
pub fn jpeg_problem(bytes: &[u8]) -> Result<JsValue, JsError> {
    match check_jpeg(bytes) {
        Ok(()) => Ok(JsValue::UNDEFINED),
        Err(error) => Ok(to_js(&Problem {
            kind: error.kind(),
            message: error.to_string(),
        })?),
    }
}
