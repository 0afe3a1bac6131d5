//! Position of a scene on the earth, for the page's scene worker.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::geo::{GeoError, GeoTags, Georeference, Sidecars};
use crate::js::{coded, to_js};
use crate::rare::NeedsFull;

/// A [`Georeference`].
#[wasm_bindgen(js_name = Georeference)]
pub struct WebGeoreference {
    pub(super) inner: Georeference,
    /// Identifies the georeference: measurements made with it are cached.
    pub(super) number: u32,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The texts of the files beside a scene.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Beside {
    world: Option<String>,
    prj: Option<String>,
    aux: Option<String>,
}

#[wasm_bindgen(js_class = Georeference)]
impl WebGeoreference {
    /// Creates it from the texts of a picture's sidecar files, `{ world, prj, aux }`, any of which may be absent.
    ///
    /// # Errors
    /// Throws an Error, with the code `needs-full` if this is the small module and only the full one reads them.
    #[wasm_bindgen(js_name = fromFiles)]
    pub fn from_files(beside: JsValue) -> Result<WebGeoreference, JsValue> {
        Self::placed(None, beside)
    }

    /// Creates it from a ground resolution alone: the side of a pixel in centimetres.
    #[wasm_bindgen(js_name = fromScale)]
    pub fn from_scale(centimetres: f64) -> Result<WebGeoreference, JsError> {
        let inner = Georeference::from_scale(centimetres)?;
        Ok(Self::from(inner))
    }

    /// `{ epsg, name, kind, rotated, metresPerPixel, bounds, source, controlPoints, problem }` of a scene of that size.
    /// `source` is "geotags", "aux-xml", "world-file", "scale" or null; `controlPoints`, if the scene is placed by such
    /// points, is `{ method, points, residual, largest, gridResidual, inMetres }`.
    pub fn info(&self, width: usize, height: usize) -> Result<JsValue, JsError> {
        Ok(to_js(&self.inner.info(width, height))?)
    }

    /// Longitude and latitude in WGS 84 of a scene pixel, if they are known.
    pub fn place(&self, x: f64, y: f64) -> Option<Vec<f64>> {
        self.inner.place(x, y).map(|(lon, lat)| vec![lon, lat])
    }
}

impl WebGeoreference {
    /// Creates it from a TIFF's tags, if there are any, and the texts of its sidecar files.
    pub(super) fn placed(tags: Option<GeoTags>, beside: JsValue) -> Result<Self, JsValue> {
        let beside: Beside = serde_wasm_bindgen::from_value(beside)?;
        let texts = Sidecars {
            world: beside.world.as_deref(),
            prj: beside.prj.as_deref(),
            aux: beside.aux.as_deref(),
            epsg: None,
        };
        match Georeference::from_files(tags, &texts) {
            Ok(found) => Ok(Self::from(found)),
            Err(error @ GeoError::NeedsFull(_)) => Err(coded(NeedsFull::CODE, &error.to_string())),
            Err(error) => Err(JsError::from(error).into()),
        }
    }
}

impl From<Georeference> for WebGeoreference {
    fn from(inner: Georeference) -> Self {
        Self {
            inner,
            number: COUNT.fetch_add(1, Ordering::Relaxed),
        }
    }
}
