//! Why a scene cannot be read.

use std::path::{Path, PathBuf};

use thiserror::Error;
use tiff::{TiffError, TiffFormatError};

use super::level::MAX_PIECE_BYTES;
use crate::data::ImageFileError;
use crate::vision::ImageError;

/// Why a scene's file cannot be opened, or a part of it not read.
#[derive(Debug, Error)]
pub enum RasterError {
    /// The file is not there, not readable, or no picture.
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
    /// A TIFF that is not all there or not valid.
    #[error("{} is truncated or damaged ({reason}): copy or download it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A TIFF with a header and nothing else.
    #[error(
        "{} says that it is {width} x {height} pixels but has none of them: it is a header only; copy or \
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
    /// A TIFF of a kind that is not read.
    #[error(
        "{} has {found}, which is not read: rewrite it, for example with gdal_translate -co TILED=YES \
         -co COMPRESS=DEFLATE",
        path.display()
    )]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it has.
        found: String,
    },
    /// A part that is no image.
    #[error(transparent)]
    Part(#[from] ImageError),
}

impl RasterError {
    /// The error for `path` that fits what the decoder said.
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
