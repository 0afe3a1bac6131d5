//! Coordinate reference systems: their definitions from EPSG codes, and the transformation to WGS 84.
//!
//! Definitions come from `crs-definitions`, and the arithmetic comes from `proj4rs`. Both follow PROJ.4: one set of
//! shift parameters per datum, no grids. The tests state the deviations from PROJ.

use proj4rs::Proj;
use proj4rs::transform::transform;

use super::definition::{Definition, from_wkt};
use super::epsg;
use super::error::GeoError;
use super::shift_grids::without_grids;
use super::units::DEGREES_PER_GRAD;
use crate::rare::Rare;

/// EPSG codes of geographic systems measured in grads (EPSG registry, unit 9105), which a PROJ.4 definition cannot
/// express.
const IN_GRADS: [u16; 9] = [4807, 4810, 4811, 4816, 4819, 4821, 4901, 4902, 7400];

/// Codes whose definition in the table is more than a kilometre off from PROJ 9.5, out of the 5971 that were compared
/// at the middle of their area of use: axes that a PROJ.4 definition drops, spheres, meridians applied twice, and wrong
/// units and signs.
const WRONG: [u16; 17] = [
    2065, 3167, 3303, 3973, 3974, 3975, 4055, 4688, 5513, 6200, 6871, 6996, 6997, 8044, 8045,
    26591, 26592,
];

/// Tolerance at the poles and at the ends of the longitude range, in degrees, for rounding in files.
const SLACK: f64 = 1e-7;

/// A coordinate reference system, with an EPSG code or written out.
#[derive(Clone)]
pub struct Crs {
    epsg: Option<u32>,
    definition: Option<Definition>,
    name: String,
    source: Proj,
    wgs84: Proj,
    degrees_per_unit: f64,
    has_shift: bool,
}

impl Crs {
    /// Returns the system of an EPSG code. Fails if the code or its projection is unknown.
    pub fn from_epsg(code: u32) -> Result<Self, GeoError> {
        let unknown = || GeoError::UnknownCode {
            code,
            citation: String::new(),
        };
        let short = u16::try_from(code).map_err(|_| unknown())?;
        let definition = epsg::definition(short).ok_or_else(unknown)?;
        if WRONG.contains(&short) {
            return Err(GeoError::Unsupported(code));
        }
        let (definition, has_shift) = without_grids(&definition);
        let source =
            Proj::from_proj_string(&definition).map_err(|_| GeoError::Unsupported(code))?;
        if source.is_geocent() {
            return Err(GeoError::Geocentric);
        }
        if !source.has_inverse() {
            return Err(GeoError::Unsupported(code));
        }
        let wgs84 = wgs84().ok_or(GeoError::Unsupported(code))?;
        Ok(Self {
            epsg: Some(code),
            definition: None,
            name: name(code, &definition),
            source,
            wgs84,
            degrees_per_unit: if IN_GRADS.contains(&short) {
                DEGREES_PER_GRAD
            } else {
                1.0
            },
            has_shift,
        })
    }

    /// Returns the system of a definition in well-known text: OGC's or Esri's WKT 1, or WKT 2. The height of a compound
    /// system is ignored. Fails if the text is not WKT, or if its projection or a part of it is not known.
    /// The small module refuses all of them.
    pub fn from_wkt(text: &str) -> Result<Self, GeoError> {
        Rare::WrittenOut.check()?;
        let (code, definition) = from_wkt(text)?;
        match code.map(Self::from_epsg) {
            Some(Ok(crs)) => Ok(crs),
            // A system whose code is not in the table may still be written out.
            Some(Err(error)) => definition
                .and_then(Self::from_definition)
                .map_err(|_| error),
            None => definition.and_then(Self::from_definition),
        }
    }

    /// Returns the system of a definition; it has a code if its parts determine one.
    pub(crate) fn from_definition(definition: Definition) -> Result<Self, GeoError> {
        if let Some(Ok(crs)) = definition.epsg().map(Self::from_epsg) {
            return Ok(crs);
        }
        let unusable =
            || GeoError::Definition(format!("\"{}\" cannot be computed", definition.title()));
        let (text, has_shift) = definition.proj();
        let source = Proj::from_proj_string(&text).map_err(|_| unusable())?;
        let wgs84 = wgs84().ok_or_else(unusable)?;
        if !source.has_inverse() {
            return Err(unusable());
        }
        Ok(Self {
            epsg: None,
            name: definition.title(),
            source,
            wgs84,
            degrees_per_unit: definition.degrees_per_unit(),
            has_shift,
            definition: Some(definition),
        })
    }

    /// The EPSG code, if the system has one.
    pub fn epsg(&self) -> Option<u32> {
        self.epsg
    }

    /// The parts of a system without a code.
    pub(crate) fn definition(&self) -> Option<&Definition> {
        self.definition.as_ref()
    }

    /// What the system is called in messages: its code, or its name in quotes.
    pub fn label(&self) -> String {
        match self.epsg {
            Some(code) => format!("EPSG:{code}"),
            None => format!("\"{}\"", self.name),
        }
    }

    /// Its name: from the EPSG registry for the systems of most images, from the file for a written-out system,
    /// otherwise the code.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether coordinates are angles.
    pub fn is_geographic(&self) -> bool {
        self.source.is_latlong()
    }

    /// Metres per unit of a projected system.
    pub fn metres_per_unit(&self) -> f64 {
        self.source.to_meter()
    }

    /// Degrees per unit of a geographic system.
    pub fn degrees_per_unit(&self) -> f64 {
        self.degrees_per_unit
    }

    /// Whether the definition states how to transform the system's datum to WGS 84.
    pub fn has_datum_shift(&self) -> bool {
        self.has_shift
    }

    /// Returns WGS 84 longitude and latitude, in degrees, of a point in the system's coordinates. Coordinates are east
    /// before north whatever the registry's axis order, as in GeoTIFF and world files. Longitudes are in -180 to 180.
    /// Returns `None` outside what the projection can map.
    pub fn to_wgs84(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        if !x.is_finite() || !y.is_finite() {
            return None;
        }
        let mut point = if self.is_geographic() {
            let (lon, lat) = (x * self.degrees_per_unit, y * self.degrees_per_unit);
            // Some images use longitudes from 0 to 360; values more than one turn beyond that are not longitudes.
            if lon.abs() > 540.0 || lat.abs() > 90.0 + SLACK {
                return None;
            }
            (lon.to_radians(), lat.clamp(-90.0, 90.0).to_radians(), 0.0)
        } else {
            (x, y, 0.0)
        };
        transform(&self.source, &self.wgs84, &mut point).ok()?;
        let (lon, lat) = (point.0.to_degrees(), point.1.to_degrees());
        (lon.is_finite() && lat.abs() <= 90.0).then(|| (wrap(lon), lat))
    }
}

impl std::fmt::Debug for Crs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Crs").field(&self.label()).finish()
    }
}

/// Longitude and latitude on WGS 84.
fn wgs84() -> Option<Proj> {
    Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").ok()
}

/// Wraps a longitude into -180 to 180; both ends stay unchanged.
pub(crate) fn wrap(lon: f64) -> f64 {
    if lon.abs() <= 180.0 + SLACK {
        lon.clamp(-180.0, 180.0)
    } else {
        (lon + 180.0).rem_euclid(360.0) - 180.0
    }
}

fn name(code: u32, definition: &str) -> String {
    let utm = |datum: &str, zone: u32, half: &str| format!("{datum} / UTM zone {zone}{half}");
    match code {
        4326 => "WGS 84".into(),
        4258 => "ETRS89".into(),
        4269 => "NAD83".into(),
        3857 => "WGS 84 / Pseudo-Mercator".into(),
        32601..=32660 => utm("WGS 84", code - 32600, "N"),
        32701..=32760 => utm("WGS 84", code - 32700, "S"),
        25828..=25838 => utm("ETRS89", code - 25800, "N"),
        26901..=26923 => utm("NAD83", code - 26900, "N"),
        _ if definition.contains("+proj=longlat") => format!("EPSG:{code} (geographic)"),
        _ => format!("EPSG:{code}"),
    }
}

#[cfg(test)]
#[path = "crs_tests.rs"]
mod tests;
