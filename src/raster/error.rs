//! Why a scene cannot be read.

use thiserror::Error;

use super::problem::Problem;
#[cfg(feature = "native")]
use crate::files::ImageFileError;
use crate::rare::NeedsFull;
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
    /// A TIFF that ends too early.
    #[error("{name} is cut short ({reason}): copy or download it again")]
    CutShort {
        /// Name of the file.
        name: String,
        /// What is missing.
        reason: String,
    },
    /// A TIFF that is not valid.
    #[error("{name} is damaged ({reason}): copy or download it again")]
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
    #[error("{name} has {found}, which is not supported: {advice}")]
    Unsupported {
        /// Name of the file.
        name: String,
        /// What it has.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A TIFF that the page's small module does not read. The full module does.
    #[error("{name} has {needs}")]
    NeedsFull {
        /// Name of the file.
        name: String,
        /// What it has.
        needs: NeedsFull,
    },
    /// The disk or the browser fails.
    #[error("{name} cannot be read ({reason}): check that it is still there and can be read")]
    Unreadable {
        /// Name of the file.
        name: String,
        /// What was reported.
        reason: String,
    },
    /// A part that is not a valid image.
    #[error(transparent)]
    Part(#[from] ImageError),
}

impl RasterError {
    /// The problem of the file `name`.
    pub(super) fn new(name: &str, problem: Problem) -> Self {
        let name = name.to_owned();
        match problem {
            Problem::CutShort(reason) => Self::CutShort { name, reason },
            Problem::Damaged(reason) => Self::Damaged { name, reason },
            Problem::Unsupported { found, advice } => Self::Unsupported {
                name,
                found,
                advice,
            },
            Problem::NoPixels { width, height } => Self::NoPixels {
                name,
                width,
                height,
            },
            Problem::NeedsFull(needs) => Self::NeedsFull { name, needs },
            Problem::Unreadable(reason) => Self::Unreadable { name, reason },
        }
    }
}
