//! What few files have: the one rule for which files the page's small scene module leaves to the full one.

use thiserror::Error;

/// Something in a file whose reader is compiled only with the feature `rare`: into the native program and the page's
/// full scene module.
///
/// Readers of files call [`Rare::check`] as soon as they meet one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rare {
    /// CCITT compression: modified Huffman, Group 3 or Group 4.
    Ccitt,
    /// JPEG XL compression.
    JpegXl,
    /// LERC compression.
    Lerc,
    /// WebP compression.
    WebP,
    /// Zstandard compression.
    Zstandard,
    /// A coordinate system that is written out.
    WrittenOut,
}

/// A file has something rare, and this is the small module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{}, which only the full module reads: open the file with that", .0.name())]
pub struct NeedsFull(pub Rare);

impl NeedsFull {
    /// The code of the JavaScript Error that tells the page to open the file with the full module.
    pub const CODE: &str = "needs-full";
}

impl Rare {
    /// Asks whether this build reads it.
    ///
    /// # Errors
    /// Fails in the small module.
    pub fn check(self) -> Result<(), NeedsFull> {
        match cfg!(feature = "rare") {
            true => Ok(()),
            false => Err(NeedsFull(self)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ccitt => "CCITT compression",
            Self::JpegXl => "JPEG XL compression",
            Self::Lerc => "LERC compression",
            Self::WebP => "WebP compression",
            Self::Zstandard => "Zstandard compression",
            Self::WrittenOut => "a coordinate system that is written out",
        }
    }
}
