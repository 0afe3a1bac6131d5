//! World files (.jgw, .pgw, .tfw, .wld): six numbers that place an image.

use std::fmt;
use std::str::FromStr;

use super::affine::Affine;
use super::error::GeoError;

/// Longest text that is parsed, in bytes. A world file has about two hundred.
const LONGEST: usize = 4096;

/// The six numbers in the file's order: x per column, y per column, x per row, y per row, and the coordinates of the
/// upper left pixel's centre (Esri, "World files for raster datasets").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorldFile([f64; 6]);

impl WorldFile {
    /// Creates the world file of an image placed by `affine`.
    pub fn new(affine: &Affine) -> Self {
        let [x0, a, b, y0, d, e] = affine.shifted(0.5, 0.5).0;
        Self([a, d, b, e, x0, y0])
    }

    /// The transform from pixels, with corners at whole numbers, to the file's coordinates.
    pub fn affine(&self) -> Affine {
        let [a, d, b, e, x0, y0] = self.0;
        Affine([x0, a, b, y0, d, e]).shifted(-0.5, -0.5)
    }
}

impl FromStr for WorldFile {
    type Err = GeoError;

    fn from_str(text: &str) -> Result<Self, GeoError> {
        let wrong = |what: &str| GeoError::WorldFile(what.to_owned());
        if text.len() > LONGEST {
            return Err(wrong("this file is far longer"));
        }
        let text = text.trim_start_matches('\u{feff}');
        let mut numbers = [0.0; 6];
        let mut count = 0;
        for word in text.split_whitespace() {
            // In some locales programs write a decimal comma.
            let number: f64 = word
                .replace(',', ".")
                .parse()
                .map_err(|_| wrong(&format!("\"{}\" is not a number", shown(word))))?;
            if let Some(place) = numbers.get_mut(count) {
                *place = number;
            }
            count += 1;
        }
        if count != 6 {
            return Err(wrong(&format!("this file has {count}")));
        }
        let file = Self(numbers);
        if file.affine().is_usable() {
            Ok(file)
        } else {
            Err(wrong("these give the pixels no extent"))
        }
    }
}

impl fmt::Display for WorldFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for number in self.0 {
            writeln!(formatter, "{number}")?;
        }
        Ok(())
    }
}

fn shown(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_the_centre_of_the_first_pixel() {
        let file: WorldFile = "0.5\r\n0\r\n0\r\n-0.25\r\n500000.25\r\n4599999.875\r\n"
            .parse()
            .unwrap();
        // As gdalinfo prints it for an image with this world file.
        let affine = Affine([500_000.0, 0.5, 0.0, 4_600_000.0, 0.0, -0.25]);
        assert_eq!(file.affine(), affine);
        assert_eq!(WorldFile::new(&affine).to_string().parse(), Ok(file));
    }

    #[test]
    fn other_texts_are_refused_with_words() {
        for (text, part) in [
            ("", "has 0"),
            ("1 0 0 -1 5", "has 5"),
            ("1 0 0 -1 5 6 7", "has 7"),
            ("1 0 0 north 5 6", "\"north\""),
            ("0 0 0 0 5 6", "no extent"),
            ("NaN 0 0 1 5 6", "no extent"),
            (&"1 ".repeat(3000), "longer"),
        ] {
            let error = text.parse::<WorldFile>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        assert!("0,5 0 0 -0,5 3,25 4".parse::<WorldFile>().is_ok());
    }
}
