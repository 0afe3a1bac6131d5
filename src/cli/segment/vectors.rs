//! Masks as polygons, in files for GIS programs.

use std::io::Write;
use std::path::Path;

use anyhow::bail;

use super::ground::Ground;
use super::layer::Layer;
use crate::files::write_atomic;
use crate::geo::{Feature, Layer as GeoLayer, Origin, features, geojson, kml};

/// The features of all layers, in the order in which they are added.
pub struct Vectors {
    features: Vec<Feature>,
    layers: usize,
    origin: Origin,
}

/// Checks that polygons can be placed on the earth.
///
/// # Errors
/// Fails if the scene's position is unknown.
pub fn can_be_placed(ground: &Ground, export: &'static str) -> anyhow::Result<()> {
    match ground.georeference() {
        Some(place) => Ok(place.require(export)?),
        None => bail!(
            "{export} needs georeferencing, which the image does not have: put its world file (.tfw, .pgw or .jgw) \
             beside it, or leave {export} out"
        ),
    }
}

impl Vectors {
    /// Creates an empty collection; `image` and `model` are named in the files.
    pub fn new(image: &Path, model: &str) -> Self {
        let source = image.file_name().unwrap_or_default();
        Self {
            features: Vec::new(),
            layers: 0,
            origin: Origin {
                source: source.to_string_lossy().into_owned(),
                model: model.to_owned(),
            },
        }
    }

    /// Adds the polygons of a layer as one feature.
    ///
    /// # Errors
    /// Fails if the scene's position is unknown, or a part is outside the area of its coordinate system.
    pub fn add(
        &mut self,
        layer: &Layer,
        score: f64,
        threshold: f32,
        phrase: &str,
        colour: [u8; 3],
        ground: &Ground,
    ) -> anyhow::Result<()> {
        let (Some(place), Some(footprint)) = (ground.georeference(), layer.footprint()) else {
            return can_be_placed(ground, "a polygon");
        };
        let [red, green, blue] = colour;
        let layer = GeoLayer {
            footprint,
            phrase: phrase.to_owned(),
            colour: format!("#{red:02x}{green:02x}{blue:02x}"),
            score,
            threshold: f64::from(threshold),
        };
        let found = features(&[layer], place, "a polygon")?;
        let number = self.layers;
        self.features
            .extend(found.into_iter().map(|feature| Feature {
                layer: number,
                ..feature
            }));
        self.layers += 1;
        Ok(())
    }

    /// Writes the requested files.
    ///
    /// # Errors
    /// Fails if the disk is full, or the folder does not exist.
    pub fn write(&self, json: Option<&Path>, places: Option<&Path>) -> anyhow::Result<()> {
        if let Some(path) = json {
            let text = geojson(&self.features, &self.origin);
            write_atomic(path, |file| file.write_all(text.as_bytes()))?;
        }
        if let Some(path) = places {
            let text = kml(&self.features, &self.origin);
            write_atomic(path, |file| file.write_all(text.as_bytes()))?;
        }
        Ok(())
    }
}
