//! The coordinate system in the keys of a GeoTIFF (OGC 19-008r4, section 7.4): read by its code or from its
//! description, and written in the same way.

use super::crs::Crs;
use super::definition::{from_keys, to_keys};
use super::error::GeoError;
use super::key::{Key, KeyWriter, USER_DEFINED};
use super::keys::KeyDirectory;
use super::units::degrees_per_unit;
use super::utm::utm_code;
use crate::rare::Rare;

/// The values that are EPSG codes. Lower ones are codes of an abandoned revision, higher ones are private.
const EPSG_CODES: std::ops::Range<u16> = 1024..USER_DEFINED;

/// What kind of coordinates GTModelType states.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Model {
    Projected,
    Geographic,
    Geocentric,
    /// Any other kind. The code of a geographic system in the file is only a part of the description.
    UserDefined,
}

/// The coordinate system that the keys name by a code or, if they have no usable code, describe.
pub(crate) fn crs_of(keys: &KeyDirectory<'_>) -> Result<Crs, GeoError> {
    let (user_defined, error) = match named(keys) {
        Err(error @ GeoError::UserDefined(_)) => (true, error),
        Err(error @ (GeoError::UnknownCode { .. } | GeoError::Unsupported(_))) => (false, error),
        known => return known,
    };
    described(keys).map_err(|described| match described {
        // If a system has a code, the code is more informative than an incomplete description.
        GeoError::UserDefined(_) | GeoError::Definition(_) if !user_defined => error,
        other => other,
    })
}

/// The keys of a system for PixelIsArea: its code, or its description if it has none. `None` if neither can be written.
pub(crate) fn keys_of(crs: &Crs) -> Option<KeyWriter> {
    let Some(code) = crs.epsg() else {
        return crs.definition().map(to_keys);
    };
    let code = u16::try_from(code).ok()?;
    let (model, key) = if crs.is_geographic() {
        (2, Key::GEODETIC_CRS)
    } else {
        (1, Key::PROJECTED_CRS)
    };
    let mut keys = KeyWriter::default();
    keys.short(Key::MODEL_TYPE, model);
    keys.short(Key::RASTER_TYPE, 1);
    keys.short(key, code);
    Some(keys)
}

fn model(keys: &KeyDirectory<'_>) -> Option<Model> {
    match keys.short(Key::MODEL_TYPE) {
        Some(1) => Some(Model::Projected),
        Some(2) => Some(Model::Geographic),
        Some(3) => Some(Model::Geocentric),
        Some(_) => Some(Model::UserDefined),
        // Some writers rely on the code alone.
        None if keys.short(Key::PROJECTED_CRS).is_some() => Some(Model::Projected),
        None => keys.short(Key::GEODETIC_CRS).map(|_| Model::Geographic),
    }
}

/// The system with the code in the file.
fn named(keys: &KeyDirectory<'_>) -> Result<Crs, GeoError> {
    let code = match model(keys) {
        None => return Err(GeoError::NoCrs),
        Some(Model::Geocentric) => return Err(GeoError::Geocentric),
        Some(Model::UserDefined) => return Err(GeoError::UserDefined(keys.citation())),
        Some(Model::Projected) => keys.short(Key::PROJECTED_CRS),
        Some(Model::Geographic) => keys.short(Key::GEODETIC_CRS),
    };
    let code = match code {
        Some(code) if EPSG_CODES.contains(&code) => code,
        Some(USER_DEFINED) | None => {
            utm_zone(keys).ok_or_else(|| GeoError::UserDefined(keys.citation()))?
        }
        Some(code) => {
            return Err(GeoError::UnknownCode {
                code: code.into(),
                citation: keys.citation(),
            });
        }
    };
    let crs = Crs::from_epsg(code.into()).map_err(|error| match error {
        GeoError::UnknownCode { code, .. } => GeoError::UnknownCode {
            code,
            citation: keys.citation(),
        },
        other => other,
    })?;
    check_units(keys, &crs, code.into())?;
    Ok(crs)
}

/// The system that the file writes out, as a text or by keys.
fn described(keys: &KeyDirectory<'_>) -> Result<Crs, GeoError> {
    let texts = [
        Key::PROJECTED_CITATION,
        Key::CITATION,
        Key::GEODETIC_CITATION,
    ];
    let text = texts.into_iter().find_map(|key| keys.definition(key));
    // Esri's writers describe Web Mercator by keys as if it were Mercator's projection of the ellipsoid.
    let named = |key| Some(keys.stored(key)?.contains("Web_Mercator_Auxiliary_Sphere"));
    if texts.into_iter().filter_map(named).any(|is_web| is_web) {
        return Crs::from_epsg(3857);
    }
    let by_text = text.map(Crs::from_wkt);
    if let Some(Ok(crs)) = by_text {
        return Ok(crs);
    }
    let by_keys = match model(keys) {
        Some(Model::Projected) => from_its_keys(keys, false),
        Some(Model::Geographic) => from_its_keys(keys, true),
        _ => Err(GeoError::UserDefined(keys.citation())),
    };
    match (by_text, by_keys) {
        (Some(Err(error)), Err(_)) => Err(error),
        (_, by_keys) => by_keys,
    }
}

/// The system that the keys describe.
fn from_its_keys(keys: &KeyDirectory<'_>, is_geographic: bool) -> Result<Crs, GeoError> {
    Rare::WrittenOut.check()?;
    from_keys(keys, is_geographic).and_then(Crs::from_definition)
}

/// The EPSG code of a UTM zone given by its projection (16001 to 16060 in the north, 16101 to 16160 in the south)
/// and its datum's code.
fn utm_zone(keys: &KeyDirectory<'_>) -> Option<u16> {
    if model(keys) != Some(Model::Projected) {
        return None;
    }
    let projection = keys.short(Key::PROJECTION)?;
    let (zone, south) = match projection {
        16001..=16060 => (projection - 16000, false),
        16101..=16160 => (projection - 16100, true),
        _ => return None,
    };
    utm_code(keys.short(Key::GEODETIC_CRS)?, zone, south)
}

/// Fails if the file's unit differs from the system's.
fn check_units(keys: &KeyDirectory<'_>, crs: &Crs, code: u32) -> Result<(), GeoError> {
    let (said, own) = if crs.is_geographic() {
        let Some(said) = keys.short(Key::ANGULAR_UNITS) else {
            return Ok(());
        };
        let said = degrees_per_unit(said).ok_or(GeoError::Units(code))?;
        (said, crs.degrees_per_unit())
    } else {
        let said = match keys.short(Key::LINEAR_UNITS) {
            None | Some(USER_DEFINED) => return Ok(()),
            Some(9001) => 1.0,
            Some(9002) => 0.3048,
            Some(9003) => 1200.0 / 3937.0,
            // Rarer feet and yards: the definition decides.
            Some(_) if crs.metres_per_unit() != 1.0 => return Ok(()),
            Some(_) => return Err(GeoError::Units(code)),
        };
        (said, crs.metres_per_unit())
    };
    if (said / own - 1.0).abs() < 1e-6 {
        Ok(())
    } else {
        Err(GeoError::Units(code))
    }
}

#[cfg(test)]
#[path = "crs_keys_tests.rs"]
mod tests;
