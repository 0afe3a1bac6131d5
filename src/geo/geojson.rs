//! Features as GeoJSON (RFC 7946): WGS 84, longitude first, outer rings counterclockwise.

use ::geojson::{
    Feature as JsonFeature, FeatureCollection, Geometry, GeometryValue, JsonObject, JsonValue,
};

use super::feature::{Feature, Origin};

/// Writes a FeatureCollection with the properties `prompt`, `class` (of single things), `score`, `threshold`,
/// `area_m2`, `area_ha`, `colour`, `source` and `model`. A feature that covers nothing has no geometry.
pub fn geojson(features: &[Feature], origin: &Origin) -> String {
    let collection = FeatureCollection {
        bbox: None,
        features: features.iter().map(|one| feature(one, origin)).collect(),
        foreign_members: None,
    };
    collection.to_string()
}

fn feature(feature: &Feature, origin: &Origin) -> JsonFeature {
    let mut properties = JsonObject::new();
    let mut set = |name: &str, value: JsonValue| properties.insert(name.to_owned(), value);
    set("prompt", feature.prompt.as_str().into());
    if let Some(class) = &feature.class {
        set("class", class.as_str().into());
    }
    set("score", rounded(feature.score, 4).into());
    set("threshold", rounded(feature.threshold, 4).into());
    set("area_m2", rounded(feature.area, 4).into());
    set("area_ha", rounded(feature.area / 10_000.0, 8).into());
    set("colour", feature.colour.as_str().into());
    set("source", origin.source.as_str().into());
    set("model", origin.model.as_str().into());
    let geometry = (!feature.polygons.0.is_empty())
        .then(|| Geometry::new(GeometryValue::from(&feature.polygons)));
    JsonFeature {
        geometry,
        properties: Some(properties),
        ..JsonFeature::default()
    }
}

pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let factor = 10f64.powi(decimals);
    (value * factor).round() / factor
}
