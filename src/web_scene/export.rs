//! Files for GIS programs, for the page's scene worker.

use std::io::Cursor;

use js_sys::Uint8Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::georeference::WebGeoreference;
use super::layer::WebLayer;
use crate::geo::{
    Feature, Footprint, Georeference, Grid, Layer, MaskTiff, MaskTiffError, Origin, cutouts,
    features, geojson, kml, scene_row, wkb,
};
use crate::js::to_js;
use crate::segment::Refine;
use crate::vision::Mask;

/// Layers of one scene, to be written to a vector file.
#[wasm_bindgen]
pub struct VectorExport {
    origin: Origin,
    georeference: Georeference,
    layers: Vec<Exported>,
    /// Number of layers that were added.
    count: usize,
}

/// A copy of a layer or of one of its things, with its display settings.
struct Exported {
    mask: Mask,
    /// The other things in the same rectangle of pixels.
    others: Option<Mask>,
    refine: Refine,
    probabilities: Vec<u8>,
    grid: Grid,
    phrase: String,
    colour: String,
    score: f64,
    threshold: f64,
    /// Number of the layer that this is, or is a part of.
    layer: usize,
    /// Class of a single thing.
    class: Option<String>,
}

/// The attributes of a feature that JavaScript writes into a file itself.
#[derive(Serialize)]
struct Attributes {
    layer: usize,
    class: Option<String>,
    score: f64,
    area: f64,
}

#[wasm_bindgen]
impl VectorExport {
    /// `source` names the scene's file, `model` the weights.
    #[wasm_bindgen(constructor)]
    pub fn new(georeference: &WebGeoreference, source: String, model: String) -> VectorExport {
        Self {
            origin: Origin { source, model },
            georeference: georeference.inner.clone(),
            layers: Vec::new(),
            count: 0,
        }
    }

    /// Adds a layer with its phrase, its colour as `#rrggbb`, its score and its threshold from 0 to 1.
    pub fn add(
        &mut self,
        layer: &mut WebLayer,
        phrase: String,
        colour: String,
        score: f64,
        threshold: f64,
    ) {
        let (mask, refine) = layer.mask();
        self.layers.push(Exported {
            mask: mask.clone(),
            others: None,
            refine,
            grid: layer.grid(),
            probabilities: layer.probabilities().to_vec(),
            phrase,
            colour,
            score,
            threshold,
            layer: self.count,
            class: None,
        });
        self.count += 1;
    }

    /// Adds every single thing of a layer, each with its own score, area and class.
    #[wasm_bindgen(js_name = addObjects)]
    pub fn add_objects(
        &mut self,
        layer: &mut WebLayer,
        phrase: String,
        colour: String,
        threshold: f64,
    ) {
        let (grid, count) = (layer.grid(), self.count);
        layer.probabilities();
        let (mask, refine, values, objects) = layer.parts();
        let owner = |x: usize, y: usize| objects.map_or(0, |objects| objects.owner(x, y));
        let things = cutouts(mask, values, grid, owner);
        self.layers.extend(things.into_iter().map(|thing| Exported {
            class: objects.and_then(|objects| objects.noun(thing.owner)),
            mask: thing.mask,
            others: Some(thing.others),
            refine,
            probabilities: thing.probabilities,
            grid: thing.grid,
            phrase: phrase.clone(),
            colour: colour.clone(),
            score: thing.score,
            threshold,
            layer: count,
        }));
        self.count += 1;
    }

    /// A GeoJSON FeatureCollection in WGS 84, one feature for each layer or thing that was added.
    pub fn geojson(&self) -> Result<String, JsError> {
        self.write("GeoJSON", geojson)
    }

    /// A KML document, one placemark for each layer or thing.
    pub fn kml(&self) -> Result<String, JsError> {
        self.write("KML", kml)
    }

    /// `[{ layer, class, score, area }]` of all features, for a GeoPackage.
    pub fn attributes(&self) -> Result<JsValue, JsError> {
        let features = self.features("a GeoPackage")?;
        let attributes = features.into_iter().map(|feature| Attributes {
            layer: feature.layer,
            class: feature.class,
            score: feature.score,
            area: feature.area,
        });
        Ok(to_js(&attributes.collect::<Vec<_>>())?)
    }

    /// The polygons of every feature in WGS 84 as well-known binary, for a GeoPackage.
    pub fn wkb(&self) -> Result<Vec<Uint8Array>, JsError> {
        let features = self.features("a GeoPackage")?;
        let bytes = features.iter().map(|feature| wkb(&feature.polygons));
        Ok(bytes
            .map(|bytes| Uint8Array::from(bytes.as_slice()))
            .collect())
    }
}

impl VectorExport {
    fn write(
        &self,
        name: &'static str,
        write: fn(&[Feature], &Origin) -> String,
    ) -> Result<String, JsError> {
        Ok(write(&self.features(name)?, &self.origin))
    }

    fn features(&self, name: &'static str) -> Result<Vec<Feature>, JsError> {
        let layers: Vec<Layer<'_>> = self.layers.iter().map(Exported::layer).collect();
        let mut found = features(&layers, &self.georeference, name)?;
        for (feature, layer) in found.iter_mut().zip(&self.layers) {
            feature.layer = layer.layer;
            feature.class = layer.class.clone();
        }
        Ok(found)
    }
}

impl Exported {
    fn layer(&self) -> Layer<'_> {
        let (mask, values) = (&self.mask, &self.probabilities);
        let footprint = Footprint::refined(mask, self.grid, values, &self.refine);
        Layer {
            footprint: match &self.others {
                Some(others) => footprint.beside(others),
                None => footprint,
            },
            phrase: self.phrase.clone(),
            colour: self.colour.clone(),
            score: self.score,
            threshold: self.threshold,
        }
    }
}

/// A GeoTIFF of a layer's "mask" or "probability" on the scene's own pixels, `width` x `height`; if both are 0, on the
/// map's grid.
#[wasm_bindgen]
pub fn geotiff(
    layer: &mut WebLayer,
    georeference: &WebGeoreference,
    kind: &str,
    width: usize,
    height: usize,
) -> Result<Vec<u8>, JsError> {
    let grid = layer.grid();
    let map_width = layer.mask().0.width();
    let map = match kind {
        "mask" => layer.mask_bytes(),
        "probability" => layer.probability(),
        other => return Err(JsError::new(&format!("there is no GeoTIFF of {other:?}"))),
    };
    let whole = width > 0 && height > 0;
    let file = MaskTiff {
        width: if whole { width } else { map_width },
        height: if whole { height } else { map.len() / map_width },
        grid: if whole { Grid::SCENE } else { grid },
        georeference: Some(&georeference.inner),
        description: "",
    };
    let mut bytes = Cursor::new(Vec::new());
    file.write(&mut bytes, |rows| -> Result<(), MaskTiffError> {
        if !whole {
            return rows.push(&map);
        }
        let mut line = vec![0; width];
        for row in 0..height {
            scene_row(&map, map_width, &grid, row, &mut line);
            rows.push(&line)?;
        }
        Ok(())
    })?;
    Ok(bytes.into_inner())
}

/// The world file of a picture whose pixel 0, 0 starts at `origin` in the scene and measures `step` scene pixels.
#[wasm_bindgen]
pub fn world_file(
    georeference: &WebGeoreference,
    origin_x: f64,
    origin_y: f64,
    step_x: f64,
    step_y: f64,
) -> Result<String, JsError> {
    let grid = Grid {
        origin_x,
        origin_y,
        step_x,
        step_y,
    };
    georeference
        .inner
        .world_file(&grid)
        .map(|file| file.to_string())
        .ok_or_else(|| JsError::new("the scene has no coordinates that a world file can hold"))
}
