//! A feature to export for a phrase: its polygons on the earth and their attributes.

use ::geo::{Coord, LineString, MultiPolygon, Polygon};

use super::error::GeoError;
use super::footprint::Footprint;
use super::georeference::Georeference;
use super::lonlat::placed;
use super::polygons::polygons;

/// A phrase's layer: its footprint and how it is shown.
#[derive(Debug, Clone)]
pub struct Layer<'a> {
    /// The surface that the phrase covers.
    pub footprint: Footprint<'a>,
    /// The phrase.
    pub phrase: String,
    /// The colour in which it is drawn, `#rrggbb`.
    pub colour: String,
    /// Mean probability inside the mask, 0 to 1.
    pub score: f64,
    /// Minimum probability of a pixel in the mask, 0 to 1.
    pub threshold: f64,
}

/// Where the layers of an export come from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Name of the image file.
    pub source: String,
    /// Name of the model's weights.
    pub model: String,
}

/// Polygons in WGS 84 with their attributes.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// The phrase.
    pub prompt: String,
    /// The colour, `#rrggbb`.
    pub colour: String,
    /// Number of the layer that it belongs to, from 0.
    pub layer: usize,
    /// The name of the thing, if the feature is a single thing.
    pub class: Option<String>,
    /// Mean probability inside the layer's mask.
    pub score: f64,
    /// The layer's threshold.
    pub threshold: f64,
    /// Area on the ellipsoid in square metres.
    pub area: f64,
    /// The polygons in degrees, longitude first; empty if the mask is empty.
    pub polygons: MultiPolygon<f64>,
}

/// Creates the features of layers over one scene, one per layer. Fails with a message that names `export` if the scene
/// has no place on the earth.
pub fn features(
    layers: &[Layer<'_>],
    georeference: &Georeference,
    export: &'static str,
) -> Result<Vec<Feature>, GeoError> {
    georeference.require(export)?;
    let mut features = Vec::new();
    for (index, layer) in layers.iter().enumerate() {
        let (grid, mask) = (layer.footprint.grid(), layer.footprint.mask());
        let longest = mask.width().max(mask.height());
        let parts = placed(&polygons(&layer.footprint), georeference, &grid, longest)?;
        let (x, y) = grid.apply(mask.width() as f64 / 2.0, mask.height() as f64 / 2.0);
        let metres = georeference
            .square_metres_per_pixel(x, y)
            .map_or(f64::MAX, |area| (area * grid.step_x * grid.step_y).sqrt());
        let area = parts.iter().map(|part| part.area).sum();
        let all = parts.into_iter().flat_map(|part| part.pieces.0).collect();
        features.push(Feature {
            prompt: layer.phrase.clone(),
            colour: layer.colour.clone(),
            layer: index,
            class: None,
            score: layer.score,
            threshold: layer.threshold,
            area,
            polygons: rounded(MultiPolygon::new(all), decimals(metres)),
        });
    }
    Ok(features)
}

/// Decimals of a degree for map pixels of a given size. The area of a one-pixel object must stay accurate to one in a
/// thousand, so half of the last digit may be a two-thousandth of its side; eight decimals are about a millimetre.
fn decimals(metres: f64) -> i32 {
    if metres >= 1.0 {
        8
    } else if metres >= 0.1 {
        9
    } else {
        10
    }
}

/// Rounds the coordinates of polygons, and drops rings that have no area after rounding.
fn rounded(polygons: MultiPolygon<f64>, decimals: i32) -> MultiPolygon<f64> {
    let factor = 10f64.powi(decimals);
    let ring = |line: &LineString<f64>| {
        let mut points: Vec<Coord<f64>> = line
            .0
            .iter()
            .map(|point| Coord {
                x: (point.x * factor).round() / factor,
                y: (point.y * factor).round() / factor,
            })
            .collect();
        points.dedup();
        let flat = points.len() < 4
            || points.iter().all(|point| point.x == points[0].x)
            || points.iter().all(|point| point.y == points[0].y);
        (!flat).then(|| LineString::new(points))
    };
    let polygons = polygons.0.iter().filter_map(|polygon| {
        let holes = polygon.interiors().iter().filter_map(ring).collect();
        Some(Polygon::new(ring(polygon.exterior())?, holes))
    });
    MultiPolygon::new(polygons.collect())
}
