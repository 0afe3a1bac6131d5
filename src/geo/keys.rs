//! The directory of GeoKeys (OGC 19-008r4, sections 7.2 and 7.4): the coordinate system of a GeoTIFF.

use super::crs::{Crs, DEGREES_PER_GRAD};
use super::error::GeoError;
use super::tags::GeoTags;

/// GTRasterType of files whose raster coordinates are pixel centres.
pub(crate) const RASTER_PIXEL_IS_POINT: u16 = 2;

/// The value of a key whose meaning the file defines by other keys.
const USER_DEFINED: u16 = 32767;

/// The values that are EPSG codes. Lower ones are codes of an abandoned revision, higher ones are private.
const EPSG_CODES: std::ops::Range<u16> = 1024..USER_DEFINED;

/// Where a key's value is stored: the tags of text and of real numbers.
const ASCII_PARAMS: u16 = 34737;
const DOUBLE_PARAMS: u16 = 34736;

/// Longest citation shown, in characters.
const CITATION: usize = 120;

/// Numbers of the keys that are read.
pub(crate) struct Key;

impl Key {
    pub(crate) const MODEL_TYPE: u16 = 1024;
    pub(crate) const RASTER_TYPE: u16 = 1025;
    const CITATION: u16 = 1026;
    const GEODETIC_CRS: u16 = 2048;
    const GEODETIC_CITATION: u16 = 2049;
    const ANGULAR_UNITS: u16 = 2054;
    const PROJECTED_CRS: u16 = 3072;
    const PROJECTED_CITATION: u16 = 3073;
    const PROJECTION: u16 = 3074;
    const LINEAR_UNITS: u16 = 3076;
}

/// What kind of coordinates GTModelType states.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Model {
    Projected,
    Geographic,
    Geocentric,
    /// None of these. The code of a geographic system in the file is only a part of the description.
    UserDefined,
}

/// The entries of a key directory, with the parameters that they point into.
pub(crate) struct KeyDirectory<'a> {
    entries: &'a [[u16; 4]],
    ascii: &'a str,
}

impl<'a> KeyDirectory<'a> {
    /// Reads the directory of a file. Fails if it is missing or truncated.
    pub(crate) fn read(tags: &'a GeoTags) -> Result<Self, GeoError> {
        let (header, _) = tags.keys.as_chunks::<4>();
        let Some((&[version, _, _, count], entries)) = header.split_first() else {
            return Err(GeoError::NoCrs);
        };
        if version != 1 || usize::from(count) > entries.len() {
            return Err(GeoError::Tags(
                "its key directory is cut or of another version",
            ));
        }
        Ok(Self {
            entries: &entries[..usize::from(count)],
            ascii: &tags.ascii,
        })
    }

    /// The keys of a file without those that point beyond the stored parameters; `None` if there is no directory or it
    /// is truncated.
    pub(crate) fn within(tags: &'a GeoTags) -> Option<Vec<u16>> {
        let all = Self::read(tags).ok()?;
        let is_within = |&&[_, location, count, start]: &&[u16; 4]| {
            let length = match location {
                // The terminating zero of the text may be counted.
                ASCII_PARAMS => tags.ascii.len() + 1,
                DOUBLE_PARAMS => tags.doubles.len(),
                _ => return true,
            };
            usize::from(start) + usize::from(count) <= length
        };
        if all.entries.iter().all(|entry| is_within(&entry)) {
            return Some(tags.keys.clone());
        }
        let kept: Vec<u16> = all
            .entries
            .iter()
            .filter(is_within)
            .flatten()
            .copied()
            .collect();
        let header = [1, tags.keys[1], tags.keys[2], (kept.len() / 4) as u16];
        Some([&header[..], &kept].concat())
    }

    /// Creates the directory that names a system by its code, for PixelIsArea.
    pub(crate) fn of(code: u32, geographic: bool) -> Vec<u16> {
        let Ok(code) = u16::try_from(code) else {
            return Vec::new();
        };
        let (model, key) = if geographic {
            (2, Key::GEODETIC_CRS)
        } else {
            (1, Key::PROJECTED_CRS)
        };
        vec![
            1,
            1,
            0,
            3,
            Key::MODEL_TYPE,
            0,
            1,
            model,
            Key::RASTER_TYPE,
            0,
            1,
            1,
            key,
            0,
            1,
            code,
        ]
    }

    /// The value of a key that is one short number. Zero is "undefined" and counts as absent.
    pub(crate) fn short(&self, key: u16) -> Option<u16> {
        self.entries
            .iter()
            .find(|entry| entry[0] == key && entry[1] == 0)
            .map(|entry| entry[3])
            .filter(|&value| value != 0)
    }

    fn text(&self, key: u16) -> Option<&'a str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry[0] == key && entry[1] == ASCII_PARAMS)?;
        let start = usize::from(entry[3]);
        let text = self.ascii.get(start..start + usize::from(entry[2]))?;
        let text = text.trim_matches(|c: char| c == '|' || c == '\0' || c.is_whitespace());
        // Esri's writers put a whole definition here, starting with its name; GDAL's list the parts of a geographic
        // system.
        let text = if let Some(definition) = text.strip_prefix("ESRI PE String = ") {
            definition.split('"').nth(1).unwrap_or(definition)
        } else if let Some(parts) = text.strip_prefix("GCS Name = ") {
            parts.split('|').next().unwrap_or(parts)
        } else {
            text
        };
        // What GDAL writes if it has no name.
        (!["", "unknown", "unnamed"].contains(&text)).then_some(text)
    }

    /// The file's name for its system; empty if it gives none.
    pub(crate) fn citation(&self) -> String {
        let keys = [
            Key::PROJECTED_CITATION,
            Key::CITATION,
            Key::GEODETIC_CITATION,
        ];
        let text = keys
            .into_iter()
            .find_map(|key| self.text(key))
            .unwrap_or("");
        let mut shown: String = text
            .chars()
            .filter(|c| !c.is_control())
            .take(CITATION)
            .collect();
        if text.chars().count() > CITATION {
            shown.push('…');
        }
        shown
    }

    fn model(&self) -> Option<Model> {
        match self.short(Key::MODEL_TYPE) {
            Some(1) => Some(Model::Projected),
            Some(2) => Some(Model::Geographic),
            Some(3) => Some(Model::Geocentric),
            Some(_) => Some(Model::UserDefined),
            // Some writers rely on the code alone.
            None if self.short(Key::PROJECTED_CRS).is_some() => Some(Model::Projected),
            None => self.short(Key::GEODETIC_CRS).map(|_| Model::Geographic),
        }
    }

    /// The coordinate system that the keys name. Systems that are only described are not guessed, except UTM zones,
    /// which the codes of projection and datum determine.
    pub(crate) fn crs(&self) -> Result<Crs, GeoError> {
        let code = match self.model() {
            None => return Err(GeoError::NoCrs),
            Some(Model::Geocentric) => return Err(GeoError::Geocentric),
            Some(Model::UserDefined) => return Err(GeoError::UserDefined(self.citation())),
            Some(Model::Projected) => self.short(Key::PROJECTED_CRS),
            Some(Model::Geographic) => self.short(Key::GEODETIC_CRS),
        };
        let code = match code {
            Some(code) if EPSG_CODES.contains(&code) => code,
            Some(USER_DEFINED) | None => self
                .utm_zone()
                .ok_or_else(|| GeoError::UserDefined(self.citation()))?,
            Some(code) => {
                return Err(GeoError::UnknownCode {
                    code: code.into(),
                    citation: self.citation(),
                });
            }
        };
        let crs = Crs::from_epsg(code.into()).map_err(|error| match error {
            GeoError::UnknownCode { code, .. } => GeoError::UnknownCode {
                code,
                citation: self.citation(),
            },
            other => other,
        })?;
        self.check_units(&crs)?;
        Ok(crs)
    }

    /// The EPSG code of a UTM zone given by its projection (16001 to 16060 in the north, 16101 to 16160 in the south)
    /// and its datum's code.
    fn utm_zone(&self) -> Option<u16> {
        if self.model() != Some(Model::Projected) {
            return None;
        }
        let projection = self.short(Key::PROJECTION)?;
        let (zone, south) = match projection {
            16001..=16060 => (projection - 16000, false),
            16101..=16160 => (projection - 16100, true),
            _ => return None,
        };
        match (self.short(Key::GEODETIC_CRS)?, south) {
            (4326, false) => Some(32600 + zone),
            (4326, true) => Some(32700 + zone),
            (4258, false) if (28..=38).contains(&zone) => Some(25800 + zone),
            (4269, false) if zone <= 23 => Some(26900 + zone),
            _ => None,
        }
    }

    /// Fails if the file gives a unit other than that of the system.
    fn check_units(&self, crs: &Crs) -> Result<(), GeoError> {
        let (said, own) = if crs.is_geographic() {
            let said = match self.short(Key::ANGULAR_UNITS) {
                None => return Ok(()),
                // Degrees, and degrees in the notations of map margins.
                Some(9102 | 9107 | 9108 | 9122) => 1.0,
                Some(9101) => 180.0 / std::f64::consts::PI,
                Some(9105) => DEGREES_PER_GRAD,
                Some(_) => return Err(GeoError::Units(crs.epsg())),
            };
            (said, crs.degrees_per_unit())
        } else {
            let said = match self.short(Key::LINEAR_UNITS) {
                None | Some(USER_DEFINED) => return Ok(()),
                Some(9001) => 1.0,
                Some(9002) => 0.3048,
                Some(9003) => 1200.0 / 3937.0,
                // Rarer feet and yards: the definition decides.
                Some(_) if crs.metres_per_unit() != 1.0 => return Ok(()),
                Some(_) => return Err(GeoError::Units(crs.epsg())),
            };
            (said, crs.metres_per_unit())
        };
        if (said / own - 1.0).abs() < 1e-6 {
            Ok(())
        } else {
            Err(GeoError::Units(crs.epsg()))
        }
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
