//! Why a JPEG is not decoded.

use thiserror::Error;

/// Why a JPEG is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JpegError {
    /// The entropy-coded data ends before the last block, passes are missing, or there is no end marker.
    #[error("the JPEG data ends before the end of the picture")]
    CutShort,
    /// The data breaks the format.
    #[error("{0}")]
    Damaged(&'static str),
    /// A kind of JPEG that is not supported.
    #[error("{0}")]
    Unsupported(&'static str),
    /// More pixels than [`crate::vision::MAX_PIXELS`].
    #[error("{width} x {height} pixels are over the limit of 300 million")]
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
}

impl JpegError {
    /// Its kind, for the page: `cutShort`, `damaged`, `unsupported` or `tooLarge`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CutShort => "cutShort",
            Self::Damaged(_) => "damaged",
            Self::Unsupported(_) => "unsupported",
            Self::TooLarge { .. } => "tooLarge",
        }
    }
}
