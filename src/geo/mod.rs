//! Where a scene is on the earth, what a mask covers there, and the files that record it.
//!
//! ```text
//! geotags, Sidecars, scale ── Georeference ───┬─ place, ground resolution, GroundArea
//!                                             │
//! mask on its Grid ── Footprint ── polygons ──┴─ features ── geojson, kml, wkb
//!                                             └─ MaskTiff, WorldFile
//! ```
//!
//! There are three kinds of coordinates, as everywhere in the crate: map pixels (the grid of the probabilities), scene
//! pixels (the full image, origin at the top left, centres at .5) and world coordinates (of a coordinate system, or WGS
//! 84 longitude and latitude in degrees). Nothing here touches a file system, a network or a GPU, and all of it also
//! runs in the browser.

pub mod affine;
mod antimeridian;
pub mod area;
pub mod aux_xml;
mod cell;
pub mod control_points;
pub mod crs;
mod crs_keys;
#[cfg_attr(not(feature = "rare"), path = "without_definition.rs")]
mod definition;
mod epsg;
#[cfg(any(feature = "scene", test))]
mod epsg_table;
pub mod error;
pub mod feature;
pub mod footprint;
pub mod geojson;
pub mod georeference;
mod ground;
#[cfg_attr(
    not(feature = "rare"),
    expect(dead_code, reason = "written-out systems use it")
)]
mod key;
#[cfg_attr(
    not(feature = "rare"),
    expect(dead_code, reason = "written-out systems use it")
)]
mod keys;
pub mod kml;
mod longitude;
pub mod lonlat;
mod mapping;
pub mod mask_tiff;
pub mod objects;
mod outline;
pub mod polygons;
mod shift_grids;
pub mod sidecars;
mod spline;
pub mod tags;
#[cfg_attr(
    not(feature = "rare"),
    expect(dead_code, reason = "written-out systems use it")
)]
mod units;
mod utm;
pub mod wkb;
pub mod world_file;

pub use affine::{Affine, Grid};
pub use area::GroundArea;
pub use aux_xml::AuxXml;
pub use control_points::{ControlPoint, Fit, Method};
pub use crs::Crs;
pub use error::GeoError;
pub use feature::{Feature, Layer, Origin, features};
pub use footprint::Footprint;
pub use geojson::geojson;
pub use georeference::{Georeference, Info, Kind, Source};
pub use kml::kml;
pub use lonlat::{PlacedPolygon, placed};
pub use mask_tiff::{MaskTiff, MaskTiffError, Rows, scene_row};
pub use objects::{Cutout, cutouts, things};
pub use polygons::polygons;
pub use sidecars::Sidecars;
pub use tags::GeoTags;
pub use wkb::wkb;
pub use world_file::WorldFile;

#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod scene_tests;
#[cfg(test)]
mod sidecars_tests;
