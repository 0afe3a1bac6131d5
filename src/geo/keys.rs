//! The directory of GeoKeys in a GeoTIFF (OGC 19-008r4, section 7.2).

use super::error::GeoError;
use super::key::{ASCII_PARAMS, DOUBLE_PARAMS, Key};

/// GTRasterType of files whose raster coordinates are pixel centres.
pub(crate) const RASTER_PIXEL_IS_POINT: u16 = 2;

/// What Esri's writers, and GDAL's for systems that keys cannot describe, put before a whole definition.
const DEFINITION: &str = "ESRI PE String = ";

/// Longest citation shown, in characters.
const CITATION: usize = 120;

/// The entries of a key directory, with the parameters that they point into.
pub(crate) struct KeyDirectory<'a> {
    header: &'a [u16; 4],
    entries: &'a [[u16; 4]],
    ascii: &'a str,
    doubles: &'a [f64],
}

impl<'a> KeyDirectory<'a> {
    /// Reads the directory of a file from the values of its three tags: GeoKeyDirectory, GeoDoubleParams and
    /// GeoAsciiParams. Fails if it is missing or truncated.
    pub(crate) fn read(
        keys: &'a [u16],
        doubles: &'a [f64],
        ascii: &'a str,
    ) -> Result<Self, GeoError> {
        let (header, _) = keys.as_chunks::<4>();
        let Some((header, entries)) = header.split_first() else {
            return Err(GeoError::NoCrs);
        };
        let &[version, _, _, count] = header;
        if version != 1 || usize::from(count) > entries.len() {
            return Err(GeoError::Tags(
                "its key directory is cut or of another version",
            ));
        }
        Ok(Self {
            header,
            entries: &entries[..usize::from(count)],
            ascii,
            doubles,
        })
    }

    /// The directory without the keys that point beyond the stored parameters; `None` if there are no keys.
    pub(crate) fn without_stray(&self) -> Option<Vec<u16>> {
        let is_within = |&&[_, location, count, start]: &&[u16; 4]| {
            let length = match location {
                // The terminating zero of the text may be counted.
                ASCII_PARAMS => self.ascii.len() + 1,
                DOUBLE_PARAMS => self.doubles.len(),
                _ => return true,
            };
            usize::from(start) + usize::from(count) <= length
        };
        if self.entries.iter().all(|entry| is_within(&entry)) {
            return None;
        }
        let kept: Vec<u16> = self
            .entries
            .iter()
            .filter(is_within)
            .flatten()
            .copied()
            .collect();
        let [_, revision, minor, _] = *self.header;
        let header = [1, revision, minor, (kept.len() / 4) as u16];
        Some([&header[..], &kept].concat())
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
    pub(crate) fn stored(&self, key: u16) -> Option<&'a str> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry[0] == key && entry[1] == ASCII_PARAMS)?;
        let start = usize::from(entry[3]);
        let text = self.ascii.get(start..start + usize::from(entry[2]))?;
        Some(text.trim_matches(|c: char| c == '|' || c == '\0' || c.is_whitespace()))
    }

    /// The definition in well-known text, if a key's text is one.
    pub(crate) fn definition(&self, key: u16) -> Option<&'a str> {
        self.stored(key)?.strip_prefix(DEFINITION)
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
        // The text that GDAL writes if it has no name.
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
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
