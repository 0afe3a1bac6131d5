//! Why a scene cannot be read.

use std::path::{Path, PathBuf};

use thiserror::Error;
use tiff::{TiffError, TiffFormatError};

use super::level::MAX_PIECE_BYTES;
use crate::files::ImageFileError;
use crate::vision::ImageError;

/// Why a scene's file, or a part of it, cannot be read.
#[derive(Debug, Error)]
pub enum RasterError {
    /// The file does not exist, is not readable, or is not a picture.
    #[error(transparent)]
    File(#[from] ImageFileError),
    /// A file of another kind.
    #[error("{} is {found}, not an image: {advice}", path.display())]
    OtherKind {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A TIFF that is truncated or not valid.
    #[error("{} is truncated or damaged ({reason}): copy or download it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A TIFF with a header and nothing else.
    #[error(
        "{} states {width} x {height} pixels but contains none of them: it is a header only; copy or \
         export it again",
        path.display()
    )]
    NoPixels {
        /// The file.
        path: PathBuf,
        /// Width that it states.
        width: usize,
        /// Height that it states.
        height: usize,
    },
    /// A TIFF of a kind that is not supported.
    #[error(
        "{} has {found}, which is not supported: convert it, for example with gdal_translate -co TILED=YES \
         -co COMPRESS=DEFLATE",
        path.display()
    )]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it has.
        found: String,
    },
    /// A part that is not a valid image.
    #[error(transparent)]
    Part(#[from] ImageError),
}

impl RasterError {
    /// Converts the decoder's error for `path`.
    pub(super) fn from_tiff(path: &Path, error: TiffError) -> Self {
        let damaged = |reason: &dyn ToString| Self::Damaged {
            path: path.into(),
            reason: reason.to_string(),
        };
        match error {
            TiffError::UnsupportedError(what) => {
                let what = what.to_string();
                Self::unsupported(path, &what.trim_end_matches(" is unsupported"))
            }
            TiffError::LimitsExceeded => {
                let found = format!("pieces of more than {} MB", MAX_PIECE_BYTES >> 20);
                Self::unsupported(path, &found)
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

    pub(super) fn unsupported(path: &Path, found: &dyn ToString) -> Self {
        Self::Unsupported {
            path: path.into(),
            found: found.to_string(),
        }
    }
}
