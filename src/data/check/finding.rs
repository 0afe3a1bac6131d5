//! What can be wrong with a record, and what is done about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::data::referring::Split;

/// One problem of a record. Sizes are width and height in pixels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A part of the annotations yields no record.
    BrokenAnnotation {
        /// What is wrong.
        reason: String,
    },
    /// The image file is missing.
    MissingImage,
    /// The file is truncated or not an image.
    DamagedImage {
        /// What the decoder reported.
        reason: String,
    },
    /// The mask file is missing.
    MissingMask,
    /// The mask image or the run lengths cannot be decoded.
    DamagedMask {
        /// What is wrong.
        reason: String,
    },
    /// Image and mask differ in size.
    SizeMismatch {
        /// Size of the image.
        image: [usize; 2],
        /// Size of the mask.
        mask: [usize; 2],
    },
    /// The size in the annotations differs from the image's size.
    WrongSize {
        /// Size in the annotations.
        stated: [usize; 2],
        /// Size of the image.
        found: [usize; 2],
    },
    /// The mask has no pixels.
    EmptyMask,
    /// The area stated in the annotations differs from the area of the mask.
    WrongArea {
        /// Area in the annotations, in pixels.
        stated: f64,
        /// Area of the mask, in pixels.
        found: usize,
    },
    /// The box in the annotations and the box around the mask have an IoU below 0.5.
    WrongBox {
        /// Box in the annotations: `x0, y0, x1, y1`.
        stated: [f64; 4],
        /// Around the mask, half-open.
        found: [usize; 4],
    },
    /// The annotation gives the object two different classes.
    TwoClasses {
        /// Their numbers.
        stated: [i64; 2],
    },
    /// The mask image has intermediate grey values, which published code treats in different ways.
    NotBinary {
        /// Number of distinct grey values.
        levels: usize,
        /// Number of pixels that are neither 0 nor 255.
        undecided: usize,
    },
    /// Another record has the same phrase for the same image, but another mask.
    DuplicatePhrase {
        /// The other record.
        other: String,
    },
    /// Another record has the same name.
    RepeatedId {
        /// Number of records with that name.
        times: usize,
    },
    /// The same pixels are in an earlier split.
    Leak {
        /// A record of that split with the same pixels.
        other: String,
        /// Its split.
        other_split: Split,
    },
    /// A very similar image is in an earlier split: the perceptual hashes differ in `distance` of 64 bits.
    NearLeak {
        /// A record of that split with the similar image.
        other: String,
        /// Its split.
        other_split: Split,
        /// Number of bits that differ.
        distance: u32,
    },
}

/// What happens to a record with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is used as it is.
    Kept,
    /// It is used with its mask resized to the image's size.
    Resized,
    /// It is skipped in training and kept in evaluation, where the protocols define how it counts.
    NotTrained,
    /// It is never used.
    LeftOut,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kept => "kept",
            Self::Resized => "mask resized",
            Self::NotTrained => "skipped in training",
            Self::LeftOut => "skipped",
        })
    }
}

impl Finding {
    /// Names of all kinds, the most severe first, as in tables.
    pub const KINDS: [&str; 16] = [
        "broken_annotation",
        "missing_image",
        "damaged_image",
        "missing_mask",
        "damaged_mask",
        "empty_mask",
        "size_mismatch",
        "leak",
        "near_leak",
        "duplicate_phrase",
        "repeated_id",
        "not_binary",
        "wrong_size",
        "wrong_box",
        "wrong_area",
        "two_classes",
    ];

    /// The name of its kind, as in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BrokenAnnotation { .. } => "broken_annotation",
            Self::MissingImage => "missing_image",
            Self::DamagedImage { .. } => "damaged_image",
            Self::MissingMask => "missing_mask",
            Self::DamagedMask { .. } => "damaged_mask",
            Self::SizeMismatch { .. } => "size_mismatch",
            Self::WrongSize { .. } => "wrong_size",
            Self::EmptyMask => "empty_mask",
            Self::WrongArea { .. } => "wrong_area",
            Self::WrongBox { .. } => "wrong_box",
            Self::TwoClasses { .. } => "two_classes",
            Self::NotBinary { .. } => "not_binary",
            Self::DuplicatePhrase { .. } => "duplicate_phrase",
            Self::RepeatedId { .. } => "repeated_id",
            Self::Leak { .. } => "leak",
            Self::NearLeak { .. } => "near_leak",
        }
    }

    /// What is done about it.
    pub fn action(&self) -> Action {
        match self {
            Self::BrokenAnnotation { .. }
            | Self::MissingImage
            | Self::DamagedImage { .. }
            | Self::MissingMask
            | Self::DamagedMask { .. } => Action::LeftOut,
            Self::EmptyMask => Action::NotTrained,
            Self::SizeMismatch { .. } => Action::Resized,
            _ => Action::Kept,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BrokenAnnotation { reason }
            | Self::DamagedImage { reason }
            | Self::DamagedMask { reason } => f.write_str(reason),
            Self::MissingImage => f.write_str("the image is missing"),
            Self::MissingMask => f.write_str("the mask is missing"),
            Self::SizeMismatch { image, mask } => write!(
                f,
                "the image is {} x {} px, its mask {} x {}",
                image[0], image[1], mask[0], mask[1]
            ),
            Self::WrongSize { stated, found } => write!(
                f,
                "the annotations say {} x {} px, the image is {} x {}",
                stated[0], stated[1], found[0], found[1]
            ),
            Self::EmptyMask => f.write_str("the mask has no pixels"),
            Self::WrongArea { stated, found } => {
                write!(f, "the annotations say {stated} px, the mask has {found}")
            }
            Self::WrongBox { stated, found } => {
                write!(
                    f,
                    "the annotations say {stated:?}, the mask's box is {found:?}"
                )
            }
            Self::TwoClasses { stated } => write!(
                f,
                "the annotation gives the object two classes, categories_id {} and category_id {}",
                stated[0], stated[1]
            ),
            Self::NotBinary { levels, undecided } => write!(
                f,
                "{levels} grey values; {undecided} pixels are neither 0 nor 255"
            ),
            Self::DuplicatePhrase { other } => {
                write!(f, "{other} has the same phrase and image, but another mask")
            }
            Self::RepeatedId { times } => write!(f, "{times} records have this name"),
            Self::Leak { other, other_split } => {
                write!(f, "{other} of {other_split} has the same pixels")
            }
            Self::NearLeak {
                other,
                other_split,
                distance,
            } => write!(
                f,
                "{other} of {other_split} inspections the same ({distance} of 64 bits differ)"
            ),
        }
    }
}

/// A finding and the record that has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The record's index, or `None` for a part of the annotations that yields no record.
    pub index: Option<usize>,
    /// The record's name.
    pub id: String,
    /// Its split, if known.
    pub split: Option<Split>,
    /// The image, as a path inside the dataset; empty if there is none.
    pub image: String,
    /// What is wrong.
    #[serde(flatten)]
    pub finding: Finding,
    /// What is done about it.
    pub action: Action,
}
