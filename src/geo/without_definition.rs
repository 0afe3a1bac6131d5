//! In place of written-out coordinate systems where they were not compiled: in the page's small module. No file gets
//! here, because [`Rare::check`](crate::rare::Rare::check) refuses it first.

use super::error::GeoError;
use super::key::KeyWriter;
use super::keys::KeyDirectory;

/// A system that is written out; there is none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Definition {}

impl Definition {
    /// The EPSG code.
    pub(crate) fn epsg(&self) -> Option<u32> {
        match *self {}
    }

    /// The definition in PROJ.4's form.
    pub(crate) fn proj(&self) -> (String, bool) {
        match *self {}
    }

    /// The name that users are shown.
    pub(crate) fn title(&self) -> String {
        match *self {}
    }

    /// Degrees per unit of the coordinates.
    pub(crate) fn degrees_per_unit(&self) -> f64 {
        match *self {}
    }
}

/// # Errors
/// Fails always.
pub(crate) fn from_wkt(_: &str) -> Result<(Option<u32>, Result<Definition, GeoError>), GeoError> {
    Err(GeoError::NoCrs)
}

/// # Errors
/// Fails always.
pub(crate) fn from_keys(_: &KeyDirectory<'_>, _: bool) -> Result<Definition, GeoError> {
    Err(GeoError::NoCrs)
}

/// The keys of a system.
pub(crate) fn to_keys(definition: &Definition) -> KeyWriter {
    match *definition {}
}
