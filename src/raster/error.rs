//! Why a scene cannot be read.

use thiserror::Error;
use tiff::{TiffError, TiffFormatError};

use super::level::MAX_PIECE_BYTES;
#[cfg(feature = "native")]
use crate::files::ImageFileError;
use crate::vision::ImageError;

/// Why a scene's file, or a part of it, cannot be read.
#[derive(Debug, Error)]
pub enum RasterError {
    /// The file does not exist, is not readable, or is not a picture.
    #[cfg(feature = "native")]
    #[error(transparent)]
    File(#[from] ImageFileError),
    /// A file of another kind.
    #[error("{name} is {found}, not an image: {advice}")]
    OtherKind {
        /// Name of the file.
        name: String,
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A TIFF that is truncated or not valid.
    #[error("{name} is truncated or damaged ({reason}): copy or download it again")]
    Damaged {
        /// Name of the file.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A TIFF with a header and nothing else.
    #[error(
        "{name} states {width} x {height} pixels but contains none of them: it is a header only; copy or \
         export it again"
    )]
    NoPixels {
        /// Name of the file.
        name: String,
        /// Width that it states.
        width: usize,
        /// Height that it states.
        height: usize,
    },
    /// A TIFF of a kind that is not supported.
    #[error(
        "{name} has {found}, which is not supported: convert it, for example with gdal_translate -co TILED=YES \
         -co COMPRESS=DEFLATE"
    )]
    Unsupported {
        /// Name of the file.
        name: String,
        /// What it has.
        found: String,
    },
    /// A part that is not a valid image.
    #[error(transparent)]
    Part(#[from] ImageError),
}

impl RasterError {
    /// Converts the decoder's error for the file `name`.
    pub(super) fn from_tiff(name: &str, error: TiffError) -> Self {
        let damaged = |reason: &dyn ToString| Self::Damaged {
            name: name.into(),
            reason: reason.to_string(),
        };
        match error {
            TiffError::UnsupportedError(what) => {
                let what = what.to_string();
                Self::unsupported(name, &what.trim_end_matches(" is unsupported"))
            }
            TiffError::LimitsExceeded => {
                let found = format!("pieces of more than {} MB", MAX_PIECE_BYTES >> 20);
                Self::unsupported(name, &found)
            }
            TiffError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                damaged(&"its end is missing")
            }
            TiffError::FormatError(TiffFormatError::CompressedDataCorrupt(reason)) => {
                damaged(&reason)
            }
            other => damaged(&other),
        }
    }

    pub(super) fn unsupported(name: &str, found: &dyn ToString) -> Self {
        Self::Unsupported {
            name: name.into(),
            found: found.to_string(),
        }
    }
}
