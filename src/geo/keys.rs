//! The directory of GeoKeys (OGC 19-008r4, sections 7.2 and 7.4): the coordinate system of a GeoTIFF.

use super::crs::Crs;
use super::definition::{degrees_per_unit, from_keys, utm_code};
use super::error::GeoError;
pub(crate) use super::key::{ASCII_PARAMS, DOUBLE_PARAMS, Key, KeyWriter, USER_DEFINED};
use super::tags::GeoTags;

/// GTRasterType of files whose raster coordinates are pixel centres.
pub(crate) const RASTER_PIXEL_IS_POINT: u16 = 2;

/// The values that are EPSG codes. Lower ones are codes of an abandoned revision, higher ones are private.
const EPSG_CODES: std::ops::Range<u16> = 1024..USER_DEFINED;

/// What Esri's writers, and GDAL's for systems that keys cannot describe, put before a whole definition.
const DEFINITION: &str = "ESRI PE String = ";

/// Longest citation shown, in characters.
const CITATION: usize = 120;

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
    doubles: &'a [f64],
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
            doubles: &tags.doubles,
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
        let mut keys = KeyWriter::default();
        keys.short(Key::MODEL_TYPE, model);
        keys.short(Key::RASTER_TYPE, 1);
        keys.short(key, code);
        keys.finish().0
    }

    /// The value of a key that is one short number. Zero is "undefined" and counts as absent.
    pub(crate) fn short(&self, key: u16) -> Option<u16> {
        self.entries
            .iter()
            .find(|entry| entry[0] == key && entry[1] == 0)
            .map(|entry| entry[3])
            .filter(|&value| value != 0)
    }

    /// The value of a key that is one real number.
    pub(crate) fn number(&self, key: u16) -> Option<f64> {
        self.numbers(key)?.first().copied()
    }

    /// The value of a key that is real numbers.
    pub(crate) fn numbers(&self, key: u16) -> Option<Vec<f64>> {
        let is_meant = |entry: &&[u16; 4]| entry[0] == key && entry[1] == DOUBLE_PARAMS;
        let entry = self.entries.iter().find(is_meant)?;
        let start = usize::from(entry[3]);
        let values = self.doubles.get(start..start + usize::from(entry[2]))?;
        Some(values.to_vec())
    }

    /// A key's text as it is stored.
    fn stored(&self, key: u16) -> Option<&'a str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry[0] == key && entry[1] == ASCII_PARAMS)?;
        let start = usize::from(entry[3]);
        let text = self.ascii.get(start..start + usize::from(entry[2]))?;
        Some(text.trim_matches(|c: char| c == '|' || c == '\0' || c.is_whitespace()))
    }

    /// The part of a key's text that follows `label`, where GDAL lists the parts of a geographic system.
    pub(crate) fn part(&self, key: u16, label: &str) -> Option<&'a str> {
        let mut parts = self.stored(key)?.split('|');
        parts.find_map(|part| part.trim().strip_prefix(label))
    }

    fn text(&self, key: u16) -> Option<&'a str> {
        let text = self.stored(key)?;
        let text = if let Some(definition) = text.strip_prefix(DEFINITION) {
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

    /// The coordinate system that the keys name by its code or, without a usable code, describe.
    pub(crate) fn crs(&self) -> Result<Crs, GeoError> {
        let named = self.named();
        let (user_defined, error) = match named {
            Err(error @ GeoError::UserDefined(_)) => (true, error),
            Err(error @ (GeoError::UnknownCode { .. } | GeoError::Unsupported(_))) => {
                (false, error)
            }
            known => return known,
        };
        self.described().map_err(|described| match described {
            // Of a system with a code, the code says more than a description that is not complete.
            GeoError::UserDefined(_) | GeoError::Definition(_) if !user_defined => error,
            other => other,
        })
    }

    /// The system with the code in the file.
    fn named(&self) -> Result<Crs, GeoError> {
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
        self.check_units(&crs, code.into())?;
        Ok(crs)
    }

    /// The system that the file writes out, as a text or by keys.
    fn described(&self) -> Result<Crs, GeoError> {
        let texts = [
            Key::PROJECTED_CITATION,
            Key::CITATION,
            Key::GEODETIC_CITATION,
        ];
        let text = texts
            .into_iter()
            .find_map(|key| self.stored(key)?.strip_prefix(DEFINITION));
        // Esri's writers describe Web Mercator by keys as if it were Mercator's projection of the ellipsoid.
        let named = |key| Some(self.stored(key)?.contains("Web_Mercator_Auxiliary_Sphere"));
        if texts.into_iter().filter_map(named).any(|is_web| is_web) {
            return Crs::from_epsg(3857);
        }
        let by_text = text.map(Crs::from_wkt);
        if let Some(Ok(crs)) = by_text {
            return Ok(crs);
        }
        let by_keys = match self.model() {
            Some(Model::Projected) => from_keys(self, false).and_then(Crs::from_definition),
            Some(Model::Geographic) => from_keys(self, true).and_then(Crs::from_definition),
            _ => Err(GeoError::UserDefined(self.citation())),
        };
        match (by_text, by_keys) {
            (Some(Err(error)), Err(_)) => Err(error),
            (_, by_keys) => by_keys,
        }
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
        utm_code(self.short(Key::GEODETIC_CRS)?, zone, south)
    }

    /// Fails if the file gives a unit other than that of the system.
    fn check_units(&self, crs: &Crs, code: u32) -> Result<(), GeoError> {
        let (said, own) = if crs.is_geographic() {
            let Some(said) = self.short(Key::ANGULAR_UNITS) else {
                return Ok(());
            };
            let said = degrees_per_unit(said).ok_or(GeoError::Units(code))?;
            (said, crs.degrees_per_unit())
        } else {
            let said = match self.short(Key::LINEAR_UNITS) {
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
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
