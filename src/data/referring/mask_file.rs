//! Masks stored as images: grey values, and which of them belong to the object.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::files::{ImageFileError, read_image};
use crate::vision::{Mask, RgbImage};

/// Which grey values of a mask image, 0 to 255, belong to the object. Published loaders use different rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MaskRule {
    /// All values except 0 (RSRefSeg2).
    NonZero,
    /// All values above a limit, which is 50 in FIANet for RefSegRS.
    Above(u8),
    /// A single value, which is 255 in SegEarth-R1 for RefSegRS.
    Exactly(u8),
}

impl MaskRule {
    /// Whether a grey value belongs to the object.
    pub fn holds(self, value: u8) -> bool {
        match self {
            Self::NonZero => value != 0,
            Self::Above(limit) => value > limit,
            Self::Exactly(wanted) => value == wanted,
        }
    }
}

impl fmt::Display for MaskRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonZero => f.write_str("nonzero"),
            Self::Above(limit) => write!(f, ">{limit}"),
            Self::Exactly(wanted) => write!(f, "={wanted}"),
        }
    }
}

impl FromStr for MaskRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let value = |rest: &str| rest.trim_start_matches('=').trim().parse();
        let parsed = match text.split_at_checked(1) {
            _ if text == "nonzero" => Ok(Self::NonZero),
            Some((">", rest)) => value(rest).map(Self::Above),
            Some(("=", rest)) => value(rest).map(Self::Exactly),
            _ => return Err(rule_error(text)),
        };
        parsed.map_err(|_| rule_error(text))
    }
}

fn rule_error(text: &str) -> String {
    format!("{text:?} is not a rule for masks: give nonzero, >N or =N with N from 0 to 255")
}

/// The grey values of a mask image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyMask {
    width: usize,
    height: usize,
    values: Vec<u8>,
}

impl GreyMask {
    /// Reads a mask image. Colours become grey with the weights of ITU-R BT.601, 16 bits are scaled to 8.
    ///
    /// # Errors
    /// See [`ImageFileError`].
    pub fn read(path: &Path) -> Result<Self, ImageFileError> {
        Ok(Self::from_image(&read_image(path)?))
    }

    fn from_image(image: &RgbImage) -> Self {
        let grey = |pixel: &[u8]| {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
            ((299 * r + 587 * g + 114 * b + 500) / 1000) as u8
        };
        Self {
            width: image.width(),
            height: image.height(),
            values: image.pixels().chunks_exact(3).map(grey).collect(),
        }
    }

    /// The mask according to a rule.
    pub fn mask(&self, rule: MaskRule) -> Mask {
        let bits = self.values.iter().map(|&value| rule.holds(value)).collect();
        Mask::new(self.width, self.height, bits)
    }

    /// Number of distinct grey values.
    pub fn levels(&self) -> usize {
        let mut seen = [false; 256];
        for &value in &self.values {
            seen[usize::from(value)] = true;
        }
        seen.iter().filter(|&&seen| seen).count()
    }

    /// Number of pixels that are neither 0 nor 255, which the rules of published code treat differently.
    pub fn undecided(&self) -> usize {
        let between = |&&value: &&u8| value != 0 && value != 255;
        self.values.iter().filter(between).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_written() {
        for rule in [
            MaskRule::NonZero,
            MaskRule::Above(50),
            MaskRule::Exactly(255),
        ] {
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        assert_eq!("==255".parse(), Ok(MaskRule::Exactly(255)));
        for text in ["", ">", ">300", "50", "é"] {
            assert!(text.parse::<MaskRule>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_rules_part_where_the_mask_is_not_binary() {
        let pixels = [[0; 3], [1; 3], [50; 3], [51; 3], [255; 3], [128, 0, 0]].concat();
        let image = RgbImage::new(6, 1, pixels).expect("six pixels");
        let grey = GreyMask::from_image(&image);
        assert_eq!(grey.values, [0, 1, 50, 51, 255, 38]);
        assert_eq!((grey.levels(), grey.undecided()), (6, 4));
        let areas = [
            MaskRule::NonZero,
            MaskRule::Above(50),
            MaskRule::Exactly(255),
        ];
        assert_eq!(areas.map(|rule| grey.mask(rule).area()), [5, 2, 1]);
    }
}
