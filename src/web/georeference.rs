//! Position of a scene on the earth, for the page's scene worker.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::loader::to_js;
use crate::geo::{GeoTags, Georeference, Sidecars};

/// A [`Georeference`].
#[wasm_bindgen(js_name = Georeference)]
pub struct WebGeoreference {
    pub(super) inner: Georeference,
    /// Identifies the georeference: measurements made with it are cached.
    pub(super) number: u32,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// The geotags that a TIFF has.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Tags {
    scale: Option<Vec<f64>>,
    tiepoints: Option<Vec<f64>>,
    transformation: Option<Vec<f64>>,
    geo_keys: Option<Vec<u16>>,
    geo_doubles: Option<Vec<f64>>,
    geo_ascii: Option<String>,
    rpc: bool,
}

impl From<Tags> for GeoTags {
    fn from(tags: Tags) -> Self {
        Self {
            scale: tags.scale.unwrap_or_default(),
            tiepoints: tags.tiepoints.unwrap_or_default(),
            transformation: tags.transformation.unwrap_or_default(),
            keys: tags.geo_keys.unwrap_or_default(),
            doubles: tags.geo_doubles.unwrap_or_default(),
            ascii: tags.geo_ascii.unwrap_or_default(),
            rpc: tags.rpc,
        }
    }
}

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
    /// From a TIFF's tags `{ scale, tiepoints, transformation, geoKeys, geoDoubles, geoAscii, rpc }`, plain arrays, any
    /// of which may be absent, or null, and from the texts of the files beside the scene, `{ world, prj, aux }`, any of
    /// which may be absent.
    #[wasm_bindgen(js_name = fromFiles)]
    pub fn from_files(tags: JsValue, beside: JsValue) -> Result<WebGeoreference, JsError> {
        let tags: Option<Tags> = serde_wasm_bindgen::from_value(tags)?;
        let beside: Beside = serde_wasm_bindgen::from_value(beside)?;
        let texts = Sidecars {
            world: beside.world.as_deref(),
            prj: beside.prj.as_deref(),
            aux: beside.aux.as_deref(),
            epsg: None,
        };
        let inner = Georeference::from_files(tags.map(GeoTags::from), &texts)?;
        Ok(Self::from(inner))
    }

    /// From the side of a pixel in centimetres, without a position.
    #[wasm_bindgen(js_name = fromScale)]
    pub fn from_scale(centimetres: f64) -> Result<WebGeoreference, JsError> {
        let inner = Georeference::from_scale(centimetres)?;
        Ok(Self::from(inner))
    }

    /// `{ epsg, name, kind, rotated, metresPerPixel, bounds, source, controlPoints, problem }` of a scene of that size.
    /// `source` is "geotags", "aux-xml", "world-file", "scale" or null; `controlPoints`, if a grid was fitted to such
    /// points, is `{ points, residual, largest, inMetres }`.
    pub fn info(&self, width: usize, height: usize) -> Result<JsValue, JsError> {
        Ok(to_js(&self.inner.info(width, height))?)
    }

    /// Longitude and latitude in WGS 84 of a scene pixel, if they are known.
    pub fn place(&self, x: f64, y: f64) -> Option<Vec<f64>> {
        self.inner.place(x, y).map(|(lon, lat)| vec![lon, lat])
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
