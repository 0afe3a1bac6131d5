//! One referring expression of a dataset, as its annotations give it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::mask_file::MaskRule;
use super::rle::Rle;

/// The part of a dataset that a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// For training.
    Train,
    /// For choosing a checkpoint.
    Val,
    /// For reporting results.
    Test,
}

impl Split {
    /// All splits, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Train, Self::Val, Self::Test];

    /// `train`, `val` or `test`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Split {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Split {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|split| split.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("the split {text:?} is not one of train, val, test"))
    }
}

/// A polygon: its corners in pixels, x right, y down.
pub type Outline = Vec<[f32; 2]>;

/// Where a record's mask comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum MaskSource {
    /// An image file, and which of its grey values belong to the object.
    File {
        /// The file.
        path: PathBuf,
        /// Rule for the values that belong to the object.
        rule: MaskRule,
    },
    /// COCO run lengths of one size; the mask is their union.
    Runs(Vec<Rle>),
    /// Polygons in pixels of the image: the union of some, minus others.
    Outlines {
        /// Polygons that belong to the mask.
        filled: Vec<Outline>,
        /// Polygons that are cut out of it.
        holes: Vec<Outline>,
    },
}

/// Content of the annotations besides the mask. Area, size and bounds are never used as ground truth; `check` only
/// compares them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stated {
    /// Area of the mask in pixels.
    pub area: Option<f64>,
    /// Width and height of the image in pixels.
    pub size: Option<[usize; 2]>,
    /// Box around the object in pixels: `[x0, y0, x1, y1]`.
    pub bounds: Option<[f64; 4]>,
    /// Two numbers of the object's class, if the annotation gives two that differ.
    pub classes: Option<[i64; 2]>,
    /// The kind of phrase.
    pub kind: Option<&'static str>,
    /// Whether nothing fits the phrase, so that its mask is empty.
    pub absent: bool,
    /// Ground sample distance of the image in metres per pixel.
    pub gsd: Option<f64>,
    /// Longitude and latitude of the image's middle in degrees.
    pub place: Option<[f64; 2]>,
}

/// One referring expression: a phrase, the image it speaks of, and the mask it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its name in the dataset, for messages; meant to be unique.
    pub id: String,
    /// The image file.
    pub image: PathBuf,
    /// The referring expression, trimmed.
    pub phrase: String,
    /// The object's class, if the dataset or the phrase names it.
    pub category: Option<String>,
    /// The part of the dataset.
    pub split: Split,
    /// The mask.
    pub mask: MaskSource,
    /// Further content of the annotations.
    pub stated: Stated,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_read_as_they_are_written() {
        for split in Split::ALL {
            assert_eq!(split.to_string().parse(), Ok(split));
        }
        assert_eq!(" Train\n".parse(), Ok(Split::Train));
        assert!(
            "testA"
                .parse::<Split>()
                .is_err_and(|text| text.contains("not one of"))
        );
    }
}
