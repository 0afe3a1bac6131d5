//! The keys of a GeoTIFF that describe a coordinate system without a code, as GDAL writes and reads them.

use super::super::key::{Key, KeyWriter, USER_DEFINED};
use super::super::units::length_code;
use super::conversion::{Conversion, same};
use super::{Base, Definition};

/// Code of the degree, and of the metre.
const DEGREE: u16 = 9102;
const METRE: u16 = 9001;
/// Values of GTModelType.
const PROJECTED: u16 = 1;
const GEOGRAPHIC: u16 = 2;

/// The keys of a system, for PixelIsArea.
pub(crate) fn to_keys(definition: &Definition) -> KeyWriter {
    let mut keys = KeyWriter::default();
    let is_projected = definition.conversion.is_some();
    keys.short(
        Key::MODEL_TYPE,
        if is_projected { PROJECTED } else { GEOGRAPHIC },
    );
    keys.short(Key::RASTER_TYPE, 1);
    keys.text(Key::CITATION, &definition.title());
    base(&mut keys, &definition.base, definition);
    if let Some(conversion) = &definition.conversion {
        keys.short(Key::PROJECTED_CRS, USER_DEFINED);
        keys.short(Key::PROJECTION, USER_DEFINED);
        match length_code(definition.unit) {
            Some(code) => keys.short(Key::LINEAR_UNITS, code),
            None => {
                keys.short(Key::LINEAR_UNITS, USER_DEFINED);
                keys.number(Key::LINEAR_UNIT_SIZE, definition.unit);
            }
        }
        projection(&mut keys, conversion, definition.unit);
    }
    keys
}

fn base(keys: &mut KeyWriter, base: &Base, definition: &Definition) {
    keys.short(Key::GEODETIC_CRS, base.code.unwrap_or(USER_DEFINED));
    if base.code.is_none() {
        let name = if base.datum.is_empty() {
            "unknown"
        } else {
            &base.datum
        };
        keys.text(
            Key::GEODETIC_CITATION,
            &format!("GCS Name = {name}|Datum = {name}|Ellipsoid = unknown|Primem = unknown|"),
        );
        keys.short(Key::DATUM, USER_DEFINED);
        keys.short(Key::ELLIPSOID, USER_DEFINED);
        keys.number(Key::SEMI_MAJOR, base.ellipsoid.semi_major);
        if base.ellipsoid.inverse_flattening == 0.0 {
            keys.number(Key::SEMI_MINOR, base.ellipsoid.semi_major);
        } else {
            keys.number(Key::INVERSE_FLATTENING, base.ellipsoid.inverse_flattening);
        }
        let meridian = if base.meridian == 0.0 {
            8901
        } else {
            USER_DEFINED
        };
        keys.short(Key::PRIME_MERIDIAN, meridian);
        keys.number(Key::MERIDIAN_LONGITUDE, base.meridian);
    }
    if let Some(shift) = &base.shift {
        keys.numbers(Key::TO_WGS84, shift);
    }
    // Angles are written in degrees, even on a system whose own coordinates are in another unit.
    match &definition.conversion {
        None if definition.unit != 1.0 => {
            keys.short(Key::ANGULAR_UNITS, USER_DEFINED);
            keys.number(Key::ANGULAR_UNIT_SIZE, definition.unit.to_radians());
        }
        _ => keys.short(Key::ANGULAR_UNITS, DEGREE),
    }
    keys.short(Key::GEODETIC_LINEAR_UNITS, METRE);
}

fn projection(keys: &mut KeyWriter, conversion: &Conversion, unit: f64) {
    let origin = conversion.origin();
    let mut latitude = origin.latitude;
    let (mut at, mut scale) = (
        [
            Key::NATURAL_LATITUDE,
            Key::NATURAL_LONGITUDE,
            Key::FALSE_EASTING,
            Key::FALSE_NORTHING,
        ],
        Some(Key::NATURAL_SCALE),
    );
    let code = match conversion {
        Conversion::TransverseMercator(_) => 1,
        Conversion::LambertConic(_, [first, second])
            if same(*first, *second) && same(*first, latitude) =>
        {
            9
        }
        Conversion::LambertConic(_, parallels) => {
            write_parallels(keys, parallels);
            at = [
                Key::FALSE_LATITUDE,
                Key::FALSE_LONGITUDE,
                Key::FALSE_ORIGIN_EASTING,
                Key::FALSE_ORIGIN_NORTHING,
            ];
            scale = None;
            8
        }
        Conversion::Albers(_, parallels) => {
            write_parallels(keys, parallels);
            scale = None;
            11
        }
        Conversion::Mercator(_, parallel) => {
            if *parallel != 0.0 {
                keys.number(Key::FIRST_PARALLEL, *parallel);
                scale = None;
            }
            7
        }
        // On WGS 84 it has a code, so this is not reached; on other datums readers mistake it for Mercator.
        Conversion::WebMercator(_) => 7,
        Conversion::PolarStereographic(_, parallel) => {
            latitude = *parallel;
            at[1] = Key::STRAIGHT_LONGITUDE;
            15
        }
        Conversion::ObliqueMercator(_, [azimuth, angle], at_centre) => {
            keys.number(Key::AZIMUTH, *azimuth);
            keys.number(Key::GRID_ANGLE, *angle);
            (at[0], at[1]) = (Key::CENTRE_LATITUDE, Key::CENTRE_LONGITUDE);
            scale = Some(Key::CENTRE_SCALE);
            if *at_centre { 9815 } else { 3 }
        }
    };
    keys.short(Key::TRANSFORM, code);
    let values = [
        latitude,
        origin.longitude,
        origin.easting / unit,
        origin.northing / unit,
    ];
    for (key, value) in at.into_iter().zip(values) {
        keys.number(key, value);
    }
    if let Some(key) = scale {
        keys.number(key, origin.scale);
    }
}

fn write_parallels(keys: &mut KeyWriter, [first, second]: &[f64; 2]) {
    keys.number(Key::FIRST_PARALLEL, *first);
    keys.number(Key::SECOND_PARALLEL, *second);
}
