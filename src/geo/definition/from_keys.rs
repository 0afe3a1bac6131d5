//! Coordinate systems by the keys of a GeoTIFF that describe them (OGC 19-008r4, sections 7.5 and 7.6).

use super::super::error::GeoError;
use super::super::key::{Key, USER_DEFINED};
use super::super::keys::KeyDirectory;
use super::super::units::{degrees_per_unit, exact_metres, metres_per_unit};
use super::Definition;
use super::base::{Base, Ellipsoid};
use super::conversion::Conversion;
use super::method::Method;
use super::parameters::{Parameter, Parameters};

/// Degrees of the prime meridians of the codes 8901 to 8913 (EPSG registry).
const MERIDIANS: [f64; 13] = [
    0.0,
    -9.131_906_111_111_112,
    2.337_229_17,
    -74.080_916_666_666_67,
    -3.687_938_888_888_889,
    12.452_333_333_333_334,
    7.439_583_333_333_333,
    106.807_719_444_444_44,
    -17.666_666_666_666_668,
    4.367_975,
    18.058_277_777_777_78,
    23.716_337_5,
    10.722_916_666_666_666,
];

/// The keys from which each parameter is read; the first one that the file has is used. Writers disagree on which of
/// them belongs to which projection.
const PARAMETERS: [(Parameter, &[u16]); 9] = [
    (
        Parameter::Latitude,
        &[
            Key::NATURAL_LATITUDE,
            Key::FALSE_LATITUDE,
            Key::CENTRE_LATITUDE,
        ],
    ),
    (
        Parameter::Longitude,
        &[
            Key::STRAIGHT_LONGITUDE,
            Key::NATURAL_LONGITUDE,
            Key::FALSE_LONGITUDE,
            Key::CENTRE_LONGITUDE,
        ],
    ),
    (Parameter::Scale, &[Key::NATURAL_SCALE, Key::CENTRE_SCALE]),
    (
        Parameter::Easting,
        &[
            Key::FALSE_EASTING,
            Key::FALSE_ORIGIN_EASTING,
            Key::CENTRE_EASTING,
        ],
    ),
    (
        Parameter::Northing,
        &[
            Key::FALSE_NORTHING,
            Key::FALSE_ORIGIN_NORTHING,
            Key::CENTRE_NORTHING,
        ],
    ),
    (Parameter::FirstParallel, &[Key::FIRST_PARALLEL]),
    (Parameter::SecondParallel, &[Key::SECOND_PARALLEL]),
    (Parameter::Azimuth, &[Key::AZIMUTH]),
    (Parameter::GridAngle, &[Key::GRID_ANGLE]),
];

/// The system that the keys describe.
///
/// # Errors
/// Fails if the keys describe no system, or if its projection, unit or ellipsoid is unknown, which the message
/// names.
pub(crate) fn from_keys(keys: &KeyDirectory<'_>, geographic: bool) -> Result<Definition, GeoError> {
    let turn = angle(keys)?;
    let name = keys.citation();
    if geographic {
        return Ok(Definition {
            name,
            base: base(keys, turn)?,
            conversion: None,
            unit: turn,
        });
    }
    let code = match keys.short(Key::TRANSFORM) {
        Some(code) if code != USER_DEFINED => code,
        _ => {
            return Err(match keys.short(Key::PROJECTION) {
                Some(code) if code != USER_DEFINED => {
                    GeoError::Projection(format!("with code {code}"))
                }
                _ => GeoError::UserDefined(name),
            });
        }
    };
    let method =
        Method::of_code(code).ok_or_else(|| GeoError::Projection(Method::unsupported(code)))?;
    let unit = length(keys)?;
    let mut parameters = Parameters::default();
    for (parameter, places) in PARAMETERS {
        if let Some(value) = places.iter().find_map(|&key| keys.number(key)) {
            let scale = if parameter.is_length() {
                unit
            } else if parameter.is_angle() {
                turn
            } else {
                1.0
            };
            parameters.set(parameter, value * scale);
        }
    }
    Ok(Definition {
        name,
        base: base(keys, turn)?,
        conversion: Some(Conversion::new(method, &parameters)?),
        unit,
    })
}

/// Degrees per unit of angle.
fn angle(keys: &KeyDirectory<'_>) -> Result<f64, GeoError> {
    match keys.short(Key::ANGULAR_UNITS) {
        None => Ok(1.0),
        Some(USER_DEFINED) => match keys.number(Key::ANGULAR_UNIT_SIZE) {
            Some(size) if size.is_finite() && size > 0.0 => Ok(size.to_degrees()),
            _ => Err(GeoError::Definition(
                "the size of its unit of angle is missing".into(),
            )),
        },
        Some(code) => degrees_per_unit(code).ok_or_else(|| {
            GeoError::Definition(format!("its unit of angle, EPSG:{code}, is not known"))
        }),
    }
}

/// Metres per unit of length.
fn length(keys: &KeyDirectory<'_>) -> Result<f64, GeoError> {
    match keys.short(Key::LINEAR_UNITS) {
        None => Ok(1.0),
        Some(USER_DEFINED) => match keys.number(Key::LINEAR_UNIT_SIZE) {
            Some(size) if size.is_finite() && size > 0.0 => Ok(exact_metres(size)),
            _ => Err(GeoError::Definition(
                "the size of its unit of length is missing".into(),
            )),
        },
        Some(code) => metres_per_unit(code).ok_or_else(|| {
            GeoError::Definition(format!("its unit of length, EPSG:{code}, is not known"))
        }),
    }
}

fn base(keys: &KeyDirectory<'_>, turn: f64) -> Result<Base, GeoError> {
    let code = |key| keys.short(key).filter(|&code| code != USER_DEFINED);
    let named = keys.part(Key::GEODETIC_CITATION, "Datum = ");
    let datum = named.unwrap_or("");
    let known = code(Key::GEODETIC_CRS)
        .and_then(Base::of_code)
        .or_else(|| Base::of_datum(datum, code(Key::DATUM)));
    let shift = keys
        .numbers(Key::TO_WGS84)
        .filter(|shift| [3, 7].contains(&shift.len()));
    let stated = match (keys.number(Key::SEMI_MAJOR), code(Key::ELLIPSOID)) {
        (Some(axis), _) => Some(
            match (
                keys.number(Key::INVERSE_FLATTENING),
                keys.number(Key::SEMI_MINOR),
            ) {
                (Some(flattening), _) => Ellipsoid::new(axis, flattening)?,
                (None, Some(minor)) => Ellipsoid::of_axes(axis, minor)?,
                (None, None) => Ellipsoid::new(axis, 0.0)?,
            },
        ),
        (None, Some(code)) => Some(Ellipsoid::of_code(code).ok_or_else(|| {
            GeoError::Definition(format!("its ellipsoid, EPSG:{code}, is not known"))
        })?),
        (None, None) => None,
    };
    let ellipsoid = stated
        .or_else(|| known.as_ref().map(|known| known.ellipsoid.clone()))
        .ok_or_else(|| GeoError::Definition("its datum and its ellipsoid are missing".into()))?;
    let meridian = match (
        keys.number(Key::MERIDIAN_LONGITUDE),
        code(Key::PRIME_MERIDIAN),
    ) {
        (Some(longitude), _) => longitude * turn,
        (None, Some(code)) => *code
            .checked_sub(8901)
            .and_then(|index| MERIDIANS.get(usize::from(index)))
            .ok_or_else(|| {
                GeoError::Definition(format!("its prime meridian, EPSG:{code}, is not known"))
            })?,
        (None, None) => known.as_ref().map_or(0.0, |known| known.meridian),
    };
    Base::stated(known, datum, ellipsoid, meridian, shift)
}
