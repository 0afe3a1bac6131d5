//! Why a JPEG is not decoded.

use thiserror::Error;

/// Why a JPEG is not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JpegError {
    /// The file ends before its picture does.
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
    /// What is wrong with a file in which the data of the picture ended early: a file that has its end marker has lost
    /// no end, so its data is damaged before it.
    pub(super) fn in_file(self, bytes: &[u8]) -> Self {
        let end = bytes
            .iter()
            .rposition(|&byte| byte != 0)
            .map_or(0, |last| last + 1);
        match self {
            Self::CutShort if bytes[..end].ends_with(&[0xff, 0xd9]) => {
                Self::Damaged("a part of the data of the JPEG is missing or wrong")
            }
            other => other,
        }
    }

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
