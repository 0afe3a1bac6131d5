//! The numbers of GeoKeys (OGC 19-008r4, Annex B), and a writer of directories of them.

use crate::sorting::sort;

/// The value of a key whose meaning the file defines by other keys.
pub(crate) const USER_DEFINED: u16 = 32767;

/// Where a key's value is stored: the tags of text and of real numbers.
pub(crate) const ASCII_PARAMS: u16 = 34737;
pub(crate) const DOUBLE_PARAMS: u16 = 34736;

/// Numbers of the keys that are read and written.
pub(crate) struct Key;

impl Key {
    pub(crate) const MODEL_TYPE: u16 = 1024;
    pub(crate) const RASTER_TYPE: u16 = 1025;
    pub(crate) const CITATION: u16 = 1026;
    pub(crate) const GEODETIC_CRS: u16 = 2048;
    pub(crate) const GEODETIC_CITATION: u16 = 2049;
    pub(crate) const DATUM: u16 = 2050;
    pub(crate) const PRIME_MERIDIAN: u16 = 2051;
    pub(crate) const GEODETIC_LINEAR_UNITS: u16 = 2052;
    pub(crate) const ANGULAR_UNITS: u16 = 2054;
    pub(crate) const ANGULAR_UNIT_SIZE: u16 = 2055;
    pub(crate) const ELLIPSOID: u16 = 2056;
    pub(crate) const SEMI_MAJOR: u16 = 2057;
    pub(crate) const SEMI_MINOR: u16 = 2058;
    pub(crate) const INVERSE_FLATTENING: u16 = 2059;
    pub(crate) const MERIDIAN_LONGITUDE: u16 = 2061;
    /// GDAL's own key, which other programs read too.
    pub(crate) const TO_WGS84: u16 = 2062;
    pub(crate) const PROJECTED_CRS: u16 = 3072;
    pub(crate) const PROJECTED_CITATION: u16 = 3073;
    pub(crate) const PROJECTION: u16 = 3074;
    pub(crate) const TRANSFORM: u16 = 3075;
    pub(crate) const LINEAR_UNITS: u16 = 3076;
    pub(crate) const LINEAR_UNIT_SIZE: u16 = 3077;
    pub(crate) const FIRST_PARALLEL: u16 = 3078;
    pub(crate) const SECOND_PARALLEL: u16 = 3079;
    pub(crate) const NATURAL_LONGITUDE: u16 = 3080;
    pub(crate) const NATURAL_LATITUDE: u16 = 3081;
    pub(crate) const FALSE_EASTING: u16 = 3082;
    pub(crate) const FALSE_NORTHING: u16 = 3083;
    pub(crate) const FALSE_LONGITUDE: u16 = 3084;
    pub(crate) const FALSE_LATITUDE: u16 = 3085;
    pub(crate) const FALSE_ORIGIN_EASTING: u16 = 3086;
    pub(crate) const FALSE_ORIGIN_NORTHING: u16 = 3087;
    pub(crate) const CENTRE_LONGITUDE: u16 = 3088;
    pub(crate) const CENTRE_LATITUDE: u16 = 3089;
    pub(crate) const CENTRE_EASTING: u16 = 3090;
    pub(crate) const CENTRE_NORTHING: u16 = 3091;
    pub(crate) const NATURAL_SCALE: u16 = 3092;
    pub(crate) const CENTRE_SCALE: u16 = 3093;
    pub(crate) const AZIMUTH: u16 = 3094;
    pub(crate) const STRAIGHT_LONGITUDE: u16 = 3095;
    pub(crate) const GRID_ANGLE: u16 = 3096;
}

/// Collects keys in any order.
#[derive(Default)]
pub(crate) struct KeyWriter {
    entries: Vec<[u16; 4]>,
    doubles: Vec<f64>,
    ascii: String,
}

impl KeyWriter {
    /// Adds a key that is one short number.
    pub(crate) fn short(&mut self, key: u16, value: u16) {
        self.entries.push([key, 0, 1, value]);
    }

    /// Adds a key that is a real number.
    pub(crate) fn number(&mut self, key: u16, value: f64) {
        self.numbers(key, &[value]);
    }

    /// Adds a key that is several real numbers.
    pub(crate) fn numbers(&mut self, key: u16, values: &[f64]) {
        let start = self.doubles.len() as u16;
        self.entries
            .push([key, DOUBLE_PARAMS, values.len() as u16, start]);
        self.doubles.extend(values);
    }

    /// Adds a key that is a text. Characters outside ASCII become `?`, and the text is cut after a thousand characters.
    pub(crate) fn text(&mut self, key: u16, text: &str) {
        let plain = |c: char| if (' '..='~').contains(&c) { c } else { '?' };
        let start = self.ascii.len() as u16;
        self.ascii.extend(text.chars().map(plain).take(1000));
        self.ascii.push('|');
        let length = self.ascii.len() as u16 - start;
        self.entries.push([key, ASCII_PARAMS, length, start]);
    }

    /// The directory with its keys in rising order, as readers expect, and its parameters: keys, numbers, text.
    pub(crate) fn finish(mut self) -> (Vec<u16>, Vec<f64>, String) {
        sort(&mut self.entries);
        let header = [1, 1, 0, self.entries.len() as u16];
        let keys = [&header[..], self.entries.as_flattened()].concat();
        (keys, self.doubles, self.ascii)
    }
}
