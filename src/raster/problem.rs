//! Problems of a TIFF, before the file's name is added.

use std::io::{self, ErrorKind};

use crate::rare::NeedsFull;

/// Advice: store the same samples in a supported way.
pub const REWRITE: &str =
    "rewrite it, for example with gdal_translate -co TILED=YES -co COMPRESS=DEFLATE";
/// Advice: convert luma and chroma, or Lab, to red, green and blue.
pub const TO_RGB: &str =
    "convert its colours, for example with gdal_translate -co PHOTOMETRIC=RGB -co COMPRESS=DEFLATE";
/// Advice: keep the real part of complex numbers.
pub const REAL_PART: &str = "keep its real part, for example with gdal_translate -ot Float32";
/// Advice: convert inks to red, green and blue, which GDAL cannot do.
pub const FROM_INKS: &str = "convert it to RGB in an image editor or with magick IN.tif -colorspace sRGB OUT.tif, which \
     drops its georeferencing";

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file ends too early.
    CutShort(String),
    /// The file is not valid.
    Damaged(String),
    /// The file is of a kind that is not supported.
    Unsupported {
        /// What it has.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// No block is in the file.
    NoPixels {
        /// Width that it states.
        width: usize,
        /// Height that it states.
        height: usize,
    },
    /// The file has something that only the full module reads, and this is the small one.
    NeedsFull(NeedsFull),
    /// The reader failed.
    Unreadable(String),
}

impl Problem {
    /// A damaged file.
    pub fn damaged(reason: impl Into<String>) -> Self {
        Self::Damaged(reason.into())
    }

    /// A file of a kind that is not supported.
    pub fn unsupported(found: impl Into<String>, advice: &'static str) -> Self {
        Self::Unsupported {
            found: found.into(),
            advice,
        }
    }
}

impl From<NeedsFull> for Problem {
    fn from(needs: NeedsFull) -> Self {
        Self::NeedsFull(needs)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::CutShort("its end is missing".to_owned()),
            ErrorKind::InvalidData => Self::Damaged(error.to_string()),
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
