//! Converts samples of a TIFF to colours, for the page's scene worker.

use js_sys::{Float32Array, Int16Array, Uint8Array, Uint16Array};
use wasm_bindgen::prelude::*;

use crate::scene::{Bands, Photometric, Samples, Stretch};

/// A [`Stretch`].
#[wasm_bindgen(js_name = Stretch)]
pub struct WebStretch {
    stretch: Stretch,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    U8,
    U16,
    I16,
    F32,
}

#[wasm_bindgen(js_class = Stretch)]
impl WebStretch {
    /// `kind` is "u8", "u16", "i16" or "f32", `photometric` "rgb", "grey" or "inverted"
    /// (zero is white), `alpha` the alpha band or -1,
    /// `no_data` NaN for none, `samples` the typed array of the scene's sample windows, bands side by side.
    #[wasm_bindgen(constructor)]
    pub fn new(
        kind: &str,
        count: usize,
        photometric: &str,
        alpha: i32,
        no_data: f64,
        samples: &JsValue,
    ) -> Result<WebStretch, JsError> {
        let kind = match kind {
            "u8" => Kind::U8,
            "u16" => Kind::U16,
            "i16" => Kind::I16,
            "f32" => Kind::F32,
            other => return Err(JsError::new(&format!("samples cannot be {other:?}"))),
        };
        let bands = Bands {
            count,
            photometric: match photometric {
                "rgb" => Photometric::Rgb,
                "inverted" => Photometric::InvertedGrey,
                "grey" => Photometric::Grey,
                other => return Err(JsError::new(&format!("colours cannot be {other:?}"))),
            },
            alpha: usize::try_from(alpha).ok().filter(|&alpha| alpha < count),
            no_data: (!no_data.is_nan()).then_some(no_data),
        };
        let stretch = kind.with(samples, |samples| Stretch::from_samples(bands, samples));
        Ok(Self { stretch, kind })
    }

    /// RGBA of `width * height` pixels; alpha is 0 where there is no data.
    pub fn rgba(&self, samples: &JsValue, width: usize, height: usize) -> Result<Vec<u8>, JsError> {
        let rgba = self
            .kind
            .with(samples, |samples| self.stretch.rgba(samples));
        match rgba.len() == width * height * 4 {
            true => Ok(rgba),
            false => Err(JsError::new("the samples do not fill the window")),
        }
    }
}

impl Kind {
    /// Copies a typed array in and passes it to `use_it`.
    fn with<T>(self, samples: &JsValue, use_it: impl FnOnce(Samples<'_>) -> T) -> T {
        match self {
            Self::U8 => use_it(Samples::U8(&Uint8Array::new(samples).to_vec())),
            Self::U16 => use_it(Samples::U16(&Uint16Array::new(samples).to_vec())),
            Self::I16 => use_it(Samples::I16(&Int16Array::new(samples).to_vec())),
            Self::F32 => use_it(Samples::F32(&Float32Array::new(samples).to_vec())),
        }
    }
}
